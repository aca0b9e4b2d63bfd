// SPDX-License-Identifier: Apache-2.0
package org.provisor.refine.harness;

import io.vavr.collection.List;
import io.vavr.control.Option;

import org.jspecify.annotations.Nullable;
import org.provisor.impl.mm.Vcpu;
import org.provisor.refine.program.Action.Flip;
import org.provisor.refine.program.Action.Stimulus;
import org.provisor.refine.program.CallMemory;
import org.provisor.refine.program.World;
import org.provisor.spec.abi.Registers;
import org.provisor.spec.invariant.Invariant;
import org.provisor.spec.state.Answer;
import org.provisor.spec.state.Choices;
import org.provisor.spec.state.Choices.Allocation;
import org.provisor.spec.state.Machine;
import org.provisor.spec.state.Outcome;
import org.provisor.spec.state.Reply;
import org.provisor.spec.state.VcpuId;
import org.provisor.spec.transition.Event;
import org.provisor.spec.transition.Transition;

import java.util.Arrays;

/// A program on the specification and on the implementation.
///
/// An attempt is made on the implementation first. What it was seen to choose, which frames it
/// allocated, the specification then follows or does not allow.
///
///              machine  --- specification --->  machine'
///                 ^                                ^
///     abstraction |                                | abstraction: compared, where touched
///                 |                                |
///               host   --- implementation --->   host'
public final class ImplRun extends ProgramRun {

    private static final int[] NOTHING = {};

    private final ImplBoot boot;
    private final Switches switches;
    private final Monitor monitor;
    private final Phantoms phantoms;
    private final ImplCalls calls = new ImplCalls();

    private Flips flips = Flips.NONE;
    private boolean[] changedBefore = {};
    private int caller;
    private int patience;
    private boolean agreed;

    ImplRun(World world, ImplBoot boot, Mirror mirror, Machine machine, Switches switches) {
        super(world, boot.numbers(), mirror, machine);
        this.boot = boot;
        this.switches = switches;
        monitor = new Monitor(boot, mirror, machine, world.processors(), switches.poison());
        phantoms = new Phantoms(world, boot.numbers());
    }

    /// What it runs on.
    ImplBoot boot() {
        return boot;
    }

    /// Whether everything was compared and found to agree, after the last action.
    boolean agreed() {
        return agreed;
    }

    @Override
    void begin(int domain, Stimulus now) {
        agreed = false;
        caller = domain;
        patience = switches.preemption() ? now.patience() : Integer.MAX_VALUE;
        java.util.List<Flip> real =
                Flips.real(switches.flips() ? now.flips() : Stimulus.NONE.flips());
        flips = Flips.of(real, numbers());
        boot.memories[domain].begin(
                flips, flips.none() ? NOTHING : real.stream().mapToInt(Flip::reads).toArray());
        boot.source.begin(switches.failures() ? now.failed() : 0);
    }

    // One attempt.

    @Override
    @Nullable Verdict attempt(int domain, VcpuId by, Event event, @Nullable Registers registers) {
        Vcpu vcpu = boot.domains[domain].vcpu(by.number());
        changedBefore = changed();
        long traced = vcpu.trace().written();
        monitor.begin(vcpu.processor());
        boot.meter.begin(patience);
        boot.memories[domain].attempt();
        try {
            calls.take(vcpu, event, registers);
        } catch (RuntimeException | AssertionError | StackOverflowError e) {
            return crashed(e);
        }
        List<Allocation> allocations = ImplTrace.allocations(vcpu.trace(), traced);
        Outcome outcome;
        try {
            outcome =
                    flips.none()
                            ? specified(by, event, allocations)
                            : explained(by, event, registers, allocations);
        } catch (RuntimeException e) {
            return differs(List.empty(), new Difference("specification: error", trace(e)));
        }
        Difference wrong = calls.compare(outcome.answer(), registers);
        if (wrong == null) {
            took(domain, outcome, allocations);
            settle();
            wrong = compare(outcome, registers);
        }
        if (wrong != null) {
            return differs(outcome.rows(), wrong);
        }
        if (outcome.answer() instanceof Answer.Unspecified(String reason)) {
            return new Verdict.Unspecified(reason);
        }
        return null;
    }

    private Outcome specified(VcpuId by, Event event, List<Allocation> allocations) {
        mirror.offer(caller, flips);
        return Transition.take(machine, by, event, mirror, new Choices(patience, allocations));
    }

