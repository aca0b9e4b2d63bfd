// SPDX-License-Identifier: Apache-2.0
package org.provisor.refine.bench;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.junit.jupiter.api.Test;
import org.provisor.refine.bench.BenchSide.Measured;
import org.provisor.refine.run.Check;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;

/// The benchmark kernel on the implementation: each batch comes to what is computed here, and what
/// goes wrong is said.
final class BenchKernelsTest {

    private static final long MEMORY = 128L << 20;
    private static final BenchArguments ONE_UNIT = new BenchArguments(BenchKernel.ALL, 1, 0, 1);

    private int told;

    private Measured run(byte[] image, BenchArguments arguments) {
        return new OwnSide(image, MEMORY, Long.MAX_VALUE, Check.OFF).run(arguments, () -> told++);
    }

    private static BenchArguments only(String prefix, int batches, long units) {
        return new BenchArguments(BenchKernel.beginning(prefix), batches, 0, units);
    }

    private static Set<String> names(List<BenchKernel> kernels) {
        return kernels.stream().map(BenchKernel::name).collect(Collectors.toSet());
    }

    private static Set<String> names(Measured measured) {
        return measured.batches().stream().map(Batch::kernel).collect(Collectors.toSet());
    }

    /// [BenchLog] compares the results with [Checksums].
    @Test
    void eachComesToWhatIsComputedHere() {
        Measured measured = run(BenchKernel.image(), ONE_UNIT);
        Set<String> all = new TreeSet<>(names(measured));
        all.addAll(measured.reasons().keySet());
        assertEquals(names(BenchKernel.ALL), all);
        assertEquals(BenchKernel.ALL.size(), measured.batches().size() + measured.reasons().size());
        assertEquals(measured.batches().size(), told);
        // SSE may not be there yet; everything else is.
        assertTrue(
                Set.of("sse-double", "sse-integer").containsAll(measured.reasons().keySet()),
                measured.reasons()::toString);
        measured.reasons()
                .values()
                .forEach(reason -> assertEquals("its instructions are invalid", reason));
        assertEquals(measured.batches().size(), measured.nothing().size());
    }

    @Test
    void batchesAreRepeated() {
        Measured measured = run(BenchKernel.image(), only("mmu-update", 3, 2));
        assertEquals(Set.of("mmu-update-1", "mmu-update-256"), names(measured));
        List<Long> operations = measured.batches().stream().map(Batch::operations).toList();
        assertEquals(List.of(128L, 128L, 128L, 1024L, 1024L, 1024L), operations);
        assertEquals(6, measured.nothing().size());
    }

    @Test
    void whatNeedsMoreMemoryIsNotRun() {
        BenchArguments arguments =
                new BenchArguments(
                        List.of(BenchKernel.ALL.get(7), BenchKernel.ALL.get(8)), 1, 0, 1);
        Measured measured =
                new OwnSide(BenchKernel.image(), 32L << 20, Long.MAX_VALUE, Check.OFF)
                        .run(arguments, () -> {});
        assertEquals(Map.of("chase-16k", "it needs 83 MiB of memory"), measured.reasons());
        assertEquals(Set.of("sort"), names(measured));
    }

    private static byte[] changed(String from, String to) {
        byte[] image = BenchKernel.image();
        String all = new String(image, StandardCharsets.ISO_8859_1);
        String sought = latin(from);
        int at = all.indexOf(sought);
        assertTrue(at >= 0 && all.indexOf(sought, at + 1) < 0, () -> from + " is at " + at);
        return (all.substring(0, at) + latin(to) + all.substring(at + sought.length()))
                .getBytes(StandardCharsets.ISO_8859_1);
    }

    private static String latin(String hex) {
        return new String(
                HexFormat.of().parseHex(hex.replace(" ", "")), StandardCharsets.ISO_8859_1);
    }

    /// `shr $7, %rdx` of the integer loop becomes `shr $8, %rdx`.
    @Test
    void aWrongResultIsAFailure() {
        byte[] image = changed("48 c1 ea 07 48 31 d0", "48 c1 ea 08 48 31 d0");
        BenchFailedException failed =
                assertThrows(BenchFailedException.class, () -> run(image, only("integer", 1, 1)));
        assertTrue(
                String.valueOf(failed.getMessage())
                        .startsWith(
                                "the guest of the implementation came to a wrong result in integer:"
                                        + " "),
                failed.getMessage());
        assertTrue(failed.console().contains("bench: kernel integer"), failed.console()::toString);
    }

    /// The first instruction of the recursion is none.
    @Test
    void aCrashIsAFailure() {
        byte[] image = changed("bf 14 00 00 00 83 ff 02", "0f 0b 00 00 00 83 ff 02");
        BenchFailedException failed =
                assertThrows(BenchFailedException.class, () -> run(image, only("calls", 1, 1)));
        assertTrue(
                String.valueOf(failed.getMessage())
                        .startsWith("the guest of the implementation says that it failed: trap 6 "),
                failed.getMessage());
    }

    @Test
    void whatIsComputedHereIsWhatIsKnownElsewhere() {
        assertEquals(6542, Checksums.primes());
        assertEquals(6765, Checksums.fibonacci());
        // A realization of Sattolo's algorithm is one cycle: as many steps as nodes lead back.
        for (int nodes : new int[] {2, 64, 128, 16384}) {
            assertEquals(0, Checksums.chase(nodes, nodes, 1, 0));
            int[] seen = new int[nodes];
            for (int i = 0; i < Math.min(nodes, 128); i++) {
                seen[(int) Checksums.chase(nodes, i, 1, 0)]++;
            }
            assertEquals(Math.min(nodes, 128), Arrays.stream(seen).sum());
            assertEquals(1, Arrays.stream(seen).max().orElse(0));
        }
    }
}
