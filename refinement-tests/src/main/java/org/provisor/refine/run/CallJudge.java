// SPDX-License-Identifier: Apache-2.0
package org.provisor.refine.run;

import io.vavr.collection.List;
import io.vavr.control.Option;

import org.jspecify.annotations.Nullable;
import org.provisor.impl.abi.HypercallNumbers;
import org.provisor.impl.hypercall.Registers;
import org.provisor.impl.launch.GuestCalls;
import org.provisor.impl.launch.PvMachine;
import org.provisor.impl.memory.MachineMemory;
import org.provisor.impl.mm.EntryState;
import org.provisor.impl.mm.Host;
import org.provisor.impl.mm.LdtMapping;
import org.provisor.impl.mm.Vcpu;
import org.provisor.impl.mm.VcpuRunner;
import org.provisor.impl.mm.WritablePageTables;
import org.provisor.refine.abstraction.DomainAbstraction;
import org.provisor.refine.abstraction.FrameAbstraction;
import org.provisor.refine.abstraction.MachineAbstraction;
import org.provisor.refine.harness.BootNumbers;
import org.provisor.refine.harness.Difference;
import org.provisor.refine.harness.ImplTrace;
import org.provisor.refine.harness.MachineDiff;
import org.provisor.refine.program.World;
import org.provisor.spec.abi.Bitness;
import org.provisor.spec.abi.CallingConvention;
import org.provisor.spec.abi.Domid;
import org.provisor.spec.abi.GuestAddress;
import org.provisor.spec.abi.Invocation;
import org.provisor.spec.abi.Mfn;
import org.provisor.spec.invariant.Invariant;
import org.provisor.spec.mm.WritablePageTables.GuestWrite;
import org.provisor.spec.state.Answer;
import org.provisor.spec.state.Choices;
import org.provisor.spec.state.Choices.Allocation;
import org.provisor.spec.state.Domain;
import org.provisor.spec.state.Frame;
import org.provisor.spec.state.Frames;
import org.provisor.spec.state.Machine;
import org.provisor.spec.state.Outcome;
import org.provisor.spec.state.Reply;
import org.provisor.spec.state.SegmentBases;
import org.provisor.spec.state.Store;
import org.provisor.spec.state.VcpuId;
import org.provisor.spec.transition.Event;
import org.provisor.spec.transition.Transition;

import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.TreeMap;

/// Makes the hypercalls of a guest that runs, and has the specification say of each what is to come
/// of it, on the machine as it was before:
///
///              machine  --- specification --->  machine'
///                 ^                                ^
///     abstraction |                                | compared
///                 |                                |
///               host   --- the guest's call -->  host'
///
/// So it does with writes to page tables that the hypervisor carries out, and with descriptors
/// loaded from the local table: with all that takes references of frames. Compared are the answer,
/// every frame and domain that the specification changed, the entries of tables that either side
/// wrote, the words stored, and what was written into the caller's memory. What else the guest and
/// its processor do between two calls is taken as it is: entries that are marked as used, and what
/// changes of a vCPU. Flushes are not judged, nor are words written where no table is and nothing
/// was to be written.
///
/// A call costs what it touched. The machine is carried on from call to call; entries that were
/// written to are known from a [TableWatch], frames that the specification changed from
/// [Frames#changed]. What the implementation does to frames that the specification did not change is
/// found by looking at them in turn, [#IN_TURN] after each call: such an error is found at the
/// latest when as many calls were judged as the machine has frames, divided by that number. All
/// frames are looked at after each of the first [#ALWAYS] calls of each number, before whatever is
/// not judged, and in the end; and, where that is wanted, after each call.
///
/// Calls that allocate are made first, since the specification has to follow which frames were
/// chosen; what they write to their caller is undone in what it sees. All others are made second.
public final class CallJudge implements GuestCalls {

    /// After so many calls of each number all frames are looked at; sampling judges them all.
    public static final int ALWAYS = 64;

