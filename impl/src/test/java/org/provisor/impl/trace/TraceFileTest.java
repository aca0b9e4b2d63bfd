// SPDX-License-Identifier: Apache-2.0
package org.provisor.impl.trace;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;

final class TraceFileTest {

    @TempDir private Path folder;

    private Path written(final int records) throws IOException {
        final TraceBuffer trace = new TraceBuffer(4096);
        for (int i = 0; i < records; i++) {
            trace.record(i % 5, i, ~(long) i);
        }
        final Path file = folder.resolve("trace");
        TraceFile.write(file, trace);
        return file;
    }

    @Test
    void readsWhatWasWritten() throws IOException {
        for (final int records : new int[] {0, 1, 3000, 4096, 10_000}) {
            final TraceFile file = TraceFile.read(written(records));
            assertEquals(Math.max(0, records - 4096), file.first());
            assertEquals(Math.min(records, 4096), file.size());
            for (int i = 0; i < file.size(); i++) {
                final long index = file.first() + i;
                assertEquals(index % 5, file.event(i));
                assertEquals(index, file.a(i));
                assertEquals(~index, file.b(i));
            }
        }
    }

    @Test
    void layoutIsAsDescribed() throws IOException {
        final ByteBuffer bytes =
                ByteBuffer.wrap(Files.readAllBytes(written(2))).order(ByteOrder.LITTLE_ENDIAN);
        assertEquals(32 + 2 * 24, bytes.capacity());
        assertEquals(0x0043_5254_564F_5250L, bytes.getLong(0));
        assertEquals(1, bytes.getInt(8));
        assertEquals(24, bytes.getInt(12));
        assertEquals(0, bytes.getLong(16));
        assertEquals(2, bytes.getLong(24));
        assertEquals(1, bytes.getLong(32 + 24));
        assertEquals(-2, bytes.getLong(32 + 24 + 16));
    }

    @Test
    void saysWhatIsWrongWithAFile() throws IOException {
        final byte[] good = Files.readAllBytes(written(3));
        refuses(Arrays.copyOf(good, 10), "ends too early");
        refuses(Arrays.copyOf(good, good.length - 1), "another size");
        refuses(Arrays.copyOf(good, good.length + 24), "another size");
        refuses(changed(good, 0, 'X'), "no trace");
        refuses(changed(good, 8, 2), "format 2");
        refuses(changed(good, 12, 16), "another size");
        refuses(changed(good, 23, 0x80), "another size");
        refuses(changed(good, 31, 0x80), "another size");
        assertThrows(IOException.class, () -> TraceFile.read(folder.resolve("none")));
    }

    private static byte[] changed(final byte[] good, final int at, final int now) {
        final byte[] bytes = good.clone();
        bytes[at] = (byte) now;
        return bytes;
    }

    private void refuses(final byte[] bytes, final String why) throws IOException {
        final Path file = folder.resolve("bad");
        Files.write(file, bytes);
        final IOException refusal = assertThrows(IOException.class, () -> TraceFile.read(file));
        assertTrue(
                String.valueOf(refusal.getMessage()).contains(why),
                () -> why + ", not: " + refusal.getMessage());
    }
}
