// SPDX-License-Identifier: Apache-2.0
package org.provisor.refine.gen;

import org.jspecify.annotations.Nullable;
import org.provisor.refine.program.World;

import java.util.List;

/// A program from its first move to its last. Each program has a mood: moves that it makes often,
/// and moves that it does not make. Programs of one mood get deeper than those that do a little of
/// everything.
public final class Script {

    private static final int SHORTEST = 50;
    private static final int LONGEST = 300;

    /// Moves that lead to nothing are not made for ever.
    private static final int MOST_MOVES = 400;

    private final Chance chance = new Chance();
    private final Stage stage = new Stage(chance);
    private final Focus focus;
    private final List<World> worlds;
    private final int[] upTo = new int[Moves.ALL.size()];
    private int total;
    private int length;
    private int unrest;
    private int current;

    public Script(Focus focus) {
        this(focus, Worlds.ALL);
    }

    /// @param worlds the machines to choose from
    public Script(Focus focus, List<World> worlds) {
        this.focus = focus;
        this.worlds = List.copyOf(worlds);
    }

    /// Begins with a program.
    ///
    /// @param tape decisions that are given, none if null; the seed decides the rest
    /// @return the machine that it starts on
    public World begin(long seed, @Nullable Tape tape) {
        chance.start(seed, tape);
        chance.nextMove();
        World world = chance.of(worlds);
        length = SHORTEST + chance.below(LONGEST - SHORTEST + 1);
        unrest = chance.oneIn(3) ? 0 : chance.below(4);
        mood();
        return world;
    }

    private void mood() {
        boolean even = chance.oneIn(6);
        total = 0;
        for (int move = 0; move < upTo.length; move++) {
            int times = even ? 2 : times(chance.below(8));
            total += focus.weight(move) * (times == 0 && focus.wanted(move) ? 1 : times);
            upTo[move] = total;
        }
        if (total == 0) {
            total = 1;
            upTo[0] = 1;
        }
    }

    private static int times(int lot) {
        return switch (lot) {
            case 0, 1 -> 0;
            case 2, 3, 4 -> 1;
            case 5, 6 -> 3;
            default -> 9;
        };
    }

    /// Makes the moves, until there have been enough actions or the stage says that it is over.
    ///
    /// @param actions how many actions there have been so far
    public void play(Actions actions) {
        stage.setUnrest(unrest);
        chance.nextMove();
        settle();
        for (int i = 0; i < MOST_MOVES && !stage.over() && actions.count() < length; i++) {
            chance.nextMove();
            current = move();
            Moves.ALL.get(current).play().on(stage);
        }
    }

    /// Counts what was done.
    @FunctionalInterface
    public interface Actions {
        int count();
    }

    /// Most programs start with address spaces, which most that is interesting needs.
    private void settle() {
        if (chance.oneIn(5)) {
            return;
        }
        for (int i = chance.few(3); i > 0; i--) {
            int domain = stage.caller();
            if (domain != Stage.NONE) {
                TableMoves.load(stage, domain, stage.vcpu(domain), false);
            }
        }
    }

    /// Which move is being made.
    int current() {
        return current;
    }

    private int move() {
        int lot = chance.below(total);
        int move = 0;
        while (upTo[move] <= lot) {
            move++;
        }
        return move;
    }

    /// What the moves see and do; to be started when the machine has.
    public Stage stage() {
        return stage;
    }

    /// What was decided so far.
    public Tape taken() {
        return chance.taken();
    }
}