    /// Of all calls behind those sampling judges so many in a row, out of so many.
    public static final int IN_A_ROW = 64;

    public static final int OUT_OF = 4096;

    /// How many frames that the specification did not change are looked at after a call.
    public static final int IN_TURN = 16;

    private static final int CALLS = HypercallNumbers.END + 3;
    private static final int UNKNOWN = HypercallNumbers.END;
    private static final int TABLE_WRITE = HypercallNumbers.END + 1;
    private static final int LOCAL_TABLE = HypercallNumbers.END + 2;
    private static final int SYSCALL_BYTES = 2;
    private static final int PAGE_SHIFT = 12;
    private static final int SLOTS = 512;
    private static final int FIRST_XEN_SLOT = 256;

    private final Host host;
    private final MachineMemory memory;
    private final GuestCalls calls;
    private final Check check;
    private final Caller[] callers;
    private final MachineDiff diff;

    /// How often the domain has been shut down.
    private int shutDowns;

    /// Who has made the call that is judged, or the last one.
    private Caller caller;

    /// What both had when they were last compared.
    private Machine machine;

    private final Remembered remembered;
    private final TableWatch tables;

    /// Whether something that is not judged may have changed anything since.
    private boolean changed;

    /// Whether something has been judged since all frames were last looked at.
    private boolean pending;

    /// The next frame whose turn it is.
    private int turn;

    private final long[] made = new long[CALLS];
    private long all;
    private long judged;
    private long unjudged;

    /// A vCPU, and what changes of it without a call.
    private static final class Caller {

        private final Vcpu vcpu;
        private final VcpuId id;
        private final WatchedMemory watched;
        private final LiveGuest guest;

        private long fsBase;
        private long gsBaseKernel;
        private long gsBaseUser;
        private int modes;

        Caller(Vcpu vcpu) {
            this.vcpu = vcpu;
            id = new VcpuId(new Domid(vcpu.domain().id()), vcpu.number());
            watched = new WatchedMemory(vcpu.guest());
            vcpu.setGuestMemory(watched);
            guest = new LiveGuest(vcpu, watched);
        }

        boolean otherModes() {
            EntryState entry = vcpu.entry();
            return entry.fsBase != fsBase
                    || entry.gsBaseKernel != gsBaseKernel
                    || entry.gsBaseUser != gsBaseUser
                    || modes(entry) != modes;
        }

        void keepModes() {
            EntryState entry = vcpu.entry();
            fsBase = entry.fsBase;
            gsBaseKernel = entry.gsBaseKernel;
            gsBaseUser = entry.gsBaseUser;
            modes = modes(entry);
        }

        private static int modes(EntryState entry) {
            return (entry.userMode ? 1 : 0) | (entry.taskSwitched ? 2 : 0) | entry.ioPrivilege << 2;
        }

        /// The machine with what it is now.
        Machine taken(Machine machine) {
            EntryState entry = vcpu.entry();
            var then = machine.vcpu(id);
            return machine.with(
                    id,
                    then.withEntry(
                            then.entry()
                                    .withBases(
                                            new SegmentBases(
                                                    entry.fsBase,
                                                    entry.gsBaseKernel,
                                                    entry.gsBaseUser))
                                    .withTaskSwitched(entry.taskSwitched)
                                    .withIopl(entry.ioPrivilege)
                                    .withUserMode(entry.userMode)));
        }
    }

    /// Judges a machine that has not run yet. Its vCPUs take turns.
    ///
    /// @param check which calls; if [Check#OFF], none
    /// @param calls what makes the calls
    public CallJudge(PvMachine run, Check check, GuestCalls calls) {
        callers = new Caller[run.domain().vcpus()];
        for (int number = 0; number < callers.length; number++) {
            callers[number] = new Caller(run.domain().vcpu(number));
        }
        caller = callers[0];
        host = run.host();
        memory = host.memory();
        this.calls = calls;
        this.check = check;
        int size = host.frames().size();
        World world = new World(size, 0, false, 1, java.util.List.of(), java.util.List.of());
        diff = new MachineDiff(host, new BootNumbers(world, 0));
        remembered = new Remembered(host);
        tables = new TableWatch(memory);
        machine = MachineAbstraction.machine(host, new int[] {run.domain().id()});
        for (int mfn = 0; mfn < size; mfn++) {
            remember(mfn, machine.frames().get(mfn));
        }
        keepModes();
        noteShutDowns(run);
        run.makeCallsBy(this);
    }

