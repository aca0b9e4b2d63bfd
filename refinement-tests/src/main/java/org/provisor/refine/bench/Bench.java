// SPDX-License-Identifier: Apache-2.0
package org.provisor.refine.bench;

import org.jspecify.annotations.Nullable;
import org.provisor.refine.bench.BenchResult.Figures;
import org.provisor.refine.bench.BenchResult.Row;
import org.provisor.refine.bench.BenchSide.Measured;
import org.provisor.refine.run.Check;

import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;

/// Runs the benchmark kernel on the implementation and on its peer, in turn, and puts together what
/// they have measured.
///
/// In each round each side starts the kernel anew. The guest chooses how many units a batch has,
/// such that it takes as long as its window by the guest's clock; the batch's time is the host's,
/// from the line on the console that says that it begins to the one that says that it ends, less
/// the median of batches in which nothing is done, which follow those of each kernel.
public final class Bench {

    private static final int BATCHES = 3;

    /// How many windows a kernel takes in one run: to find how many units fit, then its batches.
    private static final int WINDOWS = 5 + BATCHES;

    private static final long SHORTEST_NANOS = 2_000_000;
    private static final long LONGEST_NANOS = 1_000_000_000;
    private static final long MEMORY = 128L << 20;
    private static final Duration PATIENCE = Duration.ofMinutes(2);

    private final List<BenchKernel> kernels;
    private final @Nullable BenchPeer peer;
    private int rounds = 3;
    private long budgetNanos = Duration.ofMinutes(2).toNanos();
    private long units;
    private Check check = Check.OFF;
    private Consumer<Progress> progress = _ -> {};

    /// How far it has come.
    ///
    /// @param side who runs
    /// @param batches how many batches are done, of how many
    public record Progress(String side, int round, int rounds, int batches, int of) {}

    /// @param peer null to run the implementation alone
    public Bench(List<BenchKernel> kernels, @Nullable BenchPeer peer) {
        this.kernels = List.copyOf(kernels);
        this.peer = peer;
    }

    /// How often each side runs; 3 if nothing else is said.
    public Bench rounds(int now) {
        rounds = now;
        return this;
    }

    /// About how long all is to take.
    public Bench budgetNanos(long now) {
        budgetNanos = now;
        return this;
    }

    /// Exactly so many units a batch, however long they take; 0 is none.
    public Bench units(long now) {
        units = now;
        return this;
    }

    /// Has it run once more in each round, while so many of its hypercalls are judged.
    public Bench check(Check now) {
        check = now;
        return this;
    }

    public Bench progress(Consumer<Progress> now) {
        progress = now;
        return this;
    }

    private long windowNanos() {
        int sides = 1 + (peer == null ? 0 : 1) + (check == Check.OFF ? 0 : 1);
        long runs = (long) rounds * kernels.size() * sides * WINDOWS;
        return Math.clamp(budgetNanos / Math.max(1, runs), SHORTEST_NANOS, LONGEST_NANOS);
    }

    /// Measures.
    ///
    /// @throws BenchFailedException if a guest crashes, hangs, or is wrong
    public BenchResult run() {
        long window = windowNanos();
        BenchArguments arguments = new BenchArguments(kernels, BATCHES, window, units);
        Side ours = own("ours", Check.OFF);
        Side checked = check == Check.OFF ? null : own("ours, checked", check);
        Side theirs = peer == null ? null : new Side("Xen", new XenSide(peer, MEMORY, PATIENCE));
        for (int round = 1; round <= rounds; round++) {
            ours.run(arguments, round);
            if (checked != null) {
                checked.run(arguments, round);
            }
            if (theirs != null) {
                theirs.run(arguments, round);
            }
        }
        List<Row> rows = new ArrayList<>();
        for (BenchKernel kernel : kernels) {
            rows.add(
                    new Row(
                            kernel,
                            ours.figures(kernel),
                            theirs == null ? Figures.NONE : theirs.figures(kernel),
                            checked == null ? Figures.NONE : checked.figures(kernel)));
        }
        return new BenchResult(rows, peer != null, check, rounds, window);
    }

    private Side own(String name, Check judged) {
        return new Side(name, new OwnSide(BenchKernel.image(), MEMORY, PATIENCE.toNanos(), judged));
    }

    /// One side, and what it has measured so far.
    private final class Side {

        private final String name;
        private final BenchSide side;
        private final Map<String, List<Double>> nanos = new HashMap<>();
        private final Map<String, List<Double>> guest = new HashMap<>();
        private final Map<String, String> reasons = new HashMap<>();

        Side(String name, BenchSide side) {
            this.name = name;
            this.side = side;
        }

        void run(BenchArguments arguments, int round) {
            int[] done = {0};
            int all = arguments.kernels().size() * BATCHES;
            Runnable told =
                    () -> progress.accept(new Progress(name, round, rounds, ++done[0], all));
            Measured measured = side.run(arguments, told);
            reasons.putAll(measured.reasons());
            List<Double> empty =
                    measured.nothing().stream().map(Long::doubleValue).sorted().toList();
            double nothing = empty.isEmpty() ? 0 : BenchResult.quantile(empty, 0.5);
            for (Batch batch : measured.batches()) {
                // A batch that is shorter than nothing is one that says nothing.
                double took = Math.max(0, batch.hostNanos() - nothing);
                add(nanos, batch, took);
                add(guest, batch, (double) batch.guestNanos());
            }
        }

        private static void add(Map<String, List<Double>> to, Batch batch, double nanos) {
            to.computeIfAbsent(batch.kernel(), _ -> new ArrayList<>())
                    .add(nanos / batch.operations());
        }

        Figures figures(BenchKernel kernel) {
            return new Figures(
                    nanos.getOrDefault(kernel.name(), List.of()),
                    guest.getOrDefault(kernel.name(), List.of()),
                    reasons.get(kernel.name()));
        }
    }
}
