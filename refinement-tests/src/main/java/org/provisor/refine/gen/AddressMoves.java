// SPDX-License-Identifier: Apache-2.0
package org.provisor.refine.gen;

import static org.provisor.refine.gen.Stage.NONE;

import org.provisor.refine.program.Action;
import org.provisor.refine.program.Operand;

import java.util.List;

/// Entries changed by the address that they map: `update_va_mapping`, and writes that Xen emulates.
final class AddressMoves {

    private static final int UPDATE_VA_MAPPING = 14;
    private static final int UPDATE_VA_MAPPING_OTHERDOMAIN = 22;
    private static final int WRITABLE_PAGETABLES = 2;

    private static final int[] SIZES = {8, 8, 8, 8, 4, 2, 1, 16};

    static final List<Move> ALL =
            List.of(
                    // An entry by its address, with all that can be flushed.
                    Move.of(
                            "update-address",
                            40,
                            AddressMoves::update,
                            "mm.update-va-mapping",
                            "mm.update-va-mapping.flush",
                            "mm.guest-walk.level-1",
                            "mm.entry.update-l1",
                            "update_va_mapping"),
                    // The same, to memory of another domain.
                    Move.of(
                            "update-address-for-others",
                            25,
                            AddressMoves::updateOther,
                            "mm.update-va-mapping",
                            "mm.update-va-mapping.other-domain",
                            "mm.entry.get-frame",
                            "update_va_mapping_otherdomain"),
                    // A write to a page table that is mapped read-only.
                    Move.of(
                            "write-table",
                            40,
                            AddressMoves::write,
                            "mm.ptwr",
                            "mm.ptwr.table",
                            "mm.ptwr.exchange",
                            "mm.emulated-read",
                            "mm.guest-walk.effective"));

    private AddressMoves() {}

    /// Makes sure that a vCPU has a root to be walked.
    private static void rooted(Stage stage, int domain, int vcpu) {
        var state = stage.state(domain, vcpu);
        if (state != null && state.root().isEmpty()) {
            TableMoves.load(stage, domain, vcpu, false);
        }
    }

    private static long address(Stage stage, int domain, int vcpu) {
        Chance chance = stage.chance();
        if (chance.oneIn(12)) {
            return PageMoves.linear(stage);
        }
        Walks.Found found = Walks.any(stage, domain, vcpu);
        long linear = found == null ? 0 : found.linear();
        return chance.oneIn(4) ? linear + chance.below(4096) : linear;
    }

    private static long flags(Stage stage, int domain) {
        Chance chance = stage.chance();
        long what = chance.below(4);
        return switch (chance.below(8)) {
            case 0 -> what | 4;
            case 1, 2 -> what | (PageMoves.bitmap(stage, domain) & ~3L);
            case 3 -> Edges.word(chance);
            default -> what;
        };
    }

    private static void update(Stage stage) {
        int domain = stage.caller();
        if (domain == NONE) {
            return;
        }
        int vcpu = stage.vcpu(domain);
        rooted(stage, domain, vcpu);
        for (int i = stage.chance().few(3); i > 0; i--) {
            one(stage, domain, vcpu, NONE, UPDATE_VA_MAPPING);
        }
    }

    private static void updateOther(Stage stage) {
        Chance chance = stage.chance();
        int control = stage.control();
        int domain = control == NONE || chance.oneIn(2) ? stage.caller() : control;
        if (domain == NONE) {
            return;
        }
        int vcpu = stage.vcpu(domain);
        rooted(stage, domain, vcpu);
        one(stage, domain, vcpu, stage.other(domain), UPDATE_VA_MAPPING_OTHERDOMAIN);
    }

    private static void one(Stage stage, int domain, int vcpu, int other, int number) {
        Chance chance = stage.chance();
        boolean named = other != NONE && !chance.oneIn(4);
        Walks.Found found = Walks.any(stage, domain, vcpu);
        Operand value;
        if (found == null || chance.oneIn(2)) {
            value = Entries.leaf(stage, domain, named ? other : NONE);
        } else {
            int slot = (int) (found.linear() >>> 12) & (Edges.WORDS - 1);
            value = Entries.changed(stage, domain, named ? other : NONE, found.table(), 1, slot);
        }
        long linear =
                found == null || chance.oneIn(3) ? address(stage, domain, vcpu) : found.linear();
        long flags = flags(stage, domain);
        long domid = named ? other : chance.oneIn(3) ? Edges.domid(chance) : Edges.SELF;
        long upper = chance.oneIn(16) ? chance.bits() << 16 : 0;
        stage.call(
                domain,
                vcpu,
                number,
                List.of(Operand.of(linear), value, Operand.of(flags), Operand.of(domid | upper)));
    }

