// SPDX-License-Identifier: Apache-2.0
package org.provisor.proofs.explore;

import static java.lang.foreign.ValueLayout.JAVA_LONG;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;

/// A set of fingerprints, off the heap, in [#PARTITIONS] open-addressing tables.
///
/// ```text
///   63       58 57                            0
///  +-----------+------------------------------+
///  | partition |   ...  low bits: home slot   |
///  +-----------+------------------------------+
/// ```
///
/// A slot holds a fingerprint; 0 is an empty slot, and whether the fingerprint 0 is in the set is a
/// flag of its own. A table doubles when it is three quarters full (small ones grow eightfold).
///
/// Reads and inserts take turns: while any thread reads, none inserts; while threads insert, each
/// partition belongs to one of them. The caller orders the turns, so all access here is plain.
final class VisitedSet implements AutoCloseable {

    static final int PARTITIONS = 64;

    private static final int PARTITION_SHIFT = 58;
    private static final long FIRST_SLOTS = 1L << 9;
    private static final long SMALL_SLOTS = 1L << 15;

    private final Table[] tables = new Table[PARTITIONS];

    /// A set with room for about `expected` fingerprints before any table grows.
    VisitedSet(final long expected) {
        long slots = FIRST_SLOTS;
        while (room(slots) < expected / PARTITIONS) {
            slots *= 2;
        }
        for (int i = 0; i < PARTITIONS; i++) {
            tables[i] = new Table(slots);
        }
    }

    /// The partition that holds `print`.
    static int partition(final long print) {
        return (int) (print >>> PARTITION_SHIFT);
    }

    boolean contains(final long print) {
        return tables[partition(print)].contains(print);
    }

    /// What the home slot of `print` holds: `print` itself if it is there, 0 if `print` is not in
    /// the set (or is 0), and anything else if only [#contains] can tell.
    long home(final long print) {
        final Table table = tables[partition(print)];
        return table.slots.getAtIndex(JAVA_LONG, print & table.mask);
    }

    /// Enters `print`; true if it was not there.
    boolean insert(final long print) {
        return tables[partition(print)].insert(print);
    }

    long size() {
        long size = 0;
        for (final Table table : tables) {
            size += table.size();
        }
        return size;
    }

    /// Bytes off the heap.
    long bytes() {
        long bytes = 0;
        for (final Table table : tables) {
            bytes += table.slots.byteSize();
        }
        return bytes;
    }

    /// The bytes by which the set would grow if `more` fingerprints came, evenly spread.
    long growth(final long more) {
        long bytes = 0;
        for (final Table table : tables) {
            if (table.used + more / PARTITIONS >= room(table.mask + 1)) {
                bytes += table.grown() * Long.BYTES - table.slots.byteSize();
            }
        }
        return bytes;
    }

    @Override
    public void close() {
        for (final Table table : tables) {
            table.arena.close();
        }
    }

    private static long room(final long slots) {
        return slots - slots / 4;
    }

    /// One partition. `slots` is a power of two long; `mask` is one less than its length.
    private static final class Table {

        private Arena arena;
        private MemorySegment slots;
        private long mask;
        private long used;
        private boolean zero;

        Table(final long slots) {
            arena = Arena.ofShared();
            this.slots = arena.allocate(JAVA_LONG, slots);
            mask = slots - 1;
        }

        long size() {
            return used + (zero ? 1 : 0);
        }

        boolean contains(final long print) {
            if (print == 0) {
                return zero;
            }
            long at = print & mask;
            while (true) {
                final long seen = slots.getAtIndex(JAVA_LONG, at);
                if (seen == print) {
                    return true;
                }
                if (seen == 0) {
                    return false;
                }
                at = at + 1 & mask;
            }
        }

        boolean insert(final long print) {
            if (print == 0) {
                final boolean added = !zero;
                zero = true;
                return added;
            }
            long at = print & mask;
            while (true) {
                final long seen = slots.getAtIndex(JAVA_LONG, at);
                if (seen == print) {
                    return false;
                }
                if (seen == 0) {
                    break;
                }
                at = at + 1 & mask;
            }
            slots.setAtIndex(JAVA_LONG, at, print);
            used++;
            if (used >= room(mask + 1)) {
                grow();
            }
            return true;
        }

        long grown() {
            final long now = mask + 1;
            return now < SMALL_SLOTS ? now * 8 : now * 2;
        }

        private void grow() {
            final Arena nextArena = Arena.ofShared();
            final MemorySegment next = nextArena.allocate(JAVA_LONG, grown());
            final long nextMask = grown() - 1;
            for (long i = 0; i <= mask; i++) {
                final long print = slots.getAtIndex(JAVA_LONG, i);
                if (print != 0) {
                    long at = print & nextMask;
                    while (next.getAtIndex(JAVA_LONG, at) != 0) {
                        at = at + 1 & nextMask;
                    }
                    next.setAtIndex(JAVA_LONG, at, print);
                }
            }
            arena.close();
            arena = nextArena;
            slots = next;
            mask = nextMask;
        }
    }
}
