// SPDX-License-Identifier: Apache-2.0
package org.provisor.refine.harness;

import org.jspecify.annotations.Nullable;
import org.provisor.impl.mm.Preemption;

/// Preempts calls, and measures in ticks what they do between two of the checks at which they can
/// be: one tick for each word of the guest's memory that is read or written and each flush, seen
/// where the implementation asks for them.
///
/// Whatever a call does, the most that it can do without a check is bounded: a request of a batch
/// is a few words, a list of processors included; an exchange takes as many as its extents have
/// frames, and the memory map and what a vCPU starts with are read and written whole.
final class WorkMeter implements Preemption {

    /// Words of the largest memory map, three words each of 1024 ranges, and some for the rest.
    private static final int MEMORY_MAP = 3 * 1024 + 64;

    /// Words of the largest element of a batch.
    private static final int ELEMENT = 64;

    /// A call that cannot get further until another one does asks so often, and then is told to
    /// stop.
    private static final int MAX_CHECKS = 1 << 20;

    /// Words of what a vCPU starts with.
    private static final int VCPU_CONTEXT = 646;

    private static final long VCPU_OP = 24;
    private static final long MEMORY_OP = 12;
    private static final long EXCHANGE = 11;
    private static final long MEMORY_OP_MASK = 0x3F;

    private final int frames;
    private int patience;
    private int left;
    private long checks;
    private long ticks;
    private long most;

    /// @param frames how many frames the machine has: as many can be exchanged at once
    WorkMeter(int frames) {
        this.frames = frames;
    }

    /// An attempt begins: so many checks answer no.
    void begin(int checksUntil) {
        patience = checksUntil;
        left = checksUntil;
        checks = 0;
        ticks = 0;
        most = 0;
    }

    @Override
    public boolean due() {
        most = Math.max(most, ticks);
        ticks = 0;
        checks++;
        if (left == 0 || checks > MAX_CHECKS) {
            return true;
        }
        left--;
        return false;
    }

    void tick(int count) {
        ticks += count;
    }

    /// How many more checks would have answered no.
    int left() {
        return left;
    }

    /// Whether calls are preempted at all.
    boolean preempts() {
        return patience != Integer.MAX_VALUE;
    }

    /// What was too much work without a check, if anything was.
    ///
    /// @param number the number of the call
    /// @param first its first argument
    @Nullable Difference tooMuch(long number, long first) {
        long worst = Math.max(most, ticks);
        long bound = bound(number, first);
        return worst <= bound
                ? null
                : new Difference(
                        "work: between checks",
                        worst + " ticks between two preemption checks; at most " + bound);
    }

    private long bound(long number, long first) {
        if (number == VCPU_OP) {
            return VCPU_CONTEXT + ELEMENT;
        }
        if (number != MEMORY_OP) {
            return ELEMENT;
        }
        return (first & MEMORY_OP_MASK) == EXCHANGE ? 2L * frames + ELEMENT : MEMORY_MAP;
    }
}
