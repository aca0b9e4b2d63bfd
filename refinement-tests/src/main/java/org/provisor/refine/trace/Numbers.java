// SPDX-License-Identifier: Apache-2.0
package org.provisor.refine.trace;

import org.jspecify.annotations.Nullable;

import java.math.BigInteger;

/// Words of 64 bits as text: small ones in decimal, others in hexadecimal without a sign.
final class Numbers {

    private Numbers() {}

    static String text(long number) {
        return number >= 0 && number < 10 ? Long.toString(number) : "0x" + Long.toHexString(number);
    }

    /// The number that a text states in decimal, `0x` hexadecimal or `0b` binary; null if none.
    static @Nullable Long of(String text) {
        try {
            if (text.startsWith("0x")) {
                return unsigned(text.substring(2), 16);
            }
            if (text.startsWith("0b")) {
                return unsigned(text.substring(2), 2);
            }
            return text.startsWith("+") ? null : Long.valueOf(text);
        } catch (NumberFormatException e) {
            return null;
        }
    }

    private static Long unsigned(String digits, int radix) {
        BigInteger number = new BigInteger(digits, radix);
        if (digits.startsWith("+") || digits.startsWith("-") || number.bitLength() > Long.SIZE) {
            throw new NumberFormatException(digits);
        }
        return number.longValue();
    }
}
