// SPDX-License-Identifier: Apache-2.0
package org.provisor.refine.stress;

import org.provisor.impl.tlb.TlbFlusher;

/// Processors that remember nothing.
final class NoTlb implements TlbFlusher {

    @Override
    public void flush(final long processors) {}

    @Override
    public void flushPage(final long processors, final long linear) {}

    @Override
    public void flushCaches(final long processors) {}
}
