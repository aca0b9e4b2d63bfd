// SPDX-License-Identifier: Apache-2.0
package org.provisor.refine.gen;

import static org.provisor.refine.gen.Stage.NONE;

import org.provisor.refine.program.Operand;

import java.util.List;

/// Building trees of page tables and having them checked.
final class TableMoves {

    static final List<Move> ALL =
            List.of(
                    // A tree of any level, then its top pinned.
                    Move.of(
                            "build-and-pin",
                            40,
                            TableMoves::buildAndPin,
                            "mm.pin",
                            "mm.validate",
                            "mm.validate.l1",
                            "mm.validate.table",
                            "mm.entry.get-frame",
                            "mm.entry.get-table",
                            "mm.page-type.get",
                            "mm.page-type.get-with-reference",
                            "mm.ref.get",
                            "mm.mmuext",
                            "mm.mmuext.batch",
                            "mm.mmuext.operation",
                            "mmuext_op",
                            "MMUEXT_PIN"),
                    // A whole address space, loaded for kernel or user mode.
                    Move.of(
                            "build-and-load",
                            30,
                            TableMoves::buildAndLoad,
                            "mm.root.kernel",
                            "mm.root.user",
                            "mm.root.put",
                            "mm.validate.table",
                            "mm.page-type.get-with-reference",
                            "mmuext_op",
                            "MMUEXT_NEW_BASEPTR",
                            "MMUEXT_NEW_USER_BASEPTR"),
                    // A tree put into a table that is in use.
                    Move.of(
                            "build-and-link",
                            30,
                            TableMoves::buildAndLink,
                            "mm.entry.update-table",
                            "mm.entry.get-table",
                            "mm.entry.defer-table",
                            "mm.mmu-update.entry",
                            "mm.mmu-update.request",
                            "mmu_update"),
                    // A tree with many entries, its check interrupted and perhaps left at that.
                    Move.of(
                            "build-and-interrupt",
                            20,
                            TableMoves::buildAndInterrupt,
                            "mm.validate",
                            "mm.validate.table",
                            "mm.pin",
                            "mm.page-type.get",
                            "mm.page-type.get-with-reference",
                            "mm.mmuext.batch",
                            "mmuext_op"),
                    // One entry written into a frame that is not in use, so that a check may fail.
                    Move.of(
                            "write-entry",
                            20,
                            TableMoves::writeEntry,
                            "mm.validate",
                            "mm.validate.l1",
                            "mm.validate.table",
                            "mm.unfinished.finish",
                            "mmuext_op"));

    private TableMoves() {}

    private static void buildAndPin(Stage stage) {
        int domain = stage.caller();
        if (domain == NONE) {
            return;
        }
        int level = 1 + stage.chance().below(4);
        long top = Trees.build(stage, domain, level);
        if (top == NONE) {
            return;
        }
        stage.batch().operation(level - 1, stage.number(top), Operand.of(0));
        stage.batch().send(domain, stage.vcpu(domain), Batch.MMUEXT_OP, Edges.SELF);
    }

    private static void buildAndLoad(Stage stage) {
        int domain = stage.caller();
        if (domain != NONE) {
            load(stage, domain, stage.vcpu(domain), stage.chance().oneIn(4));
        }
    }

    /// Gives a vCPU an address space.
    static void load(Stage stage, int domain, int vcpu, boolean user) {
        long top = Trees.build(stage, domain, 4);
        if (top == NONE) {
            return;
        }
        Batch batch = stage.batch();
        if (stage.chance().oneIn(3)) {
            batch.operation(3, stage.number(top), Operand.of(0));
        }
        batch.operation(user ? 15 : 5, stage.number(top), Operand.of(0));
        batch.send(domain, vcpu, Batch.MMUEXT_OP, Edges.SELF);
    }

    private static void buildAndLink(Stage stage) {
        Chance chance = stage.chance();
        int domain = stage.caller();
        int level = 2 + chance.below(3);
        long parent = domain == NONE ? NONE : stage.frame(domain, Wanted.table(level));
        if (parent == NONE) {
            return;
        }
        long top = Trees.build(stage, domain, level - 1);
        if (top == NONE) {
            return;
        }
        int slot = level == 4 ? Edges.rootSlot(chance) : Edges.slot(chance);
        long command = chance.of(0, 0, 2, 3);
        stage.batch()
                .update(
                        stage.place(parent, 8L * slot + command),
                        stage.address(top, Edges.ORDINARY));
        stage.batch().send(domain, stage.vcpu(domain), Batch.MMU_UPDATE, Edges.SELF);
    }

