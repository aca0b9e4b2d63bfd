// SPDX-License-Identifier: Apache-2.0
package org.provisor.impl.cpu;

/// Bits of MXCSR.
///
/// @sdm 1, "MXCSR Control and Status Register"
public final class Mxcsr {

    /// Invalid operation.
    public static final int IE = 1;

    /// Denormal operand.
    public static final int DE = 1 << 1;

    /// Division by zero.
    public static final int ZE = 1 << 2;

    /// Overflow.
    public static final int OE = 1 << 3;

    /// Underflow.
    public static final int UE = 1 << 4;

    /// The result is not exact.
    public static final int PE = 1 << 5;

    /// All exceptions.
    public static final int EXCEPTIONS = IE | DE | ZE | OE | UE | PE;

    /// Those that are found before a result is computed.
    public static final int BEFORE = IE | DE | ZE;

    /// Operands that are denormal count as zero.
    public static final int DAZ = 1 << 6;

    /// An exception's mask is so many bits above its flag.
    public static final int MASK_SHIFT = 7;

    /// Where the rounding mode is.
    public static final int ROUNDING_SHIFT = 13;

    public static final int ROUNDING = 3 << ROUNDING_SHIFT;

    /// Results that are tiny become zero, if underflow is masked.
    public static final int FTZ = 1 << 15;

    /// All bits that may be set.
    public static final int ALL = 0xffff;

    /// After a reset: all exceptions masked, rounding to nearest.
    public static final int RESET = 0x1f80;

    public static final int NEAREST = 0;

    /// Towards negative infinity.
    public static final int DOWN = 1;

    /// Towards positive infinity.
    public static final int UP = 2;

    /// Towards zero.
    public static final int TRUNCATE = 3;

    private Mxcsr() {}

    /// The rounding mode, [#NEAREST] to [#TRUNCATE].
    public static int rounding(final int mxcsr) {
        return mxcsr >> ROUNDING_SHIFT & 3;
    }

    /// Which of these exceptions are not masked.
    public static int unmasked(final int mxcsr, final int exceptions) {
        return exceptions & ~(mxcsr >> MASK_SHIFT);
    }
}
