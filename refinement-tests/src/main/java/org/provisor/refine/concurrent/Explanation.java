// SPDX-License-Identifier: Apache-2.0
package org.provisor.refine.concurrent;

import org.jspecify.annotations.Nullable;
import org.provisor.impl.mm.Host;
import org.provisor.refine.harness.BootNumbers;
import org.provisor.refine.harness.Difference;
import org.provisor.refine.harness.MachineDiff;
import org.provisor.spec.abi.Domid;
import org.provisor.spec.abi.Registers;
import org.provisor.spec.state.Domain;
import org.provisor.spec.state.Frame;
import org.provisor.spec.state.Machine;
import org.provisor.spec.state.Outcome;
import org.provisor.spec.state.Reply;
import org.provisor.spec.transition.Event;
import org.provisor.spec.transition.Transition;

import java.util.BitSet;
import java.util.HashSet;
import java.util.IdentityHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Objects;
import java.util.Set;

/// Looks for an order of what two vCPUs did in which the specification answers each element as it
/// was answered, and ends with the machine that there is. Elements of one vCPU are in their order,
/// and one that had ended before another began comes first.
///
/// Orders without a moment come first, then those with one, two and more.
final class Explanation {

    /// How many elements are tried at the most, for each number of moments and once more.
    private static final int MOST_TRIES = 30_000;

    private static final int MOST_MOMENTS = 4;

    private static final BitSet NONE = new BitSet();

    private static final int MMU_UPDATE = 1;
    private static final int UPDATE_VA_MAPPING = 14;
    private static final int MMUEXT_OP = 26;

    private final BootNumbers numbers;
    private final MachineDiff diff;
    private final Words words;
    private final Machine before;

    /// What each vCPU did.
    private final Element[][] done;

    private final Naming naming;

    /// What elements have to do with, as far as it was asked for.
    private final IdentityHashMap<Element, BitSet> named = new IdentityHashMap<>();

    /// Frames whose words are not compared.
    private final BitSet torn = new BitSet();

    /// How much may still be held for a moment; negative if nothing is to be explained so.
    private int budget = -1;

    private int tries;
    private int mostTries = MOST_TRIES;
    private boolean gaveUp;

    /// Steps that were tried and lead to no explanation.
    private final Set<Step> vain = new HashSet<>();

    private int furthest = -1;
    private final Set<Difference> wrong = new LinkedHashSet<>();
    private @Nullable At found;

    /// @param before the machine before the round
    /// @param first all words of memory then
    /// @param last all words now
    /// @param left what one vCPU did
    /// @param right what the other did
    Explanation(
            Host host,
            BootNumbers numbers,
            Machine before,
            long[] first,
            long[] last,
            List<Element> left,
            List<Element> right) {
        this.numbers = numbers;
        this.before = before;
        done = new Element[][] {left.toArray(Element[]::new), right.toArray(Element[]::new)};
        diff = new MachineDiff(host, numbers);
        words = new Words(first, last, host.machineToPhysicalEntry());
        naming = Naming.of(before, first, last, List.of(left, right));
    }

    /// Looks.
    ///
    /// @return whether there is such an order
    boolean search() {
        At start = At.start(before);
        tearing();
        boolean there = search(0, 0, start);
        boolean overlapping = !there && overlapping() > 0;
        for (int most = 0; overlapping && !there && most <= MOST_MOMENTS; most++) {
            budget = most;
            tries = 0;
            mostTries = MOST_TRIES * (most + 1);
            there = search(0, 0, start);
            gaveUp |= tries > mostTries;
        }
        return there;
    }

    /// Whether there were more orders than were looked at: one of them may be an explanation.
    boolean gaveUp() {
        return gaveUp;
    }

    /// How many pairs of elements were under way at the same time.
    int overlapping() {
        int pairs = 0;
        for (int i = 0; i < done[0].length; i++) {
            for (int j = 0; j < done[1].length; j++) {
                pairs += overlap(0, i, j) ? 1 : 0;
            }
        }
        return pairs;
    }

    /// The machine after the round, as the specification has it.
    Machine machine() {
        return found().machine();
    }

    /// What was held for a moment.
    Iterable<Moment> moments() {
        return found().moments();
    }

    private At found() {
        At there = found;
        if (there == null) {
            throw new IllegalStateException("no order was found");
        }
        return there;
    }

    /// Where the orders fail that come furthest without a moment.
    Set<Difference> closest() {
        return wrong;
    }

    // Order.

    /// Whether an element of a side had ended when one of the other side began.
    private boolean precedes(int side, int mine, int others) {
        return done[1 - side][others].othersBefore > mine;
    }

    private boolean overlap(int side, int mine, int others) {
        return !precedes(side, mine, others) && !precedes(1 - side, others, mine);
    }

