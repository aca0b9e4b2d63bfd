// SPDX-License-Identifier: Apache-2.0
package org.provisor.refine.gen;

import static org.provisor.refine.gen.Stage.NONE;

import org.provisor.refine.program.Operand;

import java.util.List;

/// `mmu_update`: entries of page tables in use, words of other frames, and the machine-to-physical
/// table.
final class EntryMoves {

    private static final int MANY = 300;

    static final List<Move> ALL =
            List.of(
                    // Entries of level 1 tables of one's own.
                    Move.of(
                            "update-leaves",
                            60,
                            stage -> batch(stage, EntryMoves::leaf, 12),
                            "mm.entry.update-l1",
                            "mm.entry.get-frame",
                            "mm.entry.get-device",
                            "mm.entry.put-frame",
                            "mm.mmu-update",
                            "mm.mmu-update.batch",
                            "mm.mmu-update.request",
                            "mm.mmu-update.entry",
                            "mm.ref.put",
                            "mm.page-type.put",
                            "mmu_update",
                            "MMU_NORMAL_PT_UPDATE",
                            "MMU_PT_UPDATE_PRESERVE_AD"),
                    // Entries of higher tables of one's own.
                    Move.of(
                            "update-tables",
                            60,
                            stage -> batch(stage, EntryMoves::upper, 8),
                            "mm.entry.update-table",
                            "mm.entry.get-table",
                            "mm.entry.put-table",
                            "mm.entry.defer-table",
                            "mm.linear.get",
                            "mm.demote",
                            "mm.demote.table",
                            "mm.unfinished.finish",
                            "mm.mmu-update.batch",
                            "mm.mmu-update.entry",
                            "mmu_update"),
                    // All sorts of requests in one call.
                    Move.of(
                            "update-anything",
                            40,
                            stage -> batch(stage, EntryMoves::anything, 12),
                            "mm.mmu-update",
                            "mm.mmu-update.batch",
                            "mm.mmu-update.request",
                            "mm.mmu-update.entry",
                            "mm.mmu-update.machphys",
                            "mmu_update"),
                    // What number a frame has.
                    Move.of(
                            "number-frames",
                            10,
                            stage -> batch(stage, EntryMoves::machphys, 4),
                            "mm.mmu-update.machphys",
                            "mmu_update",
                            "MMU_MACHPHYS_UPDATE"),
                    // Tables of others, memory of others, and owners that there are not.
                    Move.of(
                            "update-for-others",
                            30,
                            EntryMoves::foreign,
                            "mm.mmu-update",
                            "mm.mmu-update.entry",
                            "mm.mmu-update.machphys",
                            "mm.entry.get-frame",
                            "mm.entry.get-device",
                            "mmu_update"),
                    // Hundreds of requests in one call.
                    Move.of(
                            "update-hundreds",
                            1,
                            EntryMoves::hundreds,
                            "mm.mmu-update.batch",
                            "mmu_update"),
                    // A call that only waits for a teardown, as its registers say.
                    Move.of(
                            "carried-update",
                            4,
                            stage -> carried(stage, Batch.MMU_UPDATE),
                            "mm.mmu-update",
                            "mmu_update"));

    private EntryMoves() {}

    /// One request of a call.
    private interface Request {
        void add(Stage stage, int domain, int data);
    }

    private static void batch(Stage stage, Request request, int most) {
        int domain = stage.caller();
        if (domain == NONE) {
            return;
        }
        for (int i = stage.chance().few(most); i > 0; i--) {
            request.add(stage, domain, NONE);
        }
        stage.batch().send(domain, stage.vcpu(domain), Batch.MMU_UPDATE, owners(stage, domain));
    }

    /// On whose behalf: mostly one's own.
    private static long owners(Stage stage, int domain) {
        Chance chance = stage.chance();
        return switch (chance.below(64)) {
            case 0 -> Edges.domid(chance);
            case 1 -> Edges.SELF | (Edges.domid(chance) + 1L) << 16;
            case 2 -> Edges.SELF | (domain + 1L) << 16;
            case 3 -> Edges.IO;
            case 4 -> Edges.SELF | chance.bits() << 32;
            default -> Edges.SELF;
        };
    }

    private static void leaf(Stage stage, int domain, int data) {
        Chance chance = stage.chance();
        long table = stage.frameOr(domain, Wanted.L1, Wanted.TABLE);
        int slot = Edges.slot(chance);
        stage.batch()
                .update(
                        stage.place(table, 8L * slot + command(chance)),
                        Entries.changed(stage, domain, data, table, 1, slot));
    }

    private static void upper(Stage stage, int domain, int data) {
        Chance chance = stage.chance();
        long table = stage.frameOr(domain, Wanted.HIGH_TABLE, Wanted.TABLE);
        int level = Math.max(stage.frame(table).use().type().level(), 2);
        int slot = level == 4 ? Edges.rootSlot(chance) : Edges.slot(chance);
        stage.batch()
                .update(
                        stage.place(table, 8L * slot + command(chance)),
                        Entries.changed(stage, domain, data, table, level, slot));
    }

