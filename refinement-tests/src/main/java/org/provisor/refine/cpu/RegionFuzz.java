// SPDX-License-Identifier: Apache-2.0
package org.provisor.refine.cpu;

import org.provisor.impl.interp.Interpreter;
import org.provisor.impl.jit.Translator;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Consumer;
import java.util.function.LongFunction;

/// Compares the translator with the interpreter on regions made up by chance, on several threads,
/// until a budget is spent. Everything is translated when it is first come to.
public final class RegionFuzz implements LongFunction<String> {

    /// A round repeats from its seed, whatever ran before it.
    static final int ROUND = 1_000;

    /// Few, so that regions have to make room.
    private static final int CAPACITY = 64;

    private static final long LOOK_NANOS = 100_000_000L;

    private long seed;
    private int jobs = 1;
    private long budgetNanos = Long.MAX_VALUE;
    private long maxRegions = Long.MAX_VALUE;
    private int maxDifferences = 10;
    private Consumer<RegionFuzzResult> progress = result -> {};

    private final AtomicLong nextRound = new AtomicLong();
    private final AtomicLong regions = new AtomicLong();
    private final AtomicLong instructions = new AtomicLong();
    private final AtomicLong translated = new AtomicLong();
    private final AtomicLong translatedInstructions = new AtomicLong();
    private final Map<String, CpuDifference> differences = new LinkedHashMap<>();
    private final List<Throwable> failures = new ArrayList<>();
    private volatile boolean stop;

    public RegionFuzz() {}

    public RegionFuzz seed(final long newSeed) {
        seed = newSeed;
        return this;
    }

    /// How many threads; one if it is not said.
    ///
    /// @throws IllegalArgumentException unless it is 1 to 64
    public RegionFuzz jobs(final int newJobs) {
        if (newJobs < 1 || newJobs > 64) {
            throw new IllegalArgumentException("--jobs must be 1 to 64, not " + newJobs);
        }
        jobs = newJobs;
        return this;
    }

    public RegionFuzz budgetNanos(final long nanos) {
        budgetNanos = nanos;
        return this;
    }

    public RegionFuzz regions(final long most) {
        maxRegions = most;
        return this;
    }

    public RegionFuzz maxDifferences(final int most) {
        maxDifferences = most;
        return this;
    }

    public RegionFuzz progress(final Consumer<RegionFuzzResult> listener) {
        progress = listener;
        return this;
    }

    /// One round from a seed, as far as to its first difference.
    ///
    /// @return the difference as text; empty if there was none
    @Override
    public String apply(final long roundSeed) {
        round(roundSeed);
        return differences.isEmpty() ? "" : differences.values().iterator().next().text();
    }

    /// Runs until the budget is spent or there are too many differences.
    public RegionFuzzResult run() {
        final long start = System.nanoTime();
        final List<Thread> threads = new ArrayList<>();
        for (int i = 0; i < jobs; i++) {
            threads.add(Thread.ofPlatform().name("regions").start(this::rounds));
        }
        boolean alive = true;
        while (alive) {
            alive = false;
            for (final Thread thread : threads) {
                alive |= thread.isAlive();
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
        for (final Throwable failure : failures) {
            throw new IllegalStateException("a thread of the campaign failed", failure);
        }
        return result(start);
    }

    private synchronized RegionFuzzResult result(final long start) {
        return new RegionFuzzResult(
                seed,
                regions.get(),
                instructions.get(),
                translated.get(),
                translatedInstructions.get(),
                System.nanoTime() - start,
                List.copyOf(differences.values()));
    }

    private void rounds() {
        try {
            while (!stop && regions.get() < maxRegions) {
                round(seedOf(nextRound.getAndIncrement()));
            }
        } catch (final RuntimeException | Error e) {
            synchronized (this) {
                failures.add(e);
                stop = true;
            }
        }
    }

    /// The first round's seed is the campaign's, so that a round repeats as a campaign.
    private long seedOf(final long number) {
        return number == 0 ? seed : new SplittableRandom(seed ^ number << 20).nextLong();
    }

    static RegionOracle oracle() {
        return new RegionOracle(Interpreter::new, RegionFuzz::translator);
    }

    private static Translator translator() {
        return new Translator(1, CAPACITY);
    }

    private void round(final long roundSeed) {
        final RegionGenerator generator = new RegionGenerator(new SplittableRandom(roundSeed));
        final Translator translator = translator();
        try (RegionOracle oracle = new RegionOracle(Interpreter::new, () -> translator)) {
            for (int i = 0; i < ROUND && !stop && regions.get() < maxRegions; i++) {
                final Region region = generator.next(oracle.data());
                final boolean agree = oracle.agree(region);
                regions.incrementAndGet();
                instructions.addAndGet(oracle.carriedOut());
                if (!agree) {
                    add(new RegionShrinker().shrink(region, roundSeed, oracle.difference()));
                    break;
                }
            }
            translated.addAndGet(translator.regions());
            translatedInstructions.addAndGet(translator.translatedInstructions());
        }
    }

    private synchronized void add(final CpuDifference difference) {
        differences.putIfAbsent(difference.kind(), difference);
        if (differences.size() >= maxDifferences) {
            stop = true;
        }
    }
}