    private boolean search(int i, int j, At at) {
        boolean leftEnded = i == done[0].length;
        boolean rightEnded = j == done[1].length;
        if (leftEnded && rightEnded) {
            At end = letGo(0, at);
            end = end == null ? null : letGo(1, end);
            return end != null && ended(end);
        }
        boolean leftNext = !leftEnded && (rightEnded || !precedes(1, j, i));
        boolean rightNext = !rightEnded && (leftEnded || !precedes(0, i, j));
        boolean leftFirst =
                leftNext && rightNext && done[0][i].othersBefore <= done[1][j].othersBefore;
        return (leftFirst && step(0, i, j, at))
                || (rightNext && step(1, j, i, at))
                || (!leftFirst && leftNext && step(0, i, j, at));
    }

    /// The next element of a side is taken. What was held on the way there does not matter to where
    /// it leads.
    ///
    /// @param left how much may still be held
    private record Step(int side, int mine, int others, int left, At from) {

        /// Of what mostly differs: all of a machine would take longer than the step.
        @Override
        public int hashCode() {
            return Objects.hash(side, mine, others, left, from.machine().frames());
        }
    }

    /// Takes the next element of a side.
    ///
    /// @param mine which it is
    /// @param others which is the next of the other side
    private boolean step(int side, int mine, int others, At from) {
        if (tries > mostTries) {
            return false;
        }
        Step step = new Step(side, mine, others, budget, from.forgetting());
        if (vain.contains(step)) {
            return false;
        }
        if (stepFrom(side, mine, others, from)) {
            return true;
        }
        if (tries <= mostTries) {
            vain.add(step);
        }
        return false;
    }

    private boolean stepFrom(int side, int mine, int others, At from) {
        At at = ready(side, mine, from);
        if (at == null) {
            return false;
        }
        At plain = taken(at, done[side][mine], mine + others);
        if (plain != null && on(side, mine, others, plain)) {
            return true;
        }
        if (budget < 0) {
            return false;
        }
        return without(1 - side, side, mine, others, at)
                || without(side, side, mine, others, at)
                || waits(side, mine, others, at)
                || inMoment(side, mine, others, at, plain, NONE)
                || (from.holds() > at.holds()
                        && beforeRelease(side, mine, others, from, plain, released(from, at)));
    }

    /// Takes the next element of a side while something is held that began before others let go of
    /// what they hold: of all of it, or of all but the reference on a frame that they had in use.
    private boolean beforeRelease(
            int side, int mine, int others, At from, @Nullable At plain, BitSet released) {
        if (inMoment(side, mine, others, from, plain, released)) {
            return true;
        }
        At referred = Moments.stillReferred(1, Moments.stillReferred(0, from));
        return !referred.equals(from) && inMoment(side, mine, others, referred, plain, released);
    }

    /// Frames of which less is held here than there.
    private static BitSet released(At from, At at) {
        BitSet frames = new BitSet();
        for (int side = 0; side < 2; side++) {
            from.held(side)
                    .removeAll(at.held(side))
                    .forEach(held -> frames.set((int) held.mfn().value()));
        }
        return frames;
    }

    /// Takes the next element of a side while the other's next, the other's last or itself holds
    /// something more.
    ///
    /// @param from where it begins to be held: before or after others let go of what they hold
    /// @param released the frames of what is let go first
    private boolean inMoment(
            int side, int mine, int others, At from, @Nullable At plain, BitSet released) {
        if (budget <= 0) {
            return false;
        }
        return inMoment(side, mine, others, 1 - side, others, from, plain, released)
                || inMoment(side, mine, others, 1 - side, others - 1, from, plain, released)
                || inMoment(side, mine, others, side, mine, from, plain, released);
    }

    /// Takes the next element of a side after what a holder's elements hold is let go: all of it,
    /// or all but general references, which are dropped last; those too of frames that they had in
    /// use.
    private boolean without(int holder, int side, int mine, int others, At at) {
        if (at.held(holder).isEmpty()) {
            return false;
        }
        if (onFrom(letGo(holder, at), side, mine, others)) {
            return true;
        }
        if (at.held(holder).exists(held -> held.moment() == Moment.BUSY)
                && onFrom(Moments.stillReferred(holder, at), side, mine, others)) {
            return true;
        }
        boolean both =
                at.held(holder).exists(Moments.Held::refers)
                        && !at.held(holder).forAll(Moments.Held::refers);
        return both
                && onFrom(
                        Moments.letGo(holder, held -> !held.refers(), at, words),
                        side,
                        mine,
                        others);
    }

    private boolean onFrom(@Nullable At less, int side, int mine, int others) {
        At after = less == null ? null : taken(less, done[side][mine], mine + others);
        return after != null && on(side, mine, others, after);
    }

