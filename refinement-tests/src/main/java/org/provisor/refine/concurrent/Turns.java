// SPDX-License-Identifier: Apache-2.0
package org.provisor.refine.concurrent;

import org.jspecify.annotations.Nullable;
import org.provisor.refine.gen.Chance;

import java.util.IdentityHashMap;
import java.util.concurrent.locks.LockSupport;

/// Two threads that take turns: one runs, the other waits. At points that [SwitchPoints] puts into
/// the implementation, before each access to what threads share, the turn can pass to the other;
/// chance decides at which, or it is said at which. So what two threads do repeats, and they meet
/// where they seldom do by themselves.
///
/// Static methods are what the points call. They do nothing on threads that take no turns.
public final class Turns {

    private static final ThreadLocal<@Nullable Turns> MINE = new ThreadLocal<>();

    /// How many points there are between two turns at the most. It is another number in each round.
    private static final int[] MOST_POINTS = {2, 4, 8, 16, 32, 64, 128, 256};

    /// How many words of memory count as one point: they are read by the hundred.
    private static final int WORDS = 16;

    /// How many turns there are in a round before the threads are taken to go on for ever.
    private static final int MOST_TURNS = 1_000_000;

    /// How many words in a row are points where it is said at which the turn passes: as many as
    /// entries of a table are used, and one more.
    private static final int FIRST_WORDS = 4;

    private static final int SPINS = 50;

    /// What decides when a turn ends; null if only the first turn ends at a point.
    private final @Nullable Chance chance;

    private final int mostPoints;
    private final Thread[] threads;
    private final boolean[] over;
    private final IdentityHashMap<Object, Monitor> monitors = new IdentityHashMap<>();

    /// How many points are left of this turn.
    private int points;

    /// By chance: how many words there are before the next point. Otherwise: how many were points
    /// since the last point of another kind.
    private int words;

    private int turns;
    private boolean met;
    private long times;

    /// Whose turn it is. What is not volatile belongs to that thread.
    private volatile int turn;

    /// The first thread has the first turn.
    ///
    /// @param chance decides when a turn ends; nothing else is decided by it until the threads are
    ///   over
    Turns(Chance chance, Thread first, Thread second) {
        this.chance = chance;
        mostPoints = chance.of(MOST_POINTS);
        threads = new Thread[] {first, second};
        over = new boolean[threads.length];
        points = chance.below(mostPoints);
        words = WORDS;
    }

    /// The first thread has the turn up to a point. Then the second has it, and from there on a
    /// turn ends only where its thread is over or waits for the other.
    ///
    /// @param before how many points the first thread passes
    Turns(int before, Thread first, Thread second) {
        chance = null;
        mostPoints = 0;
        threads = new Thread[] {first, second};
        over = new boolean[threads.length];
        points = before;
    }

    /// Whether a turn of the first thread ended before that thread was over.
    boolean met() {
        return met;
    }

    /// Does something on the thread that this is called by, which takes turns meanwhile.
    void during(Runnable work) {
        int me = Thread.currentThread().equals(threads[0]) ? 0 : 1;
        await(me);
        MINE.set(this);
        try {
            work.run();
        } finally {
            MINE.remove();
            over[me] = true;
            if (!over[1 - me]) {
                pass(1 - me);
            }
        }
    }

    /// Does something within one turn.
    static void undisturbed(Runnable work) {
        Turns turns = MINE.get();
        MINE.remove();
        try {
            work.run();
        } finally {
            MINE.set(turns);
        }
    }

    /// A number greater than the one before; 0 where no turns are taken.
    static long time() {
        Turns turns = MINE.get();
        return turns == null ? 0 : ++turns.times;
    }

    // What the points call.

    /// Before something that threads share.
    public static void point() {
        Turns turns = MINE.get();
        if (turns != null) {
            turns.words = turns.chance == null ? 0 : turns.words;
            turns.passed();
        }
    }

    /// Before a word of the machine's memory.
    public static void word() {
        Turns turns = MINE.get();
        if (turns != null && turns.wordIsPoint()) {
            turns.passed();
        }
    }

    private boolean wordIsPoint() {
        if (chance == null) {
            return words++ < FIRST_WORDS;
        }
        if (--words < 0) {
            words = WORDS;
            return true;
        }
        return false;
    }

    private void passed() {
        if (--points < 0) {
            next();
        }
    }

    /// Where a thread waits for another, in place of `Thread.yield` and `Thread.onSpinWait`.
    public static void pause() {
        Turns turns = MINE.get();
        if (turns != null) {
            turns.next();
        }
    }

    /// In place of the beginning of a synchronized block.
    public static void enter(Object lock) {
        Turns turns = MINE.get();
        if (turns != null) {
            turns.monitors.computeIfAbsent(lock, _ -> new Monitor()).enter(turns);
        }
    }

    /// In place of the end of a synchronized block.
    public static void exit(Object lock) {
        Turns turns = MINE.get();
        if (turns != null) {
            turns.monitors.computeIfAbsent(lock, _ -> new Monitor()).depth--;
        }
    }

    /// Ends a turn. The thread goes on when the next begins: at once if the other is over.
    private void next() {
        if (++turns > MOST_TURNS) {
            // The other may wait for this one, which ends now, and is to find out by itself.
            turns = 0;
            throw new IllegalStateException("goes on for ever");
        }
        points = chance == null ? Integer.MAX_VALUE : chance.below(mostPoints);
        int me = turn;
        met |= me == 0;
        if (!over[1 - me]) {
            pass(1 - me);
            await(me);
        }
    }

    private void pass(int to) {
        turn = to;
        LockSupport.unpark(threads[to]);
    }

    private void await(int me) {
        int looks = 0;
        while (turn != me) {
            if (++looks < SPINS) {
                Thread.onSpinWait();
            } else {
                LockSupport.park(this);
            }
        }
    }

    private static final class Monitor {

        private int holder;
        private int depth;

        void enter(Turns turns) {
            point();
            while (depth > 0 && holder != turns.turn) {
                pause();
            }
            holder = turns.turn;
            depth++;
        }
    }
}
