// SPDX-License-Identifier: Apache-2.0
package org.provisor.refine.harness;

import io.vavr.collection.List;
import io.vavr.control.Option;

import org.jspecify.annotations.Nullable;
import org.provisor.refine.program.Action.Flip;
import org.provisor.refine.program.Action.Stimulus;
import org.provisor.refine.program.World;
import org.provisor.spec.abi.Mfn;
import org.provisor.spec.abi.Registers;
import org.provisor.spec.invariant.Invariant;
import org.provisor.spec.state.Answer;
import org.provisor.spec.state.Choices;
import org.provisor.spec.state.Choices.Allocation;
import org.provisor.spec.state.Flush;
import org.provisor.spec.state.Outcome;
import org.provisor.spec.state.VcpuId;
import org.provisor.spec.transition.Event;
import org.provisor.spec.transition.Transition;

/// A program on the specification alone. What Xen would choose is chosen here: of the frames that
/// will do, the lowest; words that change do so when the program says. What can differ is what the
/// specification says of itself, its invariants.
public final class SpecRun extends ProgramRun {

    private final Phantoms phantoms;
    private Stimulus stimulus = Stimulus.NONE;
    private Flips flips = Flips.NONE;
    private int[] left = {};
    private int caller;

    /// Requests for several frames at once, since the call began.
    private int requests;

    SpecRun(World world, SpecBoot boot) {
        super(world, boot.numbers(), new Mirror(world, boot.numbers(), 0), boot.machine());
        phantoms = new Phantoms(world, boot.numbers());
    }

    @Override
    void begin(int domain, Stimulus now) {
        stimulus = now;
        java.util.List<Flip> real = Flips.real(now.flips());
        flips = Flips.of(real, numbers());
        left = real.stream().mapToInt(Flip::reads).toArray();
        requests = 0;
        caller = domain;
        mirror.offer(domain, flips);
    }

    @Override
    @Nullable Verdict attempt(int domain, VcpuId by, Event event, @Nullable Registers registers) {
        List<Allocation> given = List.empty();
        Outcome outcome;
        try {
            outcome = take(by, event, given);
            while (outcome.answer() instanceof Answer.NotAllowed) {
                given = oneMore(by, event, given);
                outcome = take(by, event, given);
            }
        } catch (RuntimeException e) {
            return new Verdict.Differs("none", "specification: error", String.valueOf(e));
        }
        for (int flip = 0; flip < flips.count(); flip++) {
            if (left[flip] <= flips.looks(flip)) {
                change(flip);
                left[flip] = Integer.MAX_VALUE;
            } else if (left[flip] != Integer.MAX_VALUE) {
                left[flip] -= flips.looks(flip);
            }
        }
        requests += requests(outcome);
        took(domain, outcome, given);
        if (outcome.answer() instanceof Answer.Unspecified(String reason)) {
            return new Verdict.Unspecified(reason);
        }
        return null;
    }

    private Outcome take(VcpuId by, Event event, List<Allocation> given) {
        flips.begin(left);
        return Transition.take(machine, by, event, mirror, new Choices(stimulus.patience(), given));
    }

    /// One allocation more than could be observed so far: of a frame that was free before the
    /// attempt, or of one that it has freed itself.
    private List<Allocation> oneMore(VcpuId by, Event event, List<Allocation> given) {
        List<Allocation> more = oneOf(by, event, given, true);
        if (more.isEmpty()) {
            more = oneOf(by, event, given, false);
        }
        if (more.isEmpty()) {
            if (!given.isEmpty() && given.last() instanceof Allocation.Failed) {
                throw new IllegalStateException("what is missing is no allocation");
            }
            return given.append(new Allocation.Failed());
        }
        return more;
    }

    private List<Allocation> oneOf(VcpuId by, Event event, List<Allocation> given, boolean free) {
        for (int mfn = 0; mfn < machine.frames().size(); mfn++) {
            if (machine.frames().get(mfn).free() != free) {
                continue;
            }
            List<Allocation> more = given.append(new Allocation.Given(new Mfn(mfn)));
            Outcome outcome = take(by, event, more);
            if (taken(outcome) == frames(more)) {
                return fails(outcome, frames(given)) ? given.append(new Allocation.Failed()) : more;
            }
        }
        return List.empty();
    }

    /// Whether the stimulus has the request fail that was met after `met` others of the attempt.
    private boolean fails(Outcome outcome, int met) {
        int seen = 0;
        int several = 0;
        for (Flush flush : outcome.flushes()) {
            if (flush instanceof Flush.Reuse(Mfn _, int order)) {
                if (seen == met) {
                    return order > 0 && failed(requests + several);
                }
                seen++;
                several += order > 0 ? 1 : 0;
            }
        }
        return false;
    }

    private boolean failed(int request) {
        return request < Long.SIZE && (stimulus.failed() >>> request & 1) != 0;
    }

    private static int taken(Outcome outcome) {
        return outcome.flushes().count(flush -> flush instanceof Flush.Reuse);
    }

    private static int frames(List<Allocation> given) {
        return given.count(allocation -> allocation instanceof Allocation.Given);
    }

    private static int requests(Outcome outcome) {
        return outcome.flushes().count(flush -> flush instanceof Flush.Reuse r && r.order() > 0);
    }

    @Override
    @Nullable Verdict end() {
        for (int flip = 0; flip < flips.count(); flip++) {
            change(flip);
        }
        return null;
    }

    /// What the attempt replies to the same word comes later.
    private void change(int flip) {
        mirror.calls(caller).write(flips.linear(flip), flips.value(flip), Long.BYTES);
    }

    @Override
    void poked(int domain, long linear, long value) {}

    @Override
    void filled(long mfn, int slot, long value) {}

    /// What is wrong in the machine as it is now, of each invariant the first.
    public List<Invariant.Violation> violations() {
        return Invariant.violations(phantoms.without(machine()));
    }

    @Override
    public Verdict finish() {
        Option<Invariant.Violation> violation = Invariant.violated(phantoms.without(machine()));
        return violation.isEmpty()
                ? new Verdict.Agreed(0, List.empty())
                : new Verdict.Differs(
                        "none",
                        "invariant: " + violation.get().invariant().number(),
                        violation.get().toString());
    }
}
