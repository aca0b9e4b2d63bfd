// SPDX-License-Identifier: Apache-2.0
package org.provisor.spec.state;

import java.util.Arrays;
import java.util.Iterator;
import java.util.Objects;
import java.util.function.Predicate;

/// The frames of a machine by number, immutable. Two with the same frames are equal.
///
/// One frame changes at a time, and the others are shared with what was there before: a tree whose
/// inner nodes and leaves have 32 places each, so that a change copies two short arrays for a
/// machine of 1024 frames, four for one of 4 GiB; and what changed between two can be found without
/// a look at what they share.
public final class Frames implements Iterable<Frame> {

    private static final int BITS = 5;
    private static final int WIDTH = 1 << BITS;

    /// No frames.
    public static final Frames NONE = of();

    private final int size;

    /// What a number is shifted by to find its place in the root; 0 if that is a leaf.
    private final int shift;

    private final Object[] root;

    /// The hash code; 0 before somebody has asked.
    private int hash;

    private Frames(int size, int shift, Object[] root) {
        this.size = size;
        this.shift = shift;
        this.root = root;
    }

    /// These frames, the first with number 0; the array is copied.
    public static Frames of(Frame... frames) {
        Object[] level = Arrays.copyOf(frames, frames.length, Object[].class);
        int shift = 0;
        while (level.length > WIDTH) {
            level = parts(level);
            shift += BITS;
        }
        return new Frames(frames.length, shift, level);
    }

    private static Object[] parts(Object[] level) {
        Object[] above = new Object[(level.length + WIDTH - 1) / WIDTH];
        for (int part = 0; part < above.length; part++) {
            int from = part * WIDTH;
            above[part] = Arrays.copyOfRange(level, from, Math.min(from + WIDTH, level.length));
        }
        return above;
    }

    /// So many times the same frame.
    public static Frames fill(int size, Frame frame) {
        Frame[] frames = new Frame[size];
        Arrays.fill(frames, frame);
        return of(frames);
    }

    public int size() {
        return size;
    }

    /// The frame of a number.
    ///
    /// @throws IndexOutOfBoundsException if there is none
    public Frame get(int number) {
        return (Frame) leaf(Objects.checkIndex(number, size))[number & WIDTH - 1];
    }

    /// The same frames with one replaced.
    ///
    /// @throws IndexOutOfBoundsException if there is none of this number
    public Frames update(int number, Frame frame) {
        Objects.checkIndex(number, size);
        return new Frames(size, shift, updated(root, shift, number, frame));
    }

    private static Object[] updated(Object[] node, int by, int number, Frame frame) {
        Object[] copy = node.clone();
        int at = number >>> by & WIDTH - 1;
        copy[at] = by == 0 ? frame : updated((Object[]) node[at], by - BITS, number, frame);
        return copy;
    }

    /// Whether there is such a frame.
    public boolean exists(Predicate<Frame> such) {
        for (Frame frame : this) {
            if (such.test(frame)) {
                return true;
            }
        }
        return false;
    }

    /// The first frame, from a number on, that is not the one that was there before; [#size] if
    /// there is none. What both share is not looked at. Records with the same contents count as
    /// others if they were made anew.
    ///
    /// @throws IllegalArgumentException if there were more or fewer before
    public int changed(Frames before, int from) {
        if (size != before.size) {
            throw new IllegalArgumentException(size + " frames, before " + before.size);
        }
        return Math.min(size, changed(root, before.root, shift, from));
    }

    /// The same within a node, or what lies behind it.
    private static int changed(Object[] now, Object[] before, int by, int from) {
        int end = WIDTH << by;
        if (same(now, before)) {
            return end;
        }
        for (int at = from >>> by; at < now.length; at++) {
            if (same(now[at], before[at])) {
                continue;
            }
            int first = at << by;
            if (by == 0) {
                return first;
            }
            int found =
                    changed(
                            (Object[]) now[at],
                            (Object[]) before[at],
                            by - BITS,
                            Math.max(0, from - first));
            if (found < 1 << by) {
                return first + found;
            }
        }
        return end;
    }

    @SuppressWarnings("ReferenceEquality")
    private static boolean same(Object now, Object before) {
        return now == before;
    }

    @Override
    public Iterator<Frame> iterator() {
        return new Iterator<>() {
            private int next;
            private Object[] leaf = {};

            @Override
            public boolean hasNext() {
                return next < size;
            }

            @Override
            public Frame next() {
                Objects.checkIndex(next, size);
                if ((next & WIDTH - 1) == 0) {
                    leaf = leaf(next);
                }
                return (Frame) leaf[next++ & WIDTH - 1];
            }
        };
    }

    private Object[] leaf(int number) {
        Object[] node = root;
        for (int by = shift; by > 0; by -= BITS) {
            node = (Object[]) node[number >>> by & WIDTH - 1];
        }
        return node;
    }

    @Override
    public boolean equals(Object other) {
        return this == other
                || (other instanceof Frames that
                        && size == that.size
                        && equal(root, that.root, shift));
    }

    private static boolean equal(Object[] here, Object[] there, int by) {
        if (same(here, there)) {
            return true;
        }
        if (by == 0) {
            return Arrays.equals(here, there);
        }
        for (int at = 0; at < here.length; at++) {
            if (!equal((Object[]) here[at], (Object[]) there[at], by - BITS)) {
                return false;
            }
        }
        return true;
    }

    @Override
    public int hashCode() {
        if (hash == 0) {
            int now = 1;
            for (Frame frame : this) {
                now = 31 * now + frame.hashCode();
            }
            hash = now;
        }
        return hash;
    }

    @Override
    public String toString() {
        StringBuilder text = new StringBuilder("Frames(");
        for (Frame frame : this) {
            text.append(text.charAt(text.length() - 1) == '(' ? "" : ", ").append(frame);
        }
        return text.append(')').toString();
    }
}
