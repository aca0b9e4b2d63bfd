// SPDX-License-Identifier: Apache-2.0
package org.provisor.refine.concurrent;

import org.jspecify.annotations.Nullable;
import org.provisor.refine.program.CallMemory;
import org.provisor.spec.abi.Bitness;
import org.provisor.spec.abi.CallingConvention;
import org.provisor.spec.abi.Domid;
import org.provisor.spec.abi.Mfn;
import org.provisor.spec.abi.Registers;
import org.provisor.spec.state.Answer;
import org.provisor.spec.state.Choices;
import org.provisor.spec.state.Frame;
import org.provisor.spec.state.Outcome;
import org.provisor.spec.state.PageType;
import org.provisor.spec.state.Table;
import org.provisor.spec.state.TypeUse;
import org.provisor.spec.state.Validity;
import org.provisor.spec.state.VcpuId;
import org.provisor.spec.transition.Event;
import org.provisor.spec.transition.Transition;

import java.util.ArrayList;
import java.util.List;
import java.util.function.Predicate;

/// Puts into a machine what is held for a moment, and takes it out again as the specification drops
/// such references: in the name of a vCPU that makes no calls of its own.
final class Moments {

    /// The vCPU in whose name frames are held for a moment.
    private static final VcpuId ELSEWHERE = new VcpuId(new Domid(TwoVcpus.CONTROL), 2);

    private static final int MEMORY_OP = 12;
    private static final int DECREASE = 1;
    private static final int EXCHANGE = 11;
    private static final int MMUEXT_OP = 26;
    private static final int UNPIN = 4;
    private static final int MMU_UPDATE = 1;

    private static final int[] NONE = {};

    /// Levels of tables that entries lead to.
    private static final int[] BELOW = {1, 2, 3};

    /// In use for what nobody wants.
    private static final TypeUse OTHERWISE =
            new TypeUse(PageType.SHARED, false, 1, Validity.VALIDATED, false, Table.NONE);

    private Moments() {}

    /// What an element holds of a frame for a moment.
    ///
    /// @param element which of its vCPU
    /// @param level for [Moment#TYPED]: of which level; for [Moment#LINEAR]: what is counted
    /// @param use what the frame was before
    record Held(int element, Moment moment, Mfn mfn, int level, TypeUse use) {

        /// Whether it is a general reference and nothing else, or the end of one.
        boolean refers() {
            return moment == Moment.REFERRED || moment == Moment.LEFT;
        }
    }

    /// What an element can hold of a frame.
    ///
    /// @param side of which vCPU it is
    /// @param index which of its vCPU's it is
    static List<Held> possible(At at, Element element, int side, int index, int frameNumber) {
        List<Held> all = new ArrayList<>();
        Mfn mfn = new Mfn(frameNumber);
        Frame frame = at.machine().frame(mfn);
        TypeUse use = frame.use();
        if (frame.refs() == 0) {
            return all;
        }
        if (frame.refs() == 1 && !frame.allocated() && refers(at.held(side), index, mfn)) {
            all.add(new Held(index, Moment.LEFT, mfn, 0, use));
        }
        if (frame.refs() == 1 && use.count() == 0 && exchanges(element, frameNumber)) {
            all.add(new Held(index, Moment.LEFT, mfn, 0, use));
        }
        all.add(new Held(index, Moment.REFERRED, mfn, 0, use));
        if (use.count() == 0) {
            all.add(new Held(index, Moment.BUSY, mfn, 0, use));
            for (int level : levels(element, frameNumber)) {
                all.add(new Held(index, Moment.TYPED, mfn, level, use));
            }
        } else if (use.validated() && use.type().isPageTable()) {
            all.add(new Held(index, Moment.TYPED, mfn, use.type().level(), use));
        }
        if (use.type().level() > 1 && use.count() > 0 && use.table().linear() == 0) {
            all.add(new Held(index, Moment.LINEAR, mfn, 1, use));
            all.add(new Held(index, Moment.LINEAR, mfn, -1, use));
        }
        return all;
    }

    /// Whether an element gives a frame up for another.
    private static boolean exchanges(Element element, int mfn) {
        Registers registers = element.registers;
        return registers != null
                && registers.rax() == MEMORY_OP
                && registers.arg1() == EXCHANGE
                && element.handed[Calls.GIVEN] == mfn;
    }

    /// Whether an element holds the general reference that a frame has for a moment.
    private static boolean refers(io.vavr.collection.List<Held> held, int element, Mfn mfn) {
        return held.exists(each ->
                each.element == element && each.moment == Moment.REFERRED && each.mfn.equals(mfn));
    }

    /// Of which levels an element can hold a frame as a table that is none yet.
    private static int[] levels(Element element, int mfn) {
        Registers registers = element.registers;
        if (registers == null) {
            return NONE;
        }
        if (registers.rax() == MMUEXT_OP) {
            int command = (int) element.handed[0];
            boolean itself = element.handed[1] == mfn;
            if (command < UNPIN) {
                return itself ? new int[] {command + 1} : BELOW;
            }
            return command == Calls.NEW_BASEPTR || command == Calls.NEW_USER_BASEPTR
                    ? itself ? new int[] {4} : BELOW
                    : NONE;
        }
        return registers.rax() == MMU_UPDATE ? BELOW : NONE;
    }

