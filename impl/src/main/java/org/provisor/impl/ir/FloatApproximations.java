// SPDX-License-Identifier: Apache-2.0
package org.provisor.impl.ir;

/// `1 / x` and `1 / sqrt(x)` of singles, as `rcpps` and `rsqrtps` approximate them.
///
/// Each processor has its own bits here: the manual only bounds the relative error by 1.5 * 2^-12,
/// and says what becomes of special operands. These results are nearest, which is within the bound.
/// Neither operation looks at MXCSR nor has exceptions.
///
/// @sdm 2, "RCPPS—Compute Reciprocals of Packed Single Precision Floating-Point Values"
final class FloatApproximations {

    private static final FloatFormat SINGLE = FloatFormat.SINGLE;

    private FloatApproximations() {}

    /// Denormal operands count as zero, denormal results become zero.
    static long reciprocal(final long x) {
        if (SINGLE.isNan(x)) {
            return x | SINGLE.quietBit();
        }
        if (SINGLE.isZero(x) || SINGLE.isDenormal(x)) {
            return SINGLE.sign(x) | SINGLE.infinity();
        }
        final float result = (float) (1.0 / Float.intBitsToFloat((int) x));
        final long bits = Float.floatToRawIntBits(result) & 0xffffffffL;
        return SINGLE.isDenormal(bits) ? SINGLE.sign(bits) : bits;
    }

    static long reciprocalRoot(final long x) {
        if (SINGLE.isNan(x)) {
            return x | SINGLE.quietBit();
        }
        if (SINGLE.isZero(x) || SINGLE.isDenormal(x)) {
            return SINGLE.sign(x) | SINGLE.infinity();
        }
        if (SINGLE.isNegative(x)) {
            return SINGLE.indefinite();
        }
        final float result = (float) (1.0 / Math.sqrt(Float.intBitsToFloat((int) x)));
        return Float.floatToRawIntBits(result) & 0xffffffffL;
    }
}