    private void noteShutDowns(PvMachine run) {
        VcpuRunner runner = run.domain().runner();
        run.domain()
                .runBy(
                        new VcpuRunner() {
                            @Override
                            public void start(Vcpu who, long[] context) {
                                runner.start(who, context);
                            }

                            @Override
                            public void changed() {
                                runner.changed();
                            }

                            @Override
                            public void shutDown() {
                                shutDowns++;
                                runner.shutDown();
                            }
                        });
    }

    /// How many calls, writes to tables and loads of descriptors were judged.
    public long judged() {
        return judged;
    }

    /// How many were to be judged and could not: the specification says nothing of them, or it was
    /// not seen which frames were allocated.
    public long unjudged() {
        return unjudged;
    }

    /// Makes a call.
    ///
    /// @throws CallDiffersException if it does something else than the specification says
    @Override
    public void call(Vcpu by, Registers registers) {
        caller = callers[by.number()];
        long number = registers.rax;
        int kind = number >= 0 && number < UNKNOWN ? (int) number : UNKNOWN;
        if (skips(kind)) {
            calls.call(by, registers);
            return;
        }
        org.provisor.spec.abi.Registers stated =
                new org.provisor.spec.abi.Registers(
                        Bitness.BITS_64,
                        number,
                        registers.rdi,
                        registers.rsi,
                        registers.rdx,
                        registers.r10,
                        registers.r8,
                        0);
        long rip = registers.rip;
        synchronise();
        Event event = new Event.Call(CallingConvention.decode(stated));
        caller.watched.begin();
        Outcome outcome;
        if (number == HypercallNumbers.MEMORY_OP) {
            beforeUnjudged();
            long traced = caller.vcpu.trace().written();
            calls.call(by, registers);
            caller.watched.end();
            List<Allocation> allocations =
                    traced < caller.vcpu.trace().first()
                            ? null
                            : ImplTrace.allocations(caller.vcpu.trace(), traced);
            if (allocations == null) {
                notJudged();
                return;
            }
            outcome = specified(event, stated, new Choices(Integer.MAX_VALUE, allocations));
            if (outcome.answer() instanceof Answer.Unspecified) {
                notJudged();
                return;
            }
        } else {
            outcome = specified(event, stated, Choices.NONE);
            boolean unspecified = outcome.answer() instanceof Answer.Unspecified;
            if (unspecified) {
                beforeUnjudged();
            }
            calls.call(by, registers);
            caller.watched.end();
            if (unspecified) {
                notJudged();
                return;
            }
        }
        compare(kind, stated, outcome, answer(outcome.answer(), stated, registers, rip));
    }