    private static void machphys(Stage stage, int domain, int data) {
        Chance chance = stage.chance();
        long frame =
                chance.oneIn(3)
                        ? stage.someFrame(domain)
                        : stage.frameOr(data == NONE ? domain : data, Wanted.ANY, Wanted.ANY);
        stage.batch()
                .update(
                        stage.place(frame, 8L * chance.below(3) + 1),
                        Operand.of(Edges.word(chance)));
    }

    private static void word(Stage stage, int domain) {
        Chance chance = stage.chance();
        long frame =
                switch (chance.below(4)) {
                    case 0 -> stage.frameOr(domain, Wanted.WRITABLE, Wanted.IDLE);
                    case 1 -> stage.frameOr(domain, Wanted.HEAVY, Wanted.DESCRIPTORS);
                    case 2 -> stage.someFrame(domain);
                    default -> stage.frameOr(domain, Wanted.IDLE, Wanted.ANY);
                };
        Operand value =
                chance.oneIn(3)
                        ? Operand.of(Edges.word(chance))
                        : Entries.leaf(stage, domain, NONE);
        stage.batch().update(stage.place(frame, 8L * Edges.slot(chance) + command(chance)), value);
    }

    private static void anything(Stage stage, int domain, int data) {
        Chance chance = stage.chance();
        switch (chance.below(16)) {
            case 0, 1 -> machphys(stage, domain, data);
            case 2, 3, 4, 5 -> word(stage, domain);
            case 6 ->
                    stage.batch()
                            .update(
                                    stage.place(
                                            stage.someFrame(domain),
                                            8L * Edges.slot(chance) + chance.below(8)),
                                    Operand.of(Edges.word(chance)));
            case 7 ->
                    stage.batch()
                            .update(Operand.of(Edges.word(chance)), Operand.of(Edges.word(chance)));
            case 8, 9, 10 -> upper(stage, domain, data);
            default -> leaf(stage, domain, data);
        }
    }

    /// Mostly an update; one in sixteen is of a sort that there is not.
    private static int command(Chance chance) {
        return switch (chance.below(32)) {
            case 0 -> 4 + chance.below(4);
            case 1, 2, 3, 4, 5, 6 -> 2;
            case 7, 8, 9 -> 3;
            default -> 0;
        };
    }

    private static void foreign(Stage stage) {
        Chance chance = stage.chance();
        int domain = chance.oneIn(2) ? stage.control() : stage.caller();
        int by = domain == NONE ? stage.caller() : domain;
        int other = by == NONE ? NONE : stage.other(by);
        if (by == NONE) {
            return;
        }
        boolean theirTables = chance.oneIn(2);
        boolean theirData = !theirTables || chance.oneIn(2);
        long frames =
                chance.oneIn(8)
                        ? (chance.oneIn(2) ? Edges.IO : Edges.domid(chance))
                        : theirData && other != NONE ? other : Edges.SELF;
        long tables = theirTables ? (other == NONE ? Edges.domid(chance) : other) + 1L : 0;
        int owner = theirTables && other != NONE ? other : by;
        int data = theirData && other != NONE ? other : by;
        for (int i = chance.few(4); i > 0; i--) {
            if (chance.oneIn(6)) {
                machphys(stage, owner, data);
            } else if (chance.oneIn(5)) {
                upper(stage, owner, data);
            } else if (chance.oneIn(4)) {
                stage.batch()
                        .update(
                                stage.place(
                                        stage.frameOr(owner, Wanted.L1, Wanted.TABLE),
                                        8L * Edges.slot(chance)),
                                stage.address(stage.device(), Edges.flags(chance)));
            } else {
                leaf(stage, owner, data);
            }
        }
        stage.batch().send(by, stage.vcpu(by), Batch.MMU_UPDATE, frames | tables << 16);
    }

    private static void hundreds(Stage stage) {
        Chance chance = stage.chance();
        int domain = stage.caller();
        long table = domain == NONE ? NONE : stage.frame(domain, Wanted.L1);
        if (table == NONE) {
            return;
        }
        int count = 100 + chance.below(MANY);
        long low = Edges.flags(chance);
        long frame = stage.frameOr(domain, Wanted.WRITABLE, Wanted.IDLE);
        for (int i = 0; i < count; i++) {
            stage.batch()
                    .update(stage.place(table, 8L * (i % Edges.WORDS)), stage.address(frame, low));
        }
        stage.batch().send(domain, stage.vcpu(domain), Batch.MMU_UPDATE, Edges.SELF);
        // The table is to be of use to others again.
        for (int i = 0; i < count; i++) {
            stage.batch().update(stage.place(table, 8L * (i % Edges.WORDS)), Operand.of(0));
        }
        stage.batch().send(domain, stage.vcpu(domain), Batch.MMU_UPDATE, Edges.SELF);
    }

    static void carried(Stage stage, int call) {
        int domain = stage.caller();
        if (domain != NONE) {
            stage.batch().carried(domain, stage.vcpu(domain), call);
        }
    }
}