    private static void write(Stage stage) {
        Chance chance = stage.chance();
        int domain = stage.caller();
        if (domain == NONE) {
            return;
        }
        int vcpu = stage.vcpu(domain);
        rooted(stage, domain, vcpu);
        var state = stage.domain(domain);
        if (state != null && (state.assists() >>> WRITABLE_PAGETABLES & 1) == 0) {
            if (chance.percent(70)) {
                AssistMoves.enable(stage, domain, vcpu, WRITABLE_PAGETABLES);
            }
        }
        if (chance.oneIn(12)) {
            showDevice(stage, domain, vcpu);
        }
        for (int i = chance.few(4); i > 0; i--) {
            one(stage, domain, vcpu);
        }
    }

    /// Maps a device's frame where a page can be mapped, and writes to it as if it were a table.
    private static void showDevice(Stage stage, int domain, int vcpu) {
        Chance chance = stage.chance();
        Walks.Found found = Walks.any(stage, domain, vcpu);
        if (found == null) {
            return;
        }
        int slot = (int) (found.linear() >>> 12) & (Edges.WORDS - 1);
        long flags = chance.oneIn(4) ? Edges.flags(chance) : Edges.READ_ONLY;
        stage.batch()
                .update(
                        stage.place(found.table(), 8L * slot),
                        stage.address(stage.device(), flags));
        stage.batch().send(domain, vcpu, Batch.MMU_UPDATE, Edges.SELF, stage.calm());
        long address = found.linear() + 8L * Edges.slot(chance);
        Operand value = Operand.of(Edges.word(chance));
        stage.act(new Action.WriteReadOnly(domain, vcpu, address, address, 8, value, null));
    }

    private static void one(Stage stage, int domain, int vcpu) {
        Chance chance = stage.chance();
        Walks.Found found =
                chance.oneIn(12)
                        ? Walks.mapped(stage, domain, vcpu)
                        : Walks.ofTable(stage, domain, vcpu);
        if (found == null) {
            found = Walks.any(stage, domain, vcpu);
        }
        long page = found == null || chance.oneIn(24) ? PageMoves.linear(stage) : found.linear();
        int slot = Edges.slot(chance);
        int bytes = SIZES[chance.below(SIZES.length)];
        long offset = 8L * slot + (bytes < 8 ? bytes * chance.below(8 / bytes) : 0);
        if (chance.oneIn(16)) {
            offset += 1 + chance.below(7);
        }
        if (chance.oneIn(16)) {
            // Into the next page, or up to its end.
            offset = 4096L - 1 - chance.below(bytes);
        }
        long address = page + offset;
        long cr2 = chance.oneIn(16) ? address + 4096L * (chance.below(3) - 1) : address;
        switch (chance.below(24)) {
            case 0 -> cr2 = address ^ 1L << chance.below(16);
            case 1 -> address = cr2 ^ 1L << chance.below(16);
            default -> {}
        }
        long table = found == null ? 0 : (found.entry() & Edges.FRAME_MASK) >>> 12;
        boolean known = found != null && table < stage.machine().frames().size();
        Operand value =
                known
                        ? Entries.changed(stage, domain, NONE, table, 1, slot)
                        : Entries.leaf(stage, domain, NONE);
        Operand expected = null;
        if (chance.oneIn(3)) {
            long old = known ? stage.entry(table, slot) : 0;
            int shift = (int) (offset & 7) * 8;
            expected =
                    Operand.of(
                            switch (chance.below(6)) {
                                case 0 -> Edges.word(chance);
                                case 1, 2 -> old >>> shift ^ 1L << chance.below(8 * bytes);
                                default -> old >>> shift;
                            });
        }
        stage.act(new Action.WriteReadOnly(domain, vcpu, cr2, address, bytes, value, expected));
    }
}
