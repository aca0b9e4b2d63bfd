// SPDX-License-Identifier: Apache-2.0
package org.provisor.refine.cpu;

import org.jspecify.annotations.Nullable;
import org.provisor.impl.decode.CodeMode;
import org.provisor.impl.decode.Decoder;
import org.provisor.impl.decode.Opcode;
import org.provisor.impl.decode.OpcodeTable;
import org.provisor.impl.interp.Interpreter;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Consumer;
import java.util.function.Supplier;

/// Compares the interpreter with the host's processor on snippets made up by chance, on several
/// threads, until a budget is spent.
public final class CpuFuzz {

    /// A round repeats from its seed, whatever ran before it.
    static final int ROUND = 10_000;

    private static final long GOLDEN = 0x9e3779b97f4a7c15L;
    private static final long LOOK_NANOS = 200_000_000L;

    /// A snippet that takes as many looks as this is hanging.
    private static final int PATIENCE = 5;

    private final Supplier<Interpreter> interpreters;
    private final OpcodeTable table;

    private long seed;
    private int jobs = 1;
    private long budgetNanos = Long.MAX_VALUE;
    private long maxSnippets = Long.MAX_VALUE;
    private int maxDifferences = 10;
    private String only = "";
    private CodeMode mode = CodeMode.BITS_64;
    private Consumer<CpuFuzzResult> progress = result -> {};

    private final AtomicLong nextRound = new AtomicLong();
    private final AtomicLong snippets = new AtomicLong();
    private final Map<String, CpuDifference> differences = new LinkedHashMap<>();
    private final List<Throwable> failures = new ArrayList<>();
    private long[] hits = new long[0];
    private long discarded;
    private final List<CpuDifference> notSeenAgain = new ArrayList<>();
    private volatile boolean stop;

    public CpuFuzz() {
        this(Interpreter::new);
    }

    /// @param interpreters makes what is compared with the processor, one for each thread
    public CpuFuzz(final Supplier<Interpreter> interpreters) {
        this.interpreters = interpreters;
        this.table = OpcodeTable.standard();
    }

    /// Why this cannot run here, on one line; null if it can.
    public static @Nullable String unusable() {
        return HostProcessor.unusable();
    }

    public CpuFuzz seed(final long newSeed) {
        seed = newSeed;
        return this;
    }

    /// How many threads; one if it is not said.
    ///
    /// @throws IllegalArgumentException unless it is 1 to 64
    public CpuFuzz jobs(final int newJobs) {
        if (newJobs < 1 || newJobs > 64) {
            throw new IllegalArgumentException("--jobs must be 1 to 64, not " + newJobs);
        }
        jobs = newJobs;
        return this;
    }

    public CpuFuzz budgetNanos(final long nanos) {
        budgetNanos = nanos;
        return this;
    }

    public CpuFuzz snippets(final long most) {
        maxSnippets = most;
        return this;
    }

    /// The code that snippets begin with: of 64 bits, if it is not said, or of 32. To be said
    /// before [#only].
    ///
    /// @throws IllegalArgumentException for anything else
    public CpuFuzz mode(final int bits) {
        mode =
                switch (bits) {
                    case 64 -> CodeMode.BITS_64;
                    case 32 -> CodeMode.BITS_32;
                    default ->
                            throw new IllegalArgumentException(
                                    "--mode must be 64 or 32, not " + bits);
                };
        return this;
    }

    public CpuFuzz maxDifferences(final int most) {
        maxDifferences = most;
        return this;
    }

    /// Only rows whose name and operands or encoding begin so, or that this feature offers.
    ///
    /// @throws IllegalArgumentException if there is none that can run here
    public CpuFuzz only(final String prefix) {
        only = prefix;
        if (rows().isEmpty()) {
            throw new IllegalArgumentException(
                    "--only "
                            + prefix
                            + ": no row of the table that can run on this processor begins so");
        }
        return this;
    }

    public CpuFuzz progress(final Consumer<CpuFuzzResult> listener) {
        progress = listener;
        return this;
    }

    private List<Opcode> rows() {
        final Map<Opcode, String> left = RowChoice.leftOut(table, mode);
        final List<Opcode> rows = new ArrayList<>();
        for (final Opcode row : table.rows()) {
            final boolean meant =
                    RowChoice.name(row).startsWith(only) || row.feature().equals(only);
            if (!left.containsKey(row) && meant) {
                rows.add(row);
            }
        }
        return rows;
    }

    /// Runs until the budget is spent or there are too many differences.
    ///
    /// @throws IllegalStateException if the host's processor cannot be had
    public CpuFuzzResult run() {
        final long start = System.nanoTime();
        final List<Opcode> rows = rows();
        hits = new long[table.rows().size()];
        try (HostProcessor host = HostProcessor.open(jobs)) {
            final List<Worker> workers = new ArrayList<>();
            for (int i = 0; i < jobs; i++) {
                final Worker worker = new Worker(host.thread(i), rows);
                worker.thread.start();
                workers.add(worker);
            }
            watch(workers, start);
        }
        for (final Throwable failure : failures) {
            throw new IllegalStateException("a thread of the campaign failed", failure);
        }
        return result(start);
    }

