// SPDX-License-Identifier: Apache-2.0
package org.provisor.spec.state;

import org.provisor.spec.x86.Pte;

import java.util.Arrays;
import java.util.Objects;

/// The words of a frame, immutable. A frame has as many words as the profile says a table has slots
/// (512 on a real machine).
///
/// Most words of most tables are zero, and one word changes at a time: words are kept in parts, and
/// parts that did not change, or are all zero, are shared.
public final class Contents {

    /// Contents that are not the hypervisor's to know: the frame's words are the guest's.
    public static final Contents OF_GUEST = new Contents(0, new long[0][]);

    /// Words of a part; the last of a frame may have fewer.
    private static final int PART = 32;

    /// Every part that is all zero, whatever its size.
    private static final long[] ZEROS = new long[PART];

    private final int slots;
    private final long[][] parts;

    private Contents(int slots, long[][] parts) {
        this.slots = slots;
        this.parts = parts;
    }

    /// A frame of `slots` zero words.
    public static Contents zero(int slots) {
        long[][] parts = new long[(slots + PART - 1) / PART][];
        Arrays.fill(parts, ZEROS);
        return new Contents(slots, parts);
    }

    /// A frame with these words; the array is copied.
    public static Contents of(long[] words) {
        return of(words, 0, words.length);
    }

    /// A frame with `slots` of these words, from the one at `from` on; they are copied.
    public static Contents of(long[] words, int from, int slots) {
        long[][] parts = new long[(slots + PART - 1) / PART][];
        for (int part = 0; part < parts.length; part++) {
            int start = from + part * PART;
            int end = Math.min(start + PART, from + slots);
            parts[part] =
                    allZero(words, start, end) ? ZEROS : Arrays.copyOfRange(words, start, end);
        }
        return new Contents(slots, parts);
    }

    private static boolean allZero(long[] words, int start, int end) {
        for (int at = start; at < end; at++) {
            if (words[at] != 0) {
                return false;
            }
        }
        return true;
    }

    public int slots() {
        return slots;
    }

    /// Whether the words are kept here at all.
    public boolean known() {
        return slots != 0;
    }

    public long word(int slot) {
        return parts[Objects.checkIndex(slot, slots) / PART][slot % PART];
    }

    public Pte entry(int slot) {
        return new Pte(word(slot));
    }

    /// The first slot from `slot` on whose entry is present, or [#slots].
    public int present(int slot) {
        int at = slot;
        while (at < slots) {
            long[] part = parts[at / PART];
            int end = Math.min(slots, at - at % PART + PART);
            at = same(part, ZEROS) ? end : at;
            while (at < end && !new Pte(part[at % PART]).present()) {
                at++;
            }
            if (at < end) {
                return at;
            }
        }
        return slots;
    }

    /// The last slot up to `slot` whose entry is present, or -1.
    public int presentUpTo(int slot) {
        int at = slot;
        while (at >= 0) {
            long[] part = parts[at / PART];
            int start = at - at % PART;
            at = same(part, ZEROS) ? start - 1 : at;
            while (at >= start && !new Pte(part[at % PART]).present()) {
                at--;
            }
            if (at >= start) {
                return at;
            }
        }
        return -1;
    }

    /// The first slot whose word is not the one in `words`, or -1.
    ///
    /// @param words as many as there are slots
    public int mismatch(long[] words) {
        for (int part = 0; part < parts.length; part++) {
            int start = part * PART;
            int count = Math.min(PART, slots - start);
            int at = Arrays.mismatch(parts[part], 0, count, words, start, start + count);
            if (at >= 0) {
                return start + at;
            }
        }
        return -1;
    }

    /// The same contents with one word replaced.
    public Contents with(int slot, long word) {
        if (word(slot) == word) {
            return this;
        }
        int part = slot / PART;
        long[] words = Arrays.copyOf(parts[part], Math.min(PART, slots - part * PART));
        words[slot % PART] = word;
        long[][] now = parts.clone();
        now[part] = words;
        return new Contents(slots, now);
    }

    @SuppressWarnings("ReferenceEquality")
    private static boolean same(long[] part, long[] other) {
        return part == other;
    }

    @Override
    public boolean equals(Object other) {
        if (this == other) {
            return true;
        }
        if (!(other instanceof Contents that) || slots != that.slots) {
            return false;
        }
        for (int part = 0; part < parts.length; part++) {
            int words = Math.min(PART, slots - part * PART);
            long[] here = parts[part];
            long[] there = that.parts[part];
            if (!same(here, there) && !Arrays.equals(here, 0, words, there, 0, words)) {
                return false;
            }
        }
        return true;
    }

    @Override
    public int hashCode() {
        int hash = slots;
        for (int slot = 0; slot < slots; slot++) {
            hash += (slot + 1) * Long.hashCode(word(slot));
        }
        return hash;
    }

    @Override
    public String toString() {
        if (!known()) {
            return "of the guest";
        }
        StringBuilder text = new StringBuilder("{");
        for (int slot = 0; slot < slots; slot++) {
            if (word(slot) != 0) {
                text.append(text.length() == 1 ? "" : ", ")
                        .append(slot)
                        .append(": ")
                        .append(entry(slot));
            }
        }
        return text.append('}').toString();
    }
}
