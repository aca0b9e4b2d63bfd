// SPDX-License-Identifier: Apache-2.0
package org.provisor.proofs.explore;

import org.provisor.proofs.mail.MailReader;
import org.provisor.proofs.mail.MailWriter;

import java.util.Arrays;

/// One worker's side of a batch: counts transitions, and keeps the successors that are not yet in
/// the visited set, in the order in which they come. Allocates nothing per transition.
///
/// Entry `i` is the state `states[i * width ...]`, its fingerprint `prints[i]`, and how it was
/// reached, `parents[i]` (unsigned) and `actions[i]`. Within a batch a worker expands states in the
/// order of the log, so an entry that repeats an earlier one is never the first: it is dropped
/// wherever that is cheap to see.
final class Outbox implements Successors {

    private static final int FIRST_ENTRIES = 1 << 10;
    private static final int WINDOW = 256;
    private static final int KNOWN_BITS = 12;
    private static final int MAX_LONGS = 1 << 30;

    final Tally tally;

    private final World world;
    private final int width;
    private final VisitedSet visited;
    private final long[] from;

    /// Fingerprints seen of late. All of them are in the visited set or in this outbox.
    private final long[] known;

    private final int knownShift;

    private final long[] homes = new long[WINDOW];
    private final int[] starts = new int[VisitedSet.PARTITIONS + 1];

    private long[] states;
    private long[] prints = new long[FIRST_ENTRIES];
    private int[] parents = new int[FIRST_ENTRIES];
    private int[] actions = new int[FIRST_ENTRIES];
    private int[] order = new int[FIRST_ENTRIES];
    private boolean[] fresh = new boolean[FIRST_ENTRIES];
    private int size;
    private int settled;

    private boolean countOnly;
    private long index;
    private int level;
    private int degree;
    private boolean broken;

    /// Where states come from.
    interface States {

        /// Copies the state with this index; called once for each, in ascending order.
        void read(long index, long[] state);
    }

    Outbox(final World world, final VisitedSet visited) {
        this(world, visited, KNOWN_BITS);
    }

    /// @param knownBits how many fingerprints are remembered, as a power of two
    Outbox(final World world, final VisitedSet visited, final int knownBits) {
        this.world = world;
        known = new long[1 << knownBits];
        knownShift = Long.SIZE - knownBits;
        this.visited = visited;
        width = world.width();
        from = new long[width];
        states = new long[FIRST_ENTRIES * width];
        tally = new Tally(world.kinds().size());
        forget();
    }

    /// Forgets which fingerprints were seen of late.
    void forget() {
        Arrays.fill(known, 0);
        // Slot 0 must not look as if the fingerprint 0 were known.
        known[0] = -1;
    }

    /// Forgets the entries of the last batch.
    void clear() {
        size = 0;
        settled = 0;
        countOnly = false;
    }

    /// From now on counts, and keeps no entries.
    void countOnly() {
        clear();
        tally.clear();
        countOnly = true;
    }

    /// Expands the states from `first` to before `end`, which are in level `depth`.
    void expand(
            final Expander expander,
            final States log,
            final long first,
            final long end,
            final int depth) {
        level = depth;
        for (long i = first; i < end; i++) {
            log.read(i, from);
            index = i;
            degree = 0;
            broken = false;
            expander.expand(from, 0, this);
            tally.transitions += degree;
            tally.minDegree = Math.min(tally.minDegree, degree);
            tally.maxDegree = Math.max(tally.maxDegree, degree);
            if (degree == 0 && !broken) {
                tally.deadlocks++;
            }
        }
        settle();
    }

    @Override
    public void add(final long[] encoded, final int at, final int action) {
        degree++;
        tally.kinds[world.kind(action)]++;
        if (isFrom(encoded, at)) {
            tally.selfLoops++;
            return;
        }
        if (countOnly) {
            return;
        }
        final long print = Fingerprint.of(encoded, at, width);
        final int slot = (int) (print >>> knownShift);
        if (known[slot] == print) {
            return;
        }
        known[slot] = print;
        keep(print, encoded, at, (int) index, action);
    }

    private void keep(
            final long print,
            final long[] encoded,
            final int at,
            final int parent,
            final int action) {
        final int i = size;
        if (i == prints.length) {
            grow();
        }
        for (int w = 0, to = i * width; w < width; w++) {
            states[to + w] = encoded[at + w];
        }
        prints[i] = print;
        parents[i] = parent;
        actions[i] = action;
        size = i + 1;
        if (size - settled == WINDOW) {
            settle();
        }
    }

    /// Writes what was counted and the entries, and forgets what was counted.
    void write(final MailWriter to) {
        tally.write(to);
        tally.clear();
        to.small(size);
        for (int i = 0; i < size; i++) {
            to.small(parents[i]).small(actions[i]).numbers(states, i * width, width);
        }
    }

    /// Takes what another one wrote, as if the states had been expanded here.
    void take(final MailReader from) {
        final Tally counted = new Tally(tally.kinds.length);
        counted.read(from);
        tally.take(counted);
        for (int left = from.small(); left > 0; left--) {
            final int parent = from.small();
            final int action = from.small();
            from.numbers(this.from, 0, width);
            keep(Fingerprint.of(this.from, 0, width), this.from, 0, parent, action);
        }
        settle();
    }

