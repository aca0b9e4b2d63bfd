// SPDX-License-Identifier: Apache-2.0
package org.provisor.impl.trace;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Arrays;

/// The records of a [TraceBuffer] in a file; the layout is in the package's description.
public final class TraceFile {

    private static final byte[] MAGIC = "PROVTRC\0".getBytes(StandardCharsets.US_ASCII);
    private static final int VERSION = 1;
    private static final int HEADER = 32;
    private static final int RECORD = TraceBuffer.WORDS * Long.BYTES;

    private final long first;
    private final long[] words;

    private TraceFile(final long first, final long[] words) {
        this.first = first;
        this.words = words;
    }

    /// Writes the records that a buffer keeps, in place of whatever the file was. Nobody may be
    /// writing to the buffer.
    public static void write(final Path file, final TraceBuffer trace) throws IOException {
        final long first = trace.first();
        final int count = (int) (trace.written() - first);
        try (FileChannel to =
                FileChannel.open(
                        file,
                        StandardOpenOption.CREATE,
                        StandardOpenOption.TRUNCATE_EXISTING,
                        StandardOpenOption.WRITE)) {
            final ByteBuffer bytes = littleEndian(HEADER);
            bytes.put(MAGIC).putInt(VERSION).putInt(RECORD).putLong(first).putLong(count);
            drain(bytes, to);
            final ByteBuffer records = littleEndian(1024 * RECORD);
            for (long index = first; index < first + count; index++) {
                records.putLong(trace.event(index)).putLong(trace.a(index)).putLong(trace.b(index));
                if (!records.hasRemaining()) {
                    drain(records, to);
                }
            }
            drain(records, to);
        }
    }

    /// Reads a file.
    ///
    /// @throws IOException if it cannot be read or is no such file; the message says why
    public static TraceFile read(final Path file) throws IOException {
        try (FileChannel from = FileChannel.open(file, StandardOpenOption.READ)) {
            final ByteBuffer header = fill(littleEndian(HEADER), from, file);
            final byte[] magic = new byte[MAGIC.length];
            header.get(magic);
            if (!Arrays.equals(magic, MAGIC)) {
                throw new IOException(file + " is no trace");
            }
            final int version = header.getInt();
            if (version != VERSION) {
                throw new IOException(file + " is a trace of format " + version + ", not 1");
            }
            final int record = header.getInt();
            final long first = header.getLong();
            final long count = header.getLong();
            if (record != RECORD
                    || first < 0
                    || count < 0
                    || count > Integer.MAX_VALUE / RECORD
                    || from.size() != HEADER + count * RECORD) {
                throw new IOException(file + " has another size than its header says");
            }
            final ByteBuffer bytes = fill(littleEndian((int) count * RECORD), from, file);
            final long[] words = new long[(int) count * TraceBuffer.WORDS];
            bytes.asLongBuffer().get(words);
            return new TraceFile(first, words);
        }
    }

    /// The number of the first record.
    public long first() {
        return first;
    }

    /// How many records there are.
    public int size() {
        return words.length / TraceBuffer.WORDS;
    }

    /// The event of a record, counted from 0.
    public int event(final int index) {
        return (int) words[index * TraceBuffer.WORDS];
    }

    /// The first value of a record, counted from 0.
    public long a(final int index) {
        return words[index * TraceBuffer.WORDS + 1];
    }

    /// The second value of a record, counted from 0.
    public long b(final int index) {
        return words[index * TraceBuffer.WORDS + 2];
    }

    private static ByteBuffer littleEndian(final int bytes) {
        return ByteBuffer.allocate(bytes).order(ByteOrder.LITTLE_ENDIAN);
    }

    private static void drain(final ByteBuffer bytes, final FileChannel to) throws IOException {
        bytes.flip();
        while (bytes.hasRemaining()) {
            to.write(bytes);
        }
        bytes.clear();
    }

    private static ByteBuffer fill(final ByteBuffer bytes, final FileChannel from, final Path file)
            throws IOException {
        while (bytes.hasRemaining()) {
            if (from.read(bytes) < 0) {
                throw new IOException(file + " ends too early to be a trace");
            }
        }
        return bytes.flip();
    }
}
