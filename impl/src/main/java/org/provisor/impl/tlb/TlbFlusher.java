// SPDX-License-Identifier: Apache-2.0
package org.provisor.impl.tlb;

/// What carries flushes out on processors: a set of them is a mask, bit n for processor n. When a
/// method returns, no processor of the set uses a translation from before any more.
public interface TlbFlusher {

    /// All translations.
    void flush(long processors);

    /// The translation of one linear address.
    void flushPage(long processors, long linear);

    /// The data caches: written back and emptied.
    void flushCaches(long processors);
}
