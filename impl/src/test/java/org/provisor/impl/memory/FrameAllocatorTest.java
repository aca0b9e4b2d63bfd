// SPDX-License-Identifier: Apache-2.0
package org.provisor.impl.memory;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.provisor.impl.bits.Addresses;

import java.util.ArrayList;
import java.util.BitSet;
import java.util.List;
import java.util.SplittableRandom;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.atomic.AtomicIntegerArray;

/// The allocator against a set of bits that is searched from the start, and on several threads.
final class FrameAllocatorTest {

    private static final int ANY = Addresses.FRAME_BITS;

    @ParameterizedTest
    @ValueSource(ints = {1, 2, 63, 64, 65, 127, 128, 1000, 4095, 4096, 4097, 20_000})
    void givesWhatTheModelHas(final int frames) {
        final long seed = ThreadLocalRandom.current().nextLong();
        try (MachineMemory memory = MachineMemory.ofFrames(frames)) {
            final Model model = new Model(memory, frames);
            final SplittableRandom random = new SplittableRandom(seed);
            for (int step = 0; step < 3000; step++) {
                model.step(random, "seed " + seed + ", step " + step);
            }
        }
    }

    @Test
    void sameHistorySameFrames() {
        final long seed = ThreadLocalRandom.current().nextLong();
        assertEquals(history(seed), history(seed), "seed " + seed);
    }

    private static List<Long> history(final long seed) {
        final int frames = 5000;
        final List<Long> given = new ArrayList<>();
        final List<Long> held = new ArrayList<>();
        final SplittableRandom random = new SplittableRandom(seed);
        try (MachineMemory memory = MachineMemory.ofFrames(frames)) {
            final FrameAllocator allocator = new FrameAllocator(memory);
            allocator.free(0, frames);
            for (int step = 0; step < 2000; step++) {
                if (random.nextInt(3) == 0 && !held.isEmpty()) {
                    allocator.free(held.remove(random.nextInt(held.size())), 1);
                } else {
                    final int order = random.nextInt(3);
                    final long first = allocator.allocate(order, ANY, 0);
                    given.add(first);
                    for (int i = 0; first != FrameAllocator.NONE && i < 1 << order; i++) {
                        held.add(first + i);
                    }
                }
            }
        }
        return given;
    }

    @Test
    void wholeMachineAtOnce() {
        final long frames = MachineMemory.MAX_FRAMES;
        try (MachineMemory memory = MachineMemory.ofFrames(frames)) {
            final FrameAllocator allocator = new FrameAllocator(memory);
            allocator.free(0, frames);
            assertEquals(0, allocator.allocate(24, ANY, 0));
            assertEquals(FrameAllocator.NONE, allocator.allocate(0, ANY, 0));
            allocator.free(0, frames);
            assertEquals(0, allocator.allocate(0, ANY, 0));
            assertEquals(frames / 2, allocator.allocate(23, ANY, 0));
            assertEquals(FrameAllocator.NONE, allocator.allocate(23, ANY, 0));
            assertEquals(frames / 2 - 1, allocator.freeFrames());
            assertEquals(FrameAllocator.NONE, allocator.allocate(25, ANY, 0));
        }
    }

    @Test
    void keepsClaimedFramesBack() {
        try (MachineMemory memory = MachineMemory.ofFrames(16)) {
            final FrameAllocator allocator = new FrameAllocator(memory);
            allocator.free(0, 16);
            assertTrue(allocator.tryClaim(12));
            assertFalse(allocator.tryClaim(5));
            assertFalse(allocator.tryClaim(-1L));
            assertEquals(0, allocator.allocate(2, ANY, 0));
            assertEquals(FrameAllocator.NONE, allocator.allocate(0, ANY, 0));
            assertEquals(FrameAllocator.NONE, allocator.allocate(2, ANY, 3));
            assertEquals(4, allocator.allocate(2, ANY, 4));
            allocator.addClaimed(-12);
            assertEquals(0, allocator.claimed());
            assertEquals(8, allocator.allocate(0, ANY, 0));
        }
    }

    @Test
    void scrubbedFramesAreZero() {
        try (MachineMemory memory = MachineMemory.ofFrames(4)) {
            final FrameAllocator allocator = new FrameAllocator(memory);
            allocator.free(0, 4);
            for (int round = 0; round < 3; round++) {
                final long first = allocator.allocate(1, ANY, 0);
                allocator.scrub(first, 2);
                for (long maddr = first << 12; maddr < (first + 2) << 12; maddr += 8) {
                    assertEquals(0, memory.word(maddr));
                    memory.setWord(maddr, -1);
                }
                allocator.free(first, 2);
            }
        }
    }

    @Test
    void refusesFramesThatDoNotExist() {
        try (MachineMemory memory = MachineMemory.ofFrames(4)) {
            final FrameAllocator allocator = new FrameAllocator(memory);
            assertThrows(IllegalArgumentException.class, () -> allocator.free(3, 2));
            assertThrows(IllegalArgumentException.class, () -> allocator.free(-1, 1));
            assertThrows(IllegalArgumentException.class, () -> allocator.free(0, Long.MAX_VALUE));
        }
    }