    @Override
    public int write(
            Vcpu by,
            long cr2,
            long linear,
            int bytes,
            long value,
            boolean compares,
            long expected) {
        caller = callers[by.number()];
        if (skips(TABLE_WRITE)) {
            return calls.write(by, cr2, linear, bytes, value, compares, expected);
        }
        GuestWrite stated =
                new GuestWrite(
                        new GuestAddress(cr2),
                        new GuestAddress(linear),
                        bytes,
                        value,
                        compares ? Option.some(expected) : Option.none());
        synchronise();
        Outcome outcome = specified(new Event.WriteReadOnly(stated), stated, Choices.NONE);
        boolean unspecified = outcome.answer() instanceof Answer.Unspecified;
        if (unspecified) {
            beforeUnjudged();
        }
        caller.watched.begin();
        int done = calls.write(by, cr2, linear, bytes, value, compares, expected);
        caller.watched.end();
        if (unspecified) {
            notJudged();
            return done;
        }
        boolean same =
                switch (outcome.answer()) {
                    case Answer.Resumed _ -> done == WritablePageTables.EMULATED;
                    case Answer.CompareFailed(long found) ->
                            done == WritablePageTables.COMPARE_FAILED && found == by.found();
                    case Answer.ReadFault(GuestAddress address) ->
                            done == WritablePageTables.READ_FAULT && address.value() == by.found();
                    case Answer.PageFault(GuestAddress address) ->
                            done == WritablePageTables.BOUNCED && address.value() == cr2;
                    default -> false;
                };
        compare(TABLE_WRITE, stated, outcome, same ? null : answer(outcome.answer(), done));
        return done;
    }

    @Override
    public int mapLocalTable(Vcpu by, int offset) {
        caller = callers[by.number()];
        if (skips(LOCAL_TABLE)) {
            return calls.mapLocalTable(by, offset);
        }
        synchronise();
        Event.LoadDescriptor stated = new Event.LoadDescriptor(offset);
        Outcome outcome = specified(stated, stated, Choices.NONE);
        caller.watched.begin();
        int done = calls.mapLocalTable(by, offset);
        caller.watched.end();
        boolean same =
                switch (outcome.answer()) {
                    case Answer.Resumed _ -> done == LdtMapping.MAPPED;
                    case Answer.PageFault(GuestAddress address) ->
                            done == LdtMapping.PAGE_FAULT
                                    && address.value() == by.ldtBase() + offset;
                    case Answer.GeneralProtection(int code) ->
                            done == LdtMapping.GENERAL_PROTECTION
                                    && code == LdtMapping.errorCode(offset);
                    default -> false;
                };
        compare(LOCAL_TABLE, stated, outcome, same ? null : answer(outcome.answer(), done));
        return done;
    }

    /// Counts something of a kind.
    ///
    /// @return whether it is not judged, which everything is then ready for
    private boolean skips(int kind) {
        long before = made[kind]++;
        long allBefore = all++;
        boolean skipped =
                check == Check.OFF
                        || (check == Check.SAMPLED
                                && before >= ALWAYS
                                && allBefore % OUT_OF >= IN_A_ROW);
        if (skipped && !changed) {
            synchronise();
            beforeUnjudged();
            changed = true;
        }
        return skipped;
    }

    /// What is wrong has to be found before something that may have changed anything makes it
    /// impossible to tell.
    private void beforeUnjudged() {
        if (pending) {
            Difference wrong = everything();
            if (wrong != null) {
                throw new CallDiffersException(
                        "hypercall %d or one before it: ".formatted(all - 1) + wrong.explanation());
            }
        }
    }

    private void notJudged() {
        changed = true;
        unjudged++;
    }

    private void compare(int kind, Object stated, Outcome outcome, @Nullable Difference answer) {
        Machine now = outcome.machine();
        Difference wrong = answer == null ? frames(now) : answer;
        wrong = wrong == null ? stores(outcome) : wrong;
        wrong = wrong == null ? domain(now) : wrong;
        wrong = wrong == null ? replies(outcome.replies()) : wrong;
        if (wrong != null) {
            String row = outcome.rows().isEmpty() ? "none" : outcome.rows().last();
            throw differs(stated, "row " + row + ": " + wrong.explanation());
        }
        machine = now;
        tables.clear();
        pending = true;
        judged++;
        if (check == Check.EXACT || made[kind] <= ALWAYS) {
            wrong = everything();
            if (wrong != null) {
                throw differs(stated, "besides what it changes: " + wrong.explanation());
            }
        } else {
            inTurn(stated);
        }
    }

    private CallDiffersException differs(Object stated, String what) {
        return new CallDiffersException(
                "hypercall %d by %s differs from the specification: %s"
                        .formatted(all, stated, what));
    }

