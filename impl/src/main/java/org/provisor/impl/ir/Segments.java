// SPDX-License-Identifier: Apache-2.0
package org.provisor.impl.ir;

import org.provisor.impl.cpu.CpuFault;
import org.provisor.impl.cpu.CpuState;
import org.provisor.impl.cpu.DescriptorTables;
import org.provisor.impl.cpu.Rflags;
import org.provisor.impl.cpu.Slots;
import org.provisor.impl.cpu.Vectors;

/// What selectors and descriptors mean in IA-32e mode. Of a segment that is loaded the selector is
/// kept, the base of FS and GS, and what [org.provisor.impl.cpu.SegmentRegisters] keeps. There are
/// no call gates: those that Xen lets a guest have cannot be used.
///
/// @sdm 3A, "Segment Descriptors"; 3A, "Privilege Levels"
public final class Segments {

    public static final int ES = 0;
    public static final int CS = 1;
    public static final int SS = 2;
    public static final int DS = 3;
    public static final int FS = 4;
    public static final int GS = 5;

    /// How many there are.
    public static final int COUNT = 6;

    /// The requested privilege level of a selector, and that of a descriptor.
    private static final int PRIVILEGE = 3;

    private static final int PRIVILEGE_SHIFT = 45;

    private static final long ACCESSED = 1L << 40;

    /// Of data that it can be written, of code that it can be read.
    private static final long WRITABLE = 1L << 41;

    private static final long CONFORMING = 1L << 42;
    private static final long CODE = 1L << 43;
    private static final long NOT_SYSTEM = 1L << 44;
    private static final long PRESENT = 1L << 47;
    private static final long LONG = 1L << 53;
    private static final long BIG = 1L << 54;
    private static final long PAGES = 1L << 55;

    private static final int TYPE_SHIFT = 40;
    private static final int TYPE = 15;

    /// Types of system segments that have a limit: local descriptor tables and task states.
    private static final int WITH_LIMIT = 1 << 2 | 1 << 9 | 1 << 11;

    /// Those, and call gates, can be seen.
    private static final int SEEN = WITH_LIMIT | 1 << 12;

    /// What `lar` shows of the upper half of a descriptor.
    private static final long RIGHTS = 0xFF_FF00;

    private static final int SELECTOR = 0xFFFF;

    /// What counts of an offset outside of 64-bit mode.
    private static final long OFFSET = 0xFFFF_FFFFL;

    /// Flags that `iret` changes at any level.
    private static final int IRET_ANY =
            Rflags.STATUS | Rflags.TF | Rflags.DF | Rflags.NT | Rflags.RF | Rflags.AC | Rflags.ID;

    private Segments() {}

    private static CpuFault refused(final CpuState state, final int vector, final int selector) {
        return state.fault().of(vector, selector & ~PRIVILEGE);
    }

    private static boolean isNull(final int selector) {
        return (selector & ~PRIVILEGE) == 0;
    }

    private static int level(final long descriptor) {
        return (int) (descriptor >>> PRIVILEGE_SHIFT) & PRIVILEGE;
    }

    private static boolean has(final long descriptor, final long bits) {
        return (descriptor & bits) == bits;
    }

    /// Loads a segment register.
    ///
    /// @param register not [#CS]
    /// @param from its low 16 bits count
    /// @throws CpuFault if it may not be loaded; then nothing has changed
    public static void load(final CpuState state, final int register, final long from) {
        final int selector = (int) from & SELECTOR;
        long base = 0;
        long descriptor = 0;
        if (isNull(selector)) {
            if (register == SS
                    && (state.privilege() == PRIVILEGE || selector != state.privilege())) {
                throw state.fault().of(Vectors.GP, 0);
            }
        } else {
            descriptor = descriptor(state, register, selector);
            base = base(descriptor);
        }
        if (isNull(selector)) {
            state.segments().clear(register);
        } else {
            state.segments().load(register, descriptor);
        }
        state.set(Slots.SELECTORS + register, selector);
        if (register == FS) {
            state.set(Slots.FS_BASE, base);
        } else if (register == GS) {
            state.set(Slots.GS_BASE, base);
        }
    }

    private static long descriptor(final CpuState state, final int register, final int selector) {
        final DescriptorTables tables = state.tables();
        final long at = tables.find(selector);
        if (at == DescriptorTables.BEYOND) {
            throw refused(state, Vectors.GP, selector);
        }
        final long descriptor = tables.read(at);
        final boolean suits =
                register == SS
                        ? isStack(state, selector, descriptor)
                        : isData(state, selector, descriptor);
        if (!suits) {
            throw refused(state, Vectors.GP, selector);
        }
        if (!has(descriptor, PRESENT)) {
            throw refused(state, register == SS ? Vectors.SS : Vectors.NP, selector);
        }
        mark(tables, at, descriptor);
        return descriptor;
    }

