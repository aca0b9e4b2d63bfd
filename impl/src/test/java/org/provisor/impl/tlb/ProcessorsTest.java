// SPDX-License-Identifier: Apache-2.0
package org.provisor.impl.tlb;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;

/// Processors that run at the same time do what others ask of them.
@Timeout(60)
final class ProcessorsTest {

    private static final int COUNT = 3;
    private static final int TIMES = 200;
    private static final int MOMENTS = 20_000_000;
    private static final long PAGE = 0x5000;

    private final Processors processors = new Processors(COUNT);
    private final AtomicBoolean end = new AtomicBoolean();

    /// What the page tables say, and what each processor may rely on.
    private final AtomicLong mapped = new AtomicLong(1);

    private final AtomicLong flushed = new AtomicLong(1);
    private final AtomicInteger stale = new AtomicInteger();

    @Test
    void nothingFromBeforeAFlushIsUsedAfterIt() throws InterruptedException {
        final List<Thread> threads = new ArrayList<>();
        for (int number = 1; number < COUNT; number++) {
            final Processor processor = processors.of(number);
            threads.add(Thread.ofPlatform().start(() -> walk(processor)));
        }
        for (int time = 0; time < TIMES; time++) {
            final long now = mapped.incrementAndGet();
            if (time % 2 == 0) {
                processors.flush(processors.all());
            } else {
                processors.flushPage(processors.all(), PAGE);
            }
            flushed.set(now);
        }
        end.set(true);
        for (final Thread thread : threads) {
            thread.join();
        }
        assertEquals(0, stale.get());
    }

    /// Who asks for a flush goes on only when all have looked, however long that takes them.
    @Test
    void aFlushWaitsForThoseWhoHaveNotLooked() throws InterruptedException {
        final Processor busy = processors.of(1);
        busy.runHere();
        busy.enter();
        final Thread other =
                Thread.ofPlatform()
                        .start(() -> {
                            processors.flush(processors.all());
                            flushed.incrementAndGet();
                        });
        while (busy.attention()[0] == 0) {
            assertEquals(1, flushed.get());
        }
        for (int moment = 0; moment < MOMENTS; moment++) {
            Thread.onSpinWait();
            assertEquals(1, flushed.get());
        }
        busy.leave();
        other.join();
        assertEquals(2, flushed.get());
    }

    private void walk(final Processor processor) {
        processor.runHere();
        while (!end.get()) {
            processor.enter();
            while (processor.attention()[0] == 0 && !end.get()) {
                final long least = flushed.get();
                final long found = processor.tlb().find(1, PAGE, 0);
                if (found == Tlb.MISS) {
                    processor.tlb().put(1, PAGE, mapped.get() << 12, false);
                } else if (found >>> 12 < least) {
                    stale.incrementAndGet();
                }
                Thread.onSpinWait();
            }
            processor.leave();
        }
    }

    @Test
    void othersStandStill() throws InterruptedException {
        final long[] plain = new long[1];
        final AtomicInteger busy = new AtomicInteger();
        final AtomicBoolean met = new AtomicBoolean();
        final List<Thread> threads = new ArrayList<>();
        for (int number = 0; number < COUNT; number++) {
            final Processor processor = processors.of(number);
            threads.add(
                    Thread.ofPlatform()
                            .start(() -> {
                                for (int time = 0; time < TIMES; time++) {
                                    processor.enter();
                                    busy.incrementAndGet();
                                    busy.decrementAndGet();
                                    processor.alone(() -> {
                                        met.compareAndSet(false, busy.get() != 0);
                                        plain[0]++;
                                    });
                                    processor.leave();
                                }
                            }));
        }
        for (final Thread thread : threads) {
            thread.join();
        }
        assertEquals((long) COUNT * TIMES, plain[0]);
        assertFalse(met.get());
    }
}
