// SPDX-License-Identifier: Apache-2.0
package org.provisor.proofs.mail;

import java.nio.BufferUnderflowException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;

/// Reads what a [MailWriter] wrote, in the same order.
///
/// What ends too early throws an [IllegalStateException]: both sides are of one build.
public final class MailReader {

    private final ByteBuffer bytes;

    public MailReader(byte[] mail) {
        bytes = ByteBuffer.wrap(mail);
    }

    public long number() {
        return rest(Long.BYTES).getLong();
    }

    public int small() {
        return rest(Integer.BYTES).getInt();
    }

    public boolean flag() {
        return rest(1).get() != 0;
    }

    public String text() {
        return new String(block(), StandardCharsets.UTF_8);
    }

    public byte[] block() {
        int length = small();
        if (length < 0) {
            throw new IllegalStateException("mail has a block of " + length + " bytes");
        }
        byte[] block = new byte[Math.min(length, bytes.remaining())];
        rest(length).get(block);
        return block;
    }

    public void numbers(long[] to, int from, int count) {
        ByteBuffer rest = rest(count * Long.BYTES);
        for (int i = from; i < from + count; i++) {
            to[i] = rest.getLong();
        }
    }

    private ByteBuffer rest(int need) {
        if (bytes.remaining() < need) {
            throw new IllegalStateException("mail ends too early", new BufferUnderflowException());
        }
        return bytes;
    }
}
