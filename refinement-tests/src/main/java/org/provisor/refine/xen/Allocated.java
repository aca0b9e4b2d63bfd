// SPDX-License-Identifier: Apache-2.0
package org.provisor.refine.xen;

import io.vavr.collection.List;

import org.jspecify.annotations.Nullable;
import org.provisor.refine.xen.Mailbox.Result;
import org.provisor.spec.abi.Mfn;
import org.provisor.spec.state.Answer;
import org.provisor.spec.state.Choices.Allocation;
import org.provisor.spec.state.Flush;
import org.provisor.spec.state.Frame;
import org.provisor.spec.state.Machine;
import org.provisor.spec.state.Outcome;
import org.provisor.spec.state.Reply;
import org.provisor.spec.transition.Event;

import java.util.BitSet;
import java.util.HashMap;
import java.util.Map;
import java.util.function.LongUnaryOperator;

/// Which frames Xen has allocated for a call, as far as they can be told: from what it wrote into
/// the caller's memory, and from what is the domain's now and was not before.
final class Allocated {

    private static final int MOST = 1024;
    private static final int MOST_ROUNDS = 64;

    /// In place of a frame that is not known.
    private static final Allocation UNKNOWN = new Allocation.Given(new Mfn(-1));

    private final Sides sides;
    private final Take take;

    /// Frames that are the domain's now and were not before the call.
    private final BitSet fresh = new BitSet();

    private String note = "";

    /// What comes of something on the machine as the specification says it is.
    interface Take {
        Outcome of(Event event, List<Allocation> given);
    }

    Allocated(Sides sides, Take take) {
        this.sides = sides;
        this.take = take;
    }

    /// The outcome with the frames that Xen has in fact allocated, as far as they can be told: from
    /// what it wrote into the caller's memory, and from what is the domain's now and was not
    /// before.
    Outcome settle(Event event, List<Allocation> trial, Outcome tried, Result result) {
        takeAllocated();
        note = "";
        TrialFrames.Tried followed = followed(event, new TrialFrames.Tried(trial, tried));
        List<Allocation> given = followed.given();
        Outcome outcome = followed.outcome();
        if (!agrees(outcome, result)) {
            given = atOnce(event, tried);
            outcome = take.of(event, given);
        }
        if (!agrees(outcome, result)) {
            given = oneByOne(event);
            outcome = take.of(event, given);
        }
        outcome = inOrder(event, given, outcome);
        if (agrees(outcome, result)) {
            return outcome;
        }
        // Xen may have had none where the trial had some.
        for (int met = 0; met < given.size(); met++) {
            List<Allocation> fewer = given.take(met).append(new Allocation.Failed());
            Outcome other = take.of(event, fewer);
            if (!TrialFrames.lacks(other) && agrees(other, result)) {
                return other;
            }
        }
        note =
                "\nXen wrote "
                        + numbers(written(trial, tried))
                        + " and gave the domain "
                        + fresh.stream().mapToObj(Integer::toHexString).toList();
        return TrialFrames.lacks(outcome) ? tried : outcome;
    }

    /// The frames that Xen wrote down, where a later request can be of a frame that was given to an
    /// earlier one: so one after the other is known.
    private TrialFrames.Tried followed(Event event, TrialFrames.Tried trial) {
        TrialFrames.Tried before = trial;
        for (int round = 0; round < MOST_ROUNDS; round++) {
            List<Allocation> given = written(before.given(), before.outcome());
            if (!given.forAll(Allocated::isKnown) || given.equals(before.given())) {
                return before;
            }
            before = TrialFrames.all(sides.machine(), given, all -> take.of(event, all));
        }
        return before;
    }

    private static List<String> numbers(List<Allocation> given) {
        return given.map(one ->
                one instanceof Allocation.Given(Mfn first)
                        ? Long.toHexString(first.value())
                        : "none");
    }

    /// What there is to say of allocations that could not be told from what Xen did.
    String note() {
        return note;
    }

