// SPDX-License-Identifier: Apache-2.0
package org.provisor.spec.state;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import org.junit.jupiter.api.Test;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import java.util.Set;
import java.util.TreeSet;

/// Frames are those of a plain list, whatever their number, and what changed is found.
final class FramesTest {

    private static final int[] SIZES = {1, 31, 32, 33, 1024, 1025, 33_000, 70_000};

    private final Random random = new Random(17);

    private Frame any() {
        return Frame.FREE.withM2p(random.nextInt(1000));
    }

    private static Frames of(List<Frame> frames) {
        return Frames.of(frames.toArray(new Frame[0]));
    }

    private static Set<Integer> changed(Frames now, Frames before) {
        Set<Integer> numbers = new TreeSet<>();
        for (int at = now.changed(before, 0); at < now.size(); at = now.changed(before, at + 1)) {
            numbers.add(at);
        }
        return numbers;
    }

    @Test
    void areThoseOfAList() {
        for (int size : SIZES) {
            List<Frame> list = new ArrayList<>();
            for (int i = 0; i < size; i++) {
                list.add(any());
            }
            Frames frames = of(list);
            for (int update = 0; update < 50; update++) {
                int number = random.nextInt(size);
                Frame frame = any();
                frames = frames.update(number, frame);
                list.set(number, frame);
            }
            assertEquals(size, frames.size());
            List<Frame> all = new ArrayList<>();
            frames.forEach(all::add);
            assertEquals(list, all);
            for (int i = 0; i < size; i++) {
                assertEquals(list.get(i), frames.get(i));
            }
            Frames anew = of(list);
            assertEquals(anew, frames);
            assertEquals(anew.hashCode(), frames.hashCode());
            int last = size - 1;
            assertNotEquals(anew, frames.update(last, list.get(last).withM2p(-2)));
        }
    }

    @Test
    void changesAreFound() {
        for (int size : SIZES) {
            Frames before = Frames.fill(size, Frame.FREE);
            for (int count : new int[] {0, 1, 2, 100}) {
                Frames now = before;
                Set<Integer> updated = new TreeSet<>();
                for (int i = 0; i < count; i++) {
                    int number = random.nextInt(size);
                    now = now.update(number, any());
                    updated.add(number);
                }
                assertEquals(updated, changed(now, before), "of " + size);
            }
        }
    }

    /// As calls do: a few frames several times over, and now and then another.
    @Test
    void changeSeveralTimes() {
        for (int size : SIZES) {
            Frames before = Frames.fill(size, Frame.FREE);
            Frames now = before;
            List<Frame> list = new ArrayList<>(Collections.nCopies(size, Frame.FREE));
            for (int step = 0; step < 1000; step++) {
                Frames then = now;
                Set<Integer> updated = new TreeSet<>();
                for (int i = random.nextInt(12); i > 0; i--) {
                    int number =
                            random.nextInt(8) == 0
                                    ? random.nextInt(size)
                                    : (step / 100 + random.nextInt(6)) % size;
                    Frame frame = any();
                    now = now.update(number, frame);
                    list.set(number, frame);
                    updated.add(number);
                    assertEquals(frame, now.get(number));
                }
                assertEquals(updated, changed(now, then), "of " + size);
                assertEquals(updated, changed(then, now), "of " + size);
                if (step % 100 == 0) {
                    assertEquals(of(list), now);
                }
            }
            assertEquals(of(list), now);
            assertEquals(Frames.fill(size, Frame.FREE), before);
        }
    }

    @Test
    void thereAreNoOthers() {
        for (int size : SIZES) {
            Frames frames = Frames.fill(size, Frame.FREE);
            assertThrows(IndexOutOfBoundsException.class, () -> frames.get(size));
            assertThrows(IndexOutOfBoundsException.class, () -> frames.get(-1));
            assertThrows(IndexOutOfBoundsException.class, () -> frames.update(size, Frame.XEN));
            Frames more = Frames.fill(size + 1, Frame.FREE);
            assertThrows(IllegalArgumentException.class, () -> more.changed(frames, 0));
        }
        assertEquals(0, Frames.NONE.size());
    }
}
