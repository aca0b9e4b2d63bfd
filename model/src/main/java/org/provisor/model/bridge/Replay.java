// SPDX-License-Identifier: Apache-2.0
package org.provisor.model.bridge;

import org.jspecify.annotations.Nullable;
import org.provisor.model.bridge.Calls.Taken;
import org.provisor.spec.invariant.Invariant;
import org.provisor.spec.state.Machine;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.Iterator;
import java.util.List;
import java.util.Random;
import java.util.Set;
import java.util.UUID;
import java.util.function.LongConsumer;

/// From the model to the specification: transitions that Alloy finds are done by the rules.
///
/// The model's invariant holds before each. The state becomes a machine, of which the
/// specification's own invariants must hold; the call becomes hypercalls; what they answer, and the
/// machine after them, must be what the model says, and every counter must be the number of those
/// who hold.
public final class Replay {

    /// So many random choices at least for a kind of call, while each gives some instances at least
    /// and some at most.
    private static final int SPREAD = 4;

    private static final int LEAST_OF_A_CHOICE = 4;
    private static final int MOST_OF_A_CHOICE = 96;
    private static final int CHOICES = 4000;

    private final Concern concern;
    private final Relational model;

    private Replay(Concern concern, Relational model) {
        this.concern = concern;
        this.model = model;
    }

    /// Replays so many different transitions, as many of each kind of call, or all that are found.
    ///
    /// @param seed what the random choices are made from
    /// @param progress told how many are done
    public static Bridged run(
            Concern concern, int frames, long wanted, long seed, LongConsumer progress) {
        return run(concern, concern.relational(frames), wanted, seed, progress);
    }

    static Bridged run(
            Concern concern, Relational model, long wanted, long seed, LongConsumer progress) {
        long begin = System.nanoTime();
        Replay replay = new Replay(concern, model);
        Random random = new Random(seed);
        Set<UUID> seen = new HashSet<>();
        List<Mismatch> wrong = new ArrayList<>();
        long taken = 0;
        long refused = 0;
        int kind = 0;
        long share = wanted / model.kinds().size() / SPREAD;
        long ofAChoice = Math.clamp(share, LEAST_OF_A_CHOICE, MOST_OF_A_CHOICE);
        for (String each : model.kinds()) {
            kind++;
            long until = wanted * kind / model.kinds().size();
            for (int i = 0; i < CHOICES && seen.size() < until && wrong.isEmpty(); i++) {
                Iterator<Relational.Step> found =
                        model.transitions(each, random, i == 0, i % 3 == 0);
                for (int j = 0; j < ofAChoice && found.hasNext(); j++) {
                    Relational.Step step = found.next();
                    taken++;
                    if (seen.add(Keys.of(step))) {
                        Mismatch mismatch = replay.compared(step);
                        if (mismatch != null) {
                            wrong.add(mismatch);
                            break;
                        }
                        refused += step.call().has("answer", "Refused") ? 1 : 0;
                        progress.accept(seen.size());
                    }
                }
            }
        }
        return new Bridged(
                concern.model(),
                Bridged.Way.TO_SPECIFICATION,
                model.frames().size(),
                seen.size(),
                taken,
                refused,
                false,
                (System.nanoTime() - begin) / 1e9,
                wrong);
    }

    /// The frames that have to have the lowest numbers, for the call to be possible as it is.
    private static List<String> first(Relational.Step step) {
        List<String> first = new ArrayList<>();
        if (step.kind().equals("Destroy") || step.kind().equals("Exchange")) {
            first.addAll(step.call().set("frame"));
            first.addAll(step.call().set("second"));
        }
        return first;
    }

    private @Nullable Mismatch compared(Relational.Step step) {
        Names names = Names.of(model.frames(), first(step), concern.tables());
        Machine pre = machine(step.pre(), names);
        try {
            Facts before = FromMachine.of(pre, model.stateFields(), names);
            if (!before.equals(step.pre())) {
                return mismatch("a state that is no machine", step, before.text(""));
            }
            String broken = broken(pre);
            if (broken != null) {
                return mismatch("a state that breaks an invariant of machines", step, broken);
            }
            Taken taken = Calls.take(pre, names, step.kind(), step.call(), concern.attempts());
            Facts after = FromMachine.of(taken.machine(), model.stateFields(), names);
            if (!step.call().has("answer", taken.answer())) {
                return mismatch("the answer is another", step, taken.answer());
            }
            if (!after.equals(step.post())) {
                return mismatch("the state after is another", step, after.text(""));
            }
            List<String> counters = FromMachine.counters(taken.machine());
            if (!counters.equals(FromMachine.counters(machine(step.post(), names)))) {
                return mismatch("a counter is not the number of holders", step, lines(counters));
            }
            String left = broken(taken.machine());
            return left == null ? null : mismatch("an invariant is broken", step, left);
        } catch (RuntimeException e) {
            return mismatch("the rules fail", step, e.toString());
        }
    }

    private Machine machine(Facts facts, Names names) {
        return ToMachine.of(facts, model.stateFields(), names, concern.profile());
    }

    /// Tables in a circle are what the model of teardown is about; machines have none.
    private @Nullable String broken(Machine machine) {
        return Invariant.violated(machine)
                .filter(v -> concern != Concern.TEARDOWN || v.invariant() != Invariant.LINEAR_DEPTH)
                .map(Invariant.Violation::toString)
                .getOrNull();
    }

    private static String lines(List<String> lines) {
        return String.join("\n", lines);
    }

    private Mismatch mismatch(String what, Relational.Step step, String other) {
        return new Mismatch(concern.model(), what, step, other);
    }
}
