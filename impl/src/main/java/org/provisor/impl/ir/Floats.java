// SPDX-License-Identifier: Apache-2.0
package org.provisor.impl.ir;

import org.provisor.impl.cpu.Mxcsr;
import org.provisor.impl.cpu.Slots;

/// Floating-point operations on 8 bytes, half of an XMM register.
///
/// Most numbers that programs meet need no integer arithmetic: where the rounding mode is that of
/// Java, rounding has been noted in MXCSR before and is masked, and operands and result are far
/// from all limits, Java's own operations give the same bits, and there is nothing to note.
public final class Floats {

    /// MXCSR where Java's operations may do: rounding to nearest, PE set and masked.
    private static final int ORDINARY = Mxcsr.PE | Mxcsr.PE << Mxcsr.MASK_SHIFT;

    private static final int ORDINARY_BITS = ORDINARY | Mxcsr.ROUNDING;

    private static final long LOW = 0xffffffffL;

    private Floats() {}

    /// What goes to `d`. Exceptions are added to [Slots#RAISED].
    ///
    /// @param op one of the floats of [SimdOps]
    /// @param kind what `a` and `b` hold: [SimdOps#SINGLE], [SimdOps#DOUBLE] or [SimdOps#SINGLES]
    /// @param mxcsr as it was before the instruction
    public static long value(
            final int op,
            final int kind,
            final long a,
            final long b,
            final long immediate,
            final int mxcsr,
            final long[] slots) {
        final int number = (int) immediate;
        return switch (kind) {
            case SimdOps.DOUBLE -> ofDoubles(op, a, b, number, mxcsr, slots);
            case SimdOps.SINGLE -> {
                final long from = op == SimdOps.FOFLONG ? b : b & LOW;
                final long low = ofSingles(op, a & LOW, from, number, mxcsr, slots);
                yield isWhole(op) ? low : (a & ~LOW) | low;
            }
            default -> {
                final int first = op == SimdOps.FADDSUB ? SimdOps.FSUB : op;
                final int second = op == SimdOps.FADDSUB ? SimdOps.FADD : op;
                final long low = ofSingles(first, a & LOW, b & LOW, number, mxcsr, slots);
                final long high = ofSingles(second, a >>> 32, b >>> 32, number, mxcsr, slots);
                yield high << 32 | low;
            }
        };
    }

    /// Notes the exceptions met so far in MXCSR, and forgets them. One that is found before there
    /// is a result and is not masked keeps those from being found that a result has.
    ///
    /// @return whether there is one that is not masked
    public static boolean note(final long[] slots) {
        final int mxcsr = (int) slots[Slots.MXCSR];
        int raised = (int) slots[Slots.RAISED];
        slots[Slots.RAISED] = 0;
        if (Mxcsr.unmasked(mxcsr, raised & Mxcsr.BEFORE) != 0) {
            raised &= Mxcsr.BEFORE;
        }
        slots[Slots.MXCSR] |= raised;
        return Mxcsr.unmasked(mxcsr, raised) != 0;
    }

    /// Whether the result of a single has 8 bytes.
    private static boolean isWhole(final int op) {
        return switch (op) {
            case SimdOps.FCOMPARE, SimdOps.FTOLONG, SimdOps.FWIDEN -> true;
            default -> false;
        };
    }

    private static long ofDoubles(
            final int op,
            final long a,
            final long b,
            final int number,
            final int mxcsr,
            final long[] slots) {
        if (isOrdinaryMode(mxcsr) && op <= SimdOps.FSQRT) {
            final double x = Double.longBitsToDouble(a);
            final double y = Double.longBitsToDouble(b);
            final double result =
                    switch (op) {
                        case SimdOps.FADD -> x + y;
                        case SimdOps.FSUB -> x - y;
                        case SimdOps.FMUL -> x * y;
                        case SimdOps.FDIV -> x / y;
                        case SimdOps.FMIN -> x < y ? x : y;
                        case SimdOps.FSQRT -> Math.sqrt(y);
                        default -> x > y ? x : y;
                    };
            final long bits = Double.doubleToRawLongBits(result);
            final boolean ordinary = op == SimdOps.FSQRT || isOrdinary(a);
            if (ordinary && isOrdinary(b) && isOrdinary(bits)) {
                return bits;
            }
        }
        return exact(FloatFormat.DOUBLE, op, a, b, number, mxcsr, slots);
    }

