// SPDX-License-Identifier: Apache-2.0
package org.provisor.refine.cpu;

import org.jspecify.annotations.Nullable;
import org.provisor.impl.decode.Opcode;

/// Instructions whose results the manual bounds and does not say: `rcpps`, `rsqrtps` and the same
/// of one single.
final class Approximations {

    /// Of each side's relative error.
    ///
    /// SDM 2, RCPPS: |Relative Error| <= 1.5 * 2^-12
    private static final double BOUND = 1.5 / 4096;

    /// Results below this may have become 0 on one side: the manual leaves open where that begins.
    private static final float NEARLY_TINY = 2 * Float.MIN_NORMAL;

    private Approximations() {}

    static boolean is(final Opcode row) {
        return row.meaning().equals("float frcp") || row.meaning().equals("float frsqrt");
    }

    /// Whether two halves of a register agree after that instruction.
    ///
    /// @param row null if the last instruction was no approximation
    static boolean agree(final @Nullable Opcode row, final long ours, final long theirs) {
        return row != null
                && agree((int) ours, (int) theirs)
                && agree((int) (ours >>> 32), (int) (theirs >>> 32));
    }

    private static boolean agree(final int ours, final int theirs) {
        if (ours == theirs) {
            return true;
        }
        final float x = Float.intBitsToFloat(ours);
        final float y = Float.intBitsToFloat(theirs);
        if (!Float.isFinite(x) || !Float.isFinite(y) || (ours < 0) != (theirs < 0)) {
            return false;
        }
        if (x == 0 || y == 0) {
            return Math.abs(x) < NEARLY_TINY && Math.abs(y) < NEARLY_TINY;
        }
        return Math.abs((double) x - y) <= 2 * BOUND * Math.min(Math.abs(x), Math.abs(y));
    }
}
