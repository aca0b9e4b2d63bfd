// SPDX-License-Identifier: Apache-2.0
package org.provisor.impl.mm;

import org.provisor.impl.tlb.TlbFlusher;

/// Flushes nothing: for machines without processors.
public final class NoFlusher implements TlbFlusher {

    /// It has nothing.
    public NoFlusher() {}

    @Override
    public void flush(final long processors) {}

    @Override
    public void flushPage(final long processors, final long linear) {}

    @Override
    public void flushCaches(final long processors) {}
}
