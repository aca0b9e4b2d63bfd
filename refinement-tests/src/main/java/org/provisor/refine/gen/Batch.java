// SPDX-License-Identifier: Apache-2.0
package org.provisor.refine.gen;

import org.provisor.refine.program.Action.Stimulus;
import org.provisor.refine.program.CallMemory;
import org.provisor.refine.program.Operand;

import java.util.Arrays;
import java.util.List;

/// A list of requests under way to a call of the batch kind: `mmu_update` and `mmuext_op`. Also
/// knows where in the caller's memory lists and structures are put: mostly where they should be,
/// sometimes across the edge of what can be written or read, or nowhere.
final class Batch {

    static final int MMU_UPDATE = 1;
    static final int MMUEXT_OP = 26;

    private static final long PREEMPTED = 1L << 31;
    private static final long END_OF_WRITABLE = CallMemory.START + CallMemory.WRITABLE;
    private static final long END_OF_READABLE = CallMemory.START + CallMemory.READABLE;
    private static final Operand ZERO = Operand.of(0);

    private final Stage stage;
    private Operand[] words = new Operand[64];
    private int size;

    Batch(Stage stage) {
        this.stage = stage;
    }

    /// A request of `mmu_update`.
    Batch update(Operand address, Operand value) {
        add(address);
        add(value);
        return this;
    }

    /// An operation of `mmuext_op`.
    Batch operation(long command, Operand first, Operand second) {
        add(Operand.of(command));
        add(first);
        add(second);
        return this;
    }

    private void add(Operand word) {
        if (size == words.length) {
            words = Arrays.copyOf(words, 2 * size);
        }
        words[size++] = word;
    }

    /// How many words have been added since the last list was sent.
    int words() {
        return size;
    }

    /// Makes the call, as its caller means it but for rare slips, with anything happening around
    /// it.
    void send(int domain, int vcpu, int call, long foreign) {
        int wordsEach = call == MMU_UPDATE ? 2 : 3;
        int count = size / wordsEach;
        long list = put(domain);
        Operand done = Operand.of(done());
        Stimulus stimulus = stage.stimulus(domain, list, count * wordsEach);
        stage.call(
                domain,
                vcpu,
                call,
                List.of(Operand.of(list), Operand.of(count(count)), done, Operand.of(foreign)),
                stimulus);
    }

    /// Makes the call without slips, with this happening around it.
    void send(int domain, int vcpu, int call, long foreign, Stimulus stimulus) {
        int count = size / (call == MMU_UPDATE ? 2 : 3);
        long list = at(8 * size);
        write(domain, list);
        stage.call(
                domain,
                vcpu,
                call,
                List.of(Operand.of(list), Operand.of(count), ZERO, Operand.of(foreign)),
                stimulus);
    }

    /// Puts the words into the caller's memory.
    ///
    /// @return where they are, or were to be
    private long put(int domain) {
        long list = anywhere(8 * size);
        write(domain, list);
        return list;
    }

    private void write(int domain, long list) {
        write(stage, domain, list, words, size);
        size = 0;
    }

    /// Writes words as far as there is memory.
    static void write(Stage stage, int domain, long at, Operand[] words, int count) {
        long aligned = at & ~7L;
        for (int i = 0; i < count; i++) {
            stage.poke(domain, aligned + 8L * i, words[i]);
        }
    }

    /// A place for so many bytes, if there is one so large: sometimes the last that can be written.
    long at(int bytes) {
        if (stage.chance().oneIn(16)) {
            return END_OF_WRITABLE - Math.min(bytes, CallMemory.WRITABLE);
        }
        int places = (CallMemory.WRITABLE - bytes) / 256;
        return CallMemory.START + (places <= 0 ? 0 : 256L * stage.chance().below(places));
    }

    /// A place for so many bytes, or for some of them, or for none.
    long anywhere(int bytes) {
        Chance chance = stage.chance();
        if (!chance.percent(6)) {
            return at(bytes);
        }
        int inside = 8 * chance.below(bytes / 8 + 1);
        return switch (chance.below(8)) {
            case 0, 1 -> END_OF_WRITABLE - inside;
            case 2, 3 -> END_OF_READABLE - inside;
            case 4 -> END_OF_READABLE - bytes;
            case 5 -> at(bytes) + 1 + chance.below(7);
            case 6 -> -(long) inside;
            default -> Edges.address(chance);
        };
    }

    /// A place from which some of so many bytes can be written, and the rest only read.
    long acrossEnd(int bytes) {
        return END_OF_WRITABLE - stage.chance().below(bytes);
    }

    /// Where the count of what is done goes.
    private long done() {
        Chance chance = stage.chance();
        return switch (chance.below(16)) {
            case 0 -> END_OF_WRITABLE - chance.below(9);
            case 1 -> END_OF_READABLE - chance.below(9);
            case 2 -> Edges.address(chance);
            case 3, 4, 5, 6 -> END_OF_WRITABLE - 256 + 4L * chance.below(8);
            default -> 0;
        };
    }

    /// How many requests the call is said to have.
    private long count(int count) {
        Chance chance = stage.chance();
        return switch (chance.below(128)) {
            case 0 -> 0;
            case 1 -> count - 1;
            case 2 -> count + 1;
            case 3, 4 -> count | PREEMPTED;
            case 5 -> PREEMPTED;
            case 6 -> count | chance.bits() << 32;
            case 7 -> Edges.word(chance);
            default -> count;
        };
    }

    /// What a call of this kind says that only waits for a teardown, and carries a result.
    void carried(int domain, int vcpu, int call) {
        Chance chance = stage.chance();
        long result =
                switch (chance.below(4)) {
                    case 0 -> 0;
                    case 1 -> -(1L + chance.below(105));
                    default -> Edges.word(chance);
                };
        long count = chance.oneIn(8) ? PREEMPTED | chance.below(2) : PREEMPTED;
        long list = chance.oneIn(8) ? at(8) : 0;
        stage.call(
                domain,
                vcpu,
                call,
                List.of(
                        Operand.of(list),
                        Operand.of(count),
                        Operand.of(done()),
                        Operand.of(result)),
                stage.stimulus(domain, list, 0));
    }
}
