// SPDX-License-Identifier: Apache-2.0
package org.provisor.impl.ir;

/// Micro-operations, one behind the other, in two arrays: what to do, and an immediate.
///
/// ```
///   63          49      48    47  40 39  32 31  24 23  16 15  13 12  10 9       0
///  +---------+-------+-------+------+------+------+------+------+------+---------+
///  | segment | stack | flags |  c   |  b   |  a   |  d   |  -   | size |   op    |
///  +---------+-------+-------+------+------+------+------+------+------+---------+
/// ```
///
/// `a` to `d` are slots of the register file, `size` is the logarithm of bytes.
public final class MicroCode {

    /// It sets status flags.
    public static final long FLAGS = 1L << 48;

    /// It works on the stack: an address that is not canonical is #SS, not #GP.
    public static final long STACK = 1L << 49;

    /// In 3 bits from here on: the number of the segment register by which memory is accessed, and
    /// 1; 0 for a linear address, which is what there is in 64-bit mode.
    static final int SEGMENT_SHIFT = 50;

    /// The type of the segment does not count: `clflush` may name code that cannot be read.
    static final long ANY_TYPE = 1L << 53;

    /// More than any instruction needs: `enter` with 31 levels has the most, on a stack of 16 bits.
    private static final int CAPACITY = 224;

    private final long[] words = new long[CAPACITY];
    private final long[] immediates = new long[CAPACITY];
    private int count;

    /// None yet.
    MicroCode() {}

    void clear() {
        count = 0;
    }

    void add(
            final int op,
            final int size,
            final int d,
            final int a,
            final int b,
            final int c,
            final long bits,
            final long immediate) {
        words[count] =
                op
                        | (long) size << 10
                        | (long) d << 16
                        | (long) a << 24
                        | (long) b << 32
                        | (long) c << 40
                        | bits;
        immediates[count] = immediate;
        count++;
    }

    public int count() {
        return count;
    }

    public long word(final int number) {
        return words[number];
    }

    public long immediate(final int number) {
        return immediates[number];
    }

    public static int op(final long word) {
        return (int) word & 0x3ff;
    }

    public static int size(final long word) {
        return (int) word >>> 10 & 7;
    }

    public static int d(final long word) {
        return (int) (word >>> 16) & 0xff;
    }

    public static int a(final long word) {
        return (int) (word >>> 24) & 0xff;
    }

    public static int b(final long word) {
        return (int) (word >>> 32) & 0xff;
    }

    public static int c(final long word) {
        return (int) (word >>> 40) & 0xff;
    }

    /// The segment register by which memory is accessed; -1 if the address is linear.
    public static int segment(final long word) {
        return ((int) (word >>> SEGMENT_SHIFT) & 7) - 1;
    }

    /// Whether the type of the segment counts.
    public static boolean isTyped(final long word) {
        return (word & ANY_TYPE) == 0;
    }

    /// As text, one line each.
    public String text() {
        final StringBuilder text = new StringBuilder();
        for (int i = 0; i < count; i++) {
            final long word = words[i];
            text.append(MicroOps.name(op(word)))
                    .append((word & FLAGS) == 0 ? "" : ".f")
                    .append(".")
                    .append(1 << size(word))
                    .append(" d=")
                    .append(d(word))
                    .append(" a=")
                    .append(a(word))
                    .append(" b=")
                    .append(b(word))
                    .append(" c=")
                    .append(c(word))
                    .append(" #")
                    .append(Long.toHexString(immediates[i]))
                    .append('\n');
        }
        return text.toString();
    }
}
