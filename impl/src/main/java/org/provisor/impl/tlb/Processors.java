// SPDX-License-Identifier: Apache-2.0
package org.provisor.impl.tlb;

import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Consumer;

/// Processors that run at the same time, each on a thread of its own, and what they ask of each
/// other: to forget translations, and to stand still for a moment.
///
/// A request is done by the processor that it is for, where it uses no translation: at the latest
/// the next time that it [looks][Processor#attention]. Who asks waits until it is done, or until
/// the processor uses no translation anyway; then it is done before it uses one again. Nobody waits
/// while he uses translations himself, so no two processors wait for each other.
///
/// @sdm 3A, "Propagation of Paging-Structure Changes to Multiple Processors"
public final class Processors implements TlbFlusher {

    /// No processor.
    private static final int NOBODY = -1;

    /// How often to look before letting another thread run.
    private static final int PATIENCE = 1 << 7;

    private final Processor[] processors;

    /// Held by who has all others stand still.
    private final ReentrantLock standing = new ReentrantLock();

    /// Who that is.
    private volatile int alone = NOBODY;

    /// Processors 0 to `count` - 1.
    public Processors(final int count) {
        processors = new Processor[count];
        for (int number = 0; number < count; number++) {
            processors[number] = new Processor(this, number);
        }
    }

    public Processor of(final int number) {
        return processors[number];
    }

    @Override
    public void flush(final long mask) {
        ask(mask, Tlb::flush);
    }

    @Override
    public void flushPage(final long mask, final long linear) {
        ask(mask, tlb -> tlb.flushPage(linear));
    }

    /// Caches of data are not emulated: everybody sees memory as it is.
    @Override
    public void flushCaches(final long mask) {}

    /// Has processors do something to what they remember. When this returns no processor of the set
    /// uses anything from before. The caller uses no translation meanwhile.
    public void ask(final long mask, final Consumer<Tlb> what) {
        final long[] asked = new long[processors.length];
        for (int number = 0; number < processors.length; number++) {
            if ((mask >>> number & 1) != 0) {
                final Processor other = processors[number];
                asked[number] = other.ask(() -> what.accept(other.tlb()));
            }
        }
        for (int number = 0; number < processors.length; number++) {
            if ((mask >>> number & 1) != 0) {
                processors[number].await(asked[number]);
            }
        }
    }

    /// The bit of every processor.
    public long all() {
        return -1L >>> (Long.SIZE - processors.length);
    }

    /// Has every processor stop what it runs and look around.
    public void disturb() {
        for (final Processor processor : processors) {
            processor.disturb();
        }
    }

    /// Does something while no other processor uses memory.
    ///
    /// @param by the processor whose thread calls this; it uses translations
    void alone(final Processor by, final Runnable what) {
        by.leave();
        standing.lock();
        try {
            alone = by.number();
            for (final Processor other : processors) {
                if (other != by) {
                    other.disturb();
                    other.awaitLeft();
                }
            }
            by.enter();
            try {
                what.run();
            } finally {
                alone = NOBODY;
            }
        } finally {
            standing.unlock();
        }
    }

    /// Whether a processor has to stand still.
    boolean stands(final Processor processor) {
        final int who = alone;
        return who != NOBODY && who != processor.number();
    }

    /// What a thread does between two looks at what another is about to change: it lets others run
    /// soon, for whoever is waited for may wait for this processor.
    @SuppressWarnings("ThreadPriorityCheck")
    static void aMoment(final int looks) {
        if (looks % PATIENCE == 0) {
            Thread.yield();
        } else {
            Thread.onSpinWait();
        }
    }
}