    private static void buildAndInterrupt(Stage stage) {
        Chance chance = stage.chance();
        int domain = stage.caller();
        if (domain == NONE) {
            return;
        }
        int level = 2 + chance.below(3);
        long top = Trees.buildWide(stage, domain, level);
        if (top == NONE) {
            return;
        }
        stage.batch().operation(level - 1, stage.number(top), Operand.of(0));
        stage.batch()
                .send(
                        domain,
                        stage.vcpu(domain),
                        Batch.MMUEXT_OP,
                        Edges.SELF,
                        chance.oneIn(2) ? stage.preempted() : stage.abandoned());
        // What is left of it may not check out any more.
        for (int i = chance.below(3); i > 0; i--) {
            long below =
                    chance.oneIn(3)
                            ? stage.frame(domain, Wanted.IDLE)
                            : unchecked(stage, top, level);
            if (below != NONE) {
                stage.fill(domain, below, Edges.slot(chance), Entries.leaf(stage, domain, NONE));
            }
        }
        if (level > 2 && chance.oneIn(3)) {
            useOtherwise(stage, domain, open(stage, top), level - 1);
        }
        if (chance.oneIn(2)) {
            stage.batch().operation(level - 1, stage.number(top), Operand.of(0));
            stage.batch().send(domain, stage.vcpu(domain), Batch.MMUEXT_OP, Edges.SELF);
        }
    }

    /// Has a table that a check came to checked by itself; if that fails, it becomes another one,
    /// perhaps of the level of that above it.
    private static void useOtherwise(Stage stage, int domain, long table, int level) {
        if (table == NONE) {
            return;
        }
        Chance chance = stage.chance();
        Batch batch = stage.batch();
        batch.operation(level - 1, stage.number(table), Operand.of(0));
        batch.send(domain, stage.vcpu(domain), Batch.MMUEXT_OP, Edges.SELF, stage.calm());
        if (!stage.over() && Wanted.IDLE.fits(stage.frame(table))) {
            for (int slot : Edges.SLOTS) {
                stage.fill(domain, table, slot, Operand.of(0));
            }
            int other = chance.oneIn(2) ? level + 1 : 1 + chance.below(4);
            batch.operation(other - 1, stage.number(table), Operand.of(0));
            batch.send(domain, stage.vcpu(domain), Batch.MMUEXT_OP, Edges.SELF, stage.calm());
        }
    }

    /// A table of a tree that is being checked to which the check has not come yet; or NONE.
    private static long unchecked(Stage stage, long top, int level) {
        long table = top;
        for (int above = level; above > 1; above--) {
            long below = open(stage, table);
            if (below == NONE || Wanted.IDLE.fits(stage.frame(below))) {
                return below;
            }
            table = below;
        }
        return NONE;
    }

    /// A table that an entry names and whose check has not come to its end; or NONE.
    private static long open(Stage stage, long table) {
        Chance chance = stage.chance();
        for (int tries = 0; tries < 8; tries++) {
            long entry = stage.word(table, tries == 0 ? 0 : Edges.slot(chance));
            long below = (entry & Edges.FRAME_MASK) >>> 12;
            if ((entry & Edges.PRESENT) != 0
                    && below != table
                    && below < stage.machine().frames().size()
                    && (Wanted.IDLE.fits(stage.frame(below))
                            || Wanted.PARTIAL.fits(stage.frame(below)))) {
                return below;
            }
        }
        return NONE;
    }

    private static void writeEntry(Stage stage) {
        Chance chance = stage.chance();
        int domain = stage.caller();
        long mfn = domain == NONE ? NONE : stage.frame(domain, Wanted.IDLE);
        if (mfn == NONE) {
            return;
        }
        int level = 1 + chance.below(4);
        for (int i = chance.few(3); i > 0; i--) {
            stage.fill(
                    domain,
                    mfn,
                    Edges.slot(chance),
                    level == 1
                            ? Entries.leaf(stage, domain, NONE)
                            : Entries.upper(stage, domain, level, mfn));
        }
        if (chance.oneIn(2)) {
            stage.batch().operation(level - 1, stage.number(mfn), Operand.of(0));
            stage.batch().send(domain, stage.vcpu(domain), Batch.MMUEXT_OP, Edges.SELF);
        }
    }
}