    private Outcome specified(Event event, Object stated, Choices choices) {
        try {
            return Transition.take(machine, caller.id, event, caller.guest, choices);
        } catch (RuntimeException e) {
            throw differs(stated, "the specification fails: " + e);
        }
    }

    // The machine before a call.

    private void synchronise() {
        if (changed) {
            for (int mfn = 0; mfn < host.frames().size(); mfn++) {
                if (!remembered.same(mfn)) {
                    renew(mfn);
                }
            }
            machine = machine.with(DomainAbstraction.domain(host, caller.vcpu.domain()));
            keepModes();
            changed = false;
            pending = false;
        }
        for (int mfn = tables.whole(0); mfn >= 0; mfn = tables.whole(mfn + 1)) {
            renew(mfn);
        }
        for (int i = 0; i < tables.count(); i++) {
            renew(tables.table(i), tables.slot(i));
        }
        tables.clear();
        for (Caller one : callers) {
            if (one.otherModes()) {
                one.keepModes();
                machine = one.taken(machine);
            }
        }
    }

    private void renew(int mfn) {
        Frame now = FrameAbstraction.frame(host, mfn, false);
        machine = machine.with(new Mfn(mfn), now);
        remember(mfn, now);
    }

    private void renew(int mfn, int slot) {
        Frame frame = machine.frames().get(mfn);
        if (!frame.table().contents().known()) {
            return;
        }
        if (slot == FIRST_XEN_SLOT) {
            renew(mfn);
            return;
        }
        long word = FrameAbstraction.entry(host, mfn, slot);
        if (frame.table().contents().word(slot) != word) {
            machine =
                    machine.with(
                            new Mfn(mfn),
                            frame.withTable(
                                    frame.table()
                                            .withContents(
                                                    frame.table().contents().with(slot, word))));
            remembered.keepWord(mfn, slot);
        }
    }

    private void keepModes() {
        for (Caller one : callers) {
            one.keepModes();
        }
    }

    /// Both sides have the same of a frame.
    private void remember(int mfn, Frame frame) {
        remembered.keep(mfn);
        boolean known = frame.table().contents().known();
        if (known || tables.watches(mfn)) {
            tables.set(mfn, known);
        }
        if (known) {
            remembered.keepWords(mfn);
        }
    }

    // What was not touched.

    /// Compares all frames with what they were when both sides were last compared, and all of the
    /// domain.
    private @Nullable Difference everything() {
        Difference wrong = frames(0, host.frames().size());
        pending = false;
        return wrong == null
                ? diff.domainTables(caller.id.domain().value(), machine.domain(caller.id.domain()))
                : wrong;
    }

    private void inTurn(Object stated) {
        int end = Math.min(turn + IN_TURN, host.frames().size());
        Difference wrong = frames(turn, end);
        turn = end;
        if (end == host.frames().size()) {
            turn = 0;
            wrong =
                    wrong == null
                            ? diff.domainTables(
                                    caller.id.domain().value(), machine.domain(caller.id.domain()))
                            : wrong;
        }
        if (wrong != null) {
            throw differs(
                    stated,
                    "by it or by one of the %d before it, besides what they change: "
                                    .formatted(host.frames().size() / IN_TURN)
                            + wrong.explanation());
        }
    }

    private @Nullable Difference frames(int from, int end) {
        for (int mfn = from; mfn < end; mfn++) {
            if (!remembered.same(mfn)) {
                Frame frame = machine.frames().get(mfn);
                Difference wrong = diff.frame(mfn, frame);
                if (wrong != null) {
                    return wrong;
                }
                remembered.keep(mfn);
            }
            if (tables.watches(mfn) && !remembered.sameWords(mfn)) {
                Difference wrong = diff.contents(mfn, machine.frames().get(mfn));
                if (wrong != null) {
                    return wrong;
                }
                remembered.keepWords(mfn);
            }
        }
        return null;
    }

    // What came of it.

