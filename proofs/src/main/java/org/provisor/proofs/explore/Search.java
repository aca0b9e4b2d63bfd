// SPDX-License-Identifier: Apache-2.0
package org.provisor.proofs.explore;

import org.jspecify.annotations.Nullable;
import org.provisor.proofs.mail.MailReader;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;

/// One run of an [Exploration]: batches of consecutive states of a level are expanded, inserted and
/// appended, as the package's picture shows.
///
/// The log comes out in the order of a queue on one thread: units of a batch are consecutive
/// states, the first of equal successors in the order of the log is the one kept, and new states
/// are written in that order. So neither the number of workers nor where a batch ends shows in the
/// result.
final class Search {

    private static final int MAX_UNITS = 1024;
    private static final int MAX_UNIT_STATES = 64;
    private static final long UNITS_PER_JOB = 8;

    /// Levels with fewer states left are expanded by the calling thread alone.
    private static final int ALONE = 8;

    /// A batch ends once its outboxes hold so many longs.
    private static final long BATCH_LONGS = 1L << 22;

    private static final long BATCH_NANOS = 200_000_000;
    private static final long PROGRESS_NANOS = 1_000_000_000;
    private static final long CHECKPOINT_NANOS = 1_000_000_000;
    private static final int REBUILD_STATES = 1 << 18;

    private final Exploration options;
    private final World world;
    private final long startNanos;
    private final @Nullable Directory directory;
    private final StateLog log;
    private final VisitedSet visited;
    private final Crew crew;
    private final Outbox[] outboxes;
    private final Expander[] expanders;

    // Where the search is. A checkpoint holds these and the log.
    private final Tally tally;
    private final List<Long> levels = new ArrayList<>();
    private long levelEnd;
    private long expanded;
    private long earlierNanos;

    // The batch in hand; written by the calling thread between jobs.
    private long batchFirst;
    private int unitStates;
    private int units;
    private boolean alone;
    private long parentEnd;
    private long batchDeadline;
    private final int[] unitWorker = new int[MAX_UNITS];
    private final int[] unitFrom = new int[MAX_UNITS];
    private final int[] unitTo = new int[MAX_UNITS];
    private final long[] unitPlace = new long[MAX_UNITS];
    private final AtomicInteger next = new AtomicInteger();
    private final AtomicLong buffered = new AtomicLong();
    private volatile boolean full;

    private boolean cut;
    private boolean interrupted;
    private long lastFresh;
    private long progressNanos;
    private long progressTransitions;
    private long checkpointNanos;

    private Search(
            final Exploration options,
            final @Nullable Directory directory,
            final StateLog log,
            final VisitedSet visited,
            final Crew crew,
            final long startNanos) {
        this.options = options;
        this.directory = directory;
        this.log = log;
        this.visited = visited;
        this.crew = crew;
        this.startNanos = startNanos;
        world = options.world;
        tally = new Tally(world.kinds().size());
        outboxes = new Outbox[options.jobs];
        expanders = new Expander[options.jobs];
        for (int i = 0; i < options.jobs; i++) {
            outboxes[i] = new Outbox(world, visited);
            expanders[i] = world.expander();
        }
        progressNanos = startNanos;
        checkpointNanos = startNanos;
    }

    static Summary run(final Exploration options) {
        final long startNanos = options.clock.getAsLong();
        if (options.out == null) {
            return run(options, null, null, startNanos, false);
        }
        // An interrupt would close the files under our hands.
        final boolean interrupted = Thread.interrupted();
        try (Directory directory = Directory.open(options.out)) {
            final Checkpoint left = directory.checkpoint(options.world);
            return run(options, directory, left, startNanos, interrupted);
        }
    }

    private static Summary run(
            final Exploration options,
            final @Nullable Directory directory,
            final @Nullable Checkpoint left,
            final long startNanos,
            final boolean interrupted) {
        try (StateLog log =
                        new StateLog(
                                options.world.width(),
                                directory == null ? null : directory.stateLog());
                VisitedSet visited = new VisitedSet(left == null ? 0 : left.states());
                Crew crew = new Crew(options.jobs)) {
            final Search search = new Search(options, directory, log, visited, crew, startNanos);
            search.interrupted = interrupted;
            try {
                return search.run(left);
            } catch (OutOfMemoryError e) {
                throw search.outOfMemory(e);
            }
        }
    }