    private @Nullable Difference compare(Outcome outcome, @Nullable Registers registers) {
        int domainsBefore = monitor.domains();
        Difference wrong = monitor.compare(outcome);
        wrong = wrong == null ? replies(outcome.replies()) : wrong;
        wrong = wrong == null ? monitor.flushes(outcome) : wrong;
        wrong = wrong == null ? checks(outcome) : wrong;
        if (wrong == null && switches.meter() && registers != null) {
            wrong = boot.meter.tooMuch(registers.rax(), registers.arg1());
        }
        if (wrong == null
                && (switches.thorough() || outcome.machine().domains().size() < domainsBefore)) {
            wrong = everything();
        }
        return wrong;
    }

    /// Both ask equally often whether to stop, but where one has to wait for another.
    private @Nullable Difference checks(Outcome outcome) {
        if (!boot.meter.preempts() || boot.meter.left() == outcome.patience() || waits(outcome)) {
            return null;
        }
        return Difference.of(
                "preemption: checks",
                "of " + patience,
                patience - outcome.patience(),
                patience - boot.meter.left());
    }

    // What is written to the caller.

    private @Nullable Difference replies(List<Reply> replies) {
        ImplMemory memory = boot.memories[caller];
        if (memory.writes() == 0 && replies.isEmpty()) {
            return null;
        }
        if (!inOrder(memory, replies)) {
            Difference wrong = places(memory, replies);
            if (wrong != null) {
                return wrong;
            }
        }
        for (int write = 0; write < memory.writes(); write++) {
            long linear = memory.written(write);
            for (int i = 0; i < memory.bytes(write); i++) {
                int at = (int) (linear - CallMemory.START) + i;
                if (mirror.calls(caller).bytes()[at] != memory.pages().bytes()[at]) {
                    return callWord(linear);
                }
            }
        }
        return null;
    }

    private static boolean inOrder(ImplMemory memory, List<Reply> replies) {
        int write = 0;
        for (Reply reply : replies) {
            if (write == memory.writes()
                    || reply.address().value() != memory.written(write)
                    || reply.bytes() != memory.bytes(write)) {
                return false;
            }
            write++;
        }
        return write == memory.writes();
    }

    private static @Nullable Difference places(ImplMemory memory, List<Reply> replies) {
        boolean[] owed = new boolean[CallMemory.WRITABLE];
        boolean[] done = new boolean[CallMemory.WRITABLE];
        for (Reply reply : replies) {
            int at = (int) (reply.address().value() - CallMemory.START);
            Arrays.fill(owed, at, at + reply.bytes(), true);
        }
        for (int write = 0; write < memory.writes(); write++) {
            int at = (int) (memory.written(write) - CallMemory.START);
            Arrays.fill(done, at, at + memory.bytes(write), true);
        }
        int at = Arrays.mismatch(owed, done);
        return at < 0
                ? null
                : Difference.of(
                        "reply: place",
                        "0x" + Long.toHexString(CallMemory.START + at),
                        owed[at] ? "writes" : "does not write",
                        done[at] ? "writes" : "does not write");
    }

    private Difference callWord(long linear) {
        long start = Math.min(linear, CallMemory.START + CallMemory.READABLE - Long.BYTES);
        return Difference.ofWord(
                "reply: value",
                "0x" + Long.toHexString(start),
                mirror.calls(caller).word(start),
                boot.memories[caller].pages().word(start));
    }

    // Words that change while a call runs.

    private boolean[] changed() {
        boolean[] now = new boolean[flips.count()];
        for (int flip = 0; flip < now.length; flip++) {
            now[flip] = boot.memories[caller].changed(flip);
        }
        return now;
    }

    /// Whether a word changed in the attempt that was just made.
    private boolean changedNow(int flip) {
        return !changedBefore[flip] && boot.memories[caller].changed(flip);
    }

    /// Whether a byte is what a word that changed in this attempt has there now.
    private boolean flipped(long linear, byte there) {
        for (int flip = 0; flip < flips.count(); flip++) {
            long behind = linear - flips.linear(flip);
            if (behind >= 0
                    && behind < Long.BYTES
                    && changedNow(flip)
                    && there == (byte) (flips.value(flip) >>> (8 * behind))) {
                return true;
            }
        }
        return false;
    }

    /// Words that changed in this attempt have changed for the specification too. Where the call
    /// wrote into such a word, whichever came later stands there.
    private void settle() {
        CallPages there = boot.memories[caller].pages();
        for (int flip = 0; flip < flips.count(); flip++) {
            for (int i = 0; i < Long.BYTES && changedNow(flip); i++) {
                long linear = flips.linear(flip) + i;
                byte now = there.bytes()[(int) (linear - CallMemory.START)];
                if (flipped(linear, now)) {
                    mirror.calls(caller).write(linear, now, 1);
                }
            }
        }
    }

