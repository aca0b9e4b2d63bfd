// SPDX-License-Identifier: Apache-2.0
package org.provisor.proofs.mail;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/// Writes numbers and texts one after the other; a [MailReader] reads them in the same order.
public final class MailWriter {

    private static final int FIRST_BYTES = 256;

    private ByteBuffer bytes = ByteBuffer.allocate(FIRST_BYTES);

    public MailWriter number(long value) {
        room(Long.BYTES).putLong(value);
        return this;
    }

    public MailWriter small(int value) {
        room(Integer.BYTES).putInt(value);
        return this;
    }

    public MailWriter flag(boolean value) {
        room(1).put((byte) (value ? 1 : 0));
        return this;
    }

    public MailWriter text(String value) {
        return block(value.getBytes(StandardCharsets.UTF_8));
    }

    /// Bytes, with their number before them.
    public MailWriter block(byte[] value) {
        room(Integer.BYTES + value.length).putInt(value.length).put(value);
        return this;
    }

    /// Longs, with nothing before them.
    public MailWriter numbers(long[] values, int from, int count) {
        ByteBuffer to = room(count * Long.BYTES);
        for (int i = from; i < from + count; i++) {
            to.putLong(values[i]);
        }
        return this;
    }

    /// All that was written.
    public byte[] done() {
        return Arrays.copyOf(bytes.array(), bytes.position());
    }

    private ByteBuffer room(int more) {
        if (bytes.remaining() < more) {
            int need = Math.addExact(bytes.position(), more);
            int twice = (int) Math.min(Integer.MAX_VALUE - 8L, 2L * bytes.capacity());
            bytes = ByteBuffer.allocate(Math.max(need, twice)).put(bytes.flip());
        }
        return bytes;
    }
}
