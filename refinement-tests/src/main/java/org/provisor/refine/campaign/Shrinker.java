// SPDX-License-Identifier: Apache-2.0
package org.provisor.refine.campaign;

import org.provisor.refine.harness.Verdict.Differs;
import org.provisor.refine.program.Action;
import org.provisor.refine.program.Program;
import org.provisor.refine.program.World;

import java.util.ArrayList;
import java.util.List;

/// Makes a program that differs smaller, as long as it differs in the same way: fewer actions, less
/// around them, simpler operands, a smaller machine.
final class Shrinker {

    private static final int MOST_RUNS = 4000;

    private final Player player;
    private final long deadline;
    private int runs;
    private Program best;
    private Differs kind;

    private Shrinker(Player player, Program program, Differs kind, long nanos) {
        this.player = player;
        deadline = System.nanoTime() + Math.min(nanos, Long.MAX_VALUE / 2);
        best = program;
        this.kind = kind;
    }

    /// A smaller program, and how it differs.
    record Shrunk(Program program, Differs differs) {}

    /// The smallest program that was found to differ as `program` does. One that does not differ
    /// when it is run again, on its own, stays as it is.
    ///
    /// @param player plays what is tried
    static Shrunk shrink(Player player, Program program, Differs kind) {
        return shrink(player, program, kind, Long.MAX_VALUE);
    }

    /// The same, of what can be tried in some time.
    static Shrunk shrink(Player player, Program program, Differs kind, long nanos) {
        Shrinker shrinker = new Shrinker(player, program, kind, nanos);
        if (shrinker.keeps(program.world(), program.actions())) {
            shrinker.shrink();
        }
        return new Shrunk(shrinker.best, shrinker.kind);
    }

    private void shrink() {
        int before;
        do {
            before = size();
            actions();
            replaced();
            world();
        } while (size() < before && !spent());
    }

    /// Less is better; what it counts does not matter.
    private int size() {
        int size = 0;
        for (Action action : best.actions()) {
            size += 1000 + Simpler.weight(action);
        }
        return size + Smaller.weight(best.world());
    }

    private boolean spent() {
        return runs >= MOST_RUNS || System.nanoTime() - deadline >= 0;
    }

    /// Whether a program differs as it should; if so it is the best so far, cut after the
    /// difference.
    private boolean keeps(World world, List<Action> actions) {
        if (spent()) {
            return false;
        }
        runs++;
        player.play(world, actions);
        Differs now = player.differs();
        if (now == null || !Finding.kind(now).equals(Finding.kind(kind))) {
            return false;
        }
        best = player.program();
        kind = now;
        return true;
    }

    /// Leaves actions out: halves, quarters and so on, then single ones, the last first.
    private void actions() {
        for (int chunk = best.actions().size() / 2; chunk > 0; chunk /= 2) {
            int end = best.actions().size();
            while (end > 0) {
                int start = Math.max(0, end - chunk);
                List<Action> left = new ArrayList<>(best.actions().subList(0, start));
                left.addAll(best.actions().subList(end, best.actions().size()));
                keeps(best.world(), left);
                end = Math.min(start, best.actions().size());
            }
        }
    }

    /// Replaces each action by simpler ones.
    private void replaced() {
        for (int at = best.actions().size() - 1; at >= 0; at--) {
            boolean again = true;
            while (again && at < best.actions().size()) {
                again = false;
                for (Action simpler : Simpler.than(best.actions().get(at))) {
                    List<Action> with = new ArrayList<>(best.actions());
                    with.set(at, simpler);
                    if (keeps(best.world(), with)) {
                        again = true;
                        break;
                    }
                }
            }
        }
    }

    private void world() {
        boolean again = true;
        while (again) {
            again = false;
            for (World smaller : Smaller.than(best.world())) {
                if (player.subjects().starts(smaller) && keeps(smaller, best.actions())) {
                    again = true;
                    break;
                }
            }
        }
    }
}
