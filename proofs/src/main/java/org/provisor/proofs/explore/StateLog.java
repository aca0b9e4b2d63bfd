// SPDX-License-Identifier: Apache-2.0
package org.provisor.proofs.explore;

import static java.lang.foreign.ValueLayout.JAVA_LONG;

import org.jspecify.annotations.Nullable;

import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.channels.FileChannel.MapMode;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Arrays;

/// All states found, in the order in which they were found, off the heap or in a mapped file.
///
/// A record is `width + 1` longs in native byte order: the encoded state, then how it was reached.
///
/// ```text
///   63                            32 31                             0
///  +--------------------------------+--------------------------------+
///  | index of the parent, unsigned  |             action             |
///  +--------------------------------+--------------------------------+
/// ```
///
/// Room is made by one thread with [#extend]; then any thread may write or read any record, and the
/// caller sees to it that nobody reads a record that another thread is writing.
final class StateLog implements AutoCloseable {

    /// The parent of an initial state.
    static final long NO_PARENT = 0xFFFF_FFFFL;

    /// The most states that a log can hold.
    static final long MAX_STATES = 0xFFFF_FFFEL;

    private static final int CHUNK_BYTES = 1 << 22;

    private final int width;
    private final int shift;
    private final long mask;
    private final long chunkBytes;
    private final Arena arena = Arena.ofShared();
    private final @Nullable FileChannel file;

    private MemorySegment[] chunks = new MemorySegment[0];
    private long size;

    /// A log in memory, or in `path` if given: the file is created if absent, and kept.
    StateLog(final int width, final @Nullable Path path) {
        this.width = width;
        final int recordBytes = (width + 1) * Long.BYTES;
        shift = 31 - Integer.numberOfLeadingZeros(CHUNK_BYTES / recordBytes);
        mask = (1L << shift) - 1;
        chunkBytes = (long) recordBytes << shift;
        try {
            file = path == null ? null : open(path);
        } catch (IOException e) {
            throw new ExplorationException("cannot open " + path + ": " + e.getMessage(), e);
        }
    }

    private static FileChannel open(final Path path) throws IOException {
        return FileChannel.open(
                path, StandardOpenOption.CREATE, StandardOpenOption.READ, StandardOpenOption.WRITE);
    }

    /// Records in the log.
    long size() {
        return size;
    }

    /// Bytes in memory or in the file.
    long bytes() {
        return chunks.length * chunkBytes;
    }

    /// Bytes of memory by which the log would grow for `more` records; 0 if it is in a file.
    long growth(final long more) {
        return file == null ? Math.max(0, chunksFor(size + more) - chunks.length) * chunkBytes : 0;
    }

    boolean inMemory() {
        return file == null;
    }

    /// True if the file already has room for `records` records.
    boolean holds(final long records) {
        try {
            return file != null && file.size() >= chunksFor(records) * chunkBytes;
        } catch (IOException e) {
            throw new ExplorationException("cannot read the state log: " + e.getMessage(), e);
        }
    }

    /// Makes the log `records` long; what the new records hold is to be written by the caller, or,
    /// on resuming, is what the file holds.
    void extend(final long records) {
        final int have = chunks.length;
        final int need = Math.toIntExact(chunksFor(records));
        if (need > have) {
            final MemorySegment[] next = Arrays.copyOf(chunks, need);
            for (int i = have; i < need; i++) {
                next[i] = chunk(i);
            }
            chunks = next;
        }
        size = records;
    }

    private long chunksFor(final long records) {
        return (records + mask) >>> shift;
    }

    private MemorySegment chunk(final int number) {
        if (file == null) {
            return arena.allocate(chunkBytes, Long.BYTES);
        }
        try {
            final long at = number * chunkBytes;
            // Real zeros, not a hole: a full disk is an IOException here, and a crash of the
            // virtual machine once the chunk is mapped.
            final ByteBuffer zeros = ByteBuffer.allocate(1 << 16);
            for (long end = file.size(); end < at + chunkBytes; end = file.size()) {
                zeros.clear().limit((int) Math.min(zeros.capacity(), at + chunkBytes - end));
                file.write(zeros, end);
            }
            return file.map(MapMode.READ_WRITE, at, chunkBytes, arena);
        } catch (IOException e) {
            throw new ExplorationException("cannot grow the state log: " + e.getMessage(), e);
        }
    }

    void write(
            final long index,
            final long[] state,
            final int at,
            final long parent,
            final int action) {
        final MemorySegment chunk = chunks[(int) (index >>> shift)];
        final long first = (index & mask) * (width + 1);
        for (int i = 0; i < width; i++) {
            chunk.setAtIndex(JAVA_LONG, first + i, state[at + i]);
        }
        chunk.setAtIndex(JAVA_LONG, first + width, parent << 32 | (action & 0xFFFF_FFFFL));
    }

    void read(final long index, final long[] state) {
        final MemorySegment chunk = chunks[(int) (index >>> shift)];
        final long first = (index & mask) * (width + 1);
        for (int i = 0; i < width; i++) {
            state[i] = chunk.getAtIndex(JAVA_LONG, first + i);
        }
    }

    /// The index of the state from which this one was first found, or [#NO_PARENT].
    long parent(final long index) {
        return origin(index) >>> 32;
    }

    /// The action by which this state was first found.
    int action(final long index) {
        return (int) origin(index);
    }

    private long origin(final long index) {
        return chunks[(int) (index >>> shift)].getAtIndex(
                JAVA_LONG, (index & mask) * (width + 1) + width);
    }

    @Override
    public void close() {
        arena.close();
        if (file != null) {
            try {
                file.close();
            } catch (IOException e) {
                throw new ExplorationException("cannot close the state log: " + e.getMessage(), e);
            }
        }
    }
}
