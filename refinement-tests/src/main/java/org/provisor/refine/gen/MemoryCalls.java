// SPDX-License-Identifier: Apache-2.0
package org.provisor.refine.gen;

import org.provisor.refine.program.Action.Stimulus;
import org.provisor.refine.program.Operand;

import java.util.List;

/// How calls of `memory_op` are made: the structure into the caller's memory, then the call.
final class MemoryCalls {

    static final int MEMORY_OP = 12;

    private static final int START_SHIFT = 6;

    private MemoryCalls() {}

    /// A call with a structure, which is mostly where it should be.
    ///
    /// @param start the extent that the call says to start at
    static void make(Stage stage, int domain, int command, long start, Operand... structure) {
        long at = stage.batch().anywhere(8 * structure.length);
        Batch.write(stage, domain, at, structure, structure.length);
        make(stage, domain, command, start, at, stage.stimulus(domain, at, structure.length));
    }

    /// A call with what is at an address.
    static void make(Stage stage, int domain, int command, long start, long at, Stimulus stimulus) {
        stage.call(
                domain,
                stage.vcpu(domain),
                MEMORY_OP,
                List.of(Operand.of(command | start << START_SHIFT), Operand.of(at)),
                stimulus);
    }

    /// The extent that a call starts at: mostly the first.
    static long start(Chance chance, long count) {
        return switch (chance.below(40)) {
            case 0 -> 1;
            case 1 -> count - 1;
            case 2 -> count;
            case 3 -> chance.below(9);
            case 4 -> Edges.word(chance) >>> START_SHIFT;
            default -> 0;
        };
    }

    /// Which memory is wanted: mostly any.
    static long flags(Chance chance) {
        return switch (chance.below(16)) {
            case 0, 1 -> chance.below(24);
            case 2 -> (12 + chance.below(12)) | (chance.oneIn(4) ? 1 << 18 : 0);
            case 3 -> (1L + chance.below(3)) << 8 | (long) chance.below(2) << 17;
            case 4 -> (64L + chance.below(2)) << 8 | (long) chance.below(8) << 16;
            case 5 -> (long) chance.below(256) << 8 | (long) chance.below(8) << 16;
            case 6 -> Edges.word32(chance);
            default -> 0;
        };
    }

    /// Two fields of 32 bits in one word.
    static Operand halves(long low, long high) {
        return Operand.of((low & 0xFFFF_FFFFL) | (high << 32));
    }

    /// A domain's identifier as structures hold it, with what is behind it.
    static Operand domid(Chance chance, long domid) {
        return Operand.of((domid & 0xFFFF) | (chance.oneIn(32) ? chance.bits() << 16 : 0));
    }

    /// The domain that a structure names: mostly the caller.
    static long named(Stage stage, int domain) {
        Chance chance = stage.chance();
        return switch (chance.below(24)) {
            case 0, 1, 2 -> {
                int other = stage.other(domain);
                yield other == Stage.NONE ? Edges.SELF : other;
            }
            case 3 -> {
                int dying = stage.dying();
                yield dying == Stage.NONE ? domain : dying;
            }
            case 4 -> Edges.domid(chance);
            case 5, 6, 7 -> domain;
            default -> Edges.SELF;
        };
    }

    /// The domain that a name means to a caller, as far as its memory is looked for.
    static int meant(int domain, long named) {
        return named == Edges.SELF ? domain : (int) named;
    }
}
