// SPDX-License-Identifier: Apache-2.0
package org.provisor.impl.jit;

import org.provisor.impl.cpu.CpuFault;
import org.provisor.impl.cpu.CpuState;
import org.provisor.impl.cpu.FastMemory;
import org.provisor.impl.cpu.Rflags;
import org.provisor.impl.cpu.Vectors;
import org.provisor.impl.ir.Floats;
import org.provisor.impl.ir.Widths;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.lang.invoke.VarHandle;

/// What regions call when an access is not one of the usual ones. Each method throws the
/// processor's fault if there is one.
final class RegionServices {

    /// [#compareAndStore] found something else: the instruction is to be carried out again.
    static final int AGAIN = 2;

    private static final int STACK = 1 << 8;

    private static final long PAGE = 4096;

    /// So many iterations are not worth it.
    private static final int FEW = 4;

    private final FastMemory memory;
    private final CpuFault fault;
    private final long[] slots;

    private final long[] attention;

    private boolean codeChanged;

    RegionServices(final CpuState state, final FastMemory memory) {
        this.memory = memory;
        attention = memory.attention();
        fault = state.fault();
        slots = state.slots();
    }

    FastMemory memory() {
        return memory;
    }

    CpuFault fault() {
        return fault;
    }

    /// An access, as a number: how many bytes, and whether it is one to the stack.
    static int access(final int bytes, final boolean stack) {
        return stack ? bytes | STACK : bytes;
    }

    long load(final long address, final int access) {
        return memory.loadAndKeep(address, checked(address, access));
    }

    long loadForWrite(final long address, final int access) {
        return memory.loadForWriteAndKeep(address, checked(address, access));
    }

    /// Stores.
    ///
    /// @return 1 if it has written to code that is translated, else 0
    int store(final long address, final long value, final int access) {
        memory.storeAndKeep(address, checked(address, access), value);
        return changes();
    }

    /// Stores if memory holds what is expected.
    ///
    /// @return [#AGAIN], or as [#store]
    int compareAndStore(
            final long address, final long expected, final long value, final int access) {
        final int bytes = checked(address, access);
        final long mask = -1L >>> (Long.SIZE - bytes * Byte.SIZE);
        return memory.compareAndStore(address, bytes, expected & mask, value & mask)
                ? changes()
                : AGAIN;
    }

    int compareAndStorePair(
            final long address,
            final long expectedLow,
            final long expectedHigh,
            final long low,
            final long high,
            final int access) {
        checked(address, access);
        return memory.compareAndStore16(address, expectedLow, expectedHigh, low, high)
                ? changes()
                : AGAIN;
    }

    /// Does iterations of `rep movs`, up to the last but one and within a page on both sides, if
    /// that is what doing one behind the other comes to.
    ///
    /// @param allowed how many at most
    /// @param size the logarithm of bytes
    /// @return how many were done
    int copy(
            final long to,
            final long from,
            final long count,
            final int allowed,
            final int size,
            final long flags,
            final long space) {
        final int toAt = entry(memory.writeEntries(), to, space);
        final int fromAt = entry(memory.readEntries(), from, space);
        if (toAt < 0 || fromAt < 0 || (flags & Rflags.DF) != 0) {
            return 0;
        }
        long times = times(count, allowed, size, to);
        times = Math.min(times, left(from) >> size);
        final long target = to + memory.writeEntries()[toAt + 1];
        final long source = from + memory.readEntries()[fromAt + 1];
        if (target > source && target < source + (times << size)) {
            // Behind that, it would copy what it has written.
            times = (target - source) >> size;
        }
        if (times < FEW) {
            return 0;
        }
        final MemorySegment everywhere = memory.everywhere();
        VarHandle.releaseFence();
        MemorySegment.copy(everywhere, source, everywhere, target, times << size);
        VarHandle.acquireFence();
        return (int) times;
    }

    /// Does iterations of `rep stos` likewise.
    int fill(
            final long to,
            final long value,
            final long count,
            final int allowed,
            final int size,
            final long flags,
            final long space) {
        final int at = entry(memory.writeEntries(), to, space);
        if (at < 0 || (flags & Rflags.DF) != 0) {
            return 0;
        }
        final long times = times(count, allowed, size, to);
        if (times < FEW) {
            return 0;
        }
        long word = Widths.zeroExtend(size, value);
        for (int bits = Widths.bits(size); bits < Long.SIZE; bits *= 2) {
            word |= word << bits;
        }
        final MemorySegment everywhere = memory.everywhere();
        VarHandle.releaseFence();
        long target = to + memory.writeEntries()[at + 1];
        final long end = target + (times << size);
        for (; target + Long.BYTES <= end; target += Long.BYTES) {
            everywhere.set(ValueLayout.JAVA_LONG_UNALIGNED, target, word);
        }
        for (; target < end; target++) {
            everywhere.set(ValueLayout.JAVA_BYTE, target, (byte) word);
            word = Long.rotateRight(word, Byte.SIZE);
        }
        return (int) times;
    }

    /// Without the last of the count, which may be more than it seems: 0 comes here too.
    private static long times(final long count, final int allowed, final int size, final long to) {
        final long wanted = count > 0 ? Math.min(count - 1, allowed) : 0;
        return Math.min(wanted, left(to) >> size);
    }

    private static long left(final long address) {
        return PAGE - (address & PAGE - 1);
    }

    /// Where the entry of an address is, or -1.
    private static int entry(final long[] entries, final long address, final long space) {
        final int at = (int) (address >>> 11) & FastMemory.MASK;
        return entries[at] == (space | address >>> 12) ? at : -1;
    }

    /// Whether the region is to be left: its code has changed, or while others had this processor
    /// wait, what is known of memory has.
    private int changes() {
        if (!codeChanged && !FastMemory.isDisturbed(attention)) {
            return 0;
        }
        codeChanged = false;
        return 1;
    }

    /// Translated code has been written to.
    void codeChanged() {
        codeChanged = true;
    }

    /// Forgets that.
    void clear() {
        codeChanged = false;
    }

    /// #GP or #SS unless all bytes have canonical addresses.
    private int checked(final long address, final int access) {
        final int bytes = access & ~STACK;
        final long last = address + bytes - 1;
        if (address << 16 >> 16 != address || last << 16 >> 16 != last) {
            throw fault.of((access & STACK) != 0 ? Vectors.SS : Vectors.GP, 0);
        }
        return bytes;
    }

    @SuppressWarnings("DoNotCallSuggester") // Called by generated code.
    void notAvailable() {
        throw fault.of(Vectors.NM);
    }

    /// Notes floating-point exceptions that have been met; #XM if one is not masked.
    void floatExceptions() {
        if (Floats.note(slots)) {
            throw fault.of(Vectors.XM);
        }
    }

    @SuppressWarnings("DoNotCallSuggester") // Called by generated code.
    void divideError() {
        throw fault.of(Vectors.DE);
    }

    @SuppressWarnings("DoNotCallSuggester") // Called by generated code.
    void generalProtection() {
        throw fault.of(Vectors.GP, 0);
    }
}
