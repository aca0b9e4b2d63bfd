// SPDX-License-Identifier: Apache-2.0
package org.provisor.impl.ir;

/// Rounds of AES, and products without carries.
///
/// @sdm 1, "Programming with Intel AES Extensions"
final class Aes {

    private static final int[] BOX = new int[256];
    private static final int[] INVERSE_BOX = new int[256];

    static {
        // The inverse of 3 runs as fast as 3 does, and 3 generates all numbers but 0.
        int power = 1;
        int inverse = 1;
        do {
            power = power ^ doubled(power);
            inverse ^= inverse << 1;
            inverse ^= inverse << 2;
            inverse = (inverse ^ inverse << 4) & 0xff;
            if ((inverse & 0x80) != 0) {
                inverse ^= 9;
            }
            enter(power, affine(inverse));
        } while (power != 1);
        enter(0, 0x63);
    }

    private Aes() {}

    private static void enter(final int from, final int to) {
        BOX[from] = to;
        INVERSE_BOX[to] = from;
    }

    private static int affine(final int x) {
        final int twice = x << 8 | x;
        return (x ^ twice >> 7 ^ twice >> 6 ^ twice >> 5 ^ twice >> 4 ^ 0x63) & 0xff;
    }

    private static int doubled(final int x) {
        return (x << 1 ^ ((x & 0x80) != 0 ? 0x1b : 0)) & 0xff;
    }

    private static int octet(final long low, final long high, final int number) {
        return (int) ((number < 8 ? low : high) >>> (8 * (number & 7))) & 0xff;
    }

    /// One half of a round's result, before the key.
    ///
    /// @param inverse whether to decrypt
    /// @param last whether columns stay as they are
    static long round(
            final long low,
            final long high,
            final boolean inverse,
            final boolean last,
            final int half) {
        long result = 0;
        for (int column = 2 * half; column < 2 * half + 2; column++) {
            long word = 0;
            for (int row = 0; row < 4; row++) {
                final int from = column + (inverse ? 4 - row : row) & 3;
                final int octet = octet(low, high, 4 * from + row);
                word |= (long) (inverse ? INVERSE_BOX : BOX)[octet] << (8 * row);
            }
            word = last ? word : inverse ? unmixed(word) : mixed(word);
            result |= word << (32 * (column & 1));
        }
        return result;
    }

    private static long mixed(final long column) {
        long result = 0;
        for (int row = 0; row < 4; row++) {
            final int a = part(column, row);
            final int b = part(column, row + 1);
            final int rest = part(column, row + 2) ^ part(column, row + 3);
            result |= (long) (doubled(a) ^ doubled(b) ^ b ^ rest) << (8 * row);
        }
        return result;
    }

    /// The inverse of [#mixed], which is its third power.
    private static long unmixed(final long column) {
        return mixed(mixed(mixed(column)));
    }

    private static int part(final long column, final int row) {
        return (int) (column >>> (8 * (row & 3))) & 0xff;
    }

    /// Columns of half a register, as decryption wants a key.
    static long unmixedHalf(final long half) {
        return unmixed(half & 0xffffffffL) | unmixed(half >>> 32) << 32;
    }

    /// @sdm 2, "AESKEYGENASSIST—AES Round Key Generation Assist"
    static long keyHelp(final long half, final int constant) {
        long word = 0;
        for (int row = 0; row < 4; row++) {
            word |= (long) BOX[(int) (half >>> (32 + 8 * row)) & 0xff] << (8 * row);
        }
        final long rotated = (word >>> 8 | word << 24) & 0xffffffffL;
        return word | (rotated ^ constant) << 32;
    }

    /// One half of a product of polynomials over two elements.
    static long product(final long a, final long b, final int half) {
        long result = 0;
        for (int i = 0; i < Long.SIZE; i++) {
            if ((b >>> i & 1) != 0) {
                result ^= half == 0 ? a << i : i == 0 ? 0 : a >>> (Long.SIZE - i);
            }
        }
        return result;
    }
}
