// SPDX-License-Identifier: Apache-2.0
package org.provisor.refine.bench;

import static org.junit.jupiter.api.Assertions.assertEquals;

import org.junit.jupiter.api.Test;
import org.provisor.refine.bench.BenchSide.Measured;
import org.provisor.refine.xen.InstalledXen;
import org.provisor.refine.xen.QemuXen;

import java.time.Duration;
import java.util.Map;

/// The benchmark kernel as domain 0 of a real Xen comes to the same.
final class RealXenBenchTest {

    private static final long MEMORY = 128L << 20;

    @Test
    void eachComesToWhatIsComputedHere() throws InterruptedException {
        QemuXen.Setup installed = InstalledXen.setup();
        BenchPeer peer = new BenchPeer(installed.qemu(), installed.xen());
        Measured measured =
                new XenSide(peer, MEMORY, Duration.ofMinutes(2))
                        .run(new BenchArguments(BenchKernel.ALL, 1, 0, 1), () -> {});
        assertEquals(Map.of(), measured.reasons());
        assertEquals(
                BenchKernel.ALL.stream().map(BenchKernel::name).toList(),
                measured.batches().stream().map(Batch::kernel).toList());
    }
}
