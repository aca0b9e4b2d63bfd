// SPDX-License-Identifier: Apache-2.0
package org.provisor.impl.ir;

/// 128 bits in two halves.
final class X87Wide {

    private X87Wide() {}

    /// The high half, shifted to the right.
    static long shiftedHigh(final long high, final int by) {
        return by < Long.SIZE ? high >>> by : 0;
    }

    /// The low half, shifted to the right; its last bit also stands for all that is lost.
    static long shiftedLow(final long high, final long low, final int by) {
        if (by == 0) {
            return low;
        }
        if (by < Long.SIZE) {
            return high << -by | low >>> by | bit(low << -by != 0);
        }
        if (by == Long.SIZE) {
            return high | bit(low != 0);
        }
        if (by < 2 * Long.SIZE) {
            return high >>> by | bit((high << -by | low) != 0);
        }
        return bit((high | low) != 0);
    }

    /// The high half of a sum of two low halves: 1 if it carries.
    static long carry(final long low, final long sum) {
        return bit(Long.compareUnsigned(sum, low) < 0);
    }

    static long bit(final boolean is) {
        return is ? 1 : 0;
    }
}
