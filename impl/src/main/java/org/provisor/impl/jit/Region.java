// SPDX-License-Identifier: Apache-2.0
package org.provisor.impl.jit;

import org.provisor.impl.cpu.Exits;

import java.util.Arrays;

/// Translated code; each region is of a hidden class of its own, which has [#run].
abstract class Region {

    /// The engine goes on at RIP.
    static final int CONTINUE = Exits.LIMIT;

    /// The instruction at RIP is one that is not translated.
    static final int INTERPRET = -1;

    // What is in the words that the engine shares with regions.

    /// What the flags come from: see [LazyFlags].
    static final int KIND = 0;

    static final int FLAG_A = 1;
    static final int FLAG_B = 2;
    static final int FLAG_RESULT = 3;

    /// The address space, as tags have it.
    static final int SPACE = 4;

    /// How many instructions are left of those that a region was allowed.
    static final int BUDGET = 5;

    static final int SHARED_WORDS = 6;

    private long[] places = {};
    private int[] refunds = {};

    /// Where it may be entered: at its head, which comes first, and where indirect jumps and
    /// returns go to within it.
    long[] entries = {};

    /// The pages that its instructions lie in, as numbers; in which frames they were; and which of
    /// their 64 lines of 64 bytes it has instructions in.
    long[] pages = {};

    long[] frames = {};
    long[] lines = {};

    /// Where its instructions begin, in order; none if somebody may go round in it and never come
    /// to an entry.
    long[] starts = {};

    /// How many instructions can be carried out between two looks at the budget.
    int most;

    /// How many instructions it was made of.
    int instructions;

    /// Its bytes have changed, or it had to make room.
    boolean dropped;

    /// Subclasses are generated.
    Region() {}

    final void setPlaces(final long[] newPlaces, final int[] newRefunds) {
        places = newPlaces;
        refunds = newRefunds;
    }

    /// Carries out instructions. The registers are in `slots` before and after, RIP too afterwards;
    /// the status flags may be in `shared`.
    ///
    /// @param budget how many instructions at most, [#most] or more
    /// @param entry which of [#entries] RIP is
    /// @return [#CONTINUE], [#INTERPRET] or one of [Exits]
    abstract int run(long[] slots, long[] shared, int budget, int entry);

    /// Which entry an address is, or -1.
    final int entry(final long rip) {
        for (int i = 0; i < entries.length; i++) {
            if (entries[i] == rip) {
                return i;
            }
        }
        return -1;
    }

    /// Whether an address is that of an instruction from which one comes to an entry before long.
    final boolean covers(final long rip) {
        return Arrays.binarySearch(starts, rip) >= 0;
    }

    /// The address of the instruction that was at a numbered place.
    final long place(final int number) {
        return places[number];
    }

    /// How many instructions of its block had not been done there.
    final int refund(final int number) {
        return refunds[number];
    }
}
