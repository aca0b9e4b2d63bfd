// SPDX-License-Identifier: Apache-2.0
package org.provisor.refine.run;

import static org.junit.jupiter.api.Assertions.assertEquals;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.provisor.impl.launch.EngineKind;
import org.provisor.refine.xen.InstalledXen;
import org.provisor.refine.xen.QemuXen;
import org.provisor.refine.xen.XenKernel;

import java.time.Duration;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;

/// The kernel with two vCPUs says what it says on a real Xen. Where QEMU runs processors at the
/// same time it is not exact about code that another one changes; taking turns it is.
final class TogetherOnXenTest {

    private static final long MEMORY = 64L << 20;

    @ParameterizedTest
    @CsvSource({"false, rounds=1", "true, rounds=2 nocode"})
    void saysTheSame(final boolean threads, final String arguments) throws InterruptedException {
        final QemuXen.Setup installed = InstalledXen.setup();
        final List<String> lines = new CopyOnWriteArrayList<>();
        new XenKernel(
                        installed.qemu(),
                        installed.xen(),
                        Kernels.together(),
                        arguments,
                        MEMORY,
                        Duration.ofSeconds(60),
                        2,
                        threads)
                .run(
                        (line, nanos) -> {
                            if (!line.startsWith("(XEN)")) {
                                lines.add(line.strip());
                            }
                        },
                        () -> lines.contains("done") || lines.toString().contains(": wrong"));
        final String all = String.join("\n", lines);
        final int begin = all.indexOf("no such vCPU");
        final int end = all.contains("\ndone") ? all.indexOf("\ndone") : all.length();
        assertEquals(
                TogetherRun.of(2, false, EngineKind.TRANSLATOR, arguments).text().strip(),
                all.substring(Math.max(0, begin), end) + "\ndone");
    }
}
