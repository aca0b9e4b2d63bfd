// SPDX-License-Identifier: Apache-2.0
package org.provisor.spec.state;

import org.provisor.spec.x86.Pte;

import java.util.Arrays;

/// The words of a frame, immutable. A frame has as many words as the profile says a table has slots
/// (512 on a real machine).
public final class Contents {

    /// Contents that are not the hypervisor's to know: the frame's words are the guest's.
    public static final Contents OF_GUEST = new Contents(new long[0]);

    private final long[] words;

    private Contents(long[] words) {
        this.words = words;
    }

    /// A frame of `slots` zero words.
    public static Contents zero(int slots) {
        return new Contents(new long[slots]);
    }

    /// A frame with these words; the array is copied.
    public static Contents of(long[] words) {
        return new Contents(words.clone());
    }

    public int slots() {
        return words.length;
    }

    /// Whether the words are kept here at all.
    public boolean known() {
        return words.length != 0;
    }

    public long word(int slot) {
        return words[slot];
    }

    public Pte entry(int slot) {
        return new Pte(words[slot]);
    }

    /// The same contents with one word replaced.
    public Contents with(int slot, long word) {
        if (words[slot] == word) {
            return this;
        }
        long[] copy = words.clone();
        copy[slot] = word;
        return new Contents(copy);
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof Contents that && Arrays.equals(words, that.words);
    }

    @Override
    public int hashCode() {
        return Arrays.hashCode(words);
    }

    @Override
    public String toString() {
        if (!known()) {
            return "of the guest";
        }
        StringBuilder text = new StringBuilder("{");
        for (int slot = 0; slot < words.length; slot++) {
            if (words[slot] != 0) {
                text.append(text.length() == 1 ? "" : ", ")
                        .append(slot)
                        .append(": ")
                        .append(entry(slot));
            }
        }
        return text.append('}').toString();
    }
}
