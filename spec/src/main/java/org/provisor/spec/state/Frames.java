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
///
/// Calls change the same few frames several times over. Those that changed last, up to four, stand
/// beside a tree of several levels, which may have older ones in their places; a frame goes into
/// the tree when four others changed after it.
public final class Frames implements Iterable<Frame> {

    private static final int BITS = 5;
    private static final int WIDTH = 1 << BITS;

    /// How many frames stand beside the tree at most.
    private static final int BESIDE = 4;

    private static final int[] NO_NUMBERS = {};
    private static final Frame[] NO_FRAMES = {};

    /// No frames.
    public static final Frames NONE = of();

    private final int size;

    /// What a number is shifted by to find its place in the root; 0 if that is a leaf.
    private final int shift;

    private final Object[] root;

    /// The numbers of the frames beside the tree, the one that changed last at the end.
    private final int[] numbers;

    /// And the frames of these numbers.
    private final Frame[] latest;

    /// The hash code; 0 before somebody has asked.
    private int hash;

    private Frames(int size, int shift, Object[] root, int[] numbers, Frame[] latest) {
        this.size = size;
        this.shift = shift;
        this.root = root;
        this.numbers = numbers;
        this.latest = latest;
    }

    /// These frames, the first with number 0; the array is copied.
    public static Frames of(Frame... frames) {
        Object[] level = Arrays.copyOf(frames, frames.length, Object[].class);
        int shift = 0;
        while (level.length > WIDTH) {
            level = parts(level);
            shift += BITS;
        }
        return new Frames(frames.length, shift, level, NO_NUMBERS, NO_FRAMES);
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
        int beside = beside(Objects.checkIndex(number, size));
        return beside >= 0 ? latest[beside] : (Frame) leaf(root, number)[number & WIDTH - 1];
    }

    /// The place of a number beside the tree, or -1.
    private int beside(int number) {
        int place = numbers.length - 1;
        while (place >= 0 && numbers[place] != number) {
            place--;
        }
        return place;
    }

    /// The same frames with one replaced.
    ///
    /// @throws IndexOutOfBoundsException if there is none of this number
    public Frames update(int number, Frame frame) {
        int beside = beside(Objects.checkIndex(number, size));
        if (beside >= 0) {
            return beside(beside, root, number, frame);
        }
        if (shift == 0) {
            return new Frames(size, shift, updated(root, shift, number, frame), numbers, latest);
        }
        return numbers.length < BESIDE
                ? beside(numbers.length, root, number, frame)
                : beside(0, updated(root, shift, numbers[0], latest[0]), number, frame);
    }

    /// With a frame as the last beside a tree, and without the one at a place there.
    ///
    /// @param without the place; as many as there are places for none
    private Frames beside(int without, Object[] tree, int number, Frame frame) {
        int last = without == numbers.length ? without : numbers.length - 1;
        Frame[] frames = Arrays.copyOf(latest, last + 1);
        frames[last] = frame;
        if (without == last && last < numbers.length) {
            return new Frames(size, shift, tree, numbers, frames);
        }
        int[] order = Arrays.copyOf(numbers, last + 1);
        order[last] = number;
        if (without < last) {
            System.arraycopy(numbers, without + 1, order, without, last - without);
            System.arraycopy(latest, without + 1, frames, without, last - without);
        }
        return new Frames(size, shift, tree, order, frames);
    }

    /// The root of the tree with all frames in their places.
    private Object[] whole() {
        Object[] tree = root;
        for (int place = 0; place < numbers.length; place++) {
            tree = updated(tree, shift, numbers[place], latest[place]);
        }
        return tree;
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
        int next = from;
        while (next < size) {
            int tree = Math.min(size, changed(root, before.root, shift, next));
            next = nextBeside(next, before.nextBeside(next, tree));
            if (next < size && !same(get(next), before.get(next))) {
                return next;
            }
            next++;
        }
        return size;
    }

    /// The least number beside the tree from one on and below another, which it is if there is
    /// none.
    private int nextBeside(int from, int below) {
        int least = below;
        for (int number : numbers) {
            least = number >= from && number < least ? number : least;
        }
        return least;
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
            private final Object[] tree = whole();
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
                    leaf = leaf(tree, next);
                }
                return (Frame) leaf[next++ & WIDTH - 1];
            }
        };
    }

    private Object[] leaf(Object[] tree, int number) {
        Object[] node = tree;
        for (int by = shift; by > 0; by -= BITS) {
            node = (Object[]) node[number >>> by & WIDTH - 1];
        }
        return node;
    }

    @Override
    public boolean equals(Object other) {
        if (this == other) {
            return true;
        }
        if (!(other instanceof Frames that) || size != that.size) {
            return false;
        }
        int at = changed(that, 0);
        while (at < size && get(at).equals(that.get(at))) {
            at = changed(that, at + 1);
        }
        return at == size;
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