    private void watch(final List<Worker> workers, final long start) {
        boolean alive = true;
        while (alive) {
            alive = false;
            for (final Worker worker : workers) {
                LockSupport.parkNanos(this, LOOK_NANOS / workers.size());
                if (Thread.currentThread().isInterrupted()) {
                    stop = true;
                }
                alive |= worker.thread.isAlive();
                worker.interruptIfHanging();
            }
            if (System.nanoTime() - start >= budgetNanos) {
                stop = true;
            }
            progress.accept(result(start));
        }
    }

    private synchronized CpuFuzzResult result(final long start) {
        return new CpuFuzzResult(
                seed,
                snippets.get(),
                discarded,
                List.copyOf(notSeenAgain),
                System.nanoTime() - start,
                table,
                Arrays.stream(hits).boxed().toList(),
                RowChoice.leftOut(table, mode),
                List.copyOf(differences.values()));
    }

    private static long mix(final long value) {
        long z = (value ^ value >>> 30) * 0xbf58476d1ce4e5b9L;
        z = (z ^ z >>> 27) * 0x94d049bb133111ebL;
        return z ^ z >>> 31;
    }

    private synchronized void add(final CpuDifference difference) {
        if (!difference.repeats()) {
            notSeenAgain.add(difference);
            return;
        }
        differences.putIfAbsent(difference.kind(), difference);
        if (differences.size() >= maxDifferences) {
            stop = true;
        }
    }

    private synchronized void add(final long[] newHits, final long newDiscarded) {
        for (int i = 0; i < hits.length; i++) {
            hits[i] += newHits[i];
        }
        discarded += newDiscarded;
    }

    private synchronized void fail(final Throwable failure) {
        failures.add(failure);
        stop = true;
    }

    /// One thread, with one part of the host's processor.
    private final class Worker {

        private final HostThread host;
        private final List<Opcode> rows;
        final Thread thread;

        private final AtomicLong moved = new AtomicLong();
        private long seen = -1;
        private int looks;

        Worker(final HostThread host, final List<Opcode> rows) {
            this.host = host;
            this.rows = rows;
            this.thread = Thread.ofPlatform().name("snippets").unstarted(this::run);
        }

        void interruptIfHanging() {
            final long now = moved.get();
            looks = now == seen ? looks + 1 : 0;
            seen = now;
            if (looks >= PATIENCE) {
                host.interrupt();
                looks = 0;
            }
        }

        private void run() {
            try {
                host.attach();
                try {
                    rounds();
                } finally {
                    host.detach();
                }
            } catch (final RuntimeException | Error e) {
                fail(e);
            }
        }

        private void rounds() {
            final Oracle oracle = new Oracle(host, interpreters.get());
            final DifferenceShrinker shrinker =
                    new DifferenceShrinker(oracle, Decoder.standard(mode));
            while (!stop && snippets.get() < maxSnippets) {
                final long roundSeed = seedOf(nextRound.getAndIncrement());
                round(oracle, shrinker, roundSeed);
            }
        }

        /// The first round's seed is the campaign's, so that a round repeats as a campaign.
        private long seedOf(final long number) {
            return number == 0 ? seed : mix(seed + number * GOLDEN);
        }

        private void round(
                final Oracle oracle, final DifferenceShrinker shrinker, final long roundSeed) {
            final SnippetGenerator generator =
                    new SnippetGenerator(
                            new SplittableRandom(roundSeed),
                            rows,
                            Decoder.standard(mode),
                            host.local().isThere());
            final Snippet snippet = new Snippet(oracle.area(), oracle.job());
            final long[] roundHits = new long[hits.length];
            long roundDiscarded = 0;
            oracle.reset();
            for (int i = 0; i < ROUND && !stop; i++) {
                final long slot = (long) (i & 127) * 256;
                generator.next(snippet, NativeArea.CODE + slot, oracle.data());
                moved.incrementAndGet();
                switch (oracle.check(snippet)) {
                    case AGREE -> count(oracle, roundHits);
                    case DISCARDED -> {
                        roundDiscarded++;
                        continue;
                    }
                    case DIFFER -> {
                        count(oracle, roundHits);
                        differs(oracle, shrinker, snippet, roundSeed);
                    }
                }
                snippets.incrementAndGet();
            }
            add(roundHits, roundDiscarded);
        }

        private void count(final Oracle oracle, final long[] into) {
            for (int i = 0; i < oracle.steps(); i++) {
                into[oracle.row(i)]++;
            }
        }

        private void differs(
                final Oracle oracle,
                final DifferenceShrinker shrinker,
                final Snippet snippet,
                final long roundSeed) {
            final byte[] before = oracle.before().clone();
            add(shrinker.shrink(snippet, before, roundSeed));
            oracle.setData(before);
        }
    }
}