    /// The frames whose numbers Xen wrote where it would have written those of the trial; for those
    /// that are written nowhere, others that Xen has allocated.
    private List<Allocation> written(List<Allocation> trial, Outcome tried) {
        Map<Long, Long> places = new HashMap<>();
        for (Reply reply : tried.replies()) {
            long at = reply.address().value();
            // What is written over is not there any more.
            places.values()
                    .removeIf(place -> place < at + reply.bytes() && at < place + Long.BYTES);
            if (reply.bytes() == Long.BYTES) {
                places.put(reply.value(), at);
            }
        }
        BitSet used = new BitSet();
        List<Allocation> found = trial.map(one -> written(one, places, used));
        return found.map(one -> isKnown(one) ? one : another(used));
    }

    private Allocation written(Allocation one, Map<Long, Long> places, BitSet used) {
        if (!(one instanceof Allocation.Given(Mfn first))) {
            return one;
        }
        Long place = places.get(first.value());
        long there = place == null ? -1 : sides.callWord(place);
        if (there < 0 || there >= sides.table().frames()) {
            return UNKNOWN;
        }
        used.set((int) there);
        return new Allocation.Given(new Mfn(there));
    }

    private static boolean isKnown(Allocation one) {
        return !one.equals(UNKNOWN);
    }

    private Allocation another(BitSet used) {
        for (int mfn = fresh.nextSetBit(0); mfn >= 0; mfn = fresh.nextSetBit(mfn + 1)) {
            if (!used.get(mfn)) {
                used.set(mfn);
                return new Allocation.Given(new Mfn(mfn));
            }
        }
        return UNKNOWN;
    }

    /// All that is the domain's now and was not before, taken to be of the sizes that were tried.
    private List<Allocation> atOnce(Event event, Outcome tried) {
        int order = 0;
        for (Flush flush : tried.flushes()) {
            order = flush instanceof Flush.Reuse(Mfn _, int size) ? size : order;
        }
        List<Allocation> all = List.empty();
        for (int mfn = fresh.length() - 1; mfn >= 0; mfn = fresh.previousSetBit(mfn - 1)) {
            if ((mfn & ((1 << order) - 1)) == 0) {
                all = all.prepend(new Allocation.Given(new Mfn(mfn)));
            }
        }
        return all.take(TrialFrames.taken(take.of(event, all)));
    }

    private List<Allocation> oneByOne(Event event) {
        List<Allocation> given = List.empty();
        Outcome outcome = take.of(event, given);
        BitSet used = new BitSet();
        while (TrialFrames.lacks(outcome) && given.size() < MOST) {
            Outcome more = observed(event, given, used);
            if (more == null) {
                return given.append(new Allocation.Failed());
            }
            given = given.append(new Allocation.Given(newest(more)));
            outcome = more;
        }
        return given;
    }

    /// The outcome with the same frames in another order, if that is what Xen did: several requests
    /// can come before the first frame is written down, or it is written down nowhere.
    private Outcome inOrder(Event event, List<Allocation> given, Outcome outcome) {
        Outcome ordered = ordered(event, given, outcome, mfn -> written(outcome, mfn));
        List<Long> all = given.filter(one -> one instanceof Allocation.Given).map(Allocated::first);
        Machine then = ordered.machine();
        boolean same = all.forAll(mfn -> then.frame(new Mfn(mfn)).m2p() == physical(mfn));
        return same
                ? ordered
                : ordered(
                        event,
                        given,
                        ordered,
                        mfn ->
                                all.find(other -> physical(other) == then.frame(new Mfn(mfn)).m2p())
                                        .getOrElse(mfn));
    }

    private long physical(long mfn) {
        return sides.table().physical((int) mfn);
    }

    private static long first(Allocation allocation) {
        return allocation instanceof Allocation.Given(Mfn first) ? first.value() : -1;
    }

    private Outcome ordered(
            Event event, List<Allocation> given, Outcome outcome, LongUnaryOperator right) {
        List<Allocation> moved =
                given.map(one ->
                        one instanceof Allocation.Given(Mfn first)
                                ? new Allocation.Given(new Mfn(right.applyAsLong(first.value())))
                                : one);
        if (moved.equals(given)) {
            return outcome;
        }
        Outcome ordered = take.of(event, moved);
        return TrialFrames.lacks(ordered) ? outcome : ordered;
    }

    /// Whether an outcome returns what Xen returned, writes what Xen wrote, and gives the domain
    /// frames that it has.
    private boolean agrees(Outcome outcome, Result result) {
        return outcome.answer() instanceof Answer.Returned(long value)
                && value == result.value()
                && outcome.flushes().forAll(flush -> isGiven(flush, outcome))
                && fresh.stream().allMatch(mfn -> isOwned(outcome, mfn))
                && writes(outcome);
    }

