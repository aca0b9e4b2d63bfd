// SPDX-License-Identifier: Apache-2.0
package org.provisor.refine.xen;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.zip.GZIPOutputStream;

class XenImageTest {

    @TempDir Path directory;

    private static byte[] elf(int bits, int machine) {
        byte[] bytes = new byte[64];
        bytes[0] = 0x7F;
        bytes[1] = 'E';
        bytes[2] = 'L';
        bytes[3] = 'F';
        bytes[4] = (byte) (bits / 32);
        bytes[18] = (byte) machine;
        return bytes;
    }

    @Test
    void takes32BitElf() throws IOException {
        Path file = Files.write(directory.resolve("xen"), elf(32, 3));
        Path to = directory.resolve("to");
        XenImage.unpack(file, to);
        assertArrayEquals(elf(32, 3), Files.readAllBytes(to));
    }

    @Test
    void takesTheSameCompressed() throws IOException {
        Path file = directory.resolve("xen.gz");
        try (var out = new GZIPOutputStream(Files.newOutputStream(file))) {
            out.write(elf(32, 3));
        }
        Path to = directory.resolve("to");
        XenImage.unpack(file, to);
        assertArrayEquals(elf(32, 3), Files.readAllBytes(to));
    }

    @Test
    void refusesWhatQemuDoesNotLoad() throws IOException {
        Path symbols = Files.write(directory.resolve("xen-syms"), elf(64, 62));
        Path text =
                Files.writeString(
                        directory.resolve("text"), "no Xen in here, only words".repeat(9));
        Path to = directory.resolve("to");
        assertThrows(IllegalArgumentException.class, () -> XenImage.unpack(symbols, to));
        assertThrows(IllegalArgumentException.class, () -> XenImage.unpack(text, to));
    }
}
