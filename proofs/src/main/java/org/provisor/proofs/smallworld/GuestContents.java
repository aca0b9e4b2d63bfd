// SPDX-License-Identifier: Apache-2.0
package org.provisor.proofs.smallworld;

import org.provisor.spec.state.Contents;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/// What a guest may have in a frame when the hypervisor comes to check it.
public enum GuestContents {
    /// Nothing.
    EMPTY("every word is zero"),
    /// Nothing, or one entry for any frame, read-only or writable, in any slot.
    ONE("at most one entry"),
    /// In each slot nothing or an entry for any frame, read-only or writable.
    ALL("any entries");

    private final String text;

    GuestContents(final String text) {
        this.text = text;
    }

    /// What is allowed.
    public String text() {
        return text;
    }

    /// All that a frame may hold, nothing first.
    List<Contents> of(final int frames, final int slots) {
        final List<Contents> all = new ArrayList<>();
        final long[] words = new long[slots];
        all.add(Contents.of(words));
        if (this == ALL) {
            fill(all, words, 0, frames);
            all.removeLast();
            return all;
        }
        if (this == ONE) {
            for (int slot = 0; slot < slots; slot++) {
                for (final long entry : entries(frames)) {
                    words[slot] = entry;
                    all.add(Contents.of(words));
                }
                words[slot] = 0;
            }
        }
        return all;
    }

    /// Adds every filling of the slots from `slot` on; the empty one comes last.
    private static void fill(
            final List<Contents> all, final long[] words, final int slot, final int frames) {
        if (slot == words.length) {
            all.add(Contents.of(words));
            return;
        }
        for (final long entry : entries(frames)) {
            words[slot] = entry;
            fill(all, words, slot + 1, frames);
        }
        words[slot] = 0;
        fill(all, words, slot + 1, frames);
    }

    /// The present entries that a guest writes.
    private static long[] entries(final int frames) {
        final long[] entries = new long[2 * frames];
        for (int frame = 1; frame <= frames; frame++) {
            entries[2 * frame - 2] = Entries.of(frame, false);
            entries[2 * frame - 1] = Entries.of(frame, true);
        }
        return entries;
    }

    @Override
    public String toString() {
        return name().toLowerCase(Locale.ROOT);
    }
}