    private @Nullable Difference answer(
            Answer answer, org.provisor.spec.abi.Registers stated, Registers now, long rip) {
        boolean same =
                switch (answer) {
                    case Answer.Returned(long value) -> now.rip == rip && now.rax == value;
                    case Answer.Continued(Invocation call) -> {
                        var again = CallingConvention.encode(call, stated);
                        yield now.rip == rip - SYSCALL_BYTES
                                && now.rax == again.rax()
                                && now.rdi == again.arg1()
                                && now.rsi == again.arg2()
                                && now.rdx == again.arg3()
                                && now.r10 == again.arg4()
                                && now.r8 == again.arg5();
                    }
                    case Answer.ShutDown _ -> now.rip == rip && shutDowns > 0;
                    default -> false;
                };
        return same
                ? null
                : new Difference(
                        "answer",
                        "answer: specification %s, implementation rax=%x rdi=%x rsi=%x rdx=%x r10=%x"
                                        .formatted(
                                                answer, now.rax, now.rdi, now.rsi, now.rdx, now.r10)
                                + " r8=%x, %s"
                                        .formatted(
                                                now.r8,
                                                now.rip == rip ? "returned" : "to be made again"));
    }

    private static Difference answer(Answer answer, int done) {
        return new Difference(
                "answer",
                "answer: specification %s, implementation: outcome %d".formatted(answer, done));
    }

    private @Nullable Difference frames(Machine now) {
        Frames before = machine.frames();
        Frames after = now.frames();
        for (int mfn = after.changed(before, 0);
                mfn < after.size();
                mfn = after.changed(before, mfn + 1)) {
            Difference wrong = frame(mfn, before.get(mfn), after.get(mfn));
            if (wrong != null) {
                return wrong;
            }
        }
        for (int mfn = tables.whole(0); mfn >= 0; mfn = tables.whole(mfn + 1)) {
            Difference wrong = words(mfn, now.frames().get(mfn));
            if (wrong != null) {
                return wrong;
            }
        }
        for (int i = 0; i < tables.count(); i++) {
            Difference wrong =
                    word(tables.table(i), tables.slot(i), now.frames().get(tables.table(i)));
            if (wrong != null) {
                return wrong;
            }
        }
        return null;
    }

    private @Nullable Difference frame(int mfn, Frame before, Frame after) {
        Difference wrong = diff.frame(mfn, after);
        if (wrong != null) {
            return wrong;
        }
        boolean known = after.table().contents().known();
        if (known != before.table().contents().known()) {
            wrong = diff.contents(mfn, after);
            if (wrong == null) {
                remember(mfn, after);
            }
            return wrong;
        }
        remembered.keep(mfn);
        return null;
    }

    /// All entries of a table.
    private @Nullable Difference words(int mfn, Frame frame) {
        Difference wrong = diff.contents(mfn, frame);
        if (wrong == null && frame.table().contents().known()) {
            remembered.keepWords(mfn);
        }
        return wrong;
    }

    /// An entry of a table.
    private @Nullable Difference word(int mfn, int slot, Frame frame) {
        if (!frame.table().contents().known()) {
            return null;
        }
        Difference wrong = diff.entry(mfn, frame, slot);
        if (wrong == null) {
            remembered.keepWord(mfn, slot);
        }
        return wrong;
    }

    /// Whether a record is the one that was there before: if not, it was touched.
    @SuppressWarnings("ReferenceEquality")
    private static boolean same(Object before, Object after) {
        return before == after;
    }

    private @Nullable Difference domain(Machine now) {
        int number = caller.id.domain().value();
        var domain = now.domain(caller.id.domain());
        Difference wrong = diff.domain(number, domain);
        return wrong == null
                        && (!same(machine.domain(caller.id.domain()), domain)
                                || caller.otherModes())
                ? domainTables(number, domain)
                : wrong;
    }

    private @Nullable Difference domainTables(int number, Domain domain) {
        keepModes();
        return diff.domainTables(number, domain);
    }

