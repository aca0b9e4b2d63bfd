// SPDX-License-Identifier: Apache-2.0
package org.provisor.refine.gen;

import static org.provisor.refine.gen.Stage.NONE;

import org.provisor.refine.program.Operand;

import java.util.List;

/// Pinning, unpinning, and what is left of tables that are taken apart half way.
final class PinMoves {

    private static final int UNPIN = 4;

    static final List<Move> ALL =
            List.of(
                    // Frames pinned at some level, right or wrong.
                    Move.of(
                            "pin",
                            30,
                            stage -> own(stage, PinMoves::pin),
                            "mm.pin",
                            "mm.page-type.get",
                            "mm.validate",
                            "mm.mmuext.batch",
                            "mm.mmuext.operation",
                            "mmuext_op",
                            "MMUEXT_PIN"),
                    // Frames unpinned, pinned or not.
                    Move.of(
                            "unpin",
                            25,
                            stage -> own(stage, PinMoves::unpin),
                            "mm.unpin",
                            "mm.demote",
                            "mm.demote.table",
                            "mm.page-type.put",
                            "mm.ref.put",
                            "mm.entry.put-table",
                            "mm.entry.put-frame",
                            "mm.mmuext.operation",
                            "mmuext_op",
                            "MMUEXT_UNPIN_TABLE"),
                    // A table taken apart half way and left so; then perhaps used by others.
                    Move.of(
                            "unpin-and-leave",
                            25,
                            PinMoves::leave,
                            "mm.unpin",
                            "mm.demote",
                            "mm.demote.table",
                            "mm.entry.put-table",
                            "mm.unfinished.finish",
                            "mm.mmuext",
                            "mm.mmuext.batch",
                            "mm.mmu-update",
                            "mmuext_op",
                            "mmu_update"),
                    // A table in use left out of the one above it, half way.
                    Move.of(
                            "unlink-and-leave",
                            20,
                            PinMoves::unlink,
                            "mm.entry.defer-table",
                            "mm.entry.update-table",
                            "mm.unfinished.finish",
                            "mm.mmu-update",
                            "mm.mmu-update.batch",
                            "mmu_update"),
                    // On behalf of another domain.
                    Move.of(
                            "pin-for-others",
                            15,
                            PinMoves::foreign,
                            "mm.pin",
                            "mm.unpin",
                            "mm.mmuext",
                            "mm.mmuext.operation",
                            "mmuext_op"),
                    // A partial table, checked or taken apart to its end by somebody.
                    Move.of(
                            "go-on-with-partial",
                            20,
                            PinMoves::goOn,
                            "mm.page-type.get",
                            "mm.validate",
                            "mm.validate.table",
                            "mm.page-type.put",
                            "mmuext_op"),
                    // A call that only waits for a teardown, as its registers say.
                    Move.of(
                            "carried-operation",
                            4,
                            stage -> EntryMoves.carried(stage, Batch.MMUEXT_OP),
                            "mm.mmuext",
                            "mmuext_op"));

    private PinMoves() {}

    /// One operation of a call.
    private interface Operation {
        void add(Stage stage, int domain);
    }

    private static void own(Stage stage, Operation operation) {
        int domain = stage.caller();
        if (domain == NONE) {
            return;
        }
        for (int i = stage.chance().few(6); i > 0; i--) {
            operation.add(stage, domain);
        }
        stage.batch().send(domain, stage.vcpu(domain), Batch.MMUEXT_OP, Edges.SELF);
    }

    static void pin(Stage stage, int domain) {
        Chance chance = stage.chance();
        long mfn;
        int level;
        switch (chance.below(8)) {
            case 0 -> {
                mfn = stage.someFrame(domain);
                level = 1 + chance.below(4);
            }
            case 1, 2, 3 -> {
                mfn = stage.frameOr(domain, Wanted.IDLE, Wanted.ANY);
                level = 1 + chance.below(4);
            }
            case 4 -> {
                mfn = stage.frameOr(domain, Wanted.PARTIAL, Wanted.TABLE);
                level = Math.max(levelOf(stage, mfn), 1);
            }
            default -> {
                mfn = stage.frameOr(domain, Wanted.TABLE, Wanted.IDLE);
                int is = levelOf(stage, mfn);
                level = is == 0 || chance.oneIn(8) ? 1 + chance.below(4) : is;
            }
        }
        stage.batch().operation(level - 1, stage.number(mfn), Operand.of(0));
    }

    private static int levelOf(Stage stage, long mfn) {
        return mfn >= 0 && mfn < stage.machine().frames().size()
                ? stage.frame(mfn).use().type().level()
                : 0;
    }

    private static void unpin(Stage stage, int domain) {
        Chance chance = stage.chance();
        long mfn =
                chance.oneIn(8)
                        ? stage.someFrame(domain)
                        : stage.frameOr(domain, Wanted.PINNED, Wanted.TABLE);
        stage.batch().operation(UNPIN, stage.number(mfn), Operand.of(0));
    }

