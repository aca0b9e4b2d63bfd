// SPDX-License-Identifier: Apache-2.0
package org.provisor.impl.tlb;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import org.junit.jupiter.api.Test;

import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import java.util.concurrent.ThreadLocalRandom;

final class FlushClockTest {

    /// Remembers what is flushed.
    private static final class Flushes implements TlbFlusher {

        final List<String> seen = new ArrayList<>();

        @Override
        public void flush(final long processors) {
            seen.add("all " + processors);
        }

        @Override
        public void flushPage(final long processors, final long linear) {
            seen.add("page " + processors + " " + linear);
        }

        @Override
        public void flushCaches(final long processors) {
            seen.add("caches " + processors);
        }
    }

    @Test
    void aFlushAfterATimeMakesOneForItUnnecessary() {
        final Flushes flushes = new Flushes();
        final FlushClock clock = new FlushClock(3, flushes);
        assertEquals(0b111, clock.all());
        final long stamp = clock.now();
        assertEquals(0b111, clock.notFlushedSince(0b111, stamp));
        clock.flush(0b010);
        assertEquals(0b101, clock.notFlushedSince(0b111, stamp));
        assertEquals(0b111, clock.notFlushedSince(0b111, clock.now()));
        clock.flush(0b101);
        assertEquals(0, clock.notFlushedSince(0b111, stamp));
        assertEquals(List.of("all 2", "all 5"), flushes.seen);
    }

    @Test
    void nobodyToFlushIsNoFlush() {
        final Flushes flushes = new Flushes();
        final FlushClock clock = new FlushClock(1, flushes);
        final long now = clock.now();
        clock.flush(0);
        clock.flushPage(0, 4096);
        assertEquals(now, clock.now());
        clock.flushPage(1, 4096);
        clock.flushCaches(1);
        assertEquals(List.of("page 1 4096", "caches 1"), flushes.seen);
    }

    @Test
    void hasOneToSixtyThreeProcessors() {
        assertThrows(IllegalArgumentException.class, () -> new FlushClock(0, new Flushes()));
        assertThrows(IllegalArgumentException.class, () -> new FlushClock(64, new Flushes()));
        assertEquals(Long.MAX_VALUE, new FlushClock(63, new Flushes()).all());
    }

    /// Has nothing to flush.
    private static final class Nothing implements TlbFlusher {

        @Override
        public void flush(final long processors) {}

        @Override
        public void flushPage(final long processors, final long linear) {}

        @Override
        public void flushCaches(final long processors) {}
    }

    /// Several threads flush, and each looks at once whether its own flushes count.
    @Test
    void flushesOfSeveralThreadsCount() throws InterruptedException {
        final long seed = ThreadLocalRandom.current().nextLong();
        final FlushClock clock = new FlushClock(8, new Nothing());
        final List<String> wrong = new ArrayList<>();
        final List<Thread> threads = new ArrayList<>();
        for (int number = 0; number < 4; number++) {
            final SplittableRandom random = new SplittableRandom(seed + number);
            threads.add(Thread.ofPlatform().start(() -> flushAndLook(clock, random, wrong)));
        }
        for (final Thread thread : threads) {
            thread.join();
        }
        assertEquals(List.of(), wrong, "seed " + seed);
    }

    private static void flushAndLook(
            final FlushClock clock, final SplittableRandom random, final List<String> wrong) {
        for (int i = 0; i < 10_000; i++) {
            final long processor = 1L << random.nextInt(8);
            final long stamp = clock.now();
            if (clock.notFlushedSince(processor, stamp - 1) != 0) {
                clock.flush(processor);
                if (clock.notFlushedSince(processor, stamp) != 0) {
                    synchronized (wrong) {
                        wrong.add(processor + " was flushed after " + stamp);
                    }
                }
            }
        }
    }
}
