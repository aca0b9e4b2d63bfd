// SPDX-License-Identifier: Apache-2.0
package org.provisor.refine.hostile;

import org.provisor.impl.launch.PvMachine;

import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.TreeMap;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Consumer;

/// Runs hostile kernels, one after the other on each of several threads, until a budget is spent.
///
/// A kernel can at most crash its own domain. Nothing escapes the hypervisor, it never hangs, keeps
/// no more code than it may, the specification's invariants hold, and a domain that stands beside
/// it does not change.
public final class HostileGuests {

    /// The most instructions of one kernel.
    static final long KERNEL_INSTRUCTIONS = 20_000_000;

    private static final long LOOK_NANOS = 100_000_000L;

    /// A slice of instructions and what is looked at after it never take so long.
    private static final long HUNG_NANOS = 120_000_000_000L;

    private long seed;
    private int jobs = 1;
    private long budgetNanos = Long.MAX_VALUE;
    private long maxInstructions = Long.MAX_VALUE;
    private long maxKernels = Long.MAX_VALUE;
    private List<Mischief> kinds = List.of(Mischief.values());
    private Consumer<HostileResult> progress = result -> {};
    private Consumer<PvMachine> tampering = machine -> {};
    private long hungNanos = HUNG_NANOS;

    private final AtomicLong next = new AtomicLong();
    private final Map<Mischief, Long> kernels = new EnumMap<>(Mischief.class);
    private final Map<Mischief, Long> instructions = new EnumMap<>(Mischief.class);
    private final Map<String, Long> endings = new TreeMap<>();
    private final Map<String, Long> crashes = new TreeMap<>();
    private final List<String> findings = new ArrayList<>();
    private long carriedOut;
    private long exceptions;
    private long hypercalls;
    private long regions;
    private long evictions;
    private volatile boolean stop;

    public HostileGuests() {}

    public HostileGuests seed(final long newSeed) {
        seed = newSeed;
        return this;
    }

    /// How many threads; one if it is not said.
    ///
    /// @throws IllegalArgumentException unless it is 1 to 64
    public HostileGuests jobs(final int newJobs) {
        if (newJobs < 1 || newJobs > 64) {
            throw new IllegalArgumentException("--jobs must be 1 to 64, not " + newJobs);
        }
        jobs = newJobs;
        return this;
    }

    public HostileGuests budgetNanos(final long nanos) {
        budgetNanos = nanos;
        return this;
    }

    /// Begins no other kernel once so many instructions have been carried out.
    public HostileGuests instructions(final long most) {
        maxInstructions = most;
        return this;
    }

    public HostileGuests kernels(final long most) {
        maxKernels = most;
        return this;
    }

    /// Only kernels that do this.
    public HostileGuests only(final Mischief kind) {
        kinds = List.of(kind);
        return this;
    }

    public HostileGuests progress(final Consumer<HostileResult> listener) {
        progress = listener;
        return this;
    }

    /// Has something done to the machine after each slice of instructions: for tests.
    HostileGuests tampering(final Consumer<PvMachine> done) {
        tampering = done;
        return this;
    }

    /// How long a slice takes that never ends.
    HostileGuests hungNanos(final long nanos) {
        hungNanos = nanos;
        return this;
    }

    /// A thread that runs kernels, and when it last came to something.
    private final class Job {

        private final Thread thread =
                Thread.ofPlatform().daemon().name("guests").unstarted(this::run);
        private volatile String now = "";
        private volatile long since = System.nanoTime();

        private void run() {
            while (!stop) {
                final long number = next.getAndIncrement();
                if (number >= maxKernels) {
                    return;
                }
                final Mischief kind = kinds.get((int) (number % kinds.size()));
                final long kernelSeed = seedOf(number);
                now = "--only %s --seed 0x%x --kernels 1".formatted(kind, kernelSeed);
                since = System.nanoTime();
                final HostileKernel kernel = new HostileKernel(kind, kernelSeed, this::goesOn);
                try {
                    add(kind, now, kernel.run(KERNEL_INSTRUCTIONS));
                } catch (final RuntimeException | Error e) {
                    found(now, "the hypervisor failed: " + e);
                }
            }
        }

        private void goesOn(final PvMachine machine) {
            since = System.nanoTime();
            tampering.accept(machine);
        }
    }

    /// The first kernel's seed is the campaign's, so that a kernel can be run again by itself.
    private long seedOf(final long number) {
        return number == 0 ? seed : new SplittableRandom(seed ^ number << 20).nextLong();
    }

    /// Runs until the budget is spent or something is found.
    public HostileResult run() {
        final long start = System.nanoTime();
        final List<Job> all = new ArrayList<>();
        for (int i = 0; i < jobs; i++) {
            final Job job = new Job();
            all.add(job);
            job.thread.start();
        }
        boolean alive = true;
        while (alive) {
            alive = false;
            for (final Job job : all) {
                final boolean runs = job.thread.isAlive();
                if (runs && System.nanoTime() - job.since > hungNanos) {
                    found(job.now, "hangs");
                } else {
                    alive |= runs;
                }
            }
            if (alive) {
                LockSupport.parkNanos(this, LOOK_NANOS);
            }
            if (System.nanoTime() - start >= budgetNanos
                    || Thread.currentThread().isInterrupted()) {
                stop = true;
            }
            progress.accept(result(start));
        }
        return result(start);
    }

    private synchronized void add(
            final Mischief kind, final String again, final HostileKernel.Outcome outcome) {
        kernels.merge(kind, 1L, Long::sum);
        instructions.merge(kind, outcome.instructions(), Long::sum);
        endings.merge(outcome.end(), 1L, Long::sum);
        if (!outcome.reason().isEmpty()) {
            crashes.merge(outcome.reason(), 1L, Long::sum);
        }
        exceptions += outcome.exceptions();
        hypercalls += outcome.hypercalls();
        regions += outcome.regions();
        evictions += outcome.evictions();
        carriedOut += outcome.instructions();
        if (!outcome.wrong().isEmpty()) {
            found(again, outcome.wrong());
        }
        if (carriedOut >= maxInstructions) {
            stop = true;
        }
    }

    private synchronized void found(final String again, final String what) {
        findings.add(what + "; again with " + again);
        stop = true;
    }

    private synchronized HostileResult result(final long start) {
        return new HostileResult(
                seed,
                kernels,
                instructions,
                exceptions,
                hypercalls,
                regions,
                evictions,
                endings,
                crashes,
                System.nanoTime() - start,
                findings);
    }
}
