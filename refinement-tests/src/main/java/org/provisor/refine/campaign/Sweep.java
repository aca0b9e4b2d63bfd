// SPDX-License-Identifier: Apache-2.0
package org.provisor.refine.campaign;

import org.jspecify.annotations.Nullable;
import org.provisor.refine.harness.Verdict.Differs;
import org.provisor.refine.program.Action;
import org.provisor.refine.program.Action.Stimulus;
import org.provisor.refine.program.Program;

import java.util.ArrayList;
import java.util.List;

/// One call of a program, preempted in all ways: at its first check, at its second and so on, until
/// it is not preempted any more; each time from the same state, which the calls before it lead to,
/// and with the calls after it that the program makes.
final class Sweep {

    /// So many places one after the other; of the others, which are many and much alike, some.
    private static final int EACH = 8;

    private static final int AFTER = 12;

    /// A call that waits for another is preempted however patient it is.
    private static final int MOST_PATIENCE = 10_000;

    private final Player player;

    Sweep(Player player) {
        this.player = player;
    }

    /// Preempts an action of a program at its first places one by one, then at places ever further
    /// apart, until it is done at the first attempt.
    ///
    /// @return how often the program was run; if the last run differed, the player says so
    int preempt(Program program, int action) {
        int runs = 0;
        for (int patience = 0;
                patience < MOST_PATIENCE;
                patience += 1 + Math.max(0, patience - EACH) / 4) {
            runs++;
            List<Action> actions = with(program, action, stimulus(program, action, patience));
            player.play(program.world(), actions);
            if (player.differs() != null || !player.preempted().contains(action)) {
                break;
            }
        }
        return runs;
    }

    /// As [#preempt], at every place.
    int preemptAtEach(Program program, int action) {
        int runs = 0;
        for (int patience = 0; patience < MOST_PATIENCE; patience++) {
            runs++;
            player.play(
                    program.world(), with(program, action, stimulus(program, action, patience)));
            if (player.differs() != null || !player.preempted().contains(action)) {
                break;
            }
        }
        return runs;
    }

    /// Has each of the first requests of a call for several frames at once get nothing.
    ///
    /// @return how often the program was run
    int fail(Program program, int action, int most) {
        for (int request = 0; request < most; request++) {
            Stimulus failing = new Stimulus(Integer.MAX_VALUE, 1L << request, List.of());
            player.play(program.world(), with(program, action, failing));
            if (player.differs() != null) {
                return request + 1;
            }
        }
        return most;
    }

    private static Stimulus stimulus(Program program, int action, int patience) {
        Stimulus now = stimulus(program.actions().get(action));
        return now == null ? Stimulus.NONE : new Stimulus(patience, now.failed(), now.flips());
    }

    /// What happens around an action; null if nothing can.
    static @Nullable Stimulus stimulus(Action action) {
        return switch (action) {
            case Action.Call call -> call.stimulus();
            case Action.Destroy destroy -> destroy.stimulus();
            default -> null;
        };
    }

    private static List<Action> with(Program program, int at, Stimulus stimulus) {
        int end = Math.min(program.actions().size(), at + AFTER);
        List<Action> actions = new ArrayList<>(program.actions().subList(0, end));
        actions.set(
                at,
                switch (actions.get(at)) {
                    case Action.Call call ->
                            new Action.Call(
                                    call.domain(),
                                    call.vcpu(),
                                    call.number(),
                                    call.arguments(),
                                    stimulus);
                    case Action.Destroy destroy ->
                            new Action.Destroy(destroy.by(), destroy.domain(), stimulus);
                    default -> actions.get(at);
                });
        return actions;
    }

    /// The difference that the last run ended with.
    @Nullable Differs differs() {
        return player.differs();
    }
}
