// SPDX-License-Identifier: Apache-2.0
package org.provisor.refine.cpu;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import static java.util.stream.Collectors.toSet;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.provisor.impl.cpu.CpuFeature;
import org.provisor.impl.cpu.CpuFeatures;
import org.provisor.impl.decode.CodeMode;
import org.provisor.impl.decode.Decoder;
import org.provisor.impl.decode.Instruction;
import org.provisor.impl.decode.Opcode;
import org.provisor.impl.decode.OpcodeTable;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/// Which instructions go with a feature: what binutils' assembler says, where it is installed, of
/// each row and each feature. It refuses instructions of features that it was told there are not.
final class FeatureRowsTest {

    private static final Path ASSEMBLER = Path.of("/usr/bin/as");

    private static final long SEED = 4711;
    private static final int EACH = 2;

    /// What the assembler calls features. It has no names for those that are missing here.
    private static final Map<CpuFeature, String> NAMES =
            Map.ofEntries(
                    Map.entry(CpuFeature.SSE, "sse"),
                    Map.entry(CpuFeature.SSE2, "sse2"),
                    Map.entry(CpuFeature.SSE3, "sse3"),
                    Map.entry(CpuFeature.SSSE3, "ssse3"),
                    Map.entry(CpuFeature.SSE4_1, "sse4.1"),
                    Map.entry(CpuFeature.SSE4_2, "sse4.2"),
                    Map.entry(CpuFeature.FXSR, "fxsr"),
                    Map.entry(CpuFeature.CMOV, "cmov"),
                    Map.entry(CpuFeature.CX16, "cx16"),
                    Map.entry(CpuFeature.POPCNT, "popcnt"),
                    Map.entry(CpuFeature.AESNI, "aes"),
                    Map.entry(CpuFeature.PCLMULQDQ, "pclmul"),
                    Map.entry(CpuFeature.BMI1, "bmi"),
                    Map.entry(CpuFeature.BMI2, "bmi2"),
                    Map.entry(CpuFeature.ADX, "adx"),
                    Map.entry(CpuFeature.ABM, "lzcnt"),
                    Map.entry(CpuFeature.MOVBE, "movbe"),
                    Map.entry(CpuFeature.CLFLUSH, "clflush"),
                    Map.entry(CpuFeature.CLFLUSHOPT, "clflushopt"),
                    Map.entry(CpuFeature.XSAVE, "xsave"),
                    Map.entry(CpuFeature.XSAVEOPT, "xsaveopt"),
                    Map.entry(CpuFeature.RDTSCP, "rdtscp"));

    /// Of these it lets more pass than there is, by forms with MMX registers or of later
    /// processors.
    private static final Set<CpuFeature> LAX =
            EnumSet.of(CpuFeature.FXSR, CpuFeature.SSE, CpuFeature.SSE2, CpuFeature.CMOV);

    private static final Pattern REFUSED =
            Pattern.compile(".*:([0-9]+): Error: .* is not supported on .*");

    private static final Pattern ERROR = Pattern.compile(".*:([0-9]+): Error: .*");

    private final Instruction decoded = new Instruction();

    static Set<CpuFeature> named() {
        return new TreeSet<>(NAMES.keySet());
    }

    @ParameterizedTest
    @MethodSource("named")
    void theAssemblerRefusesTheSame(final CpuFeature feature, @TempDir final Path directory)
            throws Exception {
        assumeTrue(Files.isExecutable(ASSEMBLER), "as is not installed");
        final CpuFeatures left = CpuFeatures.without(EnumSet.of(feature));
        final Decoder decoder = Decoder.of(left, CodeMode.BITS_64);
        assertEquals(List.of(), differences(feature, decoder, directory));
    }

    /// An error in the table: rows say that no feature offers them.
    @Test
    void rowsThatForgetTheirFeatureAreFound(@TempDir final Path directory) throws Exception {
        assumeTrue(Files.isExecutable(ASSEMBLER), "as is not installed");
        final List<String> lines = new ArrayList<>();
        try (var in = OpcodeTable.class.getResourceAsStream("opcodes.txt")) {
            new String(Objects.requireNonNull(in).readAllBytes(), StandardCharsets.UTF_8)
                    .lines()
                    .map(line -> line.startsWith("crc32 ") ? line.replace("sse4_2", "-") : line)
                    .forEach(lines::add);
        }
        final CpuFeatures left = CpuFeatures.without(EnumSet.of(CpuFeature.SSE4_2));
        final Decoder wrong = Decoder.of(OpcodeTable.parse(lines), left, CodeMode.BITS_64);
        final List<String> found = differences(CpuFeature.SSE4_2, wrong, directory);
        assertEquals(Set.of("crc32"), found.stream().map(FeatureRowsTest::name).collect(toSet()));
    }