    private static long ofSingles(
            final int op,
            final long a,
            final long b,
            final int number,
            final int mxcsr,
            final long[] slots) {
        if (isOrdinaryMode(mxcsr) && op <= SimdOps.FSQRT) {
            final float x = Float.intBitsToFloat((int) a);
            final float y = Float.intBitsToFloat((int) b);
            final float result =
                    switch (op) {
                        case SimdOps.FADD -> x + y;
                        case SimdOps.FSUB -> x - y;
                        case SimdOps.FMUL -> x * y;
                        case SimdOps.FDIV -> x / y;
                        case SimdOps.FSQRT -> (float) Math.sqrt(y);
                        case SimdOps.FMIN -> x < y ? x : y;
                        default -> x > y ? x : y;
                    };
            final int bits = Float.floatToRawIntBits(result);
            final boolean ordinary = op == SimdOps.FSQRT || isOrdinary((int) a);
            if (ordinary && isOrdinary((int) b) && isOrdinary(bits)) {
                return bits & LOW;
            }
        }
        return exact(FloatFormat.SINGLE, op, a, b, number, mxcsr, slots);
    }

    /// Whether MXCSR says so.
    static boolean isOrdinaryMode(final int mxcsr) {
        return (mxcsr & ORDINARY_BITS) == ORDINARY;
    }

    /// Whether it is finite and more than twice the least number that is not denormal.
    private static boolean isOrdinary(final long x) {
        final int exponent = (int) (x >>> 52) & 0x7ff;
        return exponent >= 2 && exponent < 0x7ff;
    }

    private static boolean isOrdinary(final int x) {
        final int exponent = x >>> 23 & 0xff;
        return exponent >= 2 && exponent < 0xff;
    }

    private static long exact(
            final FloatFormat f,
            final int op,
            final long a,
            final long b,
            final int number,
            final int mxcsr,
            final long[] slots) {
        return switch (op) {
            case SimdOps.FADD -> FloatArithmetic.add(f, a, b, mxcsr, slots);
            case SimdOps.FSUB -> FloatArithmetic.subtract(f, a, b, mxcsr, slots);
            case SimdOps.FMUL -> FloatArithmetic.multiply(f, a, b, mxcsr, slots);
            case SimdOps.FDIV -> FloatArithmetic.divide(f, a, b, mxcsr, slots);
            case SimdOps.FMIN -> FloatComparisons.least(f, a, b, mxcsr, slots);
            case SimdOps.FMAX -> FloatComparisons.greatest(f, a, b, mxcsr, slots);
            case SimdOps.FSQRT -> FloatArithmetic.squareRoot(f, b, mxcsr, slots);
            case SimdOps.FRCP -> FloatApproximations.reciprocal(b);
            case SimdOps.FRSQRT -> FloatApproximations.reciprocalRoot(b);
            case SimdOps.FCMP -> FloatComparisons.test(f, a, b, number & 7, mxcsr, slots);
            case SimdOps.FCOMPARE -> FloatComparisons.flags(f, a, b, number != 0, mxcsr, slots);
            default -> converted(f, op, b, number, mxcsr, slots);
        };
    }

    @SuppressWarnings("ReferenceEquality") // There are two formats.
    private static long converted(
            final FloatFormat f,
            final int op,
            final long b,
            final int number,
            final int mxcsr,
            final long[] slots) {
        if (isOrdinaryMode(mxcsr) && f == FloatFormat.DOUBLE) {
            switch (op) {
                case SimdOps.FOFINT -> {
                    return Double.doubleToRawLongBits((int) b);
                }
                case SimdOps.FOFLONG -> {
                    return Double.doubleToRawLongBits((double) b);
                }
                case SimdOps.FTOINT -> {
                    final double x = Double.longBitsToDouble(b);
                    if (isOrdinary(b) && Math.abs(x) < Integer.MAX_VALUE) {
                        return (int) (number == 1 ? x : Math.rint(x)) & LOW;
                    }
                }
                default -> {}
            }
        }
        final int mode = number == 1 ? Mxcsr.TRUNCATE : Mxcsr.rounding(mxcsr);
        return switch (op) {
            case SimdOps.FROUND -> {
                final int how = (number & 4) != 0 ? Mxcsr.rounding(mxcsr) : number & 3;
                yield FloatConversions.round(f, b, how, (number & 8) != 0, mxcsr, slots);
            }
            case SimdOps.FTOINT -> FloatConversions.toInteger(f, b, 32, mode, mxcsr, slots) & LOW;
            case SimdOps.FTOLONG -> FloatConversions.toInteger(f, b, 64, mode, mxcsr, slots);
            case SimdOps.FOFINT -> FloatConversions.fromInteger(f, b << 32 >> 32, mxcsr, slots);
            case SimdOps.FOFLONG -> FloatConversions.fromInteger(f, b, mxcsr, slots);
            case SimdOps.FWIDEN -> FloatConversions.widen(b, mxcsr, slots);
            case SimdOps.FNARROW -> FloatConversions.narrow(b, mxcsr, slots);
            default -> throw new IllegalArgumentException(SimdOps.name(op));
        };
    }
}
