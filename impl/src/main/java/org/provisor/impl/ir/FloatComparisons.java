// SPDX-License-Identifier: Apache-2.0
package org.provisor.impl.ir;

import org.provisor.impl.cpu.Mxcsr;
import org.provisor.impl.cpu.Rflags;

/// Comparing floating-point numbers.
///
/// Parameters are those of [FloatArithmetic].
final class FloatComparisons {

    private static final int LESS = 0;
    private static final int EQUAL = 1;
    private static final int GREATER = 2;
    private static final int UNORDERED = 3;

    /// By the low two bits of a predicate: equal, less, less or equal, unordered. The third bit is
    /// the opposite.
    private static final int[] HOLDS = {
        1 << EQUAL, 1 << LESS, 1 << LESS | 1 << EQUAL, 1 << UNORDERED,
    };

    private FloatComparisons() {}

    /// @param signals whether a quiet NaN is invalid too
    private static int compare(
            final FloatFormat f,
            final long x,
            final long y,
            final boolean signals,
            final int mxcsr,
            final long[] slots) {
        final long a = FloatArithmetic.operand(f, x, mxcsr);
        final long b = FloatArithmetic.operand(f, y, mxcsr);
        if (f.isNan(a) || f.isNan(b)) {
            if (signals || f.isSignaling(a) || f.isSignaling(b)) {
                FloatArithmetic.raise(slots, Mxcsr.IE);
            }
            return UNORDERED;
        }
        FloatArithmetic.noteDenormal(f, a, slots);
        FloatArithmetic.noteDenormal(f, b, slots);
        final int order = Long.compare(ordered(f, a), ordered(f, b));
        return order < 0 ? LESS : order == 0 ? EQUAL : GREATER;
    }

    /// A number that compares as `x` does.
    private static long ordered(final FloatFormat f, final long x) {
        return f.isNegative(x) ? -f.magnitude(x) : f.magnitude(x);
    }

    /// All ones if the predicate holds, else 0.
    ///
    /// @param predicate 0 to 7
    /// @sdm 2, "CMPPS—Compare Packed Single Precision Floating-Point Values"
    static long test(
            final FloatFormat f,
            final long x,
            final long y,
            final int predicate,
            final int mxcsr,
            final long[] slots) {
        final int kind = predicate & 3;
        final int order = compare(f, x, y, kind == 1 || kind == 2, mxcsr, slots);
        final boolean holds = (HOLDS[kind] >> order & 1) != 0;
        return holds == ((predicate & 4) == 0) ? f.signBit() * 2 - 1 : 0;
    }

    /// The status flags that the comparison sets.
    ///
    /// @sdm 2, "COMISS—Compare Scalar Ordered Single Precision Floating-Point Values and Set
    ///   EFLAGS"
    static long flags(
            final FloatFormat f,
            final long x,
            final long y,
            final boolean signals,
            final int mxcsr,
            final long[] slots) {
        return switch (compare(f, x, y, signals, mxcsr, slots)) {
            case LESS -> Rflags.CF;
            case EQUAL -> Rflags.ZF;
            case GREATER -> 0;
            default -> Rflags.CF | Rflags.ZF | Rflags.PF;
        };
    }

    /// The lesser one; the second if there is none: of NaNs and of zeros.
    ///
    /// @sdm 2, "MINPS—Minimum of Packed Single Precision Floating-Point Values"
    static long least(
            final FloatFormat f, final long x, final long y, final int mxcsr, final long[] slots) {
        final boolean first = compare(f, x, y, true, mxcsr, slots) == LESS;
        return FloatArithmetic.operand(f, first ? x : y, mxcsr);
    }

    /// The greater one; the second if there is none.
    static long greatest(
            final FloatFormat f, final long x, final long y, final int mxcsr, final long[] slots) {
        final boolean first = compare(f, x, y, true, mxcsr, slots) == GREATER;
        return FloatArithmetic.operand(f, first ? x : y, mxcsr);
    }
}
