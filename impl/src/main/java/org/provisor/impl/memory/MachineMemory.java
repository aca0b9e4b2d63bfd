// SPDX-License-Identifier: Apache-2.0
package org.provisor.impl.memory;

import org.provisor.impl.bits.Addresses;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.lang.invoke.VarHandle;
import java.util.Objects;

/// The memory of a machine: one contiguous region of native memory from machine address 0 on. It is
/// zero at first, and takes up room only where it has been written.
///
/// A word is 8 bytes, little-endian, at a machine address that 8 divides. Addresses behind the end
/// throw [IndexOutOfBoundsException], others that 8 does not divide [IllegalArgumentException]:
/// whoever gets an address from a guest checks it first.
public final class MachineMemory implements AutoCloseable {

    /// The most frames that a machine may have: 64 GiB.
    public static final long MAX_FRAMES = 1L << 24;

    /// All of the address space, so that a word is found by its address alone: a segment of its own
    /// would be loaded and checked at every access.
    private static final MemorySegment EVERYWHERE = AnonymousMemory.everywhere();

    private static final VarHandle WORD = ValueLayout.JAVA_LONG.varHandle();

    private final Arena arena;
    private final MemorySegment segment;
    private final long base;

    /// In bytes; 0 once closed.
    private long size;

    private MachineMemory(final long bytes) {
        arena = Arena.ofShared();
        segment = AnonymousMemory.reserve(bytes, arena);
        base = segment.address();
        size = bytes;
    }

    /// Memory of 1 to [#MAX_FRAMES] frames.
    ///
    /// @throws IllegalArgumentException if a machine cannot have that many
    /// @throws MemoryUnavailableException if the operating system does not give it
    public static MachineMemory ofFrames(final long frames) {
        if (frames < 1 || frames > MAX_FRAMES) {
            throw new IllegalArgumentException("no machine can have " + frames + " frames");
        }
        return new MachineMemory(frames << Addresses.PAGE_SHIFT);
    }

    /// How many frames there are; none once closed.
    public long frames() {
        return size >>> Addresses.PAGE_SHIFT;
    }

    /// What stands in a word. What its writer wrote before it is seen too.
    public long word(final long maddr) {
        return (long) WORD.getAcquire(EVERYWHERE, at(maddr));
    }

    /// Writes a word, after all that was written before it.
    public void setWord(final long maddr, final long value) {
        WORD.setRelease(EVERYWHERE, at(maddr), value);
    }

    /// Writes a word if it is as expected.
    ///
    /// @return whether it was
    public boolean replaceWord(final long maddr, final long expected, final long now) {
        return WORD.compareAndSet(EVERYWHERE, at(maddr), expected, now);
    }

    /// Fills a frame with zeros.
    public void clear(final long mfn) {
        MemorySegment.copy(Zeros.PAGE, 0, EVERYWHERE, page(mfn), Addresses.PAGE_SIZE);
    }

    /// Makes a frame's contents those of another.
    public void copy(final long toMfn, final long fromMfn) {
        final long from = page(fromMfn);
        MemorySegment.copy(EVERYWHERE, from, EVERYWHERE, page(toMfn), Addresses.PAGE_SIZE);
    }

    /// All of it. It must not be used once this is closed.
    public MemorySegment segment() {
        return segment;
    }

    /// Gives the memory back to the operating system. Nobody may be using it.
    @Override
    public void close() {
        size = 0;
        arena.close();
    }

    private long at(final long maddr) {
        return base + Objects.checkIndex(maddr, size);
    }

    private long page(final long mfn) {
        return base + (Objects.checkIndex(mfn, frames()) << Addresses.PAGE_SHIFT);
    }

    /// Apart, so that it is there only once a frame is cleared.
    private static final class Zeros {

        static final MemorySegment PAGE = Arena.global().allocate(Addresses.PAGE_SIZE);
    }
}