    private Summary run(final @Nullable Checkpoint left) {
        holdInterrupt();
        if (left == null) {
            begin();
        } else {
            resume(left);
        }
        progressTransitions = tally.transitions;
        Ending ending = ending();
        while (ending == null) {
            batch();
            final long now = options.clock.getAsLong();
            report(now);
            checkpoint(now, false);
            ending = ending();
        }
        final long now = options.clock.getAsLong();
        checkpoint(now, true);
        return summary(ending, nanos(now));
    }

    private ExplorationException outOfMemory(final OutOfMemoryError cause) {
        return new ExplorationException(
                String.format(
                        Locale.ROOT,
                        "out of memory at %,d states (visited set %,d MiB, log %,d MiB, buffers %,d"
                                + " MiB): raise -Xmx or the machine's memory, or keep the log in"
                                + " a directory",
                        log.size(),
                        visited.bytes() >> 20,
                        log.bytes() >> 20,
                        bufferBytes() >> 20),
                cause);
    }

    /// Level 0: the initial states, in the order in which the world lists them.
    private void begin() {
        final List<long[]> initial = world.initial();
        if (initial.isEmpty()) {
            throw new ExplorationException("the world has no initial state");
        }
        extend(initial.size());
        long place = 0;
        for (final long[] state : initial) {
            if (state.length != world.width()) {
                throw new ExplorationException(
                        "an initial state has "
                                + state.length
                                + " longs, the world's width is "
                                + world.width());
            }
            final long print = Fingerprint.of(state, 0, world.width());
            if (visited.insert(print)) {
                log.write(place, state, 0, StateLog.NO_PARENT, 0);
                tally.digest += print;
                final String what = expanders[0].check(state, 0);
                if (what != null) {
                    tally.record(new Found(what, 1, 0, print, 0, place, false));
                }
                place++;
            }
        }
        extend(place);
        levels.add(0L);
        levelEnd = place;
        checkpoint(startNanos, true);
    }

    /// Takes over a checkpoint, and rebuilds the visited set from the log.
    private void resume(final Checkpoint from) {
        if (!log.holds(from.states())) {
            throw new ExplorationException(
                    "the state log is shorter than its checkpoint says: start in a new directory");
        }
        extend(from.states());
        levels.addAll(from.levels());
        levelEnd = from.levelEnd();
        expanded = from.expanded();
        earlierNanos = from.nanos();
        tally.take(from.tally());
        final long[] prints = new long[REBUILD_STATES];
        final AtomicLong sum = new AtomicLong();
        final AtomicLong repeats = new AtomicLong();
        final int jobs = options.jobs;
        for (long first = 0; first < log.size(); first += REBUILD_STATES) {
            final long begin = first;
            final int count = (int) Math.min(REBUILD_STATES, log.size() - begin);
            crew.all(worker -> {
                final long[] state = new long[world.width()];
                final int end = (int) ((worker + 1L) * count / jobs);
                long partSum = 0;
                for (int i = (int) ((long) worker * count / jobs); i < end; i++) {
                    log.read(begin + i, state);
                    prints[i] = Fingerprint.of(state, 0, state.length);
                    partSum += prints[i];
                }
                sum.addAndGet(partSum);
            });
            crew.all(worker -> {
                for (int i = 0; i < count; i++) {
                    if (VisitedSet.partition(prints[i]) % jobs == worker
                            && !visited.insert(prints[i])) {
                        repeats.incrementAndGet();
                    }
                }
            });
        }
        if (sum.get() != tally.digest || repeats.get() != 0) {
            throw new ExplorationException(
                    "the state log does not match its checkpoint: start in a new directory");
        }
    }

    /// Why to stop here, between batches; null to go on. Enters the next level if one is done.
    private @Nullable Ending ending() {
        if (expanded == levelEnd) {
            if (log.size() == levelEnd) {
                return Ending.COMPLETE;
            }
            levels.add(levelEnd);
            levelEnd = log.size();
        }
        if (!options.keepGoing && expanded == levels.getLast() && !tally.found.isEmpty()) {
            return Ending.VIOLATION;
        }
        if (depth() >= options.maxDepth) {
            return Ending.MAX_DEPTH;
        }
        if (cut || log.size() > options.maxStates) {
            return Ending.MAX_STATES;
        }
        if (options.clock.getAsLong() - startNanos >= options.budgetNanos) {
            return Ending.BUDGET;
        }
        if (Thread.interrupted() || interrupted) {
            return Ending.INTERRUPTED;
        }
        // The next batch is taken to find up to twice as many states as the last one.
        final long more = 2 * lastFresh;
        if (memoryBytes() + visited.growth(more) + log.growth(more) > options.maxBytes) {
            return Ending.MEMORY;
        }
        return null;
    }

