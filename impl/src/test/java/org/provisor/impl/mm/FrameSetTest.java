// SPDX-License-Identifier: Apache-2.0
package org.provisor.impl.mm;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import java.util.TreeSet;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.atomic.AtomicInteger;

final class FrameSetTest {

    @ParameterizedTest
    @ValueSource(ints = {1, 63, 64, 65, 4096, 4097, 300_000})
    void isASetWhoseNextMemberIsFound(final int frames) {
        final long seed = ThreadLocalRandom.current().nextLong();
        final SplittableRandom random = new SplittableRandom(seed);
        final FrameSet set = new FrameSet(frames);
        final TreeSet<Long> model = new TreeSet<>();
        for (int step = 0; step < 20_000; step++) {
            final long frame = random.nextInt(frames);
            if (random.nextInt(100) < (step / 1000 % 2 == 0 ? 60 : 30)) {
                set.add(frame);
                model.add(frame);
            } else {
                final Long some = model.ceiling(frame);
                final long gone = some == null ? frame : some;
                set.remove(gone);
                model.remove(gone);
            }
            final long asked = random.nextInt(frames + 1);
            final Long next = model.ceiling(asked);
            final String where = "seed " + seed + ", step " + step;
            assertEquals(next == null ? -1 : next, set.next(asked), where);
            assertEquals(model.contains(frame), set.contains(frame), where);
        }
    }

    @Test
    void keepsWhatSeveralThreadsPutIn() throws InterruptedException {
        final int frames = 1 << 14;
        final int count = 4;
        final FrameSet set = new FrameSet(frames);
        final List<Thread> threads = new ArrayList<>();
        for (int number = 0; number < count; number++) {
            final int first = number;
            threads.add(
                    Thread.ofPlatform()
                            .start(() -> {
                                for (int round = 0; round < 20; round++) {
                                    for (int i = first; i < frames; i += count) {
                                        set.add(i);
                                    }
                                    for (int i = first; i < frames; i += 2 * count) {
                                        set.remove(i);
                                    }
                                }
                            }));
        }
        for (final Thread thread : threads) {
            thread.join();
        }
        long next = 0;
        for (int i = 0; i < frames; i++) {
            if (i % (2 * count) >= count) {
                next = set.next(next);
                assertEquals(i, next);
                next++;
            }
        }
        assertEquals(-1, set.next(next));
    }

    /// A member that stays is found, though the one before it comes and goes.
    @Test
    void findsWhatStays() throws InterruptedException {
        final FrameSet set = new FrameSet(4097);
        set.add(9);
        final AtomicInteger rounds = new AtomicInteger();
        final Thread other =
                Thread.ofPlatform()
                        .start(() -> {
                            while (rounds.getAndIncrement() < 100_000) {
                                set.add(8);
                                set.remove(8);
                            }
                        });
        while (other.isAlive()) {
            final long found = set.next(8);
            assertTrue(found == 8 || found == 9, "found " + found);
        }
        other.join();
    }
}