    private static boolean isStack(
            final CpuState state, final int selector, final long descriptor) {
        final int level = state.privilege();
        return (selector & PRIVILEGE) == level
                && level(descriptor) == level
                && has(descriptor, NOT_SYSTEM | WRITABLE)
                && !has(descriptor, CODE);
    }

    private static boolean isData(final CpuState state, final int selector, final long descriptor) {
        if (!has(descriptor, NOT_SYSTEM) || (has(descriptor, CODE) && !has(descriptor, WRITABLE))) {
            return false;
        }
        return has(descriptor, CODE | CONFORMING) || reaches(state, selector, descriptor);
    }

    /// Whether both the processor and the selector have the privilege of a segment.
    private static boolean reaches(
            final CpuState state, final int selector, final long descriptor) {
        return level(descriptor) >= Math.max(state.privilege(), selector & PRIVILEGE);
    }

    /// Marks a segment as loaded.
    private static void mark(final DescriptorTables tables, final long at, final long descriptor) {
        if (!has(descriptor, ACCESSED)) {
            tables.replace(at, descriptor, descriptor | ACCESSED);
        }
    }

    private static long base(final long descriptor) {
        return (descriptor >>> 16 & 0xFF_FFFF) | (descriptor >>> 56) << 24;
    }

    /// Checks that code may go on in another segment, and marks it.
    ///
    /// @param offset where
    /// @param from the selector, in the low 16 bits
    /// @param returns whether by returning there
    /// @return whether it is code of 64 or 32 bits at the same privilege level, which is all there
    ///   is
    public static boolean checkFar(
            final CpuState state, final long offset, final long from, final boolean returns) {
        final int selector = (int) from & SELECTOR;
        if (isNull(selector)) {
            throw state.fault().of(Vectors.GP, 0);
        }
        final DescriptorTables tables = state.tables();
        final long at = tables.find(selector);
        if (at == DescriptorTables.BEYOND) {
            throw refused(state, Vectors.GP, selector);
        }
        final long descriptor = tables.read(at);
        if (!has(descriptor, NOT_SYSTEM | CODE)
                || !isTarget(state, selector, descriptor, returns)) {
            throw refused(state, Vectors.GP, selector);
        }
        if (!has(descriptor, PRESENT)) {
            throw refused(state, Vectors.NP, selector);
        }
        if (has(descriptor, LONG | BIG)) {
            throw refused(state, Vectors.GP, selector);
        }
        if ((descriptor & (LONG | BIG)) == 0
                || (returns && (selector & PRIVILEGE) != state.privilege())) {
            return false;
        }
        final boolean inside =
                has(descriptor, LONG)
                        ? offset << 16 >> 16 == offset
                        : (offset & OFFSET) <= limit(descriptor);
        if (!inside) {
            throw state.fault().of(Vectors.GP, 0);
        }
        mark(tables, at, descriptor);
        return true;
    }

    private static boolean isTarget(
            final CpuState state,
            final int selector,
            final long descriptor,
            final boolean returns) {
        final int current = state.privilege();
        final int requested = selector & PRIVILEGE;
        final boolean conforms = has(descriptor, CONFORMING);
        if (returns) {
            return requested >= current
                    && (conforms ? level(descriptor) <= requested : level(descriptor) == requested);
        }
        return conforms
                ? level(descriptor) <= current
                : requested <= current && level(descriptor) == current;
    }

    /// Code goes on in a segment that was checked.
    public static void jumpFar(final CpuState state, final long offset, final long from) {
        final int selector = (int) from & SELECTOR & ~PRIVILEGE;
        state.set(Slots.CS, selector | state.privilege());
        enter(state, selector);
        state.set(Slots.NEXT, state.segments().isCompatible() ? offset & OFFSET : offset);
    }

    /// The processor goes on with code in a segment that was checked.
    private static void enter(final CpuState state, final int selector) {
        final DescriptorTables tables = state.tables();
        state.segments().load(CS, tables.read(tables.find(selector)));
    }

    /// Returns to where RIP, CS and SS say already, at the same privilege level.
    ///
    /// @return false if the code there is of 16 bits
    /// @throws CpuFault if that may not be; CS is loaded if only SS may not
    public static boolean returnTo(final CpuState state) {
        final long cs = state.get(Slots.CS);
        if (!checkFar(state, state.get(Slots.RIP), cs, true)) {
            return false;
        }
        enter(state, (int) cs & SELECTOR & ~PRIVILEGE);
        if (state.segments().isCompatible()) {
            state.set(Slots.RIP, state.get(Slots.RIP) & OFFSET);
        }
        load(state, SS, state.get(Slots.SS));
        return true;
    }

