// SPDX-License-Identifier: Apache-2.0
package org.provisor.refine.concurrent;

import org.jspecify.annotations.Nullable;

import java.util.ArrayList;
import java.util.Collections;
import java.util.Formatter;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Random;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Consumer;
import java.util.function.Supplier;

/// All pairs of calls that [Races] has, on one pair of threads or several, until the budget is
/// spent or enough is found. Nothing of it is left to chance. Pairs of all states come early, so
/// that a short budget has some of each.
public final class RaceCampaign {

    private final Supplier<Races> races;
    private String only = "";
    private int jobs = 1;
    private long nanos = Long.MAX_VALUE;
    private long mostPairs = Long.MAX_VALUE;
    private int mostFindings = 1;
    private Consumer<Progress> progress = _ -> {};

    /// @param races makes what has calls meet, one for each pair of threads
    public RaceCampaign(Supplier<Races> races) {
        this.races = races;
    }

    /// Only pairs that have this in their text.
    public RaceCampaign only(String text) {
        only = text;
        return this;
    }

    /// How many pairs of threads.
    public RaceCampaign jobs(int count) {
        jobs = count;
        return this;
    }

    /// Ends after so many pairs.
    public RaceCampaign pairs(long most) {
        mostPairs = most;
        return this;
    }

    /// Ends after so long, or a little later.
    public RaceCampaign budgetNanos(long most) {
        nanos = most;
        return this;
    }

    /// Ends when so many kinds of outcomes have been found that no order explains.
    public RaceCampaign maxFindings(int most) {
        mostFindings = most;
        return this;
    }

    /// Told of the progress before each pair, by any thread.
    public RaceCampaign progress(Consumer<Progress> listener) {
        progress = listener;
        return this;
    }

    /// How far it has come.
    ///
    /// @param begun how many pairs met or are about to
    /// @param pairs how many there are
    /// @param findings so far, each kind once
    public record Progress(long begun, int pairs, int findings) {}

    /// What was done and found.
    ///
    /// @param pairs how many there are
    /// @param nanos how long it took
    /// @param total what came of those that met; of findings each kind once
    public record Result(int pairs, long nanos, RaceResult total) {

        /// The summary as lines of text, without the findings.
        public String text() {
            Formatter text = new Formatter(Locale.ROOT);
            text.format("pairs         %,d of %,d%n", total.pairs(), pairs);
            text.format("points        %,d in %.1f s%n", total.points(), nanos / 1e9);
            text.format("outcomes      %,d, pair by pair%n", total.outcomes());
            List<String> moments = new ArrayList<>();
            new TreeMap<>(total.moments())
                    .forEach((moment, count) ->
                            moments.add(
                                    String.format(Locale.ROOT, "%,d ", count)
                                            + moment.toLowerCase(Locale.ROOT)));
            text.format(
                    "moments       %s%n", moments.isEmpty() ? "none" : String.join(", ", moments));
            int found = total.findings().size();
            text.format("differences   %s%n", found == 0 ? "none" : found);
            return text.toString();
        }
    }

    /// Runs it.
    ///
    /// @throws IllegalArgumentException if there is no pair with the text that was asked for
    public Result run() {
        Races mine = races.get();
        List<Integer> chosen = new ArrayList<>();
        for (int number = 0; number < mine.pairs(); number++) {
            if (mine.text(number).contains(only)) {
                chosen.add(number);
            }
        }
        if (chosen.isEmpty()) {
            throw new IllegalArgumentException("no pair of calls has \"" + only + "\" in its text");
        }
        Collections.shuffle(chosen, new Random(1));
        int count = (int) Math.min(chosen.size(), mostPairs);
        return new Running(mine, chosen.subList(0, count)).run();
    }

    private final class Running {

        private final long started = System.nanoTime();
        private final AtomicInteger next = new AtomicInteger();
        private final Races first;
        private final List<Integer> chosen;
        private final Set<String> kinds = new HashSet<>();
        private RaceResult total = RaceResult.none();
        private volatile int found;
        private volatile @Nullable Throwable failure;

        Running(Races first, List<Integer> chosen) {
            this.first = first;
            this.chosen = chosen;
        }

        Result run() {
            List<Thread> threads = new ArrayList<>();
            for (int i = 1; i < jobs; i++) {
                threads.add(
                        Thread.ofPlatform()
                                .daemon()
                                .name("races-" + i)
                                .start(() -> play(races.get())));
            }
            play(first);
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
                throw new IllegalStateException("the races failed: " + thrown, thrown);
            }
            synchronized (this) {
                return new Result(chosen.size(), System.nanoTime() - started, total);
            }
        }

        private void play(Races mine) {
            try {
                int at = next.getAndIncrement();
                while (at < chosen.size()
                        && found < mostFindings
                        && System.nanoTime() - started < nanos) {
                    progress.accept(new Progress(at + 1L, chosen.size(), found));
                    add(mine.run(chosen.get(at)));
                    at = next.getAndIncrement();
                }
            } catch (RuntimeException | Error e) {
                failure = e;
                found = mostFindings;
            }
        }

        /// Of findings of one kind the first stays.
        private synchronized void add(RaceResult result) {
            List<RaceResult.Finding> more =
                    result.findings().stream().filter(each -> kinds.add(each.part())).toList();
            total =
                    total.and(
                            new RaceResult(
                                    result.pairs(),
                                    result.points(),
                                    result.outcomes(),
                                    result.moments(),
                                    more));
            found = total.findings().size();
        }
    }
}