    private static void leave(Stage stage) {
        Chance chance = stage.chance();
        int domain = stage.caller();
        long mfn = domain == NONE ? NONE : stage.frame(domain, Wanted.PINNED);
        if (mfn == NONE) {
            return;
        }
        int vcpu = stage.vcpu(domain);
        stage.batch().operation(UNPIN, stage.number(mfn), Operand.of(0));
        stage.batch()
                .send(
                        domain,
                        vcpu,
                        Batch.MMUEXT_OP,
                        Edges.SELF,
                        chance.oneIn(4) ? stage.preempted() : stage.abandoned());
        after(stage, domain, vcpu, mfn);
    }

    /// What may come after a teardown that was left: another vCPU uses the table, or the same vCPU
    /// calls again.
    private static void after(Stage stage, int domain, int vcpu, long mfn) {
        Chance chance = stage.chance();
        if (chance.oneIn(3)) {
            int level = Math.max(levelOf(stage, mfn), 1);
            stage.batch().operation(level - 1, stage.number(mfn), Operand.of(0));
            stage.batch().send(domain, stage.vcpu(domain), Batch.MMUEXT_OP, Edges.SELF);
        }
        if (chance.oneIn(3)) {
            int call = chance.oneIn(2) ? Batch.MMUEXT_OP : Batch.MMU_UPDATE;
            stage.batch()
                    .send(
                            domain,
                            vcpu,
                            call,
                            Edges.SELF,
                            chance.oneIn(2) ? stage.abandoned() : stage.preempted());
        }
    }

    private static void unlink(Stage stage) {
        Chance chance = stage.chance();
        int domain = stage.caller();
        long table = domain == NONE ? NONE : stage.frame(domain, Wanted.HIGH_TABLE);
        if (table == NONE) {
            return;
        }
        int slot = NONE;
        int first = chance.below(Edges.SLOTS.length);
        for (int i = 0; i < Edges.SLOTS.length && slot == NONE; i++) {
            int candidate = Edges.SLOTS[(first + i) % Edges.SLOTS.length];
            if ((stage.entry(table, candidate) & Edges.PRESENT) != 0) {
                slot = candidate;
            }
        }
        if (slot == NONE) {
            return;
        }
        long below = (stage.entry(table, slot) & Edges.FRAME_MASK) >>> 12;
        int level = stage.frame(table).use().type().level();
        Operand now = chance.oneIn(3) ? Entries.upper(stage, domain, level, table) : Operand.of(0);
        int vcpu = stage.vcpu(domain);
        stage.batch().update(stage.place(table, 8L * slot), now);
        stage.batch()
                .send(
                        domain,
                        vcpu,
                        Batch.MMU_UPDATE,
                        Edges.SELF,
                        chance.oneIn(4) ? stage.preempted() : stage.abandoned());
        if (chance.oneIn(3)) {
            // The table that it was in goes before it is finished.
            stage.batch().operation(UNPIN, stage.number(table), Operand.of(0));
            stage.batch().send(domain, 0, Batch.MMUEXT_OP, Edges.SELF, stage.calm());
        }
        after(stage, domain, vcpu, below);
    }

    private static void foreign(Stage stage) {
        Chance chance = stage.chance();
        int control = stage.control();
        int by = control == NONE || chance.oneIn(3) ? stage.caller() : control;
        if (by == NONE) {
            return;
        }
        int dying = stage.dying();
        int other = dying != NONE && chance.oneIn(2) ? dying : stage.other(by);
        long foreign = other == NONE || chance.oneIn(12) ? Edges.domid(chance) : other;
        int owner = other == NONE ? by : other;
        for (int i = chance.few(4); i > 0; i--) {
            if (chance.oneIn(12)) {
                stage.batch()
                        .operation(
                                chance.below(22),
                                stage.number(stage.someFrame(owner)),
                                Operand.of(0));
            } else if (chance.oneIn(3)) {
                unpin(stage, owner);
            } else {
                pin(stage, owner);
            }
        }
        stage.batch().send(by, stage.vcpu(by), Batch.MMUEXT_OP, foreign);
    }

    private static void goOn(Stage stage) {
        Chance chance = stage.chance();
        long mfn = stage.frame(NONE, Wanted.PARTIAL);
        if (mfn == NONE) {
            mfn = stage.frame(NONE, Wanted.FORCED);
        }
        if (mfn == NONE) {
            return;
        }
        int owner = stage.frame(mfn).owner().value();
        int by = stage.runs(owner) ? owner : stage.control();
        if (by == NONE) {
            return;
        }
        int level = Math.max(levelOf(stage, mfn), 1);
        stage.batch().operation(level - 1, stage.number(mfn), Operand.of(0));
        if (chance.oneIn(3)) {
            stage.batch().operation(UNPIN, stage.number(mfn), Operand.of(0));
        }
        stage.batch()
                .send(
                        by,
                        stage.vcpu(by),
                        Batch.MMUEXT_OP,
                        by == owner ? Edges.SELF : owner,
                        chance.oneIn(2) ? stage.calm() : stage.preempted());
    }
}
