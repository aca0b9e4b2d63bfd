// SPDX-License-Identifier: Apache-2.0
package org.provisor.refine.gen;

import static org.provisor.refine.gen.Stage.NONE;

import org.jspecify.annotations.Nullable;
import org.provisor.spec.state.Vcpu;

/// Linear addresses that a vCPU's kernel root leads from to a level 1 entry.
final class Walks {

    private static final int TRIES = 4;

    private Walks() {}

    /// Where a walk ended.
    ///
    /// @param linear the address of the page
    /// @param table the table that the processor looked into last
    /// @param entry what it found there
    record Found(long linear, long table, long entry) {}

    /// An address of which the upper three levels have entries; null where none was found.
    static @Nullable Found any(Stage stage, int domain, int vcpu) {
        return walked(stage, domain, vcpu, NONE, false);
    }

    /// An address that maps a level 1 table read-only.
    static @Nullable Found ofTable(Stage stage, int domain, int vcpu) {
        for (int i = 0; i < TRIES; i++) {
            Found found = walked(stage, domain, vcpu, NONE, true);
            if (found != null && mapsTable(stage, found.entry())) {
                return found;
            }
        }
        return null;
    }

    /// An address that maps something, if possible memory that is in use as nothing.
    static @Nullable Found ofMemory(Stage stage, int domain, int vcpu) {
        Found mapped = null;
        for (int i = 0; i < TRIES; i++) {
            Found found = mapped(stage, domain, vcpu);
            if (found != null && mapsIdle(stage, found.entry())) {
                return found;
            }
            mapped = found == null ? mapped : found;
        }
        return mapped;
    }

    private static boolean mapsIdle(Stage stage, long entry) {
        long mfn = (entry & Edges.FRAME_MASK) >>> 12;
        return mfn < stage.machine().frames().size() && Wanted.IDLE.fits(stage.frame(mfn));
    }

    /// An address that maps something.
    static @Nullable Found mapped(Stage stage, int domain, int vcpu) {
        for (int i = 0; i < TRIES; i++) {
            Found found = walked(stage, domain, vcpu, NONE, false);
            if (found != null && (found.entry() & Edges.PRESENT) != 0) {
                return found;
            }
        }
        return null;
    }

    private static boolean mapsTable(Stage stage, long entry) {
        long mfn = (entry & Edges.FRAME_MASK) >>> 12;
        return (entry & Edges.PRESENT) != 0
                && (entry & Edges.WRITABLE) == 0
                && mfn < stage.machine().frames().size()
                && Wanted.L1.fits(stage.frame(mfn));
    }

    private static @Nullable Found walked(
            Stage stage, int domain, int vcpu, int slot, boolean table) {
        Vcpu state = stage.state(domain, vcpu);
        if (state == null || state.root().isEmpty()) {
            return null;
        }
        Chance chance = stage.chance();
        long at = state.root().get().value();
        long linear = 0;
        for (int level = 4; level > 1; level--) {
            int next = present(stage, at, chance.below(Edges.SLOTS.length));
            if (next == NONE) {
                return null;
            }
            linear |= (long) next << (12 + 9 * (level - 1));
            at = (stage.entry(at, next) & Edges.FRAME_MASK) >>> 12;
            if (at >= stage.machine().frames().size()) {
                return null;
            }
        }
        int last = slot != NONE ? slot : leaf(stage, at, table);
        linear |= (long) last << 12;
        return new Found(linear << 16 >> 16, at, stage.entry(at, last));
    }

    private static int leaf(Stage stage, long at, boolean table) {
        int first = stage.chance().below(Edges.SLOTS.length);
        if (table) {
            for (int i = 0; i < Edges.SLOTS.length; i++) {
                int candidate = Edges.SLOTS[(first + i) % Edges.SLOTS.length];
                if (mapsTable(stage, stage.entry(at, candidate))) {
                    return candidate;
                }
            }
        }
        return Edges.SLOTS[first];
    }

    private static int present(Stage stage, long table, int first) {
        for (int i = 0; i < Edges.SLOTS.length; i++) {
            int slot = Edges.SLOTS[(first + i) % Edges.SLOTS.length];
            if ((stage.entry(table, slot) & (Edges.PRESENT | Edges.PAT_OR_LARGE))
                    == Edges.PRESENT) {
                return slot;
            }
        }
        return NONE;
    }
}
