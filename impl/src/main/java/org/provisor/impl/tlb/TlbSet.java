// SPDX-License-Identifier: Apache-2.0
package org.provisor.impl.tlb;

/// The translations of all processors of a machine on which one thread runs all vCPUs: whoever asks
/// for a flush is that thread, so nobody uses a translation meanwhile.
public final class TlbSet implements TlbFlusher {

    private final Tlb[] tlbs;

    /// Of processors 0 to `processors` - 1.
    public TlbSet(final int processors) {
        tlbs = new Tlb[processors];
        for (int i = 0; i < processors; i++) {
            tlbs[i] = new Tlb();
        }
    }

    public Tlb of(final int processor) {
        return tlbs[processor];
    }

    @Override
    public void flush(final long processors) {
        for (int i = 0; i < tlbs.length; i++) {
            if ((processors >>> i & 1) != 0) {
                tlbs[i].flush();
            }
        }
    }

    @Override
    public void flushPage(final long processors, final long linear) {
        for (int i = 0; i < tlbs.length; i++) {
            if ((processors >>> i & 1) != 0) {
                tlbs[i].flushPage(linear);
            }
        }
    }

    /// Caches of data are not emulated: everybody sees memory as it is.
    @Override
    public void flushCaches(final long processors) {}
}
