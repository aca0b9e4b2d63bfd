// SPDX-License-Identifier: Apache-2.0
package org.provisor.refine.campaign;

import org.jspecify.annotations.Nullable;
import org.provisor.refine.gen.Chance;
import org.provisor.refine.gen.Focus;
import org.provisor.refine.harness.Subject;
import org.provisor.refine.harness.Verdict.Differs;

import java.util.List;
import java.util.function.Supplier;

/// Single programs, each played from a seed: for engines other than the campaign. For one thread.
public final class Trials implements AutoCloseable {

    private final Focus focus;
    private final Player player;
    private long programs;

    /// @param subjects makes what the programs run on
    public Trials(Supplier<? extends Subject> subjects) {
        this(new Subjects(subjects), Focus.NONE);
    }

    private Trials(Subjects subjects, Focus focus) {
        this.focus = focus;
        player = new Player(subjects, focus);
    }

    /// Other trials on the same subjects, nothing played yet, of programs that are mostly to reach
    /// something.
    public Trials on(Focus what) {
        return new Trials(player.subjects(), what);
    }

    /// Plays the program that a seed makes.
    ///
    /// @return the difference that it ends with, shrunk; null if there is none. A campaign of this
    ///   seed and focus finds it in its first program.
    public @Nullable Finding play(long seed) {
        player.play(Chance.seed(seed, 0), null);
        programs++;
        Differs differs = player.differs();
        if (differs == null) {
            return null;
        }
        var found = player.program();
        var shrunk = Shrinker.shrink(new Player(player.subjects(), Focus.NONE), found, differs);
        return new Finding(
                seed, 0, focus.prefix(), found, shrunk.program(), shrunk.differs(), List.of());
    }

    /// How many programs were played.
    public long programs() {
        return programs;
    }

    /// How often a row decided, as `clause/row`.
    public long hits(String row) {
        return player.coverage().hits(row);
    }

    @Override
    public void close() {
        player.subjects().close();
    }
}