    @Override
    public void violation(final String what, final int action) {
        broken = true;
        tally.record(
                new Found(what, 1, level + 1, Fingerprint.of(from, 0, width), action, index, true));
    }

    private boolean isFrom(final long[] encoded, final int at) {
        for (int i = 0; i < width; i++) {
            if (encoded[at + i] != from[i]) {
                return false;
            }
        }
        return true;
    }

    /// Drops those of the last entries that are in the visited set. The home slots are read first,
    /// in a loop without branches, so that the processor waits for many of them at once.
    private void settle() {
        final int first = settled;
        final int end = size;
        for (int i = first; i < end; i++) {
            homes[i - first] = visited.home(prints[i]);
        }
        int kept = first;
        for (int i = first; i < end; i++) {
            final long print = prints[i];
            final long home = homes[i - first];
            final boolean old = home != 0 && (home == print || visited.contains(print));
            if (!old) {
                if (kept != i) {
                    move(i, kept);
                }
                kept++;
            }
        }
        size = kept;
        settled = kept;
    }

    private void move(final int i, final int to) {
        for (int w = 0; w < width; w++) {
            states[to * width + w] = states[i * width + w];
        }
        prints[to] = prints[i];
        parents[to] = parents[i];
        actions[to] = actions[i];
    }

    private void grow() {
        final int entries = prints.length * 2;
        if ((long) entries * width > MAX_LONGS) {
            throw new ExplorationException(
                    "the states of one unit of work have more than "
                            + prints.length
                            + " new successors; the world must branch less");
        }
        states = Arrays.copyOf(states, entries * width);
        prints = Arrays.copyOf(prints, entries);
        parents = Arrays.copyOf(parents, entries);
        actions = Arrays.copyOf(actions, entries);
        order = new int[entries];
        fresh = new boolean[entries];
    }

    /// Lists the entries by partition of the visited set, keeping their order within each.
    void sort() {
        Arrays.fill(starts, 0);
        for (int i = 0; i < size; i++) {
            starts[VisitedSet.partition(prints[i]) + 1]++;
        }
        for (int p = 0; p < VisitedSet.PARTITIONS; p++) {
            starts[p + 1] += starts[p];
        }
        for (int i = size - 1; i >= 0; i--) {
            final int p = VisitedSet.partition(prints[i]);
            starts[p + 1]--;
            order[starts[p + 1]] = i;
        }
        // Each start has moved down by one partition: starts[p + 1] is now where p begins.
        System.arraycopy(starts, 1, starts, 0, VisitedSet.PARTITIONS);
        starts[VisitedSet.PARTITIONS] = size;
    }

    /// Where the entries of partition `p` begin in the list by partition.
    int start(final int p) {
        return starts[p];
    }

    /// Enters the entries of partition `p` that come before entry `end` into the visited set, from
    /// place `at` of the list by partition.
    ///
    /// @return the place after the last entry taken
    int insert(final int p, final int at, final int end) {
        final int last = starts[p + 1];
        int place = at;
        while (place < last && order[place] < end) {
            final int entry = order[place];
            fresh[entry] = visited.insert(prints[entry]);
            place++;
        }
        return place;
    }

    /// Entries kept so far in this batch.
    int size() {
        return size;
    }

    /// How many of the entries from `first` to before `end` are new states.
    int countFresh(final int first, final int end) {
        int count = 0;
        for (int i = first; i < end; i++) {
            if (fresh[i]) {
                count++;
            }
        }
        return count;
    }

    /// The same, of those whose parent comes before `parentEnd`.
    int countFresh(final int first, final int end, final long parentEnd) {
        int count = 0;
        for (int i = first; i < end; i++) {
            if (fresh[i] && Integer.toUnsignedLong(parents[i]) < parentEnd) {
                count++;
            }
        }
        return count;
    }

    /// The parent of the new state that comes after `skip` others, from entry `first` on.
    long parentOfFresh(final int first, final long skip) {
        long left = skip;
        int i = first;
        while (!fresh[i] || left-- > 0) {
            i++;
        }
        return Integer.toUnsignedLong(parents[i]);
    }

    /// Writes the new states among the entries from `first` to before `end` whose parent, in level
    /// `depth`, comes before `parentEnd` to the log, from place `at` on. Checks them with the
    /// caller's expander and counts in the caller's tally.
    void append(
            final Expander expander,
            final StateLog log,
            final int first,
            final int end,
            final long parentEnd,
            final long at,
            final Tally to,
            final int depth) {
        long place = at;
        for (int i = first; i < end; i++) {
            final long parent = Integer.toUnsignedLong(parents[i]);
            if (fresh[i] && parent < parentEnd) {
                log.write(place, states, i * width, parent, actions[i]);
                to.digest += prints[i];
                final String what = expander.check(states, i * width);
                if (what != null) {
                    to.record(new Found(what, 1, depth + 1, prints[i], actions[i], place, false));
                }
                place++;
            }
        }
    }

    /// Longs that one entry takes, about.
    int entryLongs() {
        return width + 3;
    }

    /// Bytes on the heap.
    long bytes() {
        return (long) prints.length * (width * 8 + 8 + 4 + 4 + 4 + 1) + known.length * 8L;
    }
}
