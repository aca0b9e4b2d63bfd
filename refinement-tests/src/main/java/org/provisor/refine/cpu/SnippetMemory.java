// SPDX-License-Identifier: Apache-2.0
package org.provisor.refine.cpu;

import org.provisor.impl.cpu.CpuFault;
import org.provisor.impl.cpu.LinearMemory;
import org.provisor.impl.cpu.PageFaults;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.Arrays;

/// Memory as a snippet finds it on the host, for the interpreter: the same addresses, the same
/// pages that are missing or cannot be written, but contents of its own.
///
/// What a snippet would find elsewhere nobody knows, so it must not look: see [Unknown].
final class SnippetMemory implements LinearMemory {

    /// An access to memory that does not belong to the snippet. It would do harm on the host.
    static final class Unknown extends RuntimeException {

        private static final long serialVersionUID = 1L;

        Unknown() {
            super(null, null, false, false);
        }
    }

    private final Unknown unknown = new Unknown();

    /// No process has anything below this address.
    private static final long NULL_BYTES = 0x10000;

    private static final long ALL_PAGES = NativeArea.GUARD_ABOVE + NativeArea.PAGE;

    private final long area;
    private final CpuFault fault;
    private final byte[] data = new byte[(int) NativeArea.DATA_BYTES];
    private final MemorySegment segment = MemorySegment.ofArray(data);

    private byte[] code = new byte[0];
    private int codeLength;
    private long codeAt;

    /// @param area the address of the area
    /// @param fault of the processor that will use it
    SnippetMemory(final long area, final CpuFault fault) {
        this.area = area;
        this.fault = fault;
    }

    /// The contents of the data pages.
    byte[] data() {
        return data;
    }

    /// The same.
    MemorySegment segment() {
        return segment;
    }

    void place(final long address, final byte[] snippet, final int length) {
        code = snippet;
        codeLength = length;
        codeAt = address;
    }

    @Override
    public long load(final long address, final int bytes) {
        return get(check(address, bytes, 0), bytes);
    }

    @Override
    public long loadForWrite(final long address, final int bytes) {
        return get(check(address, bytes, PageFaults.WRITE), bytes);
    }

    @Override
    public void store(final long address, final int bytes, final long value) {
        put(check(address, bytes, PageFaults.WRITE), bytes, value);
    }

    @Override
    public boolean compareAndStore(
            final long address, final int bytes, final long expected, final long value) {
        final int at = check(address, bytes, PageFaults.WRITE);
        if (get(at, bytes) != expected) {
            return false;
        }
        put(at, bytes, value);
        return true;
    }

    @Override
    public boolean compareAndStore16(
            final long address,
            final long expectedLow,
            final long expectedHigh,
            final long low,
            final long high) {
        final int at = check(address, 16, PageFaults.WRITE);
        if (get(at, 8) != expectedLow || get(at + 8, 8) != expectedHigh) {
            return false;
        }
        put(at, 8, low);
        put(at + 8, 8, high);
        return true;
    }

    private long get(final int at, final int bytes) {
        return switch (bytes) {
            case 1 -> data[at] & 0xff;
            case 2 -> segment.get(ValueLayout.JAVA_SHORT_UNALIGNED, at) & 0xffff;
            case 4 -> segment.get(ValueLayout.JAVA_INT_UNALIGNED, at) & 0xffffffffL;
            default -> segment.get(ValueLayout.JAVA_LONG_UNALIGNED, at);
        };
    }

    private void put(final int at, final int bytes, final long value) {
        switch (bytes) {
            case 1 -> data[at] = (byte) value;
            case 2 -> segment.set(ValueLayout.JAVA_SHORT_UNALIGNED, at, (short) value);
            case 4 -> segment.set(ValueLayout.JAVA_INT_UNALIGNED, at, (int) value);
            default -> segment.set(ValueLayout.JAVA_LONG_UNALIGNED, at, value);
        }
    }

    /// What 8 bytes of data are; -1 if there are none.
    long peek(final long address) {
        final long at = address - area - NativeArea.DATA;
        return at >= 0 && at <= NativeArea.DATA_BYTES - 8 ? get((int) at, 8) : -1;
    }

    boolean isWritable(final long address, final int bytes) {
        final long first = address - area - NativeArea.DATA;
        return first >= 0 && first + bytes <= NativeArea.WRITABLE_BYTES;
    }

    /// The place of these bytes in the data, or the fault of the first that is missing.
    private int check(final long address, final int bytes, final long write) {
        final long first = address - area - NativeArea.DATA;
        final long end = write == 0 ? NativeArea.DATA_BYTES : NativeArea.WRITABLE_BYTES;
        if (first >= 0 && first + bytes <= end) {
            return (int) first;
        }
        for (int i = 0; i < bytes; i++) {
            final long error = error(address + i, write);
            if (error != 0) {
                throw fault.pageFault(error | write | PageFaults.USER, address + i);
            }
        }
        throw unknown;
    }

    /// [PageFaults#PRESENT], or `USER` if the page is missing, or 0 if the access is fine.
    private long error(final long address, final long write) {
        final long offset = address - area;
        if (address >= 0 && address < NULL_BYTES) {
            return PageFaults.USER;
        }
        if (offset < NativeArea.GUARD_BELOW || offset >= ALL_PAGES) {
            throw unknown;
        }
        if (offset < NativeArea.DATA || offset >= NativeArea.GUARD_ABOVE) {
            return PageFaults.USER;
        }
        return write != 0 && offset >= NativeArea.READ_ONLY ? PageFaults.PRESENT : 0;
    }

    @Override
    public int fetch(final long address, final byte[] into) {
        final long from = address - codeAt;
        if (from < 0 || from >= codeLength) {
            return 0;
        }
        final int length = Math.min(into.length, codeLength - (int) from);
        System.arraycopy(code, (int) from, into, 0, length);
        // Behind a snippet there is more that can be fetched, and that is never carried out.
        Arrays.fill(into, length, into.length, (byte) 0xcc);
        return into.length;
    }

    @Override
    public CpuFault fetchFault(final long address) {
        final long offset = address - area;
        long error = PageFaults.USER | PageFaults.FETCH;
        if (offset >= NativeArea.DATA && offset < NativeArea.GUARD_ABOVE) {
            error |= PageFaults.PRESENT;
        } else if (!(address >= 0 && address < NULL_BYTES)
                && (offset < NativeArea.GUARD_BELOW || offset >= ALL_PAGES)) {
            throw unknown;
        }
        return fault.pageFault(error, address);
    }
}
