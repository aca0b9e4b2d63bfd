// SPDX-License-Identifier: Apache-2.0
package org.provisor.refine.xen;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.zip.GZIPInputStream;

/// A file with Xen in it.
public final class XenImage {

    /// Where Debian puts the Xen that the specification describes.
    public static final List<Path> INSTALLED = List.of(Path.of("/boot/xen-4.17-amd64.gz"));

    private static final int ELF = 0x464C457F;
    private static final int CLASS_32 = 1;
    private static final int MACHINE_386 = 3;

    private XenImage() {}

    /// Writes what QEMU can load to a file: a 32-bit ELF, as Xen's build makes it for multiboot.
    ///
    /// @param file that, or the same compressed
    /// @param to where it is written
    /// @throws IllegalArgumentException if the file holds something else
    static void unpack(Path file, Path to) throws IOException {
        Files.write(to, unpacked(file));
    }

    /// Checks that a file holds that.
    ///
    /// @throws IllegalArgumentException if it holds something else
    public static void check(Path file) throws IOException {
        unpacked(file);
    }

    private static byte[] unpacked(Path file) throws IOException {
        byte[] bytes = Files.readAllBytes(file);
        if (bytes.length > 1 && (bytes[0] & 0xFF) == 0x1F && (bytes[1] & 0xFF) == 0x8B) {
            try (var unzipped = new GZIPInputStream(new ByteArrayInputStream(bytes))) {
                bytes = unzipped.readAllBytes();
            }
        }
        if (bytes.length < 52 || word(bytes, 0) != ELF) {
            throw new IllegalArgumentException(file + " is neither an ELF file nor one compressed");
        }
        if (bytes[4] != CLASS_32 || (word(bytes, 18) & 0xFFFF) != MACHINE_386) {
            throw new IllegalArgumentException(
                    file
                            + " is a 64-bit ELF file; Xen's build also makes xen and xen.gz of 32"
                            + " bits");
        }
        return bytes;
    }

    private static int word(byte[] bytes, int at) {
        return (bytes[at] & 0xFF)
                | (bytes[at + 1] & 0xFF) << 8
                | (bytes[at + 2] & 0xFF) << 16
                | (bytes[at + 3] & 0xFF) << 24;
    }
}
