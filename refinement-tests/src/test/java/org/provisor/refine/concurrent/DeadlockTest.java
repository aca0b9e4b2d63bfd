// SPDX-License-Identifier: Apache-2.0
package org.provisor.refine.concurrent;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.vavr.control.Option;

import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.provisor.impl.abi.Errno;
import org.provisor.impl.hypercall.HypercallTable;
import org.provisor.impl.hypercall.Registers;
import org.provisor.impl.memory.FrameAllocator;
import org.provisor.impl.memory.MachineMemory;
import org.provisor.impl.mm.Domain;
import org.provisor.impl.mm.DomainDeath;
import org.provisor.impl.mm.Host;
import org.provisor.impl.mm.Vcpu;
import org.provisor.impl.tlb.FlushClock;
import org.provisor.impl.tlb.TlbFlusher;
import org.provisor.refine.abstraction.MachineAbstraction;
import org.provisor.refine.gen.Chance;
import org.provisor.refine.program.CallMemory;
import org.provisor.spec.invariant.Invariant;

import java.util.ArrayList;
import java.util.List;

/// Two vCPUs of the control domain do what they like with the memory of guests that a third creates
/// and destroys. Everybody gets on, and in the end every reference is accounted for.
final class DeadlockTest {

    private static final int FRAMES = 72;
    private static final int PAGES = 10;
    private static final int[] IDS = {0, 1, 2, 3, 4};

    /// How many calls of the two vCPUs the third can go without an end of what it does, and how
    /// often the watcher looks at somebody who does not get on.
    private static final long MOST_CALLS = 40_000_000;

    private static final long MOST_LOOKS = 50_000_000;

    @Test
    void everybodyGetsOn() {
        run(400);
    }

    @Test
    @Tag("slow")
    void everybodyGetsOnForLong() {
        run(40_000);
    }

    @Test
    void whoDoesNotGetOnIsFound() {
        Machine machine = new Machine();
        List<Worker> idle =
                List.of(
                        new Caller(machine, 0, 11),
                        new Caller(machine, 1, 12),
                        new Builder(machine, 1));
        AssertionError found =
                assertThrows(AssertionError.class, () -> watch(machine, idle, 1_000));
        assertTrue(text(found).contains("stuck: 0"), () -> text(found));
    }

    @Test
    void referencesThatAreLostAreFound() {
        Machine machine = new Machine();
        machine.host.frames().getMore(machine.own[0]);
        AssertionError found = assertThrows(AssertionError.class, () -> accounted(machine));
        assertTrue(text(found).contains("I1"), () -> text(found));
    }

    private static void run(int guests) {
        Machine machine = new Machine();
        Caller first = new Caller(machine, 0, 11);
        Caller second = new Caller(machine, 1, 12);
        Builder third = new Builder(machine, guests);
        List<Thread> threads = new ArrayList<>();
        for (Worker worker : List.of(first, second, third)) {
            Thread thread = new Thread(worker, "worker");
            thread.setDaemon(true);
            threads.add(thread);
            thread.start();
        }
        watch(machine, List.of(first, second, third), MOST_LOOKS);
        for (Thread thread : threads) {
            join(thread);
        }
        for (Worker worker : List.of(first, second, third)) {
            assertEquals(null, worker.thrown, () -> text(worker.thrown));
        }
        accounted(machine);
        assertTrue(third.ended >= guests, "guests: " + third.ended);
    }

    private static void accounted(Machine machine) {
        Option<Invariant.Violation> violation =
                Invariant.violated(MachineAbstraction.machine(machine.host, IDS));
        assertTrue(violation.isEmpty(), violation::toString);
    }

    private static String text(@Nullable Throwable thrown) {
        return thrown == null ? "" : thrown + " " + List.of(thrown.getStackTrace());
    }