    /// The outcome by which the attempt is explained: one in which each word that changed has done
    /// so at some moment. If there is none, the outcome with all words as they were.
    private Outcome explained(
            VcpuId by, Event event, @Nullable Registers registers, List<Allocation> allocations) {
        int count = flips.count();
        int[] old = new int[count];
        Arrays.fill(old, Integer.MAX_VALUE);
        flips.begin(old);
        Outcome first = specified(by, event, allocations);
        if (tried(first, registers)) {
            return first;
        }
        int[] most = new int[count];
        for (int flip = 0; flip < count; flip++) {
            most[flip] = changedNow(flip) ? flips.looks(flip) : 0;
        }
        Outcome found = search(0, old, most, by, event, registers, allocations);
        return found == null ? first : found;
    }

    private @Nullable Outcome search(
            int flip,
            int[] old,
            int[] most,
            VcpuId by,
            Event event,
            @Nullable Registers registers,
            List<Allocation> allocations) {
        if (flip == old.length) {
            flips.begin(old);
            Outcome outcome = specified(by, event, allocations);
            return tried(outcome, registers) ? outcome : null;
        }
        for (int looks = 0; looks <= most[flip]; looks++) {
            old[flip] = looks < most[flip] ? looks : Integer.MAX_VALUE;
            Outcome found = search(flip + 1, old, most, by, event, registers, allocations);
            if (found != null) {
                return found;
            }
        }
        return null;
    }

    private boolean tried(Outcome outcome, @Nullable Registers registers) {
        return calls.compare(outcome.answer(), registers) == null
                && monitor.tried(outcome) == null
                && wrote(outcome.replies());
    }

    /// Whether what the caller's memory holds is what it would hold after these replies.
    private boolean wrote(List<Reply> replies) {
        ImplMemory memory = boot.memories[caller];
        if (!inOrder(memory, replies) && places(memory, replies) != null) {
            return false;
        }
        byte[] there = memory.pages().bytes();
        byte[] now = mirror.calls(caller).bytes().clone();
        for (Reply reply : replies) {
            int at = (int) (reply.address().value() - CallMemory.START);
            for (int i = 0; i < reply.bytes(); i++) {
                now[at + i] = (byte) (reply.value() >>> (8 * i));
            }
        }
        int size = now.length;
        for (int at = 0; at < size; at++) {
            int same = Arrays.mismatch(now, at, size, there, at, size);
            if (same < 0) {
                return true;
            }
            at += same;
            if (!flipped(CallMemory.START + at, there[at])) {
                return false;
            }
        }
        return true;
    }

    @Override
    @Nullable Verdict end() {
        for (int flip = 0; flip < flips.count(); flip++) {
            long linear = flips.linear(flip);
            mirror.calls(caller).write(linear, flips.value(flip), Long.BYTES);
            boot.memories[caller].pages().write(linear, flips.value(flip), Long.BYTES);
        }
        flips = Flips.NONE;
        return null;
    }

    // What guests do themselves.

    @Override
    void poked(int domain, long linear, long value) {
        agreed = false;
        boot.memories[domain].pages().write(linear, value, Long.BYTES);
    }

    @Override
    void filled(long mfn, int slot, long value) {
        agreed = false;
        boot.host.memory().setWord((mfn << 12) + ((long) slot << 3), value);
    }

    // Everything.

    @Override
    public Verdict finish() {
        Difference wrong = everything();
        if (wrong != null) {
            return differs(List.empty(), wrong);
        }
        agreed = true;
        return new Verdict.Agreed(0, List.empty());
    }

    private @Nullable Difference everything() {
        Difference wrong = monitor.everything(machine);
        for (int domain = 0; domain < boot.memories.length && wrong == null; domain++) {
            int at = mirror.calls(domain).mismatch(boot.memories[domain].pages());
            if (at >= 0) {
                caller = domain;
                wrong = callWord(CallMemory.START + at);
            }
        }
        if (wrong != null) {
            return wrong;
        }
        Option<Invariant.Violation> violation = Invariant.violated(phantoms.without(machine));
        return violation.isEmpty()
                ? null
                : new Difference(
                        "invariant: " + violation.get().invariant().number(),
                        violation.get().toString());
    }

    private Verdict differs(List<String> rows, Difference wrong) {
        agreed = false;
        String clause = clause(rows.isEmpty() ? List.empty() : List.of(rows.last()));
        return new Verdict.Differs(clause, wrong.part(), wrong.explanation());
    }

    private Verdict crashed(Throwable e) {
        agreed = false;
        return new Verdict.Differs(
                "none", "implementation: " + e.getClass().getSimpleName(), trace(e));
    }

    private static String trace(Throwable e) {
        StringBuilder text = new StringBuilder(e.toString());
        StackTraceElement[] frames = e.getStackTrace();
        for (int i = 0; i < Math.min(frames.length, 8); i++) {
            text.append("\n    at ").append(frames[i]);
        }
        return text.toString();
    }
}
