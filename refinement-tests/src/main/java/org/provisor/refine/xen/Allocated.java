// SPDX-License-Identifier: Apache-2.0
package org.provisor.refine.xen;

import io.vavr.collection.List;
import io.vavr.control.Option;

import org.jspecify.annotations.Nullable;
import org.provisor.refine.xen.Mailbox.Result;
import org.provisor.refine.xen.TrialFrames.Tried;
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
import java.util.function.Supplier;

/// Which frames Xen has allocated for a call, as far as they can be told: from what it wrote into
/// the caller's memory, and from what is the domain's now and was not before.
final class Allocated {

    private static final int MOST = 1024;
    private static final int MOST_ROUNDS = 64;

    /// In place of a frame that is not known.
    private static final Allocation UNKNOWN = new Allocation.Given(new Mfn(-1));

    private final Sides sides;
    private final Take take;

    /// Frames that are the domain's now.
    private final BitSet owned = new BitSet();

    /// Those of them that were not before the call.
    private final BitSet fresh = new BitSet();

    private @Nullable Mismatch unexplained;

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
        unexplained = null;
        Tried followed = followed(event, new Tried(trial, tried));
        if (agrees(followed.outcome(), result)) {
            return followed.outcome();
        }
        Tried last = followed;
        List<Supplier<Tried>> guesses =
                List.of(() -> followed, () -> atOnce(event, tried), () -> oneByOne(event));
        for (Supplier<Tried> guess : guesses) {
            last = inOrder(event, regained(event, guess.get()));
            if (agrees(last.outcome(), result)) {
                return last.outcome();
            }
        }
        // Xen may have had none where the trial had some.
        for (int met = 0; met < last.given().size(); met++) {
            List<Allocation> fewer = last.given().take(met).append(new Allocation.Failed());
            Outcome other = take.of(event, fewer);
            if (!TrialFrames.lacks(other) && agrees(other, result)) {
                return other;
            }
        }
        unexplained =
                new Mismatch(
                        "allocation",
                        "allocation: no frames explain what Xen did; it wrote "
                                + numbers(written(trial, tried))
                                + " and gave the domain "
                                + fresh.stream().mapToObj(Integer::toHexString).toList(),
                        "");
        return TrialFrames.lacks(last.outcome()) ? tried : last.outcome();
    }

    /// The frames that Xen wrote down, where a later request can be of a frame that was given to an
    /// earlier one: so one after the other is known.
    private Tried followed(Event event, Tried trial) {
        Tried before = trial;
        for (int round = 0; round < MOST_ROUNDS; round++) {
            List<Allocation> given = written(before.given(), before.outcome());
            if (!given.forAll(Allocated::isKnown) || given.equals(before.given())) {
                return before;
            }
            before = TrialFrames.all(given, all -> take.of(event, all));
        }
        return before;
    }

    private static List<String> numbers(List<Allocation> given) {
        return given.map(one ->
                one instanceof Allocation.Given(Mfn first)
                        ? Long.toHexString(first.value())
                        : "none");
    }

    /// What there is to say where no frames explain what Xen did the last time, or null.
    @Nullable Mismatch unexplained() {
        return unexplained;
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
    private Tried atOnce(Event event, Outcome tried) {
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
        return tried(event, all.take(TrialFrames.taken(take.of(event, all))));
    }

    private Tried oneByOne(Event event) {
        List<Allocation> given = List.empty();
        Outcome outcome = take.of(event, given);
        BitSet used = new BitSet();
        while (TrialFrames.lacks(outcome) && given.size() < MOST) {
            Outcome more = observed(event, given, used);
            if (more == null) {
                return tried(event, given.append(new Allocation.Failed()));
            }
            given = given.append(new Allocation.Given(newest(more)));
            outcome = more;
        }
        return new Tried(given, outcome);
    }

    private Tried tried(Event event, List<Allocation> given) {
        return new Tried(given, take.of(event, given));
    }

    /// The same where frames that the domain does not have are others that it still has although
    /// the call gave them back: Xen has allocated those again.
    private Tried regained(Event event, Tried before) {
        BitSet missing = missing(before.outcome());
        if (TrialFrames.lacks(before.outcome()) || missing.isEmpty()) {
            return before;
        }
        int order = TrialFrames.lastOrder(before.outcome());
        List<Allocation> moved =
                before.given()
                        .map(one -> hasNot(before.outcome(), one) ? aligned(missing, order) : one);
        return moved.forAll(Allocated::isKnown) ? better(event, before, moved) : before;
    }

    private boolean hasNot(Outcome outcome, Allocation one) {
        return one instanceof Allocation.Given(Mfn first)
                && outcome.machine().frame(first).ownedBy(XenBoot.PROBE)
                && !owned.get((int) first.value());
    }

    /// Takes 2<sup>`order`</sup> frames out of some.
    private static Allocation aligned(BitSet from, int order) {
        int size = 1 << order;
        for (int mfn = from.nextSetBit(0); mfn >= 0; mfn = from.nextSetBit(mfn + 1)) {
            if ((mfn & (size - 1)) == 0 && from.nextClearBit(mfn) >= mfn + size) {
                from.clear(mfn, mfn + size);
                return new Allocation.Given(new Mfn(mfn));
            }
        }
        return UNKNOWN;
    }

    /// The same frames in another order, if that is what Xen did: several requests can come before
    /// the first frame is written down, or it is written down nowhere.
    private Tried inOrder(Event event, Tried before) {
        Outcome first = before.outcome();
        Tried ordered =
                ordered(event, before, before.given().map(one -> written(first, first(one))));
        return ordered(event, ordered, likeNumbered(ordered));
    }

    /// The same frames, so that each has the number in the machine-to-physical table that it should
    /// have, as far as there are such.
    private List<Long> likeNumbered(Tried tried) {
        Machine then = tried.outcome().machine();
        List<Long> all = tried.given().map(Allocated::first);
        List<Long> left = all.filter(mfn -> mfn >= 0 && physical(mfn) != numbered(then, mfn));
        List<Long> moved = List.empty();
        for (long mfn : all) {
            Option<Long> right =
                    mfn < 0 || physical(mfn) == numbered(then, mfn)
                            ? Option.none()
                            : left.find(other -> physical(other) == numbered(then, mfn));
            left = right.isDefined() ? left.remove(right.get()) : left;
            moved = moved.append(right.getOrElse(mfn));
        }
        return moved;
    }

    private static long numbered(Machine then, long mfn) {
        return then.frame(new Mfn(mfn)).m2p();
    }

    private long physical(long mfn) {
        return sides.table().physical((int) mfn);
    }

    private static long first(Allocation allocation) {
        return allocation instanceof Allocation.Given(Mfn first) ? first.value() : -1;
    }

    /// The same with other frames, in place of those that were given.
    private Tried ordered(Event event, Tried before, List<Long> firsts) {
        List<Allocation> moved =
                before.given()
                        .zipWith(
                                firsts,
                                (one, first) ->
                                        one instanceof Allocation.Given
                                                ? new Allocation.Given(new Mfn(first))
                                                : one);
        return better(event, before, moved);
    }

    private Tried better(Event event, Tried before, List<Allocation> moved) {
        if (moved.equals(before.given())) {
            return before;
        }
        Tried now = tried(event, moved);
        return TrialFrames.lacks(now.outcome()) ? before : now;
    }

    /// Whether an outcome returns what Xen returned, writes what Xen wrote, and gives the domain
    /// the frames that it has, numbered as they are.
    private boolean agrees(Outcome outcome, Result result) {
        return outcome.answer() instanceof Answer.Returned(long value)
                && value == result.value()
                && outcome.flushes().forAll(flush -> isGiven(flush, outcome.machine()))
                && missing(outcome).isEmpty()
                && writes(outcome);
    }

    /// Frames that the domain has and does not have as an outcome says.
    private BitSet missing(Outcome outcome) {
        BitSet found = (BitSet) owned.clone();
        for (int mfn = found.nextSetBit(0); mfn >= 0; mfn = found.nextSetBit(mfn + 1)) {
            if (outcome.machine().frames().get(mfn).ownedBy(XenBoot.PROBE)) {
                found.clear(mfn);
            }
        }
        return found;
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

    private boolean isGiven(Flush flush, Machine then) {
        if (!(flush instanceof Flush.Reuse(Mfn first, int order))) {
            return true;
        }
        for (long mfn = first.value(); mfn < first.value() + (1L << order); mfn++) {
            Frame frame = then.frames().get((int) mfn);
            if (frame.ownedBy(XenBoot.PROBE)
                    && (!owned.get((int) mfn) || frame.m2p() != physical(mfn))) {
                return false;
            }
        }
        return true;
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
        Tried tried =
                TrialFrames.oneMore(
                        new Tried(given, take.of(event, given)), all -> take.of(event, all));
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
        owned.clear();
        owned.or(sides.owned());
        fresh.clear();
        for (int mfn = owned.nextSetBit(0); mfn >= 0; mfn = owned.nextSetBit(mfn + 1)) {
            if (!sides.isSpecified(mfn)) {
                fresh.set(mfn);
                if (sides.machine().frames().get(mfn) == Frame.XEN) {
                    sides.setMachine(sides.machine().with(new Mfn(mfn), Frame.FREE));
                }
            }
        }
    }
}
