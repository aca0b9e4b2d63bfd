// SPDX-License-Identifier: Apache-2.0
package org.provisor.impl.mm;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;

import org.junit.jupiter.api.Test;
import org.provisor.impl.abi.Errno;
import org.provisor.impl.abi.MemoryOps;
import org.provisor.impl.memory.MachineMemory;
import org.provisor.impl.tlb.FlushClock;

import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.atomic.AtomicBoolean;

/// Several vCPUs of a control domain take memory for domains, give it back and exchange it, while
/// another destroys these domains and creates them again. In the end no frame may be lost.
final class MemoryOpThreadsTest {

    private static final long ARG = CallerRam.START;
    private static final long LIST = CallerRam.START + 0x1000;
    private static final long OTHER_LIST = CallerRam.START + 0x2000;
    private static final int FRAMES = 512;
    private static final int WORKERS = 3;

    /// Their domains are those from 1 on.
    private static final int DOMAINS = 2;

    private static final int LIVES = 40;
    private static final int CALLS_BETWEEN = 100;

    private final MachineMemory memory = MachineMemory.ofFrames(FRAMES);
    private final Host host =
            new Host(memory, new FlushClock(1, new NoFlusher()), Host.Options.XEN_4_17);
    private final AtomicBoolean over = new AtomicBoolean();
    private final List<Throwable> failures = new ArrayList<>();

    @Test
    void losesNoFrame() throws InterruptedException {
        final long seed = ThreadLocalRandom.current().nextLong();
        final long free = host.allocator().freeFrames();
        final Domain control = host.create(config(0, true, WORKERS + 1));
        for (int id = 1; id <= DOMAINS; id++) {
            host.create(config(id, false, 1));
        }
        final List<Thread> threads = new ArrayList<>();
        for (int number = 0; number < WORKERS; number++) {
            final Vcpu by = control.vcpu(number);
            final SplittableRandom random = new SplittableRandom(seed + number);
            threads.add(start(() -> work(by, random)));
        }
        threads.add(start(() -> destroyAndCreate(control.vcpu(WORKERS))));
        for (final Thread thread : threads) {
            thread.join();
        }
        assertEquals(List.of(), failures, "seed " + seed);
        for (int id = 1; id <= DOMAINS; id++) {
            destroy(control.vcpu(WORKERS), id);
            assertNull(host.domain(id));
        }
        assertEquals(0, host.allocator().claimed(), "seed " + seed);
        assertEquals(free, host.allocator().freeFrames(), "seed " + seed);
        for (long mfn = FRAMES - free; mfn < FRAMES; mfn++) {
            assertEquals(0, host.frames().count(mfn), "seed " + seed);
            assertEquals(-1, host.machineToPhysical(mfn), "seed " + seed);
        }
        memory.close();
    }

    private static Domain.Config config(final int id, final boolean control, final int vcpus) {
        return new Domain.Config(id, control, control, FRAMES / 3, vcpus, null, false, false);
    }

    private Thread start(final Runnable work) {
        return Thread.ofPlatform()
                .uncaughtExceptionHandler((_, failure) -> {
                    over.set(true);
                    synchronized (failures) {
                        failures.add(failure);
                    }
                })
                .start(work);
    }

    private void destroyAndCreate(final Vcpu by) {
        for (int life = 0; life < LIVES && !over.get(); life++) {
            final int id = 1 + life % DOMAINS;
            final long until = by.host.domain(id) == null ? 0 : System.nanoTime() + 2_000_000;
            while (System.nanoTime() < until) {
                Thread.onSpinWait();
            }
            destroy(by, id);
            if (by.host.domain(id) == null) {
                by.host.create(config(id, false, 1));
            }
        }
        over.set(true);
    }

    private static void destroy(final Vcpu by, final int id) {
        int result = DomainDeath.destroy(by, id);
        while (result == -Errno.ERESTART) {
            result = DomainDeath.destroy(by, id);
        }
        assertEquals(0, result == -Errno.ESRCH ? 0 : result);
    }

    private void work(final Vcpu by, final SplittableRandom random) {
        final CallerRam ram = new CallerRam();
        by.setGuestMemory(ram);
        by.setPreemption(() -> random.nextInt(10) == 0);
        while (!over.get()) {
            for (int i = 0; i < CALLS_BETWEEN; i++) {
                final int domain = 1 + random.nextInt(DOMAINS);
                switch (random.nextInt(4)) {
                    case 0 -> take(by, ram, random, domain);
                    case 1 -> giveBack(by, ram, random, domain);
                    case 2 -> exchange(by, ram, random, domain);
                    default -> claim(by, ram, random, domain);
                }
            }
        }
    }

    private static void take(
            final Vcpu by, final CallerRam ram, final SplittableRandom random, final int domain) {
        ram.reservation(ARG, LIST, 4, random.nextInt(3), 0, domain);
        complete(
                by,
                random.nextBoolean() ? MemoryOps.POPULATE_PHYSMAP : MemoryOps.INCREASE_RESERVATION);
    }

    private static void giveBack(
            final Vcpu by, final CallerRam ram, final SplittableRandom random, final int domain) {
        fill(by, ram, random, domain, 4);
        ram.reservation(ARG, LIST, 4, random.nextInt(2), 0, domain);
        complete(by, MemoryOps.DECREASE_RESERVATION);
    }

    private static void exchange(
            final Vcpu by, final CallerRam ram, final SplittableRandom random, final int domain) {
        fill(by, ram, random, domain, 4);
        final boolean larger = random.nextBoolean();
        ram.reservation(ARG, LIST, 4, larger ? 0 : 1, 0, domain);
        ram.reservation(ARG + 32, OTHER_LIST, larger ? 2 : 8, larger ? 1 : 0, 0, domain);
        ram.put(ARG + 64, 0);
        complete(by, MemoryOps.EXCHANGE);
    }

    private static void claim(
            final Vcpu by, final CallerRam ram, final SplittableRandom random, final int domain) {
        ram.reservation(ARG, 0, random.nextInt(100), 0, 0, domain);
        complete(by, MemoryOps.CLAIM_PAGES);
    }

    /// Fills the list with frames of a domain, if it has some.
    private static void fill(
            final Vcpu by,
            final CallerRam ram,
            final SplittableRandom random,
            final int domain,
            final int entries) {
        final Domain owner = by.host.domain(domain);
        long mfn = random.nextInt(FRAMES);
        for (int i = 0; i < entries; i++) {
            mfn = owner == null ? mfn : Math.max(owner.owned.next(mfn + 1), 0);
            ram.put(LIST + 8L * i, mfn);
        }
    }

    private static void complete(final Vcpu by, final long command) {
        long word = command;
        do {
            by.begin();
            MemoryOp.call(by, word, ARG);
            word = by.continuation(1);
        } while (by.continued());
        assertFalse(by.continued());
    }
}
