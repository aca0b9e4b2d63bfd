// SPDX-License-Identifier: Apache-2.0
package org.provisor.refine.xen;

import io.vavr.collection.List;

import org.jspecify.annotations.Nullable;
import org.provisor.refine.harness.Verdict;
import org.provisor.refine.xen.Mailbox.Operation;
import org.provisor.refine.xen.Mailbox.Result;
import org.provisor.spec.abi.CallingConvention;
import org.provisor.spec.abi.Invocation;
import org.provisor.spec.abi.Mfn;
import org.provisor.spec.abi.Registers;
import org.provisor.spec.mm.WritablePageTables.GuestWrite;
import org.provisor.spec.state.Answer;
import org.provisor.spec.state.Choices;
import org.provisor.spec.state.Choices.Allocation;
import org.provisor.spec.state.Flush;
import org.provisor.spec.state.Machine;
import org.provisor.spec.state.Outcome;
import org.provisor.spec.state.Reply;
import org.provisor.spec.state.Store;
import org.provisor.spec.transition.Event;
import org.provisor.spec.transition.Transition;

import java.util.BitSet;

/// Xen and the specification of it, kept in step: what happens to one happens to the other, and
/// what can be seen of it is compared.
///
/// Beside what a guest could see, the reference counts and types in Xen's own table of frames are
/// compared. Accessed and dirty bits that the processor may have set are taken over from the
/// machine.
///
/// Preemption is Xen's own affair: what comes of a call that was preempted and made again is what
/// would have come of it without. Which frames Xen allocated is read off what it did.
final class XenPair {

    /// How many of the rows that decided are shown where something differs.
    private static final int SHOWN = 12;

    private final ProbeHost host;
    private final Mailbox box;
    private final Sides sides;
    private final ProbeFrames probe;
    private final Objections objections;
    private final Allocated allocated;
    private final Comparison comparison;
    private final TakenOver takenOver;
    private Outcome last;
    private long calls;

    /// @param probe what the probe stands on
    XenPair(ProbeHost host, Sides sides, ProbeFrames probe) {
        this.host = host;
        box = host.mailbox();
        this.sides = sides;
        this.probe = probe;
        objections = new Objections(sides, probe);
        allocated = new Allocated(sides, this::take);
        takenOver = new TakenOver(sides);
        comparison = new Comparison(sides, probe, takenOver);
        last =
                new Outcome(
                        sides.machine(),
                        Answer.RESUMED,
                        List.empty(),
                        List.empty(),
                        List.empty(),
                        List.empty(),
                        Integer.MAX_VALUE);
    }

    Sides sides() {
        return sides;
    }

    ProbeFrames probe() {
        return probe;
    }

    /// What is compared with the specification, as differences call it.
    String name() {
        return host.name();
    }

    /// What came of the last thing done, on the specification.
    Outcome last() {
        return last;
    }

    /// How many calls both sides made.
    long calls() {
        return calls;
    }

    /// Begins anew with a machine as it is now, whatever was before.
    void restart(Machine now) {
        sides.restart(now);
        comparison.forget();
    }

    /// Compares everything there is to compare.
    @Nullable Mismatch everything() {
        return comparison.everything();
    }

    /// Makes a hypercall.
    Verdict call(Registers r) {
        Event event = new Event.Call(CallingConvention.decode(r));
        return perform(
                event,
                () ->
                        box.run(
                                Operation.CALL,
                                r.rax(),
                                r.arg1(),
                                r.arg2(),
                                r.arg3(),
                                r.arg4(),
                                r.arg5()),
                r);
    }

    /// Loads a descriptor of the local table.
    Verdict load(int offset) {
        long selector = (offset & ~7L) | 7;
        return perform(
                new Event.LoadDescriptor(offset),
                () -> box.run(Operation.LOAD_SEGMENT, selector),
                null);
    }

    /// Writes where it is not allowed.
    Verdict write(GuestWrite write) {
        long address = write.address().value();
        long bytes = write.bytes();
        long target = sides.frame(address, false);
        if (write.expected().isDefined() && target >= 0) {
            // The processor marks the entries that it walks by before Xen compares one of them. The
            // word that the address is in is read: eight bytes from there could reach into the next
            // page, which the exchange itself does not touch.
            box.run(Operation.READ, address & -Long.BYTES);
            takenOver.before(address, target);
        }
        return perform(
                new Event.WriteReadOnly(write),
                () ->
                        write.expected().isEmpty()
                                ? box.run(Operation.WRITE, address, bytes, write.value())
                                : box.run(
                                        Operation.EXCHANGE,
                                        address,
                                        bytes,
                                        write.value(),
                                        write.expected().get()),
                null);
    }

    /// What the real thing does.
    private interface Real {
        Result run();
    }

