// SPDX-License-Identifier: Apache-2.0
package org.provisor.impl.tlb;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;

/// Knows when each processor last forgot all its translations, so that a flush can be left out that
/// has happened already.
///
/// Time advances with each flush. Whoever takes a translation away notes the time afterwards; a
/// processor whose last flush is later than that has none of it. A processor's flush is given its
/// time before it starts, and counts only once it is done.
///
/// @xen xen/arch/x86/flushtlb.c, tlbflush_clock
/// @xen xen/arch/x86/include/asm/flushtlb.h, tlbflush_filter
public final class FlushClock {

    private static final VarHandle NOW;
    private static final VarHandle TIMES = MethodHandles.arrayElementVarHandle(long[].class);

    static {
        try {
            NOW = MethodHandles.lookup().findVarHandle(FlushClock.class, "now", long.class);
        } catch (ReflectiveOperationException e) {
            throw new ExceptionInInitializerError(e);
        }
    }

    /// Longs between the times of two processors, so that they share no cache line.
    private static final int APART = 8;

    private final TlbFlusher flusher;
    private final long[] times;
    private final long all;

    @SuppressWarnings("unused") // by NOW
    private volatile long now = 1;

    /// A clock for processors 0 to `processors` - 1, at most 63.
    public FlushClock(final int processors, final TlbFlusher flusher) {
        if (processors < 1 || processors >= Long.SIZE) {
            throw new IllegalArgumentException("processors: " + processors);
        }
        this.flusher = flusher;
        times = new long[processors * APART];
        all = -1L >>> (Long.SIZE - processors);
    }

    /// All processors.
    public long all() {
        return all;
    }

    /// The time, to be noted of a translation that was just taken away. Between taking it away and
    /// asking, the caller has done something atomic to any word: the time must not be read while
    /// the entry that is gone can still be found.
    public long now() {
        return now;
    }

    /// Those of some processors that may still have a translation taken away at `stamp`.
    public long notFlushedSince(final long processors, final long stamp) {
        long left = processors;
        long stale = 0;
        while (left != 0) {
            final int processor = Long.numberOfTrailingZeros(left);
            left &= left - 1;
            if ((long) TIMES.getAcquire(times, processor * APART) <= stamp) {
                stale |= 1L << processor;
            }
        }
        return stale;
    }

    /// Flushes all translations of some processors.
    public void flush(final long processors) {
        if (processors == 0) {
            return;
        }
        final long time = (long) NOW.getAndAdd(this, 1L) + 1;
        flusher.flush(processors);
        long left = processors;
        while (left != 0) {
            final int processor = Long.numberOfTrailingZeros(left);
            left &= left - 1;
            advance(processor * APART, time);
        }
    }

    /// Another flush of the same processor, later begun, may have ended earlier.
    private void advance(final int at, final long time) {
        long seen = (long) TIMES.getAcquire(times, at);
        while (seen < time) {
            final long witness = (long) TIMES.compareAndExchange(times, at, seen, time);
            if (witness == seen) {
                return;
            }
            seen = witness;
        }
    }

    /// Flushes the translation of one address.
    public void flushPage(final long processors, final long linear) {
        if (processors != 0) {
            flusher.flushPage(processors, linear);
        }
    }

    /// Writes the data caches of some processors back.
    public void flushCaches(final long processors) {
        flusher.flushCaches(processors);
    }
}
