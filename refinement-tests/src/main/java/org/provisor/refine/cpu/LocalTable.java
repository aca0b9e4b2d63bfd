// SPDX-License-Identifier: Apache-2.0
package org.provisor.refine.cpu;

/// The local descriptor table that snippets of 32-bit code find: segments with bases and limits,
/// for each job its own. Its system may not let a process have one; then it is empty.
///
/// | entry | segment                                                            |
/// |-------|--------------------------------------------------------------------|
/// | 0     | the data pages                                                     |
/// | 1     | what is above the first of them, to the end of all addresses       |
/// | 2     | the data pages, which may only be read                             |
/// | 3     | the same, with a stack pointer of 16 bits and one page less        |
/// | 4     | the code                                                           |
/// | 5     | the code up to somewhere in the snippet at [#SHORT_CODE]; not data |
final class LocalTable {

    static final int EACH = 6;
    static final int DATA = 0;
    static final int ABOVE = 1;
    static final int CONSTANT = 2;
    static final int STACK_16 = 3;
    static final int CODE = 4;
    static final int CODE_SHORT = 5;

    /// Where snippets are, from the first one on, of which not all is code.
    static final long SHORT_CODE = 0x4000;

    private static final int SHORT_BYTES = 20;

    private static final int BIG = 1;
    private static final int CONTENTS_SHIFT = 1;
    private static final int READ_ONLY = 1 << 3;
    private static final int USEABLE = 1 << 6;

    private static final int DOWN = 1;
    private static final int EXECUTED = 2;

    /// Privilege level 3, present, not of the system, accessed; and the bit that is software's.
    private static final long DESCRIPTOR = 0x0010_F100_0000_0000L;

    private static final int SELECTOR = 7;

    private final long areas;
    private final long[] descriptors;
    private boolean there = true;

    LocalTable(final long areas, final int jobs) {
        this.areas = areas;
        this.descriptors = new long[jobs * EACH];
    }

    void install() {
        for (int i = 0; i < descriptors.length; i++) {
            final long area = areas + i / EACH * NativeArea.STRIDE;
            final long data = area + NativeArea.DATA;
            final long code = area + NativeArea.CODE;
            switch (i % EACH) {
                case DATA -> set(i, data, NativeArea.DATA_BYTES - 1, BIG);
                case ABOVE -> set(i, data, NativeArea.PAGE - 1, BIG | DOWN << CONTENTS_SHIFT);
                case CONSTANT -> set(i, data, NativeArea.DATA_BYTES - 1, BIG | READ_ONLY);
                case STACK_16 -> set(i, data, NativeArea.WRITABLE_BYTES - 1, 0);
                case CODE ->
                        set(i, code, NativeArea.CODE_BYTES - 1, BIG | EXECUTED << CONTENTS_SHIFT);
                default ->
                        set(
                                i,
                                code,
                                SHORT_CODE + SHORT_BYTES - 1,
                                BIG | READ_ONLY | EXECUTED << CONTENTS_SHIFT);
            }
        }
    }

    private void set(final int number, final long base, final long limit, final int flags) {
        there &= Libc.describe(number, base, limit, flags | USEABLE);
        final long type = ((flags & READ_ONLY) != 0 ? 0 : 2) | (flags >> CONTENTS_SHIFT & 3) << 2;
        descriptors[number] =
                DESCRIPTOR
                        | type << 40
                        | (long) (flags & BIG) << 54
                        | (base & 0xFF_FFFF) << 16
                        | base >>> 24 << 56
                        | (limit & 0xFFFF)
                        | limit >>> 16 << 48;
    }

    /// Whether there is one.
    boolean isThere() {
        return there;
    }

    int entries() {
        return there ? descriptors.length : 0;
    }

    long descriptor(final int number) {
        return descriptors[number];
    }

    /// The selector of one of a job's segments.
    static int selector(final int job, final int entry) {
        return ((job * EACH + entry) << 3) | SELECTOR;
    }
}