    private static boolean isOwned(Outcome outcome, int mfn) {
        return outcome.machine().frames().get(mfn).ownedBy(XenBoot.PROBE);
    }

    private boolean writes(Outcome outcome) {
        Map<Long, Byte> bytes = new HashMap<>();
        for (Reply reply : outcome.replies()) {
            for (int i = 0; i < reply.bytes(); i++) {
                bytes.put(reply.address().value() + i, (byte) (reply.value() >>> (8 * i)));
            }
        }
        return bytes.entrySet().stream()
                .allMatch(one -> sides.callByte(one.getKey()) == one.getValue());
    }

    private boolean isGiven(Flush flush, Outcome outcome) {
        return !(flush instanceof Flush.Reuse(Mfn first, int _))
                || !outcome.machine().frame(first).ownedBy(XenBoot.PROBE)
                || sides.isOwn((int) first.value());
    }

    /// What comes of the call with one more of the frames that Xen has allocated; null where no
    /// frame that is to be seen can be the next.
    ///
    /// @param used frames that were seen already
    private @Nullable Outcome observed(Event event, List<Allocation> given, BitSet used) {
        for (int mfn = fresh.nextSetBit(0); mfn >= 0; mfn = fresh.nextSetBit(mfn + 1)) {
            if (!used.get(mfn)) {
                Outcome guess = with(event, given, mfn);
                if (guess != null) {
                    return corrected(event, given, used, guess, mfn);
                }
            }
        }
        // One that the call itself has given back can be allocated again.
        TrialFrames.Tried tried =
                TrialFrames.oneMore(
                        sides.machine(),
                        new TrialFrames.Tried(given, take.of(event, given)),
                        all -> take.of(event, all));
        return tried.given().last() instanceof Allocation.Given(Mfn guessed)
                ? corrected(event, given, used, tried.outcome(), guessed.value())
                : null;
    }

    private Outcome corrected(
            Event event, List<Allocation> given, BitSet used, Outcome guess, long guessed) {
        long written = written(guess, guessed);
        Outcome there = written == guessed ? guess : with(event, given, written);
        Outcome right = there == null ? guess : there;
        use(right, used);
        return right;
    }

    /// What Xen wrote where the specification has this frame's number written; the same if nowhere.
    private long written(Outcome outcome, long mfn) {
        for (Reply reply : outcome.replies().reverse()) {
            if (reply.bytes() == Long.BYTES && reply.value() == mfn) {
                return sides.callWord(reply.address().value());
            }
        }
        return mfn;
    }

    private @Nullable Outcome with(Event event, List<Allocation> given, long mfn) {
        if (mfn < 0 || mfn >= sides.table().frames()) {
            return null;
        }
        List<Allocation> more = given.append(new Allocation.Given(new Mfn(mfn)));
        Outcome outcome = take.of(event, more);
        int taken = outcome.flushes().count(flush -> flush instanceof Flush.Reuse);
        return taken == more.count(one -> one instanceof Allocation.Given) ? outcome : null;
    }

    private static Mfn newest(Outcome outcome) {
        for (Flush flush : outcome.flushes().reverse()) {
            if (flush instanceof Flush.Reuse(Mfn first, int _)) {
                return first;
            }
        }
        throw new IllegalArgumentException("nothing was allocated");
    }

    private static void use(Outcome outcome, BitSet used) {
        for (Flush flush : outcome.flushes()) {
            if (flush instanceof Flush.Reuse(Mfn first, int order)) {
                used.set((int) first.value(), (int) (first.value() + (1L << order)));
            }
        }
    }

    /// Frames that Xen has just allocated were free before, whatever was known of them.
    @SuppressWarnings("ReferenceEquality") // There is one such frame.
    private void takeAllocated() {
        fresh.clear();
        for (int mfn = 0; mfn < sides.table().frames(); mfn++) {
            if (sides.isFreshlyOwn(mfn)) {
                fresh.set(mfn);
                if (sides.machine().frames().get(mfn) == Frame.XEN) {
                    sides.setMachine(sides.machine().with(new Mfn(mfn), Frame.FREE));
                }
            }
        }
    }
}
