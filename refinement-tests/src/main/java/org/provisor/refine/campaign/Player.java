// SPDX-License-Identifier: Apache-2.0
package org.provisor.refine.campaign;

import org.jspecify.annotations.Nullable;
import org.provisor.refine.gen.Focus;
import org.provisor.refine.gen.Script;
import org.provisor.refine.gen.Stage;
import org.provisor.refine.gen.Tape;
import org.provisor.refine.gen.Worlds;
import org.provisor.refine.harness.Run;
import org.provisor.refine.harness.Verdict;
import org.provisor.refine.harness.Verdict.Differs;
import org.provisor.refine.program.Action;
import org.provisor.refine.program.Action.Stimulus;
import org.provisor.refine.program.Program;
import org.provisor.refine.program.World;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.atomic.AtomicLong;

/// Plays programs, one after the other, and knows of the last what was done and what came of it.
///
/// For one thread, but for {@link #underWay} and {@link #ticks}.
final class Player implements Stage.Doer {

    private static final int PREEMPTED_SOON = 4;

    private final Subjects subjects;
    private final Script script;
    private final Coverage coverage = new Coverage();
    private final SubOperations subOperations = new SubOperations();
    private final Map<String, Long> unspecified = new TreeMap<>();
    private final List<Action> actions = new ArrayList<>();
    private final List<Integer> preempted = new ArrayList<>();
    private @Nullable World world;
    private @Nullable Run run;
    private @Nullable Differs differs;
    private long steps;
    private long calls;
    private long done;

    /// Counts actions, for somebody who watches.
    private final AtomicLong ticks = new AtomicLong();

    Player(Subjects subjects, Focus focus) {
        this(subjects, focus, Worlds.ALL);
    }

    /// @param worlds the machines that programs start on
    Player(Subjects subjects, Focus focus, List<World> worlds) {
        this.subjects = subjects;
        script = new Script(focus, worlds);
    }

    // Playing.

    /// Plays a program to its end or to the first difference.
    ///
    /// @param tape decisions that are given, none if null; the seed decides the rest
    void play(long seed, @Nullable Tape tape) {
        World on = script.begin(seed, tape);
        Run started = begin(on);
        if (started != null) {
            script.stage().start(on, started, this);
            try {
                script.play(actions::size);
            } catch (RuntimeException e) {
                throw new IllegalStateException("a move failed, seed " + Long.toHexString(seed), e);
            }
            finish(started);
        }
    }

    /// Plays given actions, to their end or to the first difference.
    void play(World on, List<Action> given) {
        Run started = begin(on);
        if (started == null) {
            return;
        }
        for (Action action : given) {
            if (!perform(action)) {
                return;
            }
        }
        finish(started);
    }

    private @Nullable Run begin(World on) {
        actions.clear();
        preempted.clear();
        differs = null;
        world = on;
        try {
            run = subjects.start(on);
        } catch (RuntimeException | StackOverflowError | AssertionError e) {
            differs = thrown(e);
            run = null;
        }
        return run;
    }

    @Override
    public boolean perform(Action action) {
        Run on = run;
        if (on == null) {
            throw new IllegalStateException("no program has begun");
        }
        actions.add(action);
        ticks.lazySet(++done);
        try {
            subOperations.ask(on, action);
            return took(action, on.perform(action));
        } catch (RuntimeException | StackOverflowError | AssertionError e) {
            differs = thrown(e);
            return false;
        }
    }

    private boolean took(Action action, Verdict verdict) {
        switch (verdict) {
            case Verdict.Agreed(int attempts, var rows) -> {
                if (attempts > 0) {
                    calls++;
                    steps += attempts;
                    coverage.add(rows, stimulus(action));
                    subOperations.done(rows);
                    if (attempts > 1) {
                        preempted.add(actions.size() - 1);
                    }
                }
                return true;
            }
            case Verdict.Unspecified(String reason) -> {
                calls++;
                steps++;
                unspecified.merge(reason, 1L, Long::sum);
                return true;
            }
            case Differs different -> {
                calls++;
                steps++;
                differs = different;
                return false;
            }
        }
    }

    private void finish(Run on) {
        if (differs != null) {
            return;
        }
        try {
            if (on.finish() instanceof Differs different) {
                differs = different;
            }
        } catch (RuntimeException | StackOverflowError | AssertionError e) {
            differs = thrown(e);
        }
    }

    /// An exception is a difference of its own kind: which one, and where.
    private static Differs thrown(Throwable e) {
        String where = "";
        for (StackTraceElement frame : e.getStackTrace()) {
            if (frame.getClassName().startsWith("org.provisor.")) {
                String type = frame.getClassName();
                where =
                        " in "
                                + type.substring(type.lastIndexOf('.') + 1)
                                + '.'
                                + frame.getMethodName();
                break;
            }
        }
        StringBuilder text = new StringBuilder(e.toString());
        int left = 12;
        for (StackTraceElement frame : e.getStackTrace()) {
            if (left-- > 0) {
                text.append("\n    at ").append(frame);
            }
        }
        return new Differs(
                "none", "exception: " + e.getClass().getSimpleName() + where, text.toString());
    }

    private static int stimulus(Action action) {
        Stimulus stimulus =
                switch (action) {
                    case Action.Call call -> call.stimulus();
                    case Action.Destroy destroy -> destroy.stimulus();
                    default -> Stimulus.NONE;
                };
        if (stimulus.patience() != Integer.MAX_VALUE) {
            return stimulus.attempts() != Integer.MAX_VALUE
                    ? 1
                    : 2 + Math.min(stimulus.patience(), PREEMPTED_SOON - 1);
        }
        return stimulus.failed() != 0 ? 6 : stimulus.flips().isEmpty() ? 0 : 7;
    }

    // What came of it.

    /// The difference with which the last program ended; null if it came to its end.
    @Nullable Differs differs() {
        return differs;
    }

    /// What the last program did.
    Program program() {
        World on = world;
        if (on == null) {
            throw new IllegalStateException("no program has begun");
        }
        return new Program(on, List.copyOf(actions));
    }

    /// The decisions of the last program that was made up.
    Tape taken() {
        return script.taken();
    }

    /// Which actions of the last program were preempted.
    List<Integer> preempted() {
        return preempted;
    }

    Coverage coverage() {
        return coverage;
    }

    SubOperations subOperations() {
        return subOperations;
    }

    /// How many steps were compared so far: a call, and each time that it was made again.
    long steps() {
        return steps;
    }

    /// How many calls were made so far, those that were made again once.
    long calls() {
        return calls;
    }

    /// What the specification says nothing of, and how often that was met.
    Map<String, Long> unspecified() {
        return unspecified;
    }

    Subjects subjects() {
        return subjects;
    }

    // For somebody who watches.

    /// Stands still while an action does not come to its end.
    long ticks() {
        return ticks.get();
    }

    /// The program under way, as far as it has come. Right only while {@link #ticks} stands still.
    @Nullable Program underWay() {
        World on = world;
        return on == null ? null : new Program(on, List.of(actions.toArray(new Action[0])));
    }
}
