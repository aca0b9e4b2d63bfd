// SPDX-License-Identifier: Apache-2.0
package org.provisor.refine.gen;

import static org.provisor.refine.gen.Stage.NONE;

import org.jspecify.annotations.Nullable;
import org.provisor.refine.program.CallMemory;
import org.provisor.refine.program.Operand;

/// Trees of page tables, written by a guest into its own memory before Xen checks them.
final class Trees {

    private static final int MAX_TABLES = 12;

    private Trees() {}

    /// Builds a table of a level and what it leads to, of frames that are not in use; sometimes
    /// with tables that there are already, and sometimes with a mistake.
    ///
    /// @return the table's frame, or NONE where the domain has too little memory
    static long build(Stage stage, int domain, int level) {
        return new Builder(stage, domain, false).table(level);
    }

    /// Builds a tree with many entries, so that checking it and taking it apart can be interrupted
    /// at many places.
    static long buildWide(Stage stage, int domain, int level) {
        return new Builder(stage, domain, true).table(level);
    }

    /// One tree under way.
    private static final class Builder {

        private final Stage stage;
        private final Chance chance;
        private final int domain;
        private final boolean wide;
        private final boolean careless;
        private final long[] used = new long[MAX_TABLES];
        private int count;

        Builder(Stage stage, int domain, boolean wide) {
            this.stage = stage;
            this.chance = stage.chance();
            this.domain = domain;
            this.wide = wide;
            this.careless = chance.oneIn(5);
        }

        long table(int level) {
            if (count > 0 && !wide && chance.oneIn(3)) {
                long there = stage.frame(domain, Wanted.table(level));
                if (there != NONE) {
                    return there;
                }
            }
            long mfn = fresh(level);
            if (mfn == NONE) {
                return NONE;
            }
            used[count++] = mfn;
            int entries = wide ? 2 + chance.below(2) : 1 + chance.below(level == 1 ? 4 : 2);
            long kept = 0;
            for (int i = 0; i < entries; i++) {
                int index = chance.below(Edges.SLOTS.length);
                int slot = Edges.SLOTS[index];
                Operand entry = level == 1 ? leaf(mfn) : upper(mfn, level);
                if (entry != null && (kept >>> index & 1) == 0) {
                    stage.fill(domain, mfn, slot, entry);
                    kept |= 1L << index;
                }
            }
            wipe(mfn, kept);
            if (level == 4) {
                root(mfn);
            }
            return mfn;
        }

        private void root(long mfn) {
            if (chance.oneIn(6)) {
                // What is there is not the guest's once it is a root.
                stage.fill(domain, mfn, Edges.xenSlot(chance), Operand.of(Edges.word(chance)));
            }
            Operand own = stage.rootEntry();
            if (own != null) {
                stage.fill(domain, mfn, CallMemory.ROOT_SLOT, own);
            }
        }

        private long fresh(int level) {
            // A frame near the end of its counters, where there are any.
            if (level == 1
                    && count < MAX_TABLES
                    && !stage.world().heavy().isEmpty()
                    && chance.oneIn(6)) {
                long heavy = stage.frame(domain, Wanted.HEAVY);
                if (heavy != NONE && !isUsed(heavy) && Wanted.IDLE.fits(stage.frame(heavy))) {
                    return heavy;
                }
            }
            for (int tries = 0; tries < 4 && count < MAX_TABLES; tries++) {
                long mfn = stage.frame(domain, tries < 3 ? Wanted.UNUSED : Wanted.IDLE);
                if (mfn != NONE && !isUsed(mfn)) {
                    return mfn;
                }
            }
            return NONE;
        }

        private boolean isUsed(long mfn) {
            for (int i = 0; i < count; i++) {
                if (used[i] == mfn) {
                    return true;
                }
            }
            return false;
        }

        private Operand leaf(long table) {
            if (careless && chance.oneIn(3)) {
                return Entries.leaf(stage, domain, NONE);
            }
            return switch (chance.below(8)) {
                // The tables themselves, for the kernel to see them.
                case 0, 1 -> stage.address(table, Edges.READ_ONLY);
                case 2 ->
                        stage.address(
                                stage.frameOr(domain, Wanted.L1, Wanted.TABLE), Edges.READ_ONLY);
                case 3 ->
                        stage.address(
                                stage.frameOr(domain, Wanted.IDLE, Wanted.ANY), Edges.READ_ONLY);
                default -> {
                    long mfn = stage.frame(domain, Wanted.IDLE);
                    boolean table1 = mfn == NONE || isUsed(mfn);
                    yield table1
                            ? stage.address(table, Edges.READ_ONLY)
                            : stage.address(mfn, Edges.flags(chance));
                }
            };
        }

        private @Nullable Operand upper(long table, int level) {
            if (careless && chance.oneIn(3)) {
                return Entries.upper(stage, domain, level, table);
            }
            if (chance.oneIn(10)) {
                return stage.address(
                        chance.oneIn(2)
                                ? table
                                : stage.frameOr(domain, Wanted.table(level), Wanted.IDLE),
                        Edges.READ_ONLY);
            }
            long below = table(level - 1);
            if (below == NONE) {
                return null;
            }
            long flags = wide && chance.oneIn(4) ? Edges.READ_ONLY : Edges.ORDINARY;
            return stage.address(below, chance.oneIn(6) ? Edges.flags(chance) : flags);
        }

        /// Takes away what earlier use has left in the slots that programs use.
        private void wipe(long mfn, long kept) {
            if (careless && chance.oneIn(3)) {
                return;
            }
            for (int index = 0; index < Edges.SLOTS.length; index++) {
                if ((kept >>> index & 1) == 0) {
                    stage.fill(domain, mfn, Edges.SLOTS[index], ZERO);
                }
            }
        }

        private static final Operand ZERO = Operand.of(0);
    }
}
