// SPDX-License-Identifier: Apache-2.0
package org.provisor.proofs.smallworld;

import org.jspecify.annotations.Nullable;
import org.provisor.spec.state.Choices;
import org.provisor.spec.state.Machine;
import org.provisor.spec.state.Outcome;
import org.provisor.spec.transition.Transition;

import java.util.Arrays;
import java.util.Objects;

/// Takes an action in a machine in every way in which it can go. For one thread.
///
/// For all that the guest may have in the frames that the rules ask for: first without preemption,
/// which tells how many preemption checks are made; then preempted at the last check, the one
/// before, and so on to the first. What the guest has in frames that are not asked for any more
/// when the call is preempted earlier makes no difference, and is gone through once only. All of
/// that for each thing that Xen can choose besides.
final class Attempts {

    /// Told of each attempt.
    interface Sink {

        /// The action led to a machine.
        ///
        /// @param attempt its number, among the attempts at this action in this machine
        /// @param raw the machine, encoded with the frames numbered as before
        /// @return whether to go on
        boolean reached(int attempt, long[] raw);

        /// The action broke a rule.
        ///
        /// @return whether to go on
        boolean broke(int attempt, String what);
    }

    /// Attempts at one action in one state that can be told apart.
    static final int MAX_ATTEMPTS = 1 << 20;

    /// The row of a teardown that comes back to the frame that it was interrupted at.
    static final String INTERRUPTED_AT_FRAME = "mm.domain.relinquish-frames/a";

    /// More preemption checks than any call makes; the largest number means that none is counted.
    private static final int PATIENT = Integer.MAX_VALUE - 1;

    /// More checks than are made before a rule breaks, if one does.
    private static final int CHECKS_BEFORE_BREAKING = 64;

    /// Instead of a number of checks: the rule broke, and did not say.
    private static final int BROKEN = -1;

    private final WorldSize size;
    private final Codec codec;
    private final Rows rows;
    private final OfferedMemory memory;
    private final Choices[] preempted = new Choices[CHECKS_BEFORE_BREAKING];
    private final Choices unpreempted = Choices.preemptedAfter(PATIENT);

    // The state in hand.
    private final long[] state;
    private final long[] raw;
    private final long[] renumbered;
    private @Nullable Machine pre;

    // The action in hand, and how it is attempted.
    private @Nullable Action action;
    private @Nullable Sink sink;
    private int attempt;
    private boolean going;
    private Choices choices = unpreempted;
    private int[] order = new int[0];
    private long given;

    // What came of it.
    private @Nullable Outcome outcome;
    private @Nullable String wrong;

    Attempts(final WorldSize size, final Codec codec, final Rows rows) {
        this.size = size;
        this.codec = codec;
        this.rows = rows;
        memory = new OfferedMemory(size);
        Arrays.setAll(preempted, Choices::preemptedAfter);
        state = new long[Codec.width(size)];
        raw = new long[state.length];
        renumbered = new long[state.length];
    }

    /// Begins with a state.
    void in(final long[] encoded, final int at) {
        System.arraycopy(encoded, at, state, 0, state.length);
        pre = codec.decode(state, 0);
    }

    /// Whether there is somebody to take the action: vCPUs of dying domains never run.
    boolean possible(final Action wanted) {
        return DomainWord.runs(
                wanted.by().domain().equals(SmallWorld.CONTROL) ? controls() : guests());
    }

    private long controls() {
        return state[size.frames()];
    }

    private long guests() {
        return state[size.frames() + 1];
    }

    /// Attempts an action in all ways.
    void all(final Action wanted, final Sink to) {
        action = wanted;
        sink = to;
        attempt = 0;
        going = true;
        given = 0;
        switch (wanted.open()) {
            case NOTHING -> contents(unpreempted);
            case ORDER -> orders();
            case FRAME_FOR_CONTROL -> allocations(controls());
            case FRAME_FOR_GUEST -> allocations(guests());
            case FRAME_IN_EXCHANGE -> allocations(0);
        }
    }

    /// Every frame that the allocator may give. A free frame must be given unless all are claimed,
    /// by others than the one who asks.
    private void allocations(final long receiver) {
        long free = 0;
        for (int frame = 1; frame <= size.frames(); frame++) {
            free += FrameWord.isFree(state[frame - 1]) ? 1 : 0;
        }
        final long claimed = DomainWord.claim(controls()) + DomainWord.claim(guests());
        if (free == 0 || (DomainWord.claim(receiver) == 0 && claimed >= free)) {
            contents(unpreempted.failing());
            return;
        }
        for (int frame = 1; frame <= size.frames() && going; frame++) {
            if (FrameWord.isFree(state[frame - 1])) {
                given = frame;
                contents(unpreempted.giving(frame));
            }
        }
    }

    /// Every order in which the guest's frames may be visited: those yet to be visited in this
    /// stage, and all of them in the next. The rules visit the lowest number first, so the frames
    /// are renumbered.
    private void orders() {
        order = new int[size.frames() + 1];
        Arrays.setAll(order, i -> i);
        final int[] guests = new int[size.frames()];
        int count = 0;
        for (int frame = 1; frame <= size.frames(); frame++) {
            if (FrameWord.ownerOf(state[frame - 1]) == FrameWord.GUESTS) {
                guests[count] = frame;
                count++;
            }
        }
        order(guests, count, 0);
        order = new int[0];
        pre = codec.decode(state, 0);
    }

    private void order(final int[] guests, final int count, final int from) {
        if (!going) {
            return;
        }
        if (from >= count - 1) {
            if (goesOnWhereInterrupted()) {
                Numbering.renumber(state, order, renumbered);
                pre = codec.decode(renumbered, 0);
                contents(unpreempted);
            }
            return;
        }
        for (int i = from; i < count; i++) {
            swap(guests[from], guests[i]);
            order(guests, count, from + 1);
            swap(guests[from], guests[i]);
        }
    }

