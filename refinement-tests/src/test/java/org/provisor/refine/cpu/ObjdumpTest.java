// SPDX-License-Identifier: Apache-2.0
package org.provisor.refine.cpu;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.provisor.impl.decode.CodeMode;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/// The decoder's second opinion: binutils' objdump, where it is installed.
final class ObjdumpTest {

    private static final long SEED = 20_261;
    private static final int EACH = 12;

    /// Instructions start at multiples of this; `nop`s fill the room between.
    private static final int STEP = 32;

    @ParameterizedTest
    @EnumSource(CodeMode.class)
    void objdumpReadsEveryInstructionAsWeDo(final CodeMode mode, @TempDir final Path directory)
            throws Exception {
        assumeTrue(isInstalled(), "objdump is not installed");
        final List<RandomInstructions.Made> made = RandomInstructions.ofEachRow(SEED, EACH, mode);
        final byte[] code = new byte[made.size() * STEP];
        Arrays.fill(code, (byte) 0x90);
        for (int i = 0; i < made.size(); i++) {
            final byte[] bytes = made.get(i).bytes();
            System.arraycopy(bytes, 0, code, i * STEP, bytes.length);
        }
        final List<String> theirs = ObjdumpText.read(objdump(code, mode, directory), STEP);
        final List<String> differences = new ArrayList<>();
        for (int i = 0; i < made.size(); i++) {
            final RandomInstructions.Made one = made.get(i);
            final String ours = ObjdumpText.normal(one.text(), 0) + " length " + one.bytes().length;
            if (!ours.equals(theirs.get(i))) {
                differences.add(one.hex() + ": " + ours + ", objdump: " + theirs.get(i));
            }
        }
        assertEquals(List.of(), differences, "seed " + SEED);
    }

    private static boolean isInstalled() {
        return Files.isExecutable(Path.of("/usr/bin/objdump"));
    }

    private static List<String> objdump(
            final byte[] code, final CodeMode mode, final Path directory)
            throws IOException, InterruptedException {
        final Path file = directory.resolve("code");
        final Path output = directory.resolve("text");
        Files.write(file, code);
        final Process process =
                new ProcessBuilder(
                                "/usr/bin/objdump",
                                "-D",
                                "-z",
                                "-w",
                                "-b",
                                "binary",
                                "-m",
                                mode == CodeMode.BITS_64 ? "i386:x86-64" : "i386",
                                "-M",
                                "intel",
                                file.toString())
                        .redirectOutput(output.toFile())
                        .redirectError(ProcessBuilder.Redirect.DISCARD)
                        .start();
        assertEquals(0, process.waitFor());
        return Files.readAllLines(output, StandardCharsets.UTF_8);
    }
}
