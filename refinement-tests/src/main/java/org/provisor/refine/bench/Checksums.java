// SPDX-License-Identifier: Apache-2.0
package org.provisor.refine.bench;

import java.util.Arrays;
import java.util.BitSet;
import java.util.zip.CRC32;

/// What the benchmark kernels are to come to, computed here in other ways where there are any: what
/// a guest says is compared with it.
final class Checksums {

    private static final int COPIED = 65536;
    private static final int SUMMED = 4096;
    private static final int TURNS = 1000;

    private static final long[] ONE_AND_TWO = {bits(1.0), bits(2.0)};
    private static final double[] FACTORS = {0.9990234375, 0.998046875};
    private static final double[] SUMMANDS = {0.3, 0.7};

    private Checksums() {}

    private static long bits(double value) {
        return Double.doubleToRawLongBits(value);
    }

    /// The generator of the kernel: numbers of 31 bits.
    private static final class Chance {

        private long state;

        Chance(long seed) {
            state = seed;
        }

        long next() {
            state = state * 6364136223846793005L + 1442695040888963407L;
            return state >>> 33;
        }
    }

    private static long fold(long[] words, int count) {
        long all = 0;
        for (int i = 0; i < count; i++) {
            all = Long.rotateLeft(all, 5) ^ words[i];
        }
        return all;
    }

    private static byte[] bytes() {
        Chance chance = new Chance(1);
        byte[] bytes = new byte[COPIED];
        for (int i = 0; i < COPIED; i++) {
            bytes[i] = (byte) chance.next();
        }
        return bytes;
    }

    private static long[] words() {
        byte[] bytes = bytes();
        long[] words = new long[COPIED / Long.BYTES];
        for (int i = 0; i < COPIED; i++) {
            words[i / Long.BYTES] |= (bytes[i] & 0xFFL) << (i % Long.BYTES * Byte.SIZE);
        }
        return words;
    }

    static long integer() {
        long value = 0x0123456789ABCDEFL;
        for (int i = 0; i < TURNS; i++) {
            value += 0x1234567;
            value ^= value >>> 7;
            value = Long.rotateLeft(value * 5, 13);
        }
        return value;
    }

    static long loadStore() {
        long[] from = words();
        long[] to = new long[512];
        for (int i = 0; i < to.length; i += 2) {
            to[i] = from[i] + i;
            to[i + 1] = from[i + 1] ^ to[i];
        }
        return fold(to, to.length);
    }

    static long copy() {
        long[] words = words();
        return fold(words, words.length);
    }

    /// Where a chase through nodes ends.
    ///
    /// @param stride bytes from a node's page, or place in one, to the next
    /// @param shift bytes that each is further into its page than the one before
    static long chase(int nodes, int loads, long stride, long shift) {
        int[] next = new int[nodes];
        Arrays.setAll(next, i -> i);
        Chance chance = new Chance(nodes);
        for (int i = nodes - 1; i > 0; i--) {
            int j = (int) (chance.next() % i);
            int swapped = next[i];
            next[i] = next[j];
            next[j] = swapped;
        }
        int at = 0;
        for (int i = 0; i < loads; i++) {
            at = next[at];
        }
        return at * stride + (at * shift & 4095);
    }

    static long sort() {
        Chance chance = new Chance(1024);
        long[] numbers = new long[1024];
        Arrays.setAll(numbers, _ -> chance.next());
        Arrays.sort(numbers);
        return fold(numbers, numbers.length);
    }

    static long primes() {
        BitSet composite = new BitSet(65536);
        int primes = 0;
        for (int i = 2; i < 65536; i = composite.nextClearBit(i + 1)) {
            primes++;
            for (int j = 2 * i; j < 65536; j += i) {
                composite.set(j);
            }
        }
        return primes;
    }

    static long crc() {
        CRC32 sum = new CRC32();
        sum.update(bytes(), 0, SUMMED);
        return sum.getValue();
    }

    static long fibonacci() {
        long before = 0;
        long now = 1;
        for (int i = 1; i < 20; i++) {
            long next = before + now;
            before = now;
            now = next;
        }
        return now;
    }

    static long interpreter() {
        long accumulator = 0;
        for (int counter = 1000; counter > 0; counter--) {
            accumulator += counter;
            accumulator = Long.rotateLeft(accumulator * 0x9E3779B97F4A7C15L, 29) ^ counter;
        }
        return accumulator;
    }

    static long sseDouble() {
        long[] halves = new long[2];
        for (int half = 0; half < 2; half++) {
            double first = Double.longBitsToDouble(ONE_AND_TWO[half]);
            double second = first;
            for (int i = 0; i < TURNS; i++) {
                first *= FACTORS[half];
                first += SUMMANDS[half];
                second *= FACTORS[half];
                second -= SUMMANDS[half];
                second += first;
                first *= FACTORS[half];
            }
            halves[half] = bits(first) ^ bits(second);
        }
        return folded(halves[0], halves[1]);
    }

    private static long folded(long low, long high) {
        return low ^ Long.rotateLeft(high, 1);
    }

    static long sseInteger() {
        long low = ONE_AND_TWO[0];
        long high = ONE_AND_TWO[1];
        long addedLow = bits(FACTORS[0]);
        long addedHigh = bits(FACTORS[1]);
        for (int i = 0; i < TURNS; i++) {
            low += addedLow;
            high += addedHigh;
            low ^= low >>> 7;
            high ^= high >>> 7;
            low = addHalves(low, addedLow);
            high = addHalves(high, addedHigh);
            long shuffledLow = low << 32 | high >>> 32;
            high = high << 32 | low >>> 32;
            low = shuffledLow;
        }
        return folded(low, high);
    }

    private static long addHalves(long a, long b) {
        long upper = ((a >>> 32) + (b >>> 32)) << 32;
        return upper | (a + b & 0xFFFF_FFFFL);
    }

    /// Numbers written to 256 pages and to 256 others, each read twice.
    static long swapped() {
        long all = 0;
        for (int i = 0; i < 256; i++) {
            all += 2 * (i + 2L * i);
        }
        return all;
    }
}
