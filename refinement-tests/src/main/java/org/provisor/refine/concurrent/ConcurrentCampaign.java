// SPDX-License-Identifier: Apache-2.0
package org.provisor.refine.concurrent;

import org.jspecify.annotations.Nullable;
import org.provisor.refine.gen.Chance;

import java.util.ArrayList;
import java.util.Formatter;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Consumer;
import java.util.function.Supplier;

/// Rounds of two vCPUs, on one pair of threads or several, until the budget is spent or enough is
/// found.
///
/// The first machine has the campaign's own seed, the others have seeds made of it. So what is
/// found is found again, and first, by a campaign of the seed that is said with it. With one pair
/// and a budget of elements everything is the same each time.
public final class ConcurrentCampaign {

    /// Elements for which a seed is used.
    private static final long PORTION = 20_000;

    private final Supplier<ConcurrentRounds> rounds;
    private long seed = 1;
    private int jobs = 1;
    private long elements = Long.MAX_VALUE;
    private long nanos = Long.MAX_VALUE;
    private int mostFindings = 1;
    private Consumer<Progress> progress = _ -> {};

    /// @param rounds makes what plays rounds, one for each pair of threads
    public ConcurrentCampaign(Supplier<ConcurrentRounds> rounds) {
        this.rounds = rounds;
    }

    public ConcurrentCampaign seed(long number) {
        seed = number;
        return this;
    }

    /// How many pairs of threads.
    ///
    /// @throws IllegalArgumentException if it is not 1 to 1024
    public ConcurrentCampaign jobs(int count) {
        if (count < 1 || count > 1024) {
            throw new IllegalArgumentException("there can be 1 to 1024 jobs, not " + count);
        }
        jobs = count;
        return this;
    }

    /// Ends after so many elements, or a few more.
    public ConcurrentCampaign elements(long most) {
        elements = most;
        return this;
    }

    /// Ends after so long, or a little later.
    public ConcurrentCampaign budgetNanos(long most) {
        nanos = most;
        return this;
    }

    /// Ends when so many kinds of rounds have been found that no order explains.
    ///
    /// @throws IllegalArgumentException if it is less than 1
    public ConcurrentCampaign maxFindings(int most) {
        if (most < 1) {
            throw new IllegalArgumentException("at least 1 difference must be allowed");
        }
        mostFindings = most;
        return this;
    }

    /// Told of the progress before each round, by any thread.
    public ConcurrentCampaign progress(Consumer<Progress> listener) {
        progress = listener;
        return this;
    }

    /// How far a campaign has come.
    ///
    /// @param elements done so far
    /// @param findings so far, each kind once
    /// @param nanos since it began
    public record Progress(long elements, int findings, long nanos) {

        public double elementsPerSecond() {
            return nanos == 0 ? 0 : elements * 1e9 / nanos;
        }
    }

    /// What a campaign did and found.
    ///
    /// @param seed that it began with
    /// @param nanos how long it took
    /// @param total what was done, over all machines; without a finding
    /// @param findings each kind once, in the order in which they were found
    public record Result(
            long seed, long nanos, ConcurrentResult total, List<Unexplained> findings) {

        public Result {
            findings = List.copyOf(findings);
        }

        /// The summary as lines of text, without the findings.
        public String text() {
            Formatter text = new Formatter(Locale.ROOT);
            text.format("seed          0x%x%n", seed);
            text.format("machines      %,d%n", total.machines());
            text.format("rounds        %,d of two vCPUs%n", total.rounds());
            text.format(
                    "elements      %,d in %.1f s, %,.0f a second%n",
                    total.elements(), nanos / 1e9, nanos == 0 ? 0 : total.elements() * 1e9 / nanos);
            text.format("at once       %,d pairs%n", total.overlapping());
            StringBuilder moments = new StringBuilder();
            new TreeMap<>(total.moments())
                    .forEach((moment, count) ->
                            moments.append(moments.isEmpty() ? "" : ", ")
                                    .append(String.format(Locale.ROOT, "%,d ", count))
                                    .append(moment.toLowerCase(Locale.ROOT)));
            text.format("moments       %s%n", moments.isEmpty() ? "none" : moments);
            text.format("differences   %s%n", findings.isEmpty() ? "none" : findings.size());
            return text.toString();
        }
    }

    /// Runs it.
    public Result run() {
        return new Running().run();
    }

    private final class Running {

        private final long started = System.nanoTime();
        private final AtomicLong portions = new AtomicLong();
        private final AtomicLong done = new AtomicLong();
        private final Map<String, Long> moments = new TreeMap<>();
        private final List<Unexplained> findings = new ArrayList<>();
        private final Set<String> kinds = new HashSet<>();
        private long machines;
        private long roundsPlayed;
        private long overlapping;
        private volatile int found;
        private volatile @Nullable Throwable failure;

        Result run() {
            List<Thread> threads = new ArrayList<>();
            for (int i = 0; i < jobs; i++) {
                threads.add(Thread.ofPlatform().daemon().name("campaign-" + i).start(this::play));
            }
            try {
                for (Thread thread : threads) {
                    thread.join();
                }
            } catch (InterruptedException e) {
                found = mostFindings;
                Thread.currentThread().interrupt();
            }
            Throwable thrown = failure;
            if (thrown != null) {
                throw new IllegalStateException("the campaign failed: " + thrown, thrown);
            }
            synchronized (this) {
                return new Result(
                        seed,
                        System.nanoTime() - started,
                        new ConcurrentResult(
                                machines, roundsPlayed, done.get(), overlapping, moments, null),
                        findings);
            }
        }

        private void play() {
            try {
                ConcurrentRounds mine = rounds.get();
                while (goesOn(0)) {
                    long number = portions.getAndIncrement();
                    long from = number == 0 ? seed : Chance.seed(seed, number);
                    long most = Math.min(PORTION, elements - done.get());
                    add(mine.play(from, most, this::goesOn));
                }
            } catch (RuntimeException | Error e) {
                failure = e;
                found = mostFindings;
            }
        }

        /// @param more elements that are not counted yet
        private boolean goesOn(long more) {
            long now = System.nanoTime() - started;
            progress.accept(new Progress(done.get() + more, found, now));
            return found < mostFindings && done.get() + more < elements && now < nanos;
        }

        private synchronized void add(ConcurrentResult result) {
            machines += result.machines();
            roundsPlayed += result.rounds();
            overlapping += result.overlapping();
            done.addAndGet(result.elements());
            result.moments().forEach((moment, count) -> moments.merge(moment, count, Long::sum));
            Unexplained finding = result.finding();
            if (finding != null && found < mostFindings && kinds.add(finding.part())) {
                findings.add(finding);
                found = findings.size();
            }
        }
    }
}