    private boolean on(int side, int mine, int others, At at) {
        return side == 0 ? search(mine + 1, others, at) : search(others, mine + 1, at);
    }

    /// What must not be held any more when an element is taken: by those of its own vCPU before it,
    /// and by those of the other that had ended when it began, or have not begun when it ended.
    private @Nullable At ready(int side, int mine, At from) {
        At at = Moments.letGo(side, held -> held.element() < mine, from, words);
        return at == null
                ? null
                : Moments.letGo(1 - side, held -> !overlap(side, mine, held.element()), at, words);
    }

    private @Nullable At letGo(int side, At at) {
        return Moments.letGo(side, _ -> true, at, words);
    }

    /// Takes the next element of a side while one that is under way at the same time, or itself,
    /// holds something. It can go on holding that while more is done.
    ///
    /// @param holder the side of the element that holds something
    /// @param holding which element
    /// @param plain where the element leads otherwise, if it is answered as it was
    /// @param released the frames of what is let go before the element is taken
    private boolean inMoment(
            int side,
            int mine,
            int others,
            int holder,
            int holding,
            At from,
            @Nullable At plain,
            BitSet released) {
        boolean own = holder == side;
        if (holding < 0
                || holding >= done[holder].length
                || (!own && !overlap(side, mine, holding))) {
            return false;
        }
        BitSet shared = (BitSet) named(side, mine).clone();
        shared.or(released);
        shared.and(named(holder, holding));
        budget--;
        for (int mfn = shared.nextSetBit(0); mfn >= 0; mfn = shared.nextSetBit(mfn + 1)) {
            Element element = done[holder][holding];
            for (Moments.Held held : Moments.possible(from, element, holder, holding, mfn)) {
                if (!released.get(mfn) && !worthwhile(held, own, from, plain)) {
                    continue;
                }
                At begun = Moments.begin(holder, held, from, words);
                if (begun != null && step(side, mine, others, begun)) {
                    return true;
                }
            }
        }
        budget++;
        return false;
    }

    /// Whether it can matter that something is held, where nothing of the frame is let go: the
    /// element would not be answered as it was, uses the frame otherwise than before, lets go of
    /// it, or stores something.
    ///
    /// One reference more on a frame that has two does not change an answer: all that an element
    /// asks of a count is whether it is none or one. That the frame outlives the element is a
    /// reason of its own, looked for once what does change the answer is held.
    private static boolean worthwhile(Moments.Held held, boolean own, At from, @Nullable At plain) {
        if (plain == null) {
            return switch (held.moment()) {
                case REFERRED -> from.machine().frame(held.mfn()).refs() == 1;
                case TYPED -> held.use().count() <= 1;
                case BUSY, LEFT, LINEAR, WAITED, WALKED -> !own;
            };
        }
        Frame now = from.machine().frame(held.mfn());
        Frame then = plain.machine().frame(held.mfn());
        return switch (held.moment()) {
            case BUSY ->
                    !own
                            && (!then.use().equals(now.use())
                                    || plain.stores().size() > from.stores().size());
            case REFERRED, TYPED ->
                    then.refs() < now.refs() || then.use().count() < now.use().count();
            case LEFT, LINEAR, WAITED, WALKED -> false;
        };
    }

    /// The element did nothing but wait for another, or walked through tables while they changed.
    private boolean waits(int side, int mine, int others, At at) {
        Element element = done[side][mine];
        int under = 0;
        boolean shares = false;
        for (int other = 0; other < done[1 - side].length; other++) {
            if (overlap(side, mine, other)) {
                under++;
                shares |= named(side, mine).intersects(named(1 - side, other));
            }
        }
        if (shares && element.calls.again() && element.registers != null) {
            return on(side, mine, others, at.by(Moment.WAITED));
        }
        return under > (walksTwice(element) ? 0 : 1)
                && walks(element)
                && element.calls.refused()
                && on(side, mine, others, at.by(Moment.WALKED));
    }

    // One element.

    /// After an element that is answered as it was, or null.
    private @Nullable At taken(At at, Element element, int depth) {
        tries++;
        Mark mark = element.mark;
        Event event = element.event;
        if (mark != null || event == null) {
            return mark == null ? null : marked(at, mark, element, depth);
        }
        Outcome outcome;
        try {
            outcome =
                    Transition.take(
                            at.machine(),
                            element.by,
                            event,
                            words.view(at, element.handed),
                            element.choices());
        } catch (IllegalStateException | IllegalArgumentException e) {
            note(depth, new Difference("specification", element + ": " + e));
            return null;
        }
        Difference answer = element.calls.compare(outcome.answer(), element.registers);
        if (answer == null && !replied(element, outcome)) {
            answer = new Difference("replies", outcome.replies() + ", " + element.written);
        }
        if (answer != null) {
            note(depth, new Difference(answer.part(), element + ": " + answer.explanation()));
            return null;
        }
        return at.after(outcome);
    }

