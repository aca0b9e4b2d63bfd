// SPDX-License-Identifier: Apache-2.0
package org.provisor.proofs.cli;

import org.provisor.impl.launch.Console;

import java.io.PrintWriter;
import java.nio.ByteBuffer;
import java.nio.CharBuffer;
import java.nio.charset.CharsetDecoder;
import java.nio.charset.CodingErrorAction;
import java.nio.charset.StandardCharsets;

/// A guest's console as text: UTF-8, whose characters may come in pieces. What is none becomes a
/// question mark.
final class ConsoleText implements Console {

    private static final int ROOM = 4096;

    private final PrintWriter out;
    private final CharsetDecoder decoder =
            StandardCharsets.UTF_8
                    .newDecoder()
                    .onMalformedInput(CodingErrorAction.REPLACE)
                    .onUnmappableCharacter(CodingErrorAction.REPLACE)
                    .replaceWith("?");
    private final ByteBuffer bytes = ByteBuffer.allocate(ROOM);
    private final CharBuffer text = CharBuffer.allocate(ROOM);

    ConsoleText(PrintWriter out) {
        this.out = out;
    }

    @Override
    public void write(byte[] from, int count) {
        int done = 0;
        while (done < count) {
            int part = Math.min(count - done, bytes.remaining());
            bytes.put(from, done, part);
            done += part;
            show(false);
        }
        out.flush();
    }

    /// There is nothing more.
    void end() {
        show(true);
        out.flush();
    }

    private void show(boolean last) {
        bytes.flip();
        decoder.decode(bytes, text, last);
        bytes.compact();
        text.flip();
        out.append(text);
        text.clear();
    }
}
