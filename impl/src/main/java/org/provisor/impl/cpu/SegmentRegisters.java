// SPDX-License-Identifier: Apache-2.0
package org.provisor.impl.cpu;

/// The hidden parts of the segment registers: what was in the descriptors when the selectors were
/// loaded. In 64-bit mode nothing counts of them but CS.L; but what is loaded there is good for
/// compatibility mode too.
///
/// Registers have their numbers: ES, CS, SS, DS, FS, GS from 0 on. The bases of FS and GS are
/// [Slots#FS_BASE] and [Slots#GS_BASE].
///
/// @sdm 3A, "Segment Registers"; 3A, "Limit Checking"; 3A, "Type Checking"
public final class SegmentRegisters {

    private static final int COUNT = 6;
    private static final int CS = 1;
    private static final int SS = 2;
    private static final int FS = 4;

    private static final int TYPE_SHIFT = 40;

    /// Of data that it can be written, of code that it can be read.
    private static final int WRITABLE = 1 << 1;

    /// Of data: valid offsets are above the limit.
    private static final int DOWN = 1 << 2;

    private static final int CODE = 1 << 3;

    private static final long LONG = 1L << 53;
    private static final long BIG = 1L << 54;
    private static final long PAGES = 1L << 55;

    private static final long FLAT_DATA = 0x00CF_F300_0000_FFFFL;

    private final long[] slots;
    private final long[] bases = new long[COUNT];

    /// The first and the last offset that may be used; none if the first is behind the last.
    private final long[] first = new long[COUNT];

    private final long[] last = new long[COUNT];
    private final boolean[] readable = new boolean[COUNT];
    private final boolean[] writable = new boolean[COUNT];

    private boolean compatible;

    /// Whether SS holds a flat segment already.
    private boolean flatStack;

    private int stackSize;

    SegmentRegisters(final long[] slots) {
        this.slots = slots;
        reset();
    }

    /// 64-bit mode with a flat stack; all others are null.
    void reset() {
        for (int i = 0; i < COUNT; i++) {
            clear(i);
        }
        enter64();
    }

    /// Code of 64 bits and a flat stack, as after `sysret`.
    public void enter64() {
        compatible = false;
        if (!flatStack) {
            load(SS, FLAT_DATA);
        }
    }

    /// A null selector was loaded. All accesses by it fault outside of 64-bit mode.
    public void clear(final int register) {
        bases[register] = 0;
        first[register] = 1;
        last[register] = 0;
        readable[register] = false;
        writable[register] = false;
        flatStack &= register != SS;
    }

    /// A segment was loaded.
    public void load(final int register, final long descriptor) {
        final int type = (int) (descriptor >>> TYPE_SHIFT) & 15;
        final boolean code = (type & CODE) != 0;
        final long limit = limit(descriptor);
        final boolean down = !code && (type & DOWN) != 0;
        bases[register] = (descriptor >>> 16 & 0xFF_FFFF) | (descriptor >>> 56) << 24;
        first[register] = down ? limit + 1 : 0;
        last[register] = !down ? limit : (descriptor & BIG) != 0 ? 0xFFFF_FFFFL : 0xFFFF;
        readable[register] = !code || (type & WRITABLE) != 0;
        writable[register] = !code && (type & WRITABLE) != 0;
        if (register == CS) {
            compatible = (descriptor & LONG) == 0;
        } else if (register == SS) {
            stackSize = (descriptor & BIG) != 0 ? 4 : 2;
            flatStack = descriptor == FLAT_DATA;
        }
    }

    private static long limit(final long descriptor) {
        final long limit = (descriptor & 0xFFFF) | (descriptor >>> 32 & 0xF_0000);
        return (descriptor & PAGES) != 0 ? limit << 12 | 0xFFF : limit;
    }

    /// Takes over what another processor's hold.
    public void copy(final SegmentRegisters from) {
        System.arraycopy(from.bases, 0, bases, 0, COUNT);
        System.arraycopy(from.first, 0, first, 0, COUNT);
        System.arraycopy(from.last, 0, last, 0, COUNT);
        System.arraycopy(from.readable, 0, readable, 0, COUNT);
        System.arraycopy(from.writable, 0, writable, 0, COUNT);
        compatible = from.compatible;
        flatStack = from.flatStack;
        stackSize = from.stackSize;
    }

    /// Whether code is of 32 bits: compatibility mode.
    public boolean isCompatible() {
        return compatible;
    }

    /// How many bytes of the stack pointer count: 8, 4 or 2.
    public int stackSize() {
        return stackSize(compatible);
    }

    /// How many bytes of it would count in compatibility mode, or in 64-bit mode.
    public int stackSize(final boolean inCompatible) {
        return inCompatible ? stackSize : 8;
    }

    private long base(final int register) {
        return register < FS ? bases[register] : slots[Slots.FS_BASE + register - FS];
    }

    /// Whether an access is within the limit, to a segment of the right type.
    public boolean allows(
            final int register, final long offset, final int bytes, final boolean writes) {
        return (writes ? writable[register] : readable[register])
                && contains(register, offset, bytes);
    }

    /// Whether an access is within the limit.
    public boolean contains(final int register, final long offset, final int bytes) {
        return offset >= first[register] && offset + bytes - 1 <= last[register];
    }

    /// The linear address of an offset, in compatibility mode.
    public long linear(final int register, final long offset) {
        return (base(register) + offset) & 0xFFFF_FFFFL;
    }

    /// Where the instruction is that RIP names.
    public long codeAddress() {
        final long rip = slots[Slots.RIP];
        return compatible ? linear(CS, rip) : rip;
    }

    /// How many bytes of code there are from an offset on, in compatibility mode.
    public long codeBytes(final long offset) {
        return last[CS] + 1 - offset;
    }
}
