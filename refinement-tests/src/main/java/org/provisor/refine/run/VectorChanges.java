// SPDX-License-Identifier: Apache-2.0
package org.provisor.refine.run;

import io.vavr.collection.Vector;

import java.lang.reflect.Field;

/// Where a vector has other elements, by reference, than the one that it was made of by updates:
/// found in the time that the changes took, not in that of a look at every element.
///
/// A vector is a tree of arrays of 32. An update copies the arrays on the way to the element, all
/// others stay shared. The library has no public way to them, hence the reflection.
final class VectorChanges {

    private static final Field TRIE = field(Vector.class, "trie");
    private static final Field ARRAY = field(TRIE.getType(), "array");
    private static final Field OFFSET = field(TRIE.getType(), "offset");
    private static final Field SHIFT = field(TRIE.getType(), "depthShift");
    private static final int BITS = 5;

    private int[] places = new int[64];
    private int count;

    private static Field field(Class<?> of, String name) {
        try {
            Field field = of.getDeclaredField(name);
            field.setAccessible(true);
            return field;
        } catch (NoSuchFieldException e) {
            throw new IllegalStateException(e);
        }
    }

    /// How many elements are others.
    int count() {
        return count;
    }

    /// The places of those elements, in order; valid are the first [#count].
    int place(int index) {
        return places[index];
    }

    /// Compares two vectors of the same length.
    <T> void between(Vector<T> before, Vector<T> after) {
        count = 0;
        if (same(before, after)) {
            return;
        }
        try {
            Object from = TRIE.get(before);
            Object to = TRIE.get(after);
            int shift = SHIFT.getInt(from);
            if (shift == SHIFT.getInt(to) && OFFSET.getInt(from) == 0 && OFFSET.getInt(to) == 0) {
                descend((Object[]) ARRAY.get(from), (Object[]) ARRAY.get(to), shift, 0);
                return;
            }
        } catch (IllegalAccessException e) {
            throw new IllegalStateException(e);
        }
        for (int at = 0; at < before.size(); at++) {
            if (!same(before.get(at), after.get(at))) {
                add(at);
            }
        }
    }

    private void descend(Object[] before, Object[] after, int shift, int first) {
        int parts = Math.max(before.length, after.length);
        for (int part = 0; part < parts; part++) {
            Object old = before[part];
            Object now = after[part];
            if (same(old, now)) {
                continue;
            }
            int at = first + (part << shift);
            if (shift == 0) {
                add(at);
            } else {
                descend((Object[]) old, (Object[]) now, shift - BITS, at);
            }
        }
    }

    private void add(int place) {
        if (count == places.length) {
            places = java.util.Arrays.copyOf(places, 2 * count);
        }
        places[count++] = place;
    }

    @SuppressWarnings("ReferenceEquality")
    private static boolean same(Object before, Object after) {
        return before == after;
    }
}