    private Verdict perform(Event event, Real real, @Nullable Registers registers) {
        Machine before = sides.machine();
        sides.memory().remember();
        List<Allocation> trial = List.empty();
        Outcome outcome;
        List<Store> earlierStores = List.empty();
        List<String> earlierRows = List.empty();
        Event attempt = event;
        Registers words = registers;
        try {
            outcome = take(attempt, trial);
            // Xen makes a call again by itself to take apart what a refused request has left.
            while (outcome.answer() instanceof Answer.Continued(Invocation again)
                    && words != null
                    && !outcome.machine().equals(sides.machine())) {
                String objection = objections.against(attempt, words, outcome);
                if (objection != null) {
                    return notDone(before, objection);
                }
                for (Store store : outcome.stores()) {
                    sides.memory().prepare(store);
                }
                took(outcome, true);
                earlierStores = earlierStores.appendAll(outcome.stores());
                earlierRows = earlierRows.appendAll(outcome.rows());
                words = CallingConvention.encode(again, words);
                attempt = new Event.Call(CallingConvention.decode(words));
                outcome = take(attempt, trial);
            }
            if (TrialFrames.lacks(outcome)) {
                Event last = attempt;
                TrialFrames.Tried tried = TrialFrames.all(given -> take(last, given));
                trial = tried.given();
                outcome = tried.outcome();
                if (outcome.answer() instanceof Answer.NotAllowed(String why)) {
                    throw new IllegalStateException(why);
                }
            }
        } catch (IllegalStateException e) {
            return new Verdict.Differs("none", "specification: error", String.valueOf(e));
        }
        if (outcome.answer() instanceof Answer.Unspecified(String reason)) {
            return notDone(before, reason);
        }
        if (outcome.answer() instanceof Answer.Continued) {
            return notDone(before, "a call that waits for another vCPU");
        }
        if (outcome.answer() instanceof Answer.ShutDown) {
            return notDone(before, "a call with which the probe would end");
        }
        String objection = objections.against(attempt, words, outcome);
        if (objection != null) {
            return notDone(before, objection);
        }
        for (Store store : outcome.stores()) {
            sides.memory().prepare(store);
        }
        if (words != null && !trial.isEmpty()) {
            objections.writtenOver(words).forEach(sides::see);
        }
        for (long page : sides.memory().looked()) {
            // What the processor still knows of it may be older than the tables.
            box.run(Operation.READ, page);
        }
        calls++;
        host.beginCall();
        Result result = real.run();
        boolean guessed = false;
        if (!trial.isEmpty()) {
            List<Allocation> told = host.allocated();
            guessed = told == null;
            outcome =
                    told == null
                            ? allocated.settle(attempt, trial, outcome, result)
                            : take(attempt, told);
        }
        Mismatch mismatch = Answers.mismatch(event, outcome.answer(), result);
        took(outcome);
        takenOver.followed(before, sides.memory().looked());
        if (mismatch == null) {
            mismatch =
                    comparison.visible(event, registers, earlierStores.appendAll(outcome.stores()));
        }
        if (mismatch == null && guessed) {
            mismatch = allocated.unexplained();
        }
        List<String> rows = earlierRows.appendAll(outcome.rows());
        return mismatch == null
                ? new Verdict.Agreed(1, rows.reverse())
                : new Verdict.Differs(
                        clause(rows),
                        mismatch.part(),
                        mismatch.text(name())
                                + "\ndecided by "
                                + rows.takeRight(SHOWN).mkString(", "));
    }

    private Verdict notDone(Machine before, String why) {
        sides.setMachine(before);
        sides.memory().goBack();
        return new Verdict.Unspecified(why);
    }

    private Outcome take(Event event, List<Allocation> given) {
        return Transition.take(
                sides.machine(),
                Sides.VCPU,
                event,
                sides.memory(),
                new Choices(Integer.MAX_VALUE, given));
    }

    private static String clause(List<String> rows) {
        String row = rows.isEmpty() ? "none/" : rows.last();
        return row.substring(0, row.indexOf('/'));
    }

    private void took(Outcome outcome) {
        took(outcome, false);
    }

    /// @param undoable whether it may have to be undone
    private void took(Outcome outcome, boolean undoable) {
        last = outcome;
        sides.setMachine(outcome.machine());
        BitSet grown = new BitSet();
        for (Flush flush : outcome.flushes()) {
            if (flush instanceof Flush.Reuse(Mfn first, int order)) {
                grown.set((int) first.value(), (int) (first.value() + (1L << order)));
            }
        }
        grown.stream().forEach(sides.memory()::forget);
        if (!grown.isEmpty()) {
            sides.watchToo(grown);
        }
        for (Store store : outcome.stores()) {
            sides.memory().store(store, sides.shownEntry(), undoable);
        }
        for (Reply reply : outcome.replies()) {
            sides.memory().reply(reply, undoable);
        }
    }
}
