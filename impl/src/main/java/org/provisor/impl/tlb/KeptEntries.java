// SPDX-License-Identifier: Apache-2.0
package org.provisor.impl.tlb;

import java.util.Arrays;

/// What generated code knows of pages: entries that it looks at itself. All of them are in the
/// processor's [Tlb] too, or have been there since it was last made to forget.
///
/// Each root has a number, which its entries have in their tags. To forget everything is to give
/// other numbers: entries of the old ones are never found again. When all numbers are used up the
/// entries are cleared, and numbers start again.
public final class KeptEntries {

    private static final int ENTRIES = 1 << 14;
    private static final int NUMBER_SHIFT = 53;

    /// The last number is that of no root: an empty entry has it.
    private static final int NUMBERS = (1 << 11) - 1;

    /// Entries of supervisor mode.
    private static final long SUPERVISOR = 1L << 52;

    private static final int OWNERS = 1 << 10;
    private static final long PAGE = (1L << 52) - 1;
    private static final long EMPTY = -1;
    private static final int CODE_PAGES = 1 << 12;

    private final long[] reads = new long[2 * ENTRIES];
    private final long[] writes = new long[2 * ENTRIES];

    /// Which root has a number, and which.
    private final long[] owners = new long[OWNERS];

    private final int[] numbers = new int[OWNERS];

    /// Numbers below are forgotten.
    private int oldest = 1;

    private int next = 1;

    /// How often something went that numbers do not tell.
    private long changes;

    /// Pages of which code was found, by the low bits of their numbers.
    private final long[] codePages = new long[CODE_PAGES >>> 6];

    KeptEntries() {
        Arrays.fill(reads, EMPTY);
        Arrays.fill(writes, EMPTY);
    }

    /// Entries for reading; always the same array.
    public long[] reads() {
        return reads;
    }

    /// Entries for writing.
    public long[] writes() {
        return writes;
    }

    /// What the tags of a root have in their upper bits, until everything is forgotten.
    public long space(final long root, final boolean supervisor) {
        return (long) number(root) << NUMBER_SHIFT | (supervisor ? SUPERVISOR : 0);
    }

    private int number(final long root) {
        final int at = (int) root & OWNERS - 1;
        if (owners[at] == root && numbers[at] >= oldest) {
            return numbers[at];
        }
        if (next == NUMBERS) {
            clear();
        }
        owners[at] = root;
        numbers[at] = next;
        return next++;
    }

    private void clear() {
        Arrays.fill(reads, EMPTY);
        Arrays.fill(writes, EMPTY);
        Arrays.fill(numbers, 0);
        oldest = 1;
        next = 1;
        changes++;
    }

    /// Another number whenever a page of code may have gone, or another root is used.
    public long mappings(final long space) {
        return changes << 12 | space >>> 52;
    }

    /// Code was found at an address.
    public void codeAt(final long linear) {
        final long page = linear >>> 12;
        codePages[(int) (page & CODE_PAGES - 1) >>> 6] |= 1L << page;
    }

    /// Keeps a page for reading.
    ///
    /// @param distance from linear addresses in it to where it is
    public void keepRead(final long space, final long linear, final long distance) {
        keep(reads, space, linear, distance);
    }

    /// Keeps a page for writing, which is dirty.
    public void keepWrite(final long space, final long linear, final long distance) {
        keep(writes, space, linear, distance);
    }

    private static void keep(
            final long[] entries, final long space, final long linear, final long distance) {
        final int at = place(linear);
        entries[at] = space | linear >>> 12;
        entries[at + 1] = distance;
    }

    /// Forgets entries for writing to one place.
    ///
    /// @param start of a page, where it is
    public void forgetWrites(final long start) {
        for (int at = 0; at < writes.length; at += 2) {
            if (writes[at] != EMPTY && (writes[at] << 12) + writes[at + 1] == start) {
                writes[at] = EMPTY;
            }
        }
    }

    void flush() {
        oldest = next;
    }

    void flushPage(final long linear) {
        final int at = place(linear);
        final long page = linear >>> 12;
        if ((reads[at] & PAGE) == page) {
            reads[at] = EMPTY;
        }
        if ((writes[at] & PAGE) == page) {
            writes[at] = EMPTY;
        }
        if ((codePages[(int) (page & CODE_PAGES - 1) >>> 6] >>> page & 1) != 0) {
            changes++;
        }
    }

    private static int place(final long linear) {
        return (int) (linear >>> 11) & 2 * (ENTRIES - 1);
    }
}