    private void swap(final int frame, final int other) {
        final int name = order[frame];
        order[frame] = order[other];
        order[other] = name;
    }

    /// Whether in this order the frame that the teardown was interrupted at, if any, comes first.
    private boolean goesOnWhereInterrupted() {
        int first = Integer.MAX_VALUE;
        int next = 0;
        for (int frame = 1; frame <= size.frames(); frame++) {
            if (FrameWord.toVisit(state[frame - 1])) {
                first = Math.min(first, order[frame]);
                next = (state[frame - 1] & FrameWord.NEXT) != 0 ? order[frame] : next;
            }
        }
        return next == 0 || next == first;
    }

    /// With all contents of the frames that are asked for, each with and without preemption.
    private void contents(final Choices patient) {
        memory.begin(Objects.requireNonNull(action).memory());
        boolean more = true;
        while (more && going) {
            choices = patient;
            int checks = take();
            report();
            if (checks == BROKEN) {
                checks = checksBeforeBreaking(patient);
            }
            for (int patience = checks - 1; patience >= 0 && going; patience--) {
                choices = preempted(patient, patience);
                take();
                if (!memory.isFirst()) {
                    break;
                }
                report();
            }
            more = memory.next();
        }
    }

    @SuppressWarnings("ReferenceEquality") // Only which object it is: a shortcut.
    private Choices preempted(final Choices patient, final int patience) {
        return patient == unpreempted && patience < CHECKS_BEFORE_BREAKING
                ? preempted[patience]
                : new Choices(patience, patient.allocations());
    }

    /// How often an action that breaks a rule can be preempted before it does.
    private int checksBeforeBreaking(final Choices patient) {
        for (int patience = 0; patience < CHECKS_BEFORE_BREAKING; patience++) {
            choices = preempted(patient, patience);
            if (take() == BROKEN) {
                return patience;
            }
        }
        return CHECKS_BEFORE_BREAKING;
    }

    /// Takes the action as it is set up.
    ///
    /// @return how many preemption checks were made
    private int take() {
        memory.again();
        final Action taken = Objects.requireNonNull(action);
        try {
            final Outcome ended =
                    Transition.take(
                            Objects.requireNonNull(pre),
                            taken.by(),
                            taken.event(),
                            memory,
                            choices);
            outcome = ended;
            wrong = Broken.by(ended.answer());
            return choices.patience() - ended.patience();
        } catch (RuntimeException e) {
            outcome = null;
            wrong = Broken.by(e);
            return BROKEN;
        }
    }

    /// Tells what came of it.
    private void report() {
        if (attempt == MAX_ATTEMPTS) {
            throw new IllegalStateException(
                    "more than " + MAX_ATTEMPTS + " ways to take an action in a state: " + action);
        }
        final Sink to = Objects.requireNonNull(sink);
        final String what = encoded();
        going = what == null ? to.reached(attempt, raw) : to.broke(attempt, what);
        attempt++;
    }

    /// Encodes what the action led to.
    ///
    /// @return what is wrong instead, or null
    private @Nullable String encoded() {
        final Outcome ended = outcome;
        if (ended == null) {
            return wrong;
        }
        rows.count(ended.rows());
        if (wrong == null) {
            try {
                encode(ended);
            } catch (EncodingException e) {
                return Broken.by(e);
            }
        }
        return wrong;
    }

    @SuppressWarnings(
            "ReferenceEquality") // The same machine; an equal one is encoded and compared.
    private void encode(final Outcome ended) {
        final Machine machine = ended.machine();
        if (order.length == 0) {
            if (machine == pre) {
                System.arraycopy(state, 0, raw, 0, raw.length);
            } else {
                codec.encode(machine, raw);
            }
            return;
        }
        codec.encode(machine, renumbered);
        markNext(ended.rows().contains(INTERRUPTED_AT_FRAME));
        final int[] back = new int[order.length];
        for (int frame = 0; frame < back.length; frame++) {
            back[order[frame]] = frame;
        }
        Numbering.renumber(renumbered, back, raw);
    }

    /// Marks the frame that the teardown was interrupted at, if it was: the first yet to be
    /// visited.
    private void markNext(final boolean interrupted) {
        boolean mark = interrupted;
        for (int frame = 1; frame <= size.frames(); frame++) {
            renumbered[frame - 1] &= ~FrameWord.NEXT;
            if (mark && FrameWord.toVisit(renumbered[frame - 1])) {
                renumbered[frame - 1] |= FrameWord.NEXT;
                mark = false;
            }
        }
    }

    /// How the attempt in hand goes, in words: empty if there is nothing to say.
    String how(final int[] names) {
        final StringBuilder said = new StringBuilder(memory.text(names));
        if (given != 0) {
            said.append(", mfn ").append(names[(int) given]).append(" is given");
        } else if (!choices.allocations().isEmpty()) {
            said.append(", nothing is given");
        }
        if (order.length != 0) {
            said.append(", visited in the order").append(visits(names));
        }
        if (choices.patience() < PATIENT) {
            said.append(", preempted after ").append(choices.patience()).append(" checks");
        }
        return said.toString();
    }

    private String visits(final int[] names) {
        final StringBuilder said = new StringBuilder();
        for (int place = 1; place < order.length; place++) {
            for (int frame = 1; frame < order.length; frame++) {
                if (order[frame] == place
                        && FrameWord.ownerOf(state[frame - 1]) == FrameWord.GUESTS) {
                    said.append(" mfn ").append(names[frame]);
                }
            }
        }
        return said.toString();
    }
}
