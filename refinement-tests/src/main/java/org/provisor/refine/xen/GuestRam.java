// SPDX-License-Identifier: Apache-2.0
package org.provisor.refine.xen;

import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;
import java.nio.channels.FileChannel;
import java.nio.channels.FileChannel.MapMode;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.OptionalLong;

/// The memory of a machine that QEMU runs, by machine address: what the file holds that QEMU keeps
/// it in. Both see at once what the other writes.
public final class GuestRam implements AutoCloseable {

    private static final ValueLayout.OfLong WORD =
            ValueLayout.JAVA_LONG.withOrder(ByteOrder.LITTLE_ENDIAN);
    private static final VarHandle ORDERED = WORD.varHandle();

    private static final long PRESENT = 1;
    private static final long WRITABLE = 1 << 1;
    private static final long LARGE = 1 << 7;
    private static final long FRAME = 0x000F_FFFF_FFFF_F000L;

    private final Arena arena = Arena.ofShared();
    private final MemorySegment memory;

    GuestRam(Path file, long size) throws IOException {
        try (var channel =
                FileChannel.open(file, StandardOpenOption.READ, StandardOpenOption.WRITE)) {
            memory = channel.map(MapMode.READ_WRITE, 0, size, arena);
        }
    }

    /// Memory that is this process's own.
    GuestRam(MemorySegment memory) {
        this.memory = memory;
    }

    public long size() {
        return memory.byteSize();
    }

    /// The 8 bytes at a machine address that is a multiple of 8.
    public long word(long address) {
        return memory.get(WORD, address);
    }

    public void setWord(long address, long value) {
        memory.set(WORD, address, value);
    }

    /// The same, seen before whatever is read afterwards.
    long acquire(long address) {
        return (long) ORDERED.getAcquire(memory, address);
    }

    /// The same, after whatever was written before.
    void release(long address, long value) {
        ORDERED.setRelease(memory, address, value);
    }

    /// A word of a frame.
    public long word(long mfn, int slot) {
        return memory.get(WORD, (mfn << 12) + 8L * slot);
    }

    public void setWord(long mfn, int slot, long value) {
        memory.set(WORD, (mfn << 12) + 8L * slot, value);
    }

    byte byteAt(long address) {
        return memory.get(ValueLayout.JAVA_BYTE, address);
    }

    void setByte(long address, byte value) {
        memory.set(ValueLayout.JAVA_BYTE, address, value);
    }

    /// Copies the 512 words of a frame.
    public void copy(long mfn, long[] to) {
        MemorySegment.copy(memory, WORD, mfn << 12, to, 0, 512);
    }

    /// Copies bytes.
    void copy(long address, byte[] to, int at, int count) {
        MemorySegment.copy(memory, ValueLayout.JAVA_BYTE, address, to, at, count);
    }

    /// The first slot from one on in which 512 words differ from those of a frame, or -1.
    int mismatch(long mfn, int from, MemorySegment words) {
        long at = mfn << 12;
        long first =
                MemorySegment.mismatch(memory, at + 8L * from, at + 4096, words, 8L * from, 4096);
        return first < 0 ? -1 : from + (int) (first / 8);
    }

    /// Where bytes differ from those at an address, or -1.
    long mismatch(long address, MemorySegment bytes, long from, long count) {
        return MemorySegment.mismatch(memory, address, address + count, bytes, from, from + count);
    }

    /// Makes a frame zero.
    public void clear(long mfn) {
        memory.asSlice(mfn << 12, 4096).fill((byte) 0);
    }

    /// What a linear address leads to, by the tables below a root.
    ///
    /// @return a machine address, or nothing where no page is present or one is outside the memory
    public OptionalLong translate(long root, long linear) {
        Walk walk = walk(root, linear);
        return walk.present ? OptionalLong.of(walk.address) : OptionalLong.empty();
    }

    /// What the processor finds below a root.
    ///
    /// @param present whether there is a page
    /// @param writable whether all entries on the way let it be written
    /// @param address the machine address, if present
    public record Walk(boolean present, boolean writable, long address) {}

    public Walk walk(long root, long linear) {
        long table = root << 12;
        boolean writable = true;
        for (int level = 4; level > 0; level--) {
            int shift = 12 + 9 * (level - 1);
            long at = table + 8 * ((linear >>> shift) & 511);
            if (at < 0 || at >= size()) {
                return new Walk(false, false, 0);
            }
            long entry = word(at);
            if ((entry & PRESENT) == 0) {
                return new Walk(false, false, 0);
            }
            writable &= (entry & WRITABLE) != 0;
            long offset = linear & ((1L << shift) - 1);
            if (level == 1 || (level < 4 && (entry & LARGE) != 0)) {
                long base = entry & FRAME & -(1L << shift);
                return new Walk(true, writable, base + offset);
            }
            table = entry & FRAME;
        }
        throw new IllegalStateException("a walk without an end");
    }

    @Override
    public void close() {
        arena.close();
    }
}
