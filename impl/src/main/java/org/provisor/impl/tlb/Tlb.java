// SPDX-License-Identifier: Apache-2.0
package org.provisor.impl.tlb;

import java.util.Arrays;

/// What one processor remembers of page tables: where pages of 4 KiB are, and what may be done with
/// them. One thread uses it at a time.
///
/// Each page has one place, by its address; entries say of which root they are, so that another
/// root can be used meanwhile. An entry is two longs:
///
///     key     63  60 59       36 35                 0
///             0      root frame  linear page number
///     value   51                   12 11     3 2 1 0
///             machine address of page    0     U X W
///
/// A page that was not written through an entry yet is not marked writable in it: the write walks
/// the tables once more, and sets the dirty bit.
public final class Tlb {

    /// The page may be written, and its dirty bit is set.
    public static final int WRITABLE = 1;

    /// Instructions may be fetched.
    public static final int EXECUTABLE = 1 << 1;

    /// User mode may use the page.
    public static final int USER = 1 << 2;

    /// In place of a value: no entry.
    public static final long MISS = -1;

    private static final int ENTRIES = 1 << 11;
    private static final long PAGE_NUMBER = (1L << 36) - 1;
    private static final long EMPTY = -1;

    private final long[] words = new long[2 * ENTRIES];
    private final KeptEntries kept = new KeptEntries();

    /// Whether any entry is a part of a larger page.
    private boolean large;

    /// One without entries.
    public Tlb() {
        Arrays.fill(words, EMPTY);
    }

    /// What generated code knows of these.
    public KeptEntries kept() {
        return kept;
    }

    /// The entry of an address that allows all of `needed`, or [#MISS].
    public long find(final long root, final long linear, final int needed) {
        final long page = linear >>> 12 & PAGE_NUMBER;
        final int at = place(page);
        if (words[at] != (root << 36 | page)) {
            return MISS;
        }
        final long value = words[at + 1];
        return (value & needed) == needed ? value : MISS;
    }

    /// Remembers a page.
    ///
    /// @param value its machine address, and what is allowed
    /// @param partOfLarge whether it is a part of a larger page
    public void put(
            final long root, final long linear, final long value, final boolean partOfLarge) {
        final long page = linear >>> 12 & PAGE_NUMBER;
        final int at = place(page);
        words[at] = root << 36 | page;
        words[at + 1] = value;
        large |= partOfLarge;
    }

    /// Forgets everything.
    public void flush() {
        Arrays.fill(words, EMPTY);
        large = false;
        kept.flush();
    }

    /// Forgets the page of an address, under each root.
    public void flushPage(final long linear) {
        if (large) {
            flush();
            return;
        }
        final long page = linear >>> 12 & PAGE_NUMBER;
        final int at = place(page);
        if ((words[at] & PAGE_NUMBER) == page) {
            words[at] = EMPTY;
        }
        kept.flushPage(linear);
    }

    private static int place(final long page) {
        return (int) (page & ENTRIES - 1) << 1;
    }
}
