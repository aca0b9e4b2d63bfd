// SPDX-License-Identifier: Apache-2.0
package org.provisor.refine.bench;

import org.provisor.refine.xen.XenKernel;
import org.provisor.refine.xen.XenLostException;

import java.time.Duration;

/// A real Xen in QEMU, which emulates the processor.
final class XenSide implements BenchSide {

    static final String NAME = "the guest of Xen";

    private final BenchPeer peer;
    private final long bytes;
    private final Duration patience;

    /// @param bytes of memory that the guest has
    /// @param patience after how long without a line it counts as hung
    XenSide(BenchPeer peer, long bytes, Duration patience) {
        this.peer = peer;
        this.bytes = bytes;
        this.patience = patience;
    }

    @Override
    public Measured run(BenchArguments arguments, Runnable told) {
        BenchLog log = new BenchLog(NAME, arguments.kernels(), told);
        XenKernel kernel =
                new XenKernel(
                        peer.qemu(),
                        peer.xen(),
                        BenchKernel.image(),
                        arguments.text(),
                        bytes,
                        patience);
        try {
            kernel.run(log::line, log::done);
        } catch (XenLostException e) {
            log.check();
            throw new BenchFailedException(NAME + " is lost: " + e.what(), e.console());
        }
        log.check();
        return new Measured(log.batches(), log.nothing(), log.reasons());
    }
}