    /// After a mark, if at that point the entry is what the processor found; null if not.
    private @Nullable At marked(At at, Mark mark, Element element, int depth) {
        if (element.marked == Mark.NOTHING) {
            return at;
        }
        long there = words.after(at.stores(), mark.mfn())[mark.slot()];
        if (there == element.marked) {
            return mark.after(at, there);
        }
        note(
                depth,
                new Difference(
                        "mark",
                        element
                                + ": specification 0x"
                                + Long.toHexString(there)
                                + ", implementation 0x"
                                + Long.toHexString(element.marked)));
        return null;
    }

    private static boolean replied(Element element, Outcome outcome) {
        return outcome.replies().map(Explanation::written).equals(element.written);
    }

    static Handed.Written written(Reply reply) {
        return new Handed.Written(reply.address().value(), reply.bytes(), reply.value());
    }

    private void note(int depth, Difference difference) {
        if (depth < furthest || budget >= 0) {
            return;
        }
        if (depth > furthest) {
            furthest = depth;
            wrong.clear();
        }
        wrong.add(difference);
    }

    private BitSet named(int side, int index) {
        Element element = done[side][index];
        BitSet known = named.get(element);
        if (known == null) {
            known = naming.of(element);
            for (int earlier = 0; finishes(element) && earlier < index; earlier++) {
                known.or(named(side, earlier));
            }
            named.put(element, known);
        }
        return known;
    }

    /// Whether all it does is to finish a table, which an element before it left.
    private static boolean finishes(Element element) {
        Registers registers = element.registers;
        return registers != null && registers.rax() == MMU_UPDATE && registers.arg2() == 0;
    }

    /// Whether it walks to the same page twice: once for the page that it faulted in, once for the
    /// bytes that it compares.
    private static boolean walksTwice(Element element) {
        return element.event instanceof Event.WriteReadOnly(var write)
                && write.expected().isDefined();
    }

    private static boolean walks(Element element) {
        return switch (element.event) {
            case Event.Call _ ->
                    element.registers != null && element.registers.rax() == UPDATE_VA_MAPPING;
            case Event.LoadDescriptor _, Event.WriteReadOnly _ -> true;
            case Event.Destroy _, Event.Arrive _ -> false;
            case null -> false;
        };
    }

    // The end.

    private boolean ended(At at) {
        Difference difference = compare(at);
        if (difference != null) {
            note(done[0].length + done[1].length, difference);
            return false;
        }
        found = at;
        return true;
    }

    private @Nullable Difference compare(At at) {
        Machine machine = at.machine();
        for (int mfn = 0; mfn < TwoVcpus.FRAMES; mfn++) {
            Frame frame = machine.frames().get(mfn);
            Difference difference = diff.frame(mfn, frame);
            difference = difference == null ? diff.contents(mfn, frame) : difference;
            difference = difference == null ? memory(at, mfn, frame) : difference;
            if (difference != null) {
                return difference;
            }
        }
        for (int id : TwoVcpus.IDS) {
            Domain domain = machine.domains().get(new Domid(id)).getOrNull();
            Difference difference = diff.domain(id, domain);
            difference = difference == null ? diff.domainTables(id, domain) : difference;
            if (difference != null) {
                return difference;
            }
        }
        return diff.totals(machine);
    }

    private @Nullable Difference memory(At at, int mfn, Frame frame) {
        if (frame.free() || frame.ownedBy(Domid.XEN) || torn.get(mfn)) {
            return null;
        }
        int slot = words.mismatch(at.stores(), mfn);
        return slot < 0
                ? null
                : new Difference(
                        "memory: word",
                        numbers.text(mfn)
                                + " slot "
                                + slot
                                + ": "
                                + words.text(at.stores(), mfn, slot));
    }

    /// A whole page that is cleared or copied while the other vCPU does something with the frame:
    /// its words are not written at once.
    private void tearing() {
        for (int i = 0; i < done[0].length; i++) {
            for (int j = 0; j < done[1].length; j++) {
                boolean left = wholePage(done[0][i]);
                boolean right = wholePage(done[1][j]);
                if ((left || right) && overlap(0, i, j) && named(0, i).intersects(named(1, j))) {
                    torn.or(left ? named(0, i) : named(1, j));
                }
            }
        }
    }

    private static boolean wholePage(Element element) {
        Registers registers = element.registers;
        return registers != null
                && registers.rax() == MMUEXT_OP
                && (element.handed[0] == Calls.CLEAR_PAGE || element.handed[0] == Calls.COPY_PAGE);
    }
}