    /// From here on an element of a side holds something; null if it cannot.
    static @Nullable At begin(int side, Held held, At at, Words words) {
        Frame frame = at.machine().frame(held.mfn);
        Frame more = frame.withRefs(frame.refs() + 1);
        At begun =
                switch (held.moment) {
                    case BUSY -> at.with(held.mfn, more.withUse(OTHERWISE));
                    case TYPED -> typed(held, at, words);
                    case REFERRED -> at.with(held.mfn, more);
                    case LEFT -> at.with(held.mfn, frame.withRefs(0));
                    case LINEAR -> linear(held.mfn, held.level, at);
                    case WAITED, WALKED -> null;
                };
        return begun == null
                ? null
                : begun.holding(side, begun.held(side).prepend(held)).by(held.moment);
    }

    /// Some of what a side holds is let go; null if that is impossible.
    static @Nullable At letGo(int side, Predicate<Held> which, At from, Words words) {
        At at = from;
        for (Held held : from.held(side)) {
            if (at != null && which.test(held)) {
                at = ended(held, at.holding(side, at.held(side).remove(held)), words);
            }
        }
        return at;
    }

    /// A frame that a side has in use is used no more, and still referred to: whoever works on a
    /// frame drops the reference last.
    static At stillReferred(int side, At from) {
        At at = from;
        for (Held held : from.held(side)) {
            Frame frame = at.machine().frame(held.mfn);
            if (held.moment == Moment.BUSY && frame.use().equals(OTHERWISE)) {
                Held left = new Held(held.element, Moment.REFERRED, held.mfn, 0, held.use);
                at =
                        at.with(held.mfn, frame.withUse(held.use))
                                .holding(side, at.held(side).replace(held, left));
            }
        }
        return at;
    }

    private static @Nullable At ended(Held held, At at, Words words) {
        Frame frame = at.machine().frame(held.mfn);
        return switch (held.moment) {
            case BUSY ->
                    frame.use().equals(OTHERWISE)
                            ? dropped(held.mfn, at.with(held.mfn, frame.withUse(held.use)), words)
                            : null;
            case TYPED -> untyped(held, at, words);
            case REFERRED -> dropped(held.mfn, at, words);
            case LEFT -> frame.refs() == 0 ? at.with(held.mfn, frame.withRefs(1)) : null;
            case LINEAR -> linear(held.mfn, -held.level, at);
            case WAITED, WALKED -> null;
        };
    }

    /// A general reference is dropped. The last one is taken for the owner's allocation, which is
    /// given back.
    private static @Nullable At dropped(Mfn mfn, At at, Words memory) {
        Frame frame = at.machine().frame(mfn);
        if (frame.refs() > 1) {
            return at.with(mfn, frame.withRefs(frame.refs() - 1));
        }
        if (frame.refs() == 0 || frame.allocated()) {
            return null;
        }
        Frame given =
                new Frame(
                        frame.owner(),
                        1,
                        true,
                        frame.special(),
                        frame.use(),
                        frame.m2p(),
                        frame.stale());
        long[] words = new long[Handed.WORDS];
        words[0] = CallMemory.START + 8 * Calls.GIVEN;
        words[1] = 1;
        words[3] = named(frame.owner());
        words[Calls.GIVEN] = mfn.value();
        Registers registers =
                new Registers(Bitness.BITS_64, MEMORY_OP, DECREASE, CallMemory.START, 0, 0, 0, 0);
        return elsewhere(at.with(mfn, given), registers, words, 1, memory);
    }

    /// A reference more to the type of a table, and a general one.
    private static @Nullable At typed(Held held, At at, Words memory) {
        Frame frame = at.machine().frame(held.mfn);
        TypeUse use = frame.use();
        if (use.count() > 0) {
            Frame more = frame.withRefs(frame.refs() + 1);
            return at.with(held.mfn, more.withUse(use.withCount(use.count() + 1)));
        }
        At pinned = pin(held.level - 1, held.mfn, at, memory);
        return pinned == null ? null : pinned(held.mfn, false, pinned);
    }

    /// The two references are dropped, as those of a pin are.
    private static @Nullable At untyped(Held held, At at, Words memory) {
        boolean pinned = at.machine().frame(held.mfn).use().pinned();
        At unpinned = pin(UNPIN, held.mfn, pinned(held.mfn, true, at), memory);
        return unpinned == null || !pinned ? unpinned : pinned(held.mfn, true, unpinned);
    }

    private static At pinned(Mfn mfn, boolean now, At at) {
        Frame frame = at.machine().frame(mfn);
        return at.with(mfn, frame.withUse(frame.use().withPinned(now)));
    }

    private static @Nullable At pin(int command, Mfn mfn, At at, Words memory) {
        long[] words = new long[Handed.WORDS];
        words[0] = command;
        words[1] = mfn.value();
        long whose = named(at.machine().frame(mfn).owner());
        Registers registers =
                new Registers(Bitness.BITS_64, MMUEXT_OP, CallMemory.START, 1, 0, whose, 0, 0);
        return elsewhere(at, registers, words, 0, memory);
    }

    private static At linear(Mfn mfn, int change, At at) {
        Frame frame = at.machine().frame(mfn);
        Table table = frame.table();
        return at.with(mfn, frame.withTable(table.withLinear(table.linear() + change)));
    }

    private static long named(Domid owner) {
        return owner.equals(ELSEWHERE.domain()) ? Calls.SELF : owner.value();
    }

    /// Has the vCPU elsewhere make a call; null if it does not return this.
    private static @Nullable At elsewhere(
            At at, Registers registers, long[] words, long returned, Words memory) {
        try {
            Outcome outcome =
                    Transition.take(
                            at.machine(),
                            ELSEWHERE,
                            new Event.Call(CallingConvention.decode(registers)),
                            memory.view(at, words),
                            Choices.NONE);
            return outcome.answer() instanceof Answer.Returned(long value) && value == returned
                    ? at.after(outcome)
                    : null;
        } catch (IllegalStateException e) {
            // Another hold is in the way.
            return null;
        }
    }
}