    private static String name(final String text) {
        return text.substring(0, text.indexOf(' '));
    }

    private static List<RandomInstructions.Made> made() {
        final Instruction one = new Instruction();
        final Decoder decoder = Decoder.standard();
        final List<RandomInstructions.Made> made = new ArrayList<>();
        for (final var each : RandomInstructions.ofEachRow(SEED, EACH, CodeMode.BITS_64)) {
            decoder.decode(each.bytes(), 0, each.bytes().length, one);
            if (isChosen(one.row())) {
                made.add(each);
            }
        }
        return made;
    }

    /// Hints do nothing either way; of `pextrw` there are two forms with the same text; of the rest
    /// the features of this processor alone count.
    private static boolean isChosen(final Opcode row) {
        return !row.meaning().equals("nop")
                && !row.mnemonic().equals("pextrw")
                && CpuFeatures.ALL.offers(row.feature(), true);
    }

    private List<String> differences(
            final CpuFeature feature, final Decoder decoder, final Path directory)
            throws IOException, InterruptedException {
        final List<RandomInstructions.Made> made = made();
        final Set<Integer> refused = refused(feature, made, directory);
        assertTrue(refused.size() >= EACH || LAX.contains(feature), "nothing is refused");
        final List<String> differences = new ArrayList<>();
        for (int i = 0; i < made.size(); i++) {
            final boolean there = isThere(decoder, made.get(i).bytes());
            if (refused.contains(i) ? there : !there && !LAX.contains(feature)) {
                differences.add(made.get(i).text() + (there ? " is there" : " is not"));
            }
        }
        return differences;
    }

    /// Whether a decoder makes of bytes what the one makes that has all.
    private boolean isThere(final Decoder decoder, final byte[] bytes) {
        Decoder.standard().decode(bytes, 0, bytes.length, decoded);
        final Opcode row = decoded.row();
        return decoder.decode(bytes, 0, bytes.length, decoded) > 0
                && decoded.row().index() == row.index();
    }

    /// Which of the instructions the assembler refuses without a feature, by their number; those
    /// that it cannot read are taken out of the list.
    private static Set<Integer> refused(
            final CpuFeature feature,
            final List<RandomInstructions.Made> made,
            final Path directory)
            throws IOException, InterruptedException {
        final Set<Integer> unread = errors(ERROR, "", made, directory);
        assertTrue(unread.size() < made.size() / 4, "too many cannot be read: " + unread.size());
        for (int i = made.size() - 1; i >= 0; i--) {
            if (unread.contains(i)) {
                made.remove(i);
            }
        }
        return errors(REFUSED, ".arch .no" + NAMES.get(feature), made, directory);
    }

    private static Set<Integer> errors(
            final Pattern pattern,
            final String without,
            final List<RandomInstructions.Made> made,
            final Path directory)
            throws IOException, InterruptedException {
        final Path file = directory.resolve("text.s");
        final Path output = directory.resolve("errors");
        final List<String> lines = new ArrayList<>();
        lines.add(".arch generic64");
        for (final String name : NAMES.values()) {
            lines.add(".arch ." + name);
        }
        lines.add(".arch .fisttp");
        lines.add(".arch .fsgsbase");
        lines.add(".arch .mmx");
        lines.add(without);
        lines.add(".intel_syntax noprefix");
        final Map<Integer, Integer> numbers = new HashMap<>();
        for (int i = 0; i < made.size(); i++) {
            lines.add(made.get(i).text());
            numbers.put(lines.size(), i);
        }
        Files.write(file, lines, StandardCharsets.UTF_8);
        new ProcessBuilder(ASSEMBLER.toString(), "-o", "/dev/null", file.toString())
                .redirectErrorStream(true)
                .redirectOutput(output.toFile())
                .start()
                .waitFor();
        final Set<Integer> found = new HashSet<>();
        for (final String line : Files.readAllLines(output, StandardCharsets.UTF_8)) {
            final Matcher matcher = pattern.matcher(line);
            if (matcher.matches()) {
                final Integer number = numbers.get(Integer.valueOf(matcher.group(1)));
                if (number != null) {
                    found.add(number);
                }
            }
        }
        return found;
    }
}