    private static void join(Thread thread) {
        try {
            thread.join();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    /// Looks until the third is done; that somebody does not get on is told by what the others do.
    @SuppressWarnings("ThreadPriorityCheck") // there may be one processor only
    private static void watch(Machine machine, List<Worker> workers, long mostLooks) {
        long[] then = new long[workers.size()];
        long[] looks = new long[workers.size()];
        Builder builder = (Builder) workers.get(2);
        long callsThen = 0;
        long endedThen = 0;
        while (!machine.over) {
            Thread.yield();
            for (int i = 0; i < then.length; i++) {
                long now = workers.get(i).steps;
                looks[i] = now == then[i] ? looks[i] + 1 : 0;
                then[i] = now;
                assertTrue(looks[i] < mostLooks, "stuck: " + i);
            }
            long calls = then[0] + then[1];
            if (builder.ended != endedThen) {
                endedThen = builder.ended;
                callsThen = calls;
            }
            assertTrue(calls - callsThen < MOST_CALLS, "no guest comes to its end");
        }
    }

    /// The machine.
    private static final class Machine {

        final Host host =
                new Host(
                        MachineMemory.ofFrames(FRAMES),
                        new FlushClock(4, new NoTlb()),
                        Host.Options.XEN_4_17);

        final Domain control =
                host.create(new Domain.Config(0, true, true, 64, 3, null, false, false));

        final long[] own = new long[PAGES];

        /// The third is done.
        volatile boolean over;

        Machine() {
            for (int i = 0; i < PAGES; i++) {
                own[i] = host.give(control);
            }
        }
    }

    /// Somebody who does one thing after the other.
    private abstract static class Worker implements Runnable {

        private static final long LIST = CallMemory.START;

        final Machine machine;
        final Vcpu vcpu;
        final Chance chance = new Chance();
        final Handed memory = new Handed();
        private final Registers registers = new Registers();

        volatile long steps;
        @Nullable Throwable thrown;

        Worker(Machine machine, int vcpu, long seed) {
            this.machine = machine;
            this.vcpu = machine.control.vcpu(vcpu);
            this.vcpu.setGuestMemory(memory);
            this.vcpu.runOn(vcpu);
            chance.start(seed, null);
        }

        abstract void work();

        @Override
        public void run() {
            try {
                work();
            } catch (RuntimeException | AssertionError | StackOverflowError e) {
                thrown = e;
                machine.over = true;
            }
        }

        final void step() {
            long now = steps + 1;
            steps = now;
        }

        /// Makes a call until it returns, or a few times.
        final void call(long number, long a, long b, long c, long d, long... handed) {
            long[] words = new long[Handed.WORDS];
            System.arraycopy(handed, 0, words, 0, handed.length);
            registers.rax = number;
            registers.rdi = a;
            registers.rsi = b;
            registers.rdx = c;
            registers.r10 = d;
            for (int tries = 0; tries < 20; tries++) {
                memory.begin(words);
                HypercallTable.call(vcpu, registers);
                step();
                if (!vcpu.continued()) {
                    return;
                }
            }
        }

        final void mmuUpdate(long whose, long pointer, long entry) {
            call(1, LIST, 1, 0, whose, pointer, entry);
        }

        final void mmuext(long whose, long command, long first, long second) {
            call(26, LIST, 1, 0, whose, command, first, second);
        }

        /// What a vCPU still has to finish.
        final void settle() {
            for (int tries = 0; vcpu.oldTable() != Vcpu.NONE && tries < 1_000; tries++) {
                call(1, LIST, 0, 0, Calls.SELF);
            }
        }

        final void reservation(long command, long whose, long mfn) {
            long[] words = new long[Calls.GIVEN + 2];
            words[0] = LIST + 8 * Calls.GIVEN;
            words[1] = 1;
            words[3] = whose;
            words[4] = words[0] + 8;
            words[5] = 1;
            words[7] = whose;
            words[Calls.GIVEN] = mfn;
            call(12, command, LIST, 0, 0, words);
        }
    }

    /// A vCPU that does what it likes.
    private static final class Caller extends Worker {

        Caller(Machine machine, int vcpu, long seed) {
            super(machine, vcpu, seed);
        }

        @Override
        void work() {
            while (!machine.over) {
                act();
            }
            settle();
        }

        private long own() {
            return machine.own[chance.below(PAGES)];
        }

        /// Some frame: of a guest, most likely.
        private long some() {
            return 6L + chance.below(FRAMES - 6);
        }

        private void act() {
            int guest = 1 + chance.below(4);
            long table = chance.oneIn(2) ? own() : some();
            long slot = (long) chance.below(3) << 3;
            long flags = chance.of(0x67L, 0x65L, 0x27L);
            long entry = chance.oneIn(2) ? 0 : (some() << 12) | flags;
            switch (chance.below(12)) {
                // The caller's own tables, with a guest's frames in them.
                case 0, 1, 2, 3 -> mmuUpdate(guest, (own() << 12) | slot, entry);
                case 4 -> mmuext(Calls.SELF, chance.below(5), own(), 0);
                // A guest's tables.
                case 5, 6 -> mmuUpdate(((guest + 1L) << 16) | guest, (table << 12) | slot, entry);
                case 7, 8 -> mmuext(guest, chance.below(5), some(), 0);
                case 9 -> mmuext(guest, Calls.CLEAR_PAGE, some(), 0);
                case 10 -> reservation(1, guest, some());
                default -> reservation(11, guest, some());
            }
        }
    }

    /// Creates guests, has tables of theirs pinned, and destroys them.
    private static final class Builder extends Worker {

        private final int guests;
        volatile long ended;

        Builder(Machine machine, int guests) {
            super(machine, 2, 13);
            this.guests = guests;
        }

        @Override
        void work() {
            for (int guest = 0; ended < guests && !machine.over; guest++) {
                int id = 1 + guest % 4;
                if (machine.host.domain(id) == null) {
                    build(id);
                }
                destroy(1 + (guest + 2) % 4);
            }
            settle();
            machine.over = true;
        }

        private void build(int id) {
            Domain domain =
                    machine.host.create(
                            new Domain.Config(id, false, false, 32, 1, null, false, false));
            machine.host.share(domain);
            long[] frames = new long[PAGES];
            int count = 0;
            for (int i = 0; i < PAGES; i++) {
                frames[count] = machine.host.give(domain);
                if (frames[count] == FrameAllocator.NONE) {
                    break;
                }
                count++;
            }
            for (int i = 0; i < 3 * count; i++) {
                long table = frames[chance.below(count)];
                long entry = (frames[chance.below(count)] << 12) | 0x67;
                mmuUpdate(
                        ((id + 1L) << 16) | id,
                        (table << 12) | ((long) chance.below(3) << 3),
                        entry);
                mmuext(id, chance.below(4), frames[chance.below(count)], 0);
            }
            step();
        }

        private void destroy(int id) {
            if (machine.host.domain(id) == null) {
                return;
            }
            settle();
            int result = -Errno.ERESTART;
            while (result == -Errno.ERESTART && !machine.over) {
                vcpu.begin();
                result = DomainDeath.destroy(vcpu, id);
                step();
            }
            if (machine.host.domain(id) == null) {
                long now = ended + 1;
                ended = now;
            }
        }
    }

    private static final class NoTlb implements TlbFlusher {

        @Override
        public void flush(long processors) {}

        @Override
        public void flushPage(long processors, long linear) {}

        @Override
        public void flushCaches(long processors) {}
    }
}