    private int depth() {
        return levels.size() - 1;
    }

    private void batch() {
        final long left = levelEnd - expanded;
        batchFirst = expanded;
        unitStates = Math.clamp(left / (UNITS_PER_JOB * options.jobs), 1, MAX_UNIT_STATES);
        units = (int) Math.min(MAX_UNITS, (left + unitStates - 1) / unitStates);
        batchDeadline = options.clock.getAsLong() + BATCH_NANOS;
        buffered.set(0);
        full = false;
        for (final Outbox outbox : outboxes) {
            outbox.clear();
        }
        alone = left < ALONE;
        together(this::expandUnits);
        units = Math.min(units, next.get());
        together(this::insertPartitions);

        parentEnd = Math.min(levelEnd, batchFirst + (long) units * unitStates);
        long place = log.size();
        for (int unit = 0; unit < units; unit++) {
            unitPlace[unit] = place;
            place += outboxes[unitWorker[unit]].countFresh(unitFrom[unit], unitTo[unit]);
        }
        if (place > options.maxStates) {
            place = cut();
        }
        lastFresh = place - log.size();
        extend(place);
        together(this::appendUnits);
        for (final Outbox outbox : outboxes) {
            tally.take(outbox.tally);
        }
        expanded = parentEnd;
    }

    private void together(final Crew.Job job) {
        next.set(0);
        if (alone) {
            job.work(0);
        } else {
            crew.all(job);
        }
    }

    private void expandUnits(final int worker) {
        final Outbox outbox = outboxes[worker];
        while (!full && !crew.failed()) {
            final int unit = next.getAndIncrement();
            if (unit >= units) {
                break;
            }
            final int before = outbox.size();
            final long first = batchFirst + (long) unit * unitStates;
            expand(worker, first, Math.min(levelEnd, first + unitStates));
            unitWorker[unit] = worker;
            unitFrom[unit] = before;
            unitTo[unit] = outbox.size();
            final long longs = (long) (outbox.size() - before) * outbox.entryLongs();
            if (buffered.addAndGet(longs) > BATCH_LONGS
                    || options.clock.getAsLong() - batchDeadline >= 0) {
                full = true;
            }
        }
        outbox.sort();
    }

    private void expand(final int worker, final long first, final long end) {
        final Lane lane = options.lane;
        if (lane == null || alone) {
            outboxes[worker].expand(expanders[worker], log::read, first, end, depth());
        } else {
            final byte[] unit = UnitExpansion.request(log, world.width(), first, end, depth());
            outboxes[worker].take(new MailReader(lane.expand(unit)));
        }
    }

    private void insertPartitions(final int worker) {
        final int[] at = new int[outboxes.length];
        while (!crew.failed()) {
            final int partition = next.getAndIncrement();
            if (partition >= VisitedSet.PARTITIONS) {
                return;
            }
            for (int i = 0; i < at.length; i++) {
                at[i] = outboxes[i].start(partition);
            }
            for (int unit = 0; unit < units; unit++) {
                final int by = unitWorker[unit];
                at[by] = outboxes[by].insert(partition, at[by], unitTo[unit]);
            }
        }
    }

    private void appendUnits(final int worker) {
        while (!crew.failed()) {
            final int unit = next.getAndIncrement();
            if (unit >= units) {
                return;
            }
            final Outbox to = outboxes[worker];
            outboxes[unitWorker[unit]].append(
                    expanders[worker],
                    log,
                    unitFrom[unit],
                    unitTo[unit],
                    parentEnd,
                    unitPlace[unit],
                    to.tally,
                    depth());
        }
    }

    /// Ends the batch before the first state that leads to more states than allowed, and counts
    /// anew what was counted beyond it. The visited set then holds too much, but is no longer used.
    ///
    /// @return the size of the log after the batch
    private long cut() {
        cut = true;
        int unit = units - 1;
        while (unitPlace[unit] > options.maxStates) {
            unit--;
        }
        final Outbox outbox = outboxes[unitWorker[unit]];
        final int from = unitFrom[unit];
        final int to = unitTo[unit];
        final long room = options.maxStates - unitPlace[unit];
        parentEnd = outbox.parentOfFresh(from, room);
        final Outbox counter = new Outbox(world, visited);
        counter.countOnly();
        counter.expand(expanders[0], log::read, batchFirst, parentEnd, depth());
        for (final Outbox each : outboxes) {
            each.tally.clear();
        }
        tally.take(counter.tally);
        return unitPlace[unit] + outbox.countFresh(from, to, parentEnd);
    }

