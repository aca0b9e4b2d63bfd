// SPDX-License-Identifier: Apache-2.0
package org.provisor.impl.memory;

import org.provisor.impl.bits.Addresses;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.util.Arrays;
import java.util.HashMap;
import java.util.Map;
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
    private static final VarHandle HALF = ValueLayout.JAVA_INT.varHandle();
    private static final VarHandle QUARTER = ValueLayout.JAVA_SHORT.varHandle();
    private static final VarHandle WATCHED = MethodHandles.arrayElementVarHandle(long[].class);
    private static final VarHandle BYTE = ValueLayout.JAVA_BYTE.varHandle();

    private final Arena arena;
    private final MemorySegment segment;
    private final long base;

    /// A bit for each frame whose writes somebody wants to know about.
    private final long[] watched;

    private WriteWatcher[] watchers = {};

    /// Whether several threads write to this at the same time. Then `interests` says who wants to
    /// know about which frame, bit n for watcher n, and is guarded by itself, as changes of
    /// `watched` are.
    private boolean shared;

    private final Map<Long, Long> interests = new HashMap<>();

    /// In bytes; 0 once closed.
    private long size;

    private MachineMemory(final long bytes) {
        arena = Arena.ofShared();
        segment = AnonymousMemory.reserve(bytes, arena);
        base = segment.address();
        size = bytes;
        watched = new long[(int) (((bytes >>> Addresses.PAGE_SHIFT) + Long.SIZE - 1) >>> 6)];
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

    /// Says that threads other than the calling one are going to write to this too.
    public void share() {
        shared = true;
    }

    /// Has somebody told of writes to frames that are watched: of all of them, whoever wanted to
    /// know. Unless this is [shared][#share] only the thread that runs the machine's processors may
    /// write to such frames. Watchers are added before anybody writes.
    public void addWatcher(final WriteWatcher watcher) {
        watchers = Arrays.copyOf(watchers, watchers.length + 1);
        watchers[watchers.length - 1] = watcher;
    }

    /// Watches a frame until nobody wants to know any more.
    public void watch(final long mfn) {
        if (isWatched(mfn)) {
            return;
        }
        watched[(int) (mfn >>> 6)] |= 1L << mfn;
        for (final WriteWatcher watcher : watchers) {
            watcher.watching(mfn);
        }
    }

    /// Watches a frame for one of several threads, until it does not want to know any more. Nobody
    /// else is told: those who write by another way may do so until the caller has had them stop.
    ///
    /// @return whether it was not watched for him before
    public boolean watch(final long mfn, final WriteWatcher by) {
        synchronized (interests) {
            final long before = interests.getOrDefault(mfn, 0L);
            final long now = before | bit(by);
            interests.put(mfn, now);
            WATCHED.getAndBitwiseOr(watched, (int) (mfn >>> 6), 1L << mfn);
            return now != before;
        }
    }

    /// Takes that back.
    public void unwatch(final long mfn, final WriteWatcher by) {
        synchronized (interests) {
            keepInterests(mfn, interests.getOrDefault(mfn, 0L) & ~bit(by));
        }
    }

    private void keepInterests(final long mfn, final long left) {
        if (left != 0) {
            interests.put(mfn, left);
            return;
        }
        interests.remove(mfn);
        WATCHED.getAndBitwiseAnd(watched, (int) (mfn >>> 6), ~(1L << mfn));
    }

    @SuppressWarnings("ReferenceEquality") // The very one.
    private long bit(final WriteWatcher watcher) {
        for (int i = 0; i < watchers.length; i++) {
            if (watchers[i] == watcher) {
                return 1L << i;
            }
        }
        throw new IllegalArgumentException("not a watcher of this memory");
    }

    public boolean isWatched(final long mfn) {
        return (watched[(int) (mfn >>> 6)] >>> mfn & 1) != 0;
    }

    /// Another thread begins to watch a frame, then looks at it: either it sees what was written
    /// here, or it is told of it.
    private void wrote(final long maddr, final long bytes) {
        if (shared) {
            VarHandle.fullFence();
        }
        if (isWatched(maddr >>> Addresses.PAGE_SHIFT)) {
            if (shared) {
                tellInterested(maddr, bytes);
            } else {
                tell(maddr, bytes);
            }
        }
    }

    private void tellInterested(final long maddr, final long bytes) {
        final long mfn = maddr >>> Addresses.PAGE_SHIFT;
        synchronized (interests) {
            long left = interests.getOrDefault(mfn, 0L);
            for (long toTell = left; toTell != 0; toTell &= toTell - 1) {
                final int watcher = Long.numberOfTrailingZeros(toTell);
                if (!watchers[watcher].written(maddr, bytes)) {
                    left &= ~(1L << watcher);
                }
            }
            keepInterests(mfn, left);
        }
    }

    private void tell(final long maddr, final long bytes) {
        boolean wanted = false;
        for (final WriteWatcher watcher : watchers) {
            wanted |= watcher.written(maddr, bytes);
        }
        if (!wanted) {
            final long mfn = maddr >>> Addresses.PAGE_SHIFT;
            watched[(int) (mfn >>> 6)] &= ~(1L << mfn);
        }
    }

    /// What stands in a word. What its writer wrote before it is seen too.
    public long word(final long maddr) {
        return (long) WORD.getAcquire(EVERYWHERE, at(maddr));
    }

    /// Writes a word, after all that was written before it.
    public void setWord(final long maddr, final long value) {
        WORD.setRelease(EVERYWHERE, at(maddr), value);
        wrote(maddr, Long.BYTES);
    }

    /// Writes a word if it is as expected.
    ///
    /// @return whether it was
    public boolean replaceWord(final long maddr, final long expected, final long now) {
        final boolean done = WORD.compareAndSet(EVERYWHERE, at(maddr), expected, now);
        if (done) {
            wrote(maddr, Long.BYTES);
        }
        return done;
    }

    /// Loads 1, 2, 4 or 8 bytes within one frame, zero-extended. What the writer of the value wrote
    /// before it is seen too; one that is not naturally aligned may be half of another.
    public long load(final long maddr, final int bytes) {
        final long at = at(maddr);
        if ((maddr & bytes - 1) != 0) {
            return loadUnaligned(at, bytes);
        }
        return switch (bytes) {
            case 1 -> (byte) BYTE.getAcquire(EVERYWHERE, at) & 0xFFL;
            case 2 -> (short) QUARTER.getAcquire(EVERYWHERE, at) & 0xFFFFL;
            case 4 -> (int) HALF.getAcquire(EVERYWHERE, at) & 0xFFFF_FFFFL;
            default -> (long) WORD.getAcquire(EVERYWHERE, at);
        };
    }

    private static long loadUnaligned(final long at, final int bytes) {
        final long value =
                switch (bytes) {
                    case 2 -> EVERYWHERE.get(ValueLayout.JAVA_SHORT_UNALIGNED, at) & 0xFFFFL;
                    case 4 -> EVERYWHERE.get(ValueLayout.JAVA_INT_UNALIGNED, at) & 0xFFFF_FFFFL;
                    default -> EVERYWHERE.get(ValueLayout.JAVA_LONG_UNALIGNED, at);
                };
        VarHandle.acquireFence();
        return value;
    }

    /// Stores the low 1, 2, 4 or 8 bytes of `value` within one frame, after all that was written
    /// before; in one step if it is naturally aligned.
    public void store(final long maddr, final int bytes, final long value) {
        final long at = at(maddr);
        if ((maddr & bytes - 1) != 0) {
            storeUnaligned(at, bytes, value);
        } else {
            storeAligned(at, bytes, value);
        }
        wrote(maddr, bytes);
    }

    private static void storeAligned(final long at, final int bytes, final long value) {
        switch (bytes) {
            case 1 -> BYTE.setRelease(EVERYWHERE, at, (byte) value);
            case 2 -> QUARTER.setRelease(EVERYWHERE, at, (short) value);
            case 4 -> HALF.setRelease(EVERYWHERE, at, (int) value);
            default -> WORD.setRelease(EVERYWHERE, at, value);
        }
    }

    private static void storeUnaligned(final long at, final int bytes, final long value) {
        VarHandle.releaseFence();
        switch (bytes) {
            case 2 -> EVERYWHERE.set(ValueLayout.JAVA_SHORT_UNALIGNED, at, (short) value);
            case 4 -> EVERYWHERE.set(ValueLayout.JAVA_INT_UNALIGNED, at, (int) value);
            default -> EVERYWHERE.set(ValueLayout.JAVA_LONG_UNALIGNED, at, value);
        }
    }

    /// Copies bytes within one frame.
    public void copyOut(final long maddr, final byte[] to, final int from, final int count) {
        MemorySegment.copy(EVERYWHERE, ValueLayout.JAVA_BYTE, at(maddr), to, from, count);
    }

    /// The other way.
    public void copyIn(final long maddr, final byte[] data, final int from, final int count) {
        MemorySegment.copy(data, from, EVERYWHERE, ValueLayout.JAVA_BYTE, at(maddr), count);
        wrote(maddr, count);
    }

    /// Fills a frame with zeros.
    public void clear(final long mfn) {
        MemorySegment.copy(Zeros.PAGE, 0, EVERYWHERE, page(mfn), Addresses.PAGE_SIZE);
        wrote(mfn << Addresses.PAGE_SHIFT, Addresses.PAGE_SIZE);
    }

    /// Makes a frame's contents those of another.
    public void copy(final long toMfn, final long fromMfn) {
        final long from = page(fromMfn);
        MemorySegment.copy(EVERYWHERE, from, EVERYWHERE, page(toMfn), Addresses.PAGE_SIZE);
        wrote(toMfn << Addresses.PAGE_SHIFT, Addresses.PAGE_SIZE);
    }

    /// All of the address space, for whoever finds memory by [#address] itself.
    public static MemorySegment everywhere() {
        return EVERYWHERE;
    }

    /// Where machine address 0 is in it.
    public long address() {
        return base;
    }

    /// All of it. It must not be used once this is closed. Nobody is told of what is written to it:
    /// it is for reading, and for memory that no guest has yet.
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
