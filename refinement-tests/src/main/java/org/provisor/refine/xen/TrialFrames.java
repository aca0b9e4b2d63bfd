// SPDX-License-Identifier: Apache-2.0
package org.provisor.refine.xen;

import io.vavr.collection.List;

import org.provisor.spec.abi.Mfn;
import org.provisor.spec.state.Answer;
import org.provisor.spec.state.Choices.Allocation;
import org.provisor.spec.state.Flush;
import org.provisor.spec.state.Machine;
import org.provisor.spec.state.Outcome;

import java.util.function.Function;

/// Frames that an allocator could give, to see what would come of a call before Xen has made it.
final class TrialFrames {

    /// log2 of the largest extents that are looked for.
    private static final int MAX_ORDER = 10;

    /// How many allocations are tried at once, at the most.
    private static final int MOST = 1024;

    private TrialFrames() {}

    /// A call, and what was allocated for it.
    record Tried(List<Allocation> given, Outcome outcome) {}

    /// What comes of a call that may need allocations, if it gets what it asks for.
    ///
    /// @param take what comes of the call, given some allocations
    static Tried all(Function<List<Allocation>, Outcome> take) {
        return all(List.empty(), take);
    }

    /// The same where some of it was allocated already.
    static Tried all(List<Allocation> given, Function<List<Allocation>, Outcome> take) {
        Tried tried = new Tried(given, take.apply(given));
        while (lacks(tried.outcome())) {
            tried = more(tried, take);
            if (tried.given().last() instanceof Allocation.Failed) {
                return tried;
            }
        }
        return tried;
    }

    /// Whether an allocation more has to be observed.
    static boolean lacks(Outcome outcome) {
        return outcome.answer() instanceof Answer.NotAllowed;
    }

    /// The same with more allocations: one of frames that will do, and as many like it as it takes;
    /// or one of none.
    private static Tried more(Tried before, Function<List<Allocation>, Outcome> take) {
        Tried one = oneMore(before, take);
        if (!lacks(one.outcome()) || one.given().last() instanceof Allocation.Failed) {
            return one;
        }
        int order = lastOrder(one.outcome());
        int size = 1 << order;
        Machine machine = one.outcome().machine();
        List<Allocation> others = List.empty();
        int count = 0;
        for (int mfn = 0; mfn + size <= machine.frames().size() && count < MOST; mfn += size) {
            if (free(machine, mfn, size) && apart(one.given(), mfn, order)) {
                others = others.prepend(new Allocation.Given(new Mfn(mfn)));
                count++;
            }
        }
        List<Allocation> many = one.given().appendAll(others.reverse());
        Outcome outcome = take.apply(many);
        int taken = taken(outcome);
        boolean further = taken > taken(one.outcome()) && !lacks(outcome);
        return further ? new Tried(many.take(taken), outcome) : one;
    }

    /// log2 of the size of the last extent that was allocated; 0 where none was.
    static int lastOrder(Outcome outcome) {
        for (Flush flush : outcome.flushes().reverse()) {
            if (flush instanceof Flush.Reuse(Mfn _, int order)) {
                return order;
            }
        }
        return 0;
    }

    private static boolean apart(List<Allocation> given, int mfn, int order) {
        return !given.exists(one ->
                one instanceof Allocation.Given(Mfn first)
                        && first.value() >> order == mfn >> order);
    }

    /// The most aligned frames are tried first: they will do for requests of any size. What the
    /// call itself has given back is free too.
    static Tried oneMore(Tried before, Function<List<Allocation>, Outcome> take) {
        Machine machine = before.outcome().machine();
        List<Allocation> given = before.given();
        for (int order = MAX_ORDER; order >= 0; order--) {
            int size = 1 << order;
            for (int mfn = (machine.frames().size() - 1) / size * size; mfn >= 0; mfn -= size) {
                if (!free(machine, mfn, size) || !apart(given, mfn, order)) {
                    continue;
                }
                List<Allocation> more = given.append(new Allocation.Given(new Mfn(mfn)));
                Outcome outcome = take.apply(more);
                if (taken(outcome) == frames(more) || !lacks(outcome)) {
                    return new Tried(more, outcome);
                }
                List<Allocation> failed = given.append(new Allocation.Failed());
                return new Tried(failed, take.apply(failed));
            }
        }
        List<Allocation> failed = given.append(new Allocation.Failed());
        return new Tried(failed, take.apply(failed));
    }

    private static boolean free(Machine machine, int mfn, int size) {
        if (mfn + size > machine.frames().size()) {
            return false;
        }
        for (int i = 0; i < size; i++) {
            if (!machine.frames().get(mfn + i).free()) {
                return false;
            }
        }
        return true;
    }

    /// How many allocations were made use of.
    static int taken(Outcome outcome) {
        return outcome.flushes().count(flush -> flush instanceof Flush.Reuse);
    }

    static int frames(List<Allocation> given) {
        return given.count(allocation -> allocation instanceof Allocation.Given);
    }
}
