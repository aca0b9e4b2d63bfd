// SPDX-License-Identifier: Apache-2.0
package org.provisor.impl.interp;

import org.provisor.impl.cpu.CpuFault;
import org.provisor.impl.cpu.LinearMemory;
import org.provisor.impl.cpu.PageFaults;

import java.util.HexFormat;

/// A few pages at one address, all of them readable, writable and executable; nothing elsewhere.
final class FlatMemory implements LinearMemory {

    static final long BASE = 0x10_0000;

    private static final int BYTES = 0x2000;

    private final byte[] bytes = new byte[BYTES];
    private final CpuFault fault;

    /// How many comparisons are still to fail, as if another processor had been first.
    private int losses;

    FlatMemory(final CpuFault fault) {
        this.fault = fault;
    }

    void lose(final int times) {
        losses = times;
    }

    void code(final long at, final String hex) {
        final byte[] code = HexFormat.of().parseHex(hex.replace(" ", ""));
        System.arraycopy(code, 0, bytes, (int) (at - BASE), code.length);
    }

    private int place(final long address, final int size, final long access) {
        for (int i = 0; i < size; i++) {
            final long offset = address + i - BASE;
            if (offset < 0 || offset >= BYTES) {
                throw fault.pageFault(access | PageFaults.USER, address + i);
            }
        }
        return (int) (address - BASE);
    }

    @Override
    public long load(final long address, final int size) {
        final int at = place(address, size, 0);
        long value = 0;
        for (int i = size - 1; i >= 0; i--) {
            value = value << 8 | (bytes[at + i] & 0xff);
        }
        return value;
    }

    @Override
    public long loadForWrite(final long address, final int size) {
        place(address, size, PageFaults.WRITE);
        return load(address, size);
    }

    @Override
    public void store(final long address, final int size, final long value) {
        final int at = place(address, size, PageFaults.WRITE);
        for (int i = 0; i < size; i++) {
            bytes[at + i] = (byte) (value >>> (8 * i));
        }
    }

    @Override
    public boolean compareAndStore(
            final long address, final int size, final long expected, final long value) {
        if (losses > 0) {
            losses--;
            store(address, size, load(address, size) + 1);
        }
        if (load(address, size) != expected) {
            return false;
        }
        store(address, size, value);
        return true;
    }

    @Override
    public boolean compareAndStore16(
            final long address,
            final long expectedLow,
            final long expectedHigh,
            final long low,
            final long high) {
        if (load(address, 8) != expectedLow || load(address + 8, 8) != expectedHigh) {
            return false;
        }
        store(address, 8, low);
        store(address + 8, 8, high);
        return true;
    }

    @Override
    public int fetch(final long address, final byte[] into) {
        final long offset = address - BASE;
        if (offset < 0 || offset >= BYTES) {
            return 0;
        }
        final int length = Math.min(into.length, BYTES - (int) offset);
        System.arraycopy(bytes, (int) offset, into, 0, length);
        return length;
    }

    @Override
    public CpuFault fetchFault(final long address) {
        return fault.pageFault(PageFaults.USER | PageFaults.FETCH, address);
    }
}
