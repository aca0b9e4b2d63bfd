// SPDX-License-Identifier: Apache-2.0
package org.provisor.refine.run;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import net.jqwik.api.EdgeCasesMode;
import net.jqwik.api.Example;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.ShrinkingMode;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.provisor.impl.build.BadImageException;
import org.provisor.impl.build.PvKernel;
import org.provisor.impl.launch.PvMachine;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.SplittableRandom;

/// Images that are none, and images that somebody has damaged.
final class ImagesTest {

    private static final int PAGES = 1100;
    private static final int INSTRUCTIONS = 2000;

    /// Bytes of the kernel are replaced; what is said of it.
    @ParameterizedTest
    @CsvSource(
            delimiter = ';',
            value = {
                "0; 7e; not an ELF file, at byte 0x0",
                "4; 01; not a 64-bit ELF file: class 1, at byte 0x4",
                "5; 02; not little-endian: data 2, at byte 0x5",
                "12; b700; not for x86-64: machine 183, at byte 0x12",
                "20; ffffff; the file ends before its 2 program headers do, at byte 0xffffff",
                "36; 3700; program headers of 55 bytes, at byte 0x36",
                "38; 0000; the ELF file has no segment to load",
                "40; 06; the ELF file has no segment to load",
                "49; 50; the file ends before a segment does, at byte 0x40",
                "69; 20; a segment is larger in the file than in memory, at byte 0x40",
                "68; ffffffffffffffff; a segment's addresses wrap around, at byte 0x40",
                "6f; 80; it would end at 0x7fffffff8010d000, too far from VIRT_BASE",
                "6c; 01; it needs at least 4,195,380 KiB of memory to start, and has 4,400 KiB",
                "6a; 80; it needs at least 9,",
                "80; ffff; the file ends before its notes do, at byte 0x78",
                "98; 93; a note does not end where the notes do",
            })
    void areRefused(final String at, final String bytes, final String message) {
        final byte[] file = Kernels.hello();
        final byte[] other = HexFormat.of().parseHex(bytes);
        System.arraycopy(other, 0, file, Integer.parseInt(at, 16), other.length);
        refused(file, message);
    }

    /// A text in the notes is replaced by another.
    @ParameterizedTest
    @CsvSource(
            delimiter = ';',
            value = {
                "generic; generik; not a paravirtual kernel: its notes say loader 'generik'",
                "xen-3.0; xen-2.0; not a kernel for Xen 3.0 and later: its note XEN_VERSION",
                "Xen; Xan; not a kernel for Xen: the file has no notes of Xen",
            })
    void notesAreRefused(final String text, final String other, final String message) {
        final byte[] file = Kernels.hello();
        final String all = new String(file, StandardCharsets.ISO_8859_1);
        refused(
                all.replace(text + '\0', other + '\0').getBytes(StandardCharsets.ISO_8859_1),
                message);
    }

    /// A kernel may require whatever has a name, even if it then is not there.
    @ParameterizedTest
    @CsvSource({
        "!writable_page_tables|pae_pgdir_above_4gb, -1",
        "!supervisor_mode_kernel|!hvm_callback_vector|!auto_translated_physmap, -1",
        "another|!dom0, -1",
        "!dom0, 0",
        "dom0|another, 0",
        "another, 2048",
    })
    void featuresAreTaken(final String features, final int bits) throws Exception {
        start(withFeatures(features, bits)).close();
    }

    @ParameterizedTest
    @CsvSource({
        "!another, -1, it requires the feature 'another'",
        "dom0|!Dom0, -1, it requires the feature 'Dom0'",
        "another, 0, its notes say that it cannot be the first domain",
    })
    void featuresAreRefused(final String features, final int bits, final String message) {
        refused(withFeatures(features, bits), message);
    }

    /// The kernel with notes FEATURES and, if there are bits, SUPPORTED_FEATURES behind its others.
    private static byte[] withFeatures(final String features, final int bits) {
        final byte[] file = Kernels.hello();
        final int header = 0x78;
        final var old = ByteBuffer.wrap(file).order(ByteOrder.LITTLE_ENDIAN);
        final int start = (int) old.getLong(header + 8);
        final int size = (int) old.getLong(header + 32);
        final int more = 16 + (features.length() + 4) / 4 * 4 + (bits < 0 ? 0 : 20);
        final var now =
                ByteBuffer.allocate(file.length + size + more).order(ByteOrder.LITTLE_ENDIAN);
        now.put(file).put(file, start, size);
        now.putInt(4).putInt(features.length() + 1).putInt(10).putInt('X' | 'e' << 8 | 'n' << 16);
        now.put(now.position(), features.getBytes(StandardCharsets.US_ASCII));
        if (bits >= 0) {
            now.position(now.capacity() - 20).putInt(4).putInt(4).putInt(17);
            now.putInt('X' | 'e' << 8 | 'n' << 16).putInt(bits);
        }
        now.putLong(header + 8, file.length).putLong(header + 32, size + more);
        return now.array();
    }

    private static void refused(final byte[] file, final String message) {
        final BadImageException e =
                assertThrows(BadImageException.class, () -> start(file).close());
        final String said = String.valueOf(e.getMessage());
        assertTrue(said.contains(message), said);
        assertEquals(-1, said.indexOf('\n'));
    }

    private static PvMachine start(final byte[] file) throws BadImageException {
        return PvMachine.start(
                new PvKernel(file), new byte[0], "", PAGES, (_, _) -> {}, Kernels.clock());
    }

    /// It is either refused or runs, whatever it does then.
    private static void survives(final byte[] file) {
        try (PvMachine machine = start(file)) {
            machine.run(INSTRUCTIONS);
        } catch (final BadImageException e) {
            assertEquals(-1, String.valueOf(e.getMessage()).indexOf('\n'));
        }
    }

    @Example
    void everyTruncation() {
        final byte[] file = Kernels.hello();
        for (int length = 0; length < file.length; length++) {
            survives(Arrays.copyOf(file, length));
        }
    }

    @Property(tries = 400, shrinking = ShrinkingMode.OFF, edgeCases = EdgeCasesMode.NONE)
    void randomEdits(@ForAll final long seed) {
        final SplittableRandom random = new SplittableRandom(seed);
        final byte[] file = random.nextBoolean() ? Kernels.hello() : Kernels.probe();
        final int edits = random.nextInt(1, 5);
        for (int i = 0; i < edits; i++) {
            final int at =
                    switch (random.nextInt(4)) {
                        case 0 -> random.nextInt(file.length);
                        case 1 -> random.nextInt(64);
                        case 2 -> random.nextInt(64, 176);
                        default -> file.length - 1 - random.nextInt(Math.min(file.length, 2000));
                    };
            file[at] = (byte) random.nextInt();
        }
        survives(file);
    }
}