    /// Takes over what the tables say of all selectors, as they are, without any checks: for who
    /// puts a processor together from outside.
    public static void refresh(final CpuState state) {
        final DescriptorTables tables = state.tables();
        for (int i = 0; i < COUNT; i++) {
            final int selector = (int) state.get(Slots.SELECTORS + i) & SELECTOR;
            if (isNull(selector)) {
                state.segments().clear(i);
            } else {
                final long descriptor = tables.read(tables.find(selector));
                state.segments().load(i, descriptor);
                if (i >= FS) {
                    state.set(Slots.FS_BASE + i - FS, base(descriptor));
                }
            }
        }
    }

    /// What [SegmentOps#LAR] and those behind it find: the result, or -1 for none.
    public static long look(final CpuState state, final int op, final long from) {
        final int selector = (int) from & SELECTOR;
        if (isNull(selector)) {
            return -1;
        }
        final long at = state.tables().find(selector);
        if (at == DescriptorTables.BEYOND) {
            return -1;
        }
        final long descriptor = state.tables().read(at);
        final boolean ordinary = has(descriptor, NOT_SYSTEM);
        final boolean code = has(descriptor, CODE);
        if (!(ordinary && code && has(descriptor, CONFORMING))
                && !reaches(state, selector, descriptor)) {
            return -1;
        }
        final int type = (int) (descriptor >>> TYPE_SHIFT) & TYPE;
        return switch (op) {
            case SegmentOps.LAR ->
                    ordinary || (SEEN >>> type & 1) != 0 ? descriptor >>> 32 & RIGHTS : -1;
            case SegmentOps.LSL ->
                    ordinary || (WITH_LIMIT >>> type & 1) != 0 ? limit(descriptor) : -1;
            case SegmentOps.VERR -> ordinary && (!code || has(descriptor, WRITABLE)) ? 0 : -1;
            default -> ordinary && !code && has(descriptor, WRITABLE) ? 0 : -1;
        };
    }

    private static long limit(final long descriptor) {
        final long limit = (descriptor & 0xFFFF) | (descriptor >>> 32 & 0xF_0000);
        return has(descriptor, PAGES) ? limit << 12 | 0xFFF : limit;
    }

    /// The flags after `iret`.
    ///
    /// @param size the logarithm of bytes of what was popped
    static long flagsOfIret(final CpuState state, final int size, final long popped) {
        final long before = state.get(Slots.RFLAGS);
        int mask = IRET_ANY;
        if (state.privilege() == 0) {
            mask |= Rflags.IOPL;
        }
        if (state.privilege() <= ((int) before >> 12 & PRIVILEGE)) {
            mask |= Rflags.IF;
        }
        final long from = mask & Widths.mask(size);
        return (before & ~from & ~Rflags.RF) | (popped & from);
    }

    /// Whether the segment of code that a selector names, which has been checked, is of 64 bits.
    public static boolean isLong(final CpuState state, final long from) {
        final DescriptorTables tables = state.tables();
        final int selector = (int) from & SELECTOR & ~PRIVILEGE;
        return has(tables.read(tables.find(selector)), LONG);
    }

    /// Takes bytes off the stack.
    private static void release(final CpuState state, final long bytes) {
        final int size = Widths.size(state.segments().stackSize());
        final long before = state.get(Slots.RSP);
        state.set(Slots.RSP, Widths.merge(size, before, before + bytes));
    }

    /// Carries out one of [SegmentOps].
    ///
    /// @return false to leave the engine: the instruction is one that it does not carry out
    public static boolean carryOut(final CpuState state, final long word, final long immediate) {
        final long[] slots = state.slots();
        final int size = MicroCode.size(word);
        final int d = MicroCode.d(word);
        final long a = slots[MicroCode.a(word)];
        final long b = slots[MicroCode.b(word)];
        final int op = MicroCode.op(word);
        switch (op) {
            case SegmentOps.SELECTOR -> slots[d] = slots[Slots.SELECTORS + (int) immediate];
            case SegmentOps.LOAD_SEGMENT -> load(state, (int) immediate, a);
            case SegmentOps.FAR_CHECK -> {
                return checkFar(state, a, b, immediate != 0);
            }
            case SegmentOps.FAR_JUMP -> jumpFar(state, a, b);
            case SegmentOps.TABLE_REGISTER -> slots[d] = state.tables().register((int) immediate);
            case SegmentOps.IRET_FLAGS -> slots[Slots.RFLAGS] = flagsOfIret(state, size, a);
            case SegmentOps.RELEASE -> release(state, immediate);
            default -> {
                final long seen = look(state, op, a);
                slots[Slots.RFLAGS] =
                        seen < 0
                                ? slots[Slots.RFLAGS] & ~Rflags.ZF
                                : slots[Slots.RFLAGS] | Rflags.ZF;
                if (seen >= 0 && (op == SegmentOps.LAR || op == SegmentOps.LSL)) {
                    slots[d] = Widths.merge(size, slots[d], seen);
                }
            }
        }
        return true;
    }
}
