// SPDX-License-Identifier: Apache-2.0
package org.provisor.refine.campaign;

import org.jspecify.annotations.Nullable;
import org.provisor.refine.gen.Chance;
import org.provisor.refine.gen.Tape;
import org.provisor.refine.harness.Verdict.Differs;
import org.provisor.refine.program.Program;

/// A few hundred programs. What one of them shows to be new serves those after it, and is forgotten
/// with the round, so that a round repeats from its seed whatever was before it and whatever runs
/// beside it.
final class Round {

    /// How many programs a round has.
    static final int PROGRAMS = 400;

    private static final int SWEEP_EVERY = 100;

    /// Told of what happens.
    interface Listener {

        /// A program was played.
        ///
        /// @return whether the round goes on
        boolean played();

        /// A program ended with a difference.
        ///
        /// @param number which of the round
        void differs(long seed, int number, Program program, Differs differs);
    }

    private final Player player;
    private final long seed;
    private final Listener listener;
    private final Chance chance = new Chance();
    private final Corpus corpus = new Corpus(chance);
    private final Sweep sweep;

    Round(Player player, long seed, Listener listener) {
        this.player = player;
        this.seed = seed;
        this.listener = listener;
        sweep = new Sweep(player);
    }

    /// Plays the round, as far as the listener lets it.
    void play() {
        player.coverage().forget();
        chance.start(seed, null);
        boolean goesOn = true;
        for (int number = 0; goesOn && number < PROGRAMS; number++) {
            chance.nextMove();
            Tape tape = corpus.isEmpty() || chance.oneIn(2) ? null : corpus.changed();
            goesOn = played(number, tape);
        }
    }

    private boolean played(int number, @Nullable Tape tape) {
        player.play(Chance.seed(seed, number), tape);
        if (player.coverage().takeFresh() > 0) {
            corpus.add(player.taken().copy());
        }
        Differs differs = player.differs();
        if (differs == null && !player.preempted().isEmpty() && chance.oneIn(SWEEP_EVERY)) {
            int action = chance.of(player.preempted());
            sweep.preempt(player.program(), action);
            differs = player.differs();
        }
        if (differs != null) {
            listener.differs(seed, number, player.program(), differs);
        }
        return listener.played();
    }
}