    private void report(final long now) {
        final long passed = now - progressNanos;
        if (passed < PROGRESS_NANOS) {
            return;
        }
        options.progress.accept(
                new Progress(
                        log.size(),
                        tally.transitions,
                        (tally.transitions - progressTransitions) * 1e9 / passed,
                        log.size() - expanded,
                        depth(),
                        memoryBytes(),
                        nanos(now)));
        progressNanos = now;
        progressTransitions = tally.transitions;
    }

    private void checkpoint(final long now, final boolean always) {
        if (directory == null || (!always && now - checkpointNanos < CHECKPOINT_NANOS)) {
            return;
        }
        holdInterrupt();
        directory.write(
                new Checkpoint(
                        world.configuration(),
                        world.width(),
                        world.kinds(),
                        levels,
                        levelEnd,
                        expanded,
                        log.size(),
                        tally,
                        nanos(now)));
        checkpointNanos = now;
    }

    private void extend(final long records) {
        holdInterrupt();
        log.extend(records);
    }

    /// Takes note of an interrupt before files are touched: it would close them.
    private void holdInterrupt() {
        interrupted |= Thread.interrupted();
    }

    private long nanos(final long now) {
        return earlierNanos + now - startNanos;
    }

    private long bufferBytes() {
        long bytes = 0;
        for (final Outbox outbox : outboxes) {
            bytes += outbox.bytes();
        }
        return bytes;
    }

    private long memoryBytes() {
        return visited.bytes() + bufferBytes() + (log.inMemory() ? log.bytes() : 0);
    }

    private Summary summary(final Ending ending, final long nanos) {
        final List<Long> perLevel = new ArrayList<>();
        for (int i = 1; i < levels.size(); i++) {
            perLevel.add(levels.get(i) - levels.get(i - 1));
        }
        perLevel.add(levelEnd - levels.getLast());
        if (log.size() > levelEnd) {
            perLevel.add(log.size() - levelEnd);
        }
        final Map<String, Long> byKind = new LinkedHashMap<>();
        for (int i = 0; i < tally.kinds.length; i++) {
            byKind.put(world.kinds().get(i), tally.kinds[i]);
        }
        final List<Violation> violations =
                tally.found.values().stream()
                        .sorted(Found::compare)
                        .map(found -> new Violation(found.what(), found.count(), trace(found)))
                        .toList();
        return new Summary(
                world.configuration(),
                world.width(),
                ending,
                log.size(),
                log.size() - expanded,
                perLevel,
                tally.transitions,
                tally.selfLoops,
                tally.deadlocks,
                expanded == 0 ? 0 : tally.minDegree,
                tally.maxDegree,
                byKind,
                violations,
                tally.digest,
                Fingerprint.collisionProbability(log.size(), world.width()),
                nanos,
                visited.bytes(),
                log.bytes(),
                bufferBytes());
    }

    private Trace trace(final Found found) {
        final List<Long> path = new ArrayList<>();
        for (long i = found.index(); i != StateLog.NO_PARENT; i = log.parent(i)) {
            path.addFirst(i);
        }
        final List<Trace.Step> steps = new ArrayList<>();
        long[] from = state(path.getFirst());
        final List<Long> encoded = encoded(from);
        final String initial = world.describe(from);
        for (final long index : path.subList(1, path.size())) {
            final int action = log.action(index);
            final String text = world.describeAction(from, action);
            from = state(index);
            steps.add(new Trace.Reached(action, text, encoded(from), world.describe(from)));
        }
        if (found.onAction()) {
            steps.add(
                    new Trace.Broken(
                            found.action(),
                            world.describeAction(from, found.action()),
                            found.what()));
        }
        return new Trace(encoded, initial, steps);
    }

    private long[] state(final long index) {
        final long[] state = new long[world.width()];
        log.read(index, state);
        return state;
    }

    private static List<Long> encoded(final long[] state) {
        final List<Long> list = new ArrayList<>();
        for (final long word : state) {
            list.add(word);
        }
        return list;
    }
}
