// SPDX-License-Identifier: Apache-2.0
package org.provisor.refine.run;

import static org.junit.jupiter.api.Assertions.assertEquals;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.provisor.impl.build.PvKernel;
import org.provisor.impl.launch.Ending;
import org.provisor.impl.launch.EngineKind;
import org.provisor.impl.launch.PvMachine;

import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.Objects;

/// A kernel that looks at segments, far jumps, single steps and breakpoints says what it says on a
/// real Xen 4.17, as domain 0 in QEMU 7.2 with `-cpu max,-smap`: with SMAP that QEMU has page
/// faults where a guest returns to another segment.
final class SegmentsTest {

    private static final long LIMIT = 10_000_000;
    private static final int PAGES = 1100;

    private final StringBuilder console = new StringBuilder();

    @ParameterizedTest
    @EnumSource(EngineKind.class)
    void saysWhatItSaysOnXen(final EngineKind kind) throws Exception {
        try (PvMachine machine =
                PvMachine.start(
                        new PvKernel(Kernels.segments()),
                        new byte[0],
                        "",
                        PvMachine.Memory.of(PAGES),
                        (bytes, count) ->
                                console.append(
                                        new String(bytes, 0, count, StandardCharsets.US_ASCII)),
                        Kernels.clock(),
                        kind)) {
            final Ending ending = machine.run(LIMIT);
            assertEquals(onXen(), console.toString());
            assertEquals(Ending.Kind.SHUTDOWN, ending.kind(), ending.text());
        }
    }

    private static String onXen() throws Exception {
        try (InputStream in = SegmentsTest.class.getResourceAsStream("segments.txt")) {
            return new String(Objects.requireNonNull(in).readAllBytes(), StandardCharsets.US_ASCII);
        }
    }
}