    @Test
    void givesNoFrameToTwoThreads() throws InterruptedException {
        final int frames = 1 << 12;
        final long seed = ThreadLocalRandom.current().nextLong();
        final AtomicIntegerArray holders = new AtomicIntegerArray(frames);
        final List<Throwable> failures = new ArrayList<>();
        try (MachineMemory memory = MachineMemory.ofFrames(frames)) {
            final FrameAllocator allocator = new FrameAllocator(memory);
            allocator.free(0, frames);
            final List<Thread> threads = new ArrayList<>();
            for (int number = 0; number < 4; number++) {
                final SplittableRandom random = new SplittableRandom(seed + number);
                threads.add(
                        Thread.ofPlatform()
                                .uncaughtExceptionHandler((_, failure) -> {
                                    synchronized (failures) {
                                        failures.add(failure);
                                    }
                                })
                                .start(() -> holdAndFree(allocator, holders, random)));
            }
            for (final Thread thread : threads) {
                thread.join();
            }
            assertEquals(List.of(), failures, "seed " + seed);
            assertEquals(frames, allocator.freeFrames());
            assertEquals(0, allocator.allocate(12, ANY, 0));
        }
    }

    private static void holdAndFree(
            final FrameAllocator allocator,
            final AtomicIntegerArray holders,
            final SplittableRandom random) {
        final List<long[]> held = new ArrayList<>();
        for (int step = 0; step < 20_000 || !held.isEmpty(); step++) {
            if (step < 20_000 && random.nextInt(100) < 55) {
                final int order = random.nextInt(5);
                final long first = allocator.allocate(order, ANY, 0);
                if (first != FrameAllocator.NONE) {
                    mark(holders, first, 1 << order, 1);
                    held.add(new long[] {first, 1 << order});
                }
            } else if (!held.isEmpty()) {
                final long[] block = held.remove(random.nextInt(held.size()));
                mark(holders, block[0], (int) block[1], -1);
                allocator.free(block[0], block[1]);
            }
        }
    }

    private static void mark(
            final AtomicIntegerArray holders, final long first, final int count, final int change) {
        for (int i = 0; i < count; i++) {
            final int now = holders.addAndGet((int) first + i, change);
            assertEquals(change == 1 ? 1 : 0, now);
        }
    }

    private static final class Model {

        private final FrameAllocator allocator;
        private final int frames;
        private final BitSet free = new BitSet();
        private long claimed;

        Model(final MachineMemory memory, final int frames) {
            this.frames = frames;
            allocator = new FrameAllocator(memory);
            allocator.free(0, frames);
            free.set(0, frames);
        }

        void step(final SplittableRandom random, final String where) {
            switch (random.nextInt(8)) {
                case 0, 1, 2, 3 -> allocate(random, where);
                case 4 -> claim(random, where);
                default -> free(random);
            }
            assertEquals(free.cardinality(), allocator.freeFrames(), where);
            assertEquals(claimed, allocator.claimed(), where);
        }

        private void allocate(final SplittableRandom random, final String where) {
            final int order = random.nextInt(random.nextInt(17) + 1);
            final int bits = random.nextBoolean() ? ANY : random.nextInt(16);
            final long claim = random.nextBoolean() ? 0 : random.nextInt(1 << order) + 1;
            final long size = 1L << order;
            final boolean enough =
                    size <= free.cardinality()
                            && (claim >= size || size + claimed <= free.cardinality());
            final long first = allocator.allocate(order, bits, claim);
            if (first == FrameAllocator.NONE) {
                assertFalse(enough && canBeHad(size, 1L << bits), where + ": there was one");
                return;
            }
            assertTrue(enough, where + ": kept back");
            assertEquals(0, first % size, where + ": not aligned");
            assertTrue(first + size <= Math.min(frames, 1L << bits), where + ": too high");
            assertTrue(isFree(first, size), where + ": not free");
            free.clear((int) first, (int) (first + size));
        }

        private boolean canBeHad(final long size, final long limit) {
            for (long first = 0; first + size <= Math.min(frames, limit); first += size) {
                if (isFree(first, size)) {
                    return true;
                }
            }
            return false;
        }

        private boolean isFree(final long first, final long size) {
            return free.nextClearBit((int) first) >= first + size;
        }

        private void claim(final SplittableRandom random, final String where) {
            final long more = random.nextInt(frames + 1);
            if (random.nextBoolean()) {
                allocator.addClaimed(-claimed);
                claimed = 0;
            } else {
                final boolean can = more <= free.cardinality() - claimed;
                assertEquals(can, allocator.tryClaim(more), where);
                claimed += can ? more : 0;
            }
        }

        private void free(final SplittableRandom random) {
            final int first = free.nextClearBit(random.nextInt(frames));
            if (first < frames) {
                final int next = free.nextSetBit(first);
                final int most = (next < 0 ? frames : next) - first;
                final int count = random.nextInt(most) + 1;
                allocator.free(first, count);
                free.set(first, first + count);
            }
        }
    }
}
