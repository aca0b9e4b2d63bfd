// SPDX-License-Identifier: Apache-2.0
package org.provisor.proofs.explore;

import com.sun.management.OperatingSystemMXBean;

import org.jspecify.annotations.Nullable;

import java.lang.management.ManagementFactory;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.List;
import java.util.function.Consumer;
import java.util.function.LongSupplier;

/// An exhaustive exploration of a [World], to be set up, then run once.
///
/// ```java
/// Summary summary =
///         new Exploration(world).jobs(2).out(Path.of("run")).progress(this::print).run();
/// ```
///
/// With a directory the exploration survives its process: a later run of a world with the same
/// configuration goes on where the last checkpoint was (written every second or so, and at an
/// orderly end), whatever its number of jobs and its limits, and comes to the same totals. The
/// directory holds `states.log`, `checkpoint` and `lock`.
///
/// Memory: 11 to 22 bytes per state for the visited set, and `8 * (width + 1)` bytes per state for
/// the log, in memory or in its file. No option of the virtual machine bounds memory off the heap;
/// [#maxBytes] does.
public final class Exploration {

    /// The most longs in an encoded state.
    public static final int MAX_WIDTH = 1024;

    /// The most states in one exploration.
    public static final long MAX_STATES = StateLog.MAX_STATES;

    private static final int MAX_JOBS = 1024;

    final World world;
    int jobs = Math.min(MAX_JOBS, Runtime.getRuntime().availableProcessors());
    @Nullable Lane lane;
    @Nullable Path out;
    long maxStates = MAX_STATES;
    int maxDepth = Integer.MAX_VALUE;
    long maxBytes = memoryOfMachine() / 4 * 3;
    long budgetNanos = Long.MAX_VALUE;
    boolean keepGoing;
    LongSupplier clock = System::nanoTime;
    Consumer<Progress> progress = _ -> {};

    /// @throws IllegalArgumentException if the width, the configuration or the kinds of `world` are
    ///   not as [World] says
    public Exploration(final World world) {
        this.world = world;
        require(
                world.width() >= 1 && world.width() <= MAX_WIDTH,
                "the width of a state must be 1 to " + MAX_WIDTH + ", not " + world.width());
        require(isLine(world.configuration()), "the configuration must be one line of text");
        final List<String> kinds = world.kinds();
        require(
                !kinds.isEmpty() && kinds.stream().allMatch(Exploration::isLine),
                "a world needs kinds of actions, each a line of text");
        require(new HashSet<>(kinds).size() == kinds.size(), "the kinds of actions must differ");
    }

    /// Threads that expand states, 1 to 1024. By default one per processor. Does not change
    /// results.
    public Exploration jobs(final int threads) {
        require(threads >= 1 && threads <= MAX_JOBS, "jobs must be 1 to 1024, not " + threads);
        jobs = threads;
        return this;
    }

    /// Has states expanded elsewhere, by as many threads as there are jobs. Does not change
    /// results.
    public Exploration lane(final Lane elsewhere) {
        lane = elsewhere;
        return this;
    }

    /// The directory in which the exploration is kept, created if absent. By default it is kept in
    /// memory only.
    public Exploration out(final Path directory) {
        out = directory;
        return this;
    }

    /// At most so many states: the first state whose successors might be one too many is not
    /// expanded any more. Initial states do not count as too many. By default [#MAX_STATES].
    public Exploration maxStates(final long states) {
        require(
                states >= 1 && states <= MAX_STATES,
                "the limit on states must be 1 to " + MAX_STATES + ", not " + states);
        maxStates = states;
        return this;
    }

    /// States at this distance from the initial states are found and checked, not expanded.
    public Exploration maxDepth(final int depth) {
        require(depth >= 0, "the limit on depth must not be negative: " + depth);
        maxDepth = depth;
        return this;
    }

    /// Bytes of memory for the visited set, the buffers, and the log unless it is in a directory.
    /// Looked at between batches with an estimate of what the next one needs, so not to the byte.
    /// By default three quarters of the memory of the machine or container.
    public Exploration maxBytes(final long bytes) {
        require(bytes >= 1, "the limit on memory must be at least one byte, not " + bytes);
        maxBytes = bytes;
        return this;
    }

    /// Nanoseconds for this run. Looked at between batches, which take about a fifth of a second,
    /// or longer if 64 states take longer to expand.
    public Exploration budgetNanos(final long nanos) {
        require(nanos >= 0, "the limit on time must not be negative: " + nanos);
        budgetNanos = nanos;
        return this;
    }

    /// Goes on after the first level with a violation, through the whole graph.
    public Exploration keepGoing() {
        keepGoing = true;
        return this;
    }

    /// The clock, in nanoseconds since any origin. Called by several threads. By default
    /// [System#nanoTime()].
    public Exploration clock(final LongSupplier nanos) {
        clock = nanos;
        return this;
    }

    /// Called about once a second of the clock, on the thread that called [#run()].
    public Exploration progress(final Consumer<Progress> report) {
        progress = report;
        return this;
    }

    /// Explores until done, or until a limit. An interrupt of the calling thread is such a limit,
    /// and is consumed.
    ///
    /// @throws ExplorationException if the directory belongs to another configuration, is in use or
    ///   damaged, if memory or the disk is full, or if the world breaks its contract
    public Summary run() {
        return Search.run(this);
    }

    private static long memoryOfMachine() {
        return ManagementFactory.getPlatformMXBean(OperatingSystemMXBean.class)
                .getTotalMemorySize();
    }

    private static boolean isLine(final String text) {
        return !text.isBlank() && text.chars().noneMatch(c -> c == '\n' || c == '\r');
    }

    private static void require(final boolean condition, final String message) {
        if (!condition) {
            throw new IllegalArgumentException(message);
        }
    }
}