    private @Nullable Difference stores(Outcome outcome) {
        if (outcome.stores().isEmpty()) {
            return null;
        }
        Machine now = outcome.machine();
        Map<Long, Long> words = null;
        for (Store store : outcome.stores()) {
            int mfn = mfn(store);
            Frame frame = now.frames().get(mfn);
            if (frame.table().contents().known()) {
                Difference wrong =
                        store instanceof Store.Word(Mfn _, int slot, long _)
                                ? word(mfn, slot, frame)
                                : words(mfn, frame);
                if (wrong != null) {
                    return wrong;
                }
            } else {
                words = words == null ? new LinkedHashMap<>() : words;
                addTo(words, store);
            }
        }
        return words == null ? null : stored(words, now);
    }

    private static int mfn(Store store) {
        Mfn mfn =
                switch (store) {
                    case Store.Word(Mfn table, int _, long _) -> table;
                    case Store.Cleared(Mfn cleared) -> cleared;
                    case Store.Copied(Mfn to, Mfn _) -> to;
                    case Store.XenSlots(Mfn table, boolean _) -> table;
                };
        return (int) mfn.value();
    }

    private void addTo(Map<Long, Long> words, Store store) {
        switch (store) {
            case Store.Word(Mfn mfn, int slot, long value) -> words.put(at(mfn, slot), value);
            case Store.Cleared(Mfn mfn) -> {
                for (int slot = 0; slot < SLOTS; slot++) {
                    words.put(at(mfn, slot), 0L);
                }
            }
            case Store.Copied(Mfn to, Mfn from) -> {
                long[] copied = LiveGuest.words(memory, from.value());
                for (int slot = 0; slot < SLOTS; slot++) {
                    words.put(at(to, slot), copied[slot]);
                }
            }
            // Compared as what a root shows.
            case Store.XenSlots _ -> {}
        }
    }

    private @Nullable Difference stored(Map<Long, Long> words, Machine now) {
        for (Map.Entry<Long, Long> word : words.entrySet()) {
            long there = memory.word(word.getKey());
            boolean free = now.frame(new Mfn(word.getKey() >> PAGE_SHIFT)).free();
            if (!free && there != word.getValue()) {
                return new Difference(
                        "memory: word",
                        "memory at 0x%x: specification 0x%x, implementation 0x%x"
                                .formatted(word.getKey(), word.getValue(), there));
            }
        }
        return null;
    }

    private static long at(Mfn mfn, int slot) {
        return (mfn.value() << PAGE_SHIFT) + ((long) slot << 3);
    }

    private @Nullable Difference replies(List<Reply> replies) {
        if (replies.isEmpty() && !caller.watched.written()) {
            return null;
        }
        Map<Long, Byte> owed = new HashMap<>();
        for (Reply reply : replies) {
            for (int i = 0; i < reply.bytes(); i++) {
                owed.put(reply.address().value() + i, WatchedMemory.byteOf(reply.value(), i));
            }
        }
        Map<Long, Byte> done = new HashMap<>();
        caller.watched.addTo(done);
        return owed.equals(done)
                ? null
                : new Difference(
                        "reply",
                        "written to the caller: specification "
                                + replies
                                + ", implementation "
                                + new TreeMap<>(done));
    }

    /// Whether all is as the specification has it, and the machine as it is now one that its
    /// invariants allow.
    ///
    /// @throws CallDiffersException if not
    public void finish() {
        synchronise();
        Difference wrong = everything();
        if (wrong != null) {
            throw new CallDiffersException(
                    "hypercall %d or one before it differs from the specification: ".formatted(all)
                            + wrong.explanation());
        }
        Machine now = MachineAbstraction.machine(host, new int[] {caller.id.domain().value()});
        var violated = Invariant.violated(now);
        if (violated.isDefined()) {
            throw new CallDiffersException(
                    "in the end invariant "
                            + violated.get().invariant().number()
                            + " does not hold: "
                            + violated.get());
        }
    }
}
