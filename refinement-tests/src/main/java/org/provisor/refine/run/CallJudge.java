// SPDX-License-Identifier: Apache-2.0
package org.provisor.refine.run;

import io.vavr.collection.List;
import io.vavr.collection.Vector;

import org.jspecify.annotations.Nullable;
import org.provisor.impl.abi.HypercallNumbers;
import org.provisor.impl.hypercall.Registers;
import org.provisor.impl.launch.GuestCalls;
import org.provisor.impl.launch.PvMachine;
import org.provisor.impl.launch.Statistics;
import org.provisor.impl.memory.MachineMemory;
import org.provisor.impl.mm.EntryState;
import org.provisor.impl.mm.FrameTable;
import org.provisor.impl.mm.Host;
import org.provisor.impl.mm.Vcpu;
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
import org.provisor.spec.abi.Invocation;
import org.provisor.spec.abi.Mfn;
import org.provisor.spec.invariant.Invariant;
import org.provisor.spec.state.Answer;
import org.provisor.spec.state.Choices;
import org.provisor.spec.state.Choices.Allocation;
import org.provisor.spec.state.Frame;
import org.provisor.spec.state.Machine;
import org.provisor.spec.state.Outcome;
import org.provisor.spec.state.Reply;
import org.provisor.spec.state.Store;
import org.provisor.spec.state.VcpuId;
import org.provisor.spec.transition.Event;
import org.provisor.spec.transition.Transition;

import java.lang.foreign.MemorySegment;
import java.util.Arrays;
import java.util.BitSet;
import java.util.HashMap;
import java.util.Iterator;
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
/// Compared are the answer, every frame and domain that either side changed, the entries of tables,
/// the words stored, and what was written into the caller's memory. What the guest and its
/// processor do between two calls is taken as it is: it is not judged. Nor are flushes, and words
/// written where no table is and nothing was to be written.
///
/// The abstraction is not made anew for each call: only of tables whose entries the processor has
/// marked since, after something that is not judged also of frames whose words in the frame table
/// are others, and of the domain when something is that changes outside of calls.
///
/// Calls that allocate are made first, since the specification has to follow which frames were
/// chosen; what they write to their caller is undone in what it sees. All others are made second.
public final class CallJudge implements GuestCalls {

    /// Of each call's number, sampling judges so many at the beginning, then one in so many.
    private static final int ALWAYS = 64;

    private static final int ONE_IN = 64;

    private static final int CALLS = HypercallNumbers.END + 1;
    private static final int SYSCALL_BYTES = 2;
    private static final int PAGE_SHIFT = 12;
    private static final int SLOTS = 512;
    private static final long PAGE = 4096;

    private final Vcpu vcpu;
    private final VcpuId id;
    private final PvMachine run;
    private final Host host;
    private final MachineMemory memory;
    private final MemorySegment segment;
    private final FrameTable table;
    private final GuestCalls calls;
    private final boolean sampled;
    private final WatchedMemory watched;
    private final LiveGuest guest;
    private final MachineDiff diff;

    /// What both had when they were last compared: the words of the frame table, and of tables
    /// whose entries are known their words.
    private final long[] counts;

    private final long[] types;
    private final MemorySegment[] entries;
    private final BitSet tables = new BitSet();
    private Machine machine;

    /// Whether frames may have changed since, other than by being marked.
    private boolean changed;

    /// How many walks of the processor, and how many writes to tables, there had been then.
    private long walks;

    private long tableWrites;

    /// What changes of a vCPU without a call.
    private record Unstable(
            long root, long userRoot, long fs, long gsKernel, long gsUser, int more) {}

    private Unstable unstable;

    private final long[] made = new long[CALLS];
    private long judged;
    private long unjudged;

    /// Judges a machine that has not run yet.
    ///
    /// @param sampled whether it is enough to judge some calls of each kind
    /// @param calls what makes the calls
    public CallJudge(PvMachine run, boolean sampled, GuestCalls calls) {
        this.run = run;
        vcpu = run.domain().vcpu(0);
        id = new VcpuId(new Domid(run.domain().id()), 0);
        host = vcpu.host();
        memory = host.memory();
        table = host.frames();
        this.calls = calls;
        this.sampled = sampled;
        watched = new WatchedMemory(vcpu.guest());
        vcpu.setGuestMemory(watched);
        guest = new LiveGuest(vcpu, watched);
        int size = table.size();
        World world = new World(size, 0, false, 1, java.util.List.of(), java.util.List.of());
        diff = new MachineDiff(host, new BootNumbers(world, 0));
        counts = new long[size];
        types = new long[size];
        entries = new MemorySegment[size];
        Arrays.fill(entries, MemorySegment.NULL);
        segment = memory.segment();
        machine = MachineAbstraction.machine(host, new int[] {run.domain().id()});
        for (int mfn = 0; mfn < size; mfn++) {
            remember(mfn, machine.frames().get(mfn));
        }
        unstable = unstable();
        run.makeCallsBy(this);
    }

    /// How many calls were judged.
    public long judged() {
        return judged;
    }

    /// How many calls were to be judged and could not: the specification says nothing of them, or
    /// it was not seen which frames were allocated.
    public long unjudged() {
        return unjudged;
    }

    /// Makes a call.
    ///
    /// @throws CallDiffersException if it does something else than the specification says
    @Override
    public void call(Vcpu by, Registers registers) {
        long number = registers.rax;
        int kind = number >= 0 && number < CALLS ? (int) number : CALLS - 1;
        long before = made[kind]++;
        if (sampled && before >= ALWAYS && before % ONE_IN != 0) {
            changed = true;
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
        watched.begin();
        Outcome outcome;
        if (number == HypercallNumbers.MEMORY_OP) {
            long traced = vcpu.trace().written();
            calls.call(by, registers);
            watched.end();
            List<Allocation> allocations =
                    traced < vcpu.trace().first()
                            ? null
                            : ImplTrace.allocations(vcpu.trace(), traced);
            if (allocations == null) {
                changed = true;
                unjudged++;
                return;
            }
            outcome = specified(event, stated, new Choices(Integer.MAX_VALUE, allocations));
        } else {
            outcome = specified(event, stated, Choices.NONE);
            calls.call(by, registers);
            watched.end();
        }
        if (outcome.answer() instanceof Answer.Unspecified) {
            changed = true;
            unjudged++;
            return;
        }
        Difference wrong = answer(outcome.answer(), stated, registers, rip);
        wrong = wrong == null ? frames(outcome.machine().frames()) : wrong;
        wrong = wrong == null ? domain(outcome.machine()) : wrong;
        wrong = wrong == null ? stores(outcome) : wrong;
        wrong = wrong == null ? replies(outcome.replies()) : wrong;
        if (wrong != null) {
            String row = outcome.rows().isEmpty() ? "none" : outcome.rows().last();
            throw differs(stated, "row " + row + ": " + wrong.explanation());
        }
        machine = outcome.machine();
        unstable = unstable();
        judged++;
    }

    private CallDiffersException differs(org.provisor.spec.abi.Registers stated, String what) {
        return new CallDiffersException(
                "hypercall %d by %s differs from the specification: %s"
                        .formatted(made(), stated, what));
    }

    private long made() {
        long all = 0;
        for (long some : made) {
            all += some;
        }
        return all;
    }

    private Outcome specified(
            Event event, org.provisor.spec.abi.Registers stated, Choices choices) {
        try {
            return Transition.take(machine, id, event, guest, choices);
        } catch (RuntimeException e) {
            throw differs(stated, "the specification fails: " + e);
        }
    }

    // The machine before a call.

    private void synchronise() {
        Statistics did = run.statistics();
        boolean all = changed || tableWrites != did.tableWrites();
        if (all) {
            for (int mfn = 0; mfn < counts.length; mfn++) {
                if (counts[mfn] != table.count(mfn) || types[mfn] != table.type(mfn)) {
                    renew(mfn);
                }
            }
        }
        long now = did.walks() + did.faultingWalks();
        if (all || walks != now) {
            for (int mfn = tables.nextSetBit(0); mfn >= 0; mfn = tables.nextSetBit(mfn + 1)) {
                if (written(mfn)) {
                    renew(mfn);
                }
            }
        }
        Unstable there = unstable();
        if (all || !there.equals(unstable)) {
            machine = machine.with(DomainAbstraction.domain(host, vcpu.domain()));
            unstable = there;
        }
        changed = false;
        tableWrites = did.tableWrites();
        walks = now;
    }

    private void renew(int mfn) {
        Frame now = FrameAbstraction.frame(host, mfn, false);
        machine = machine.with(new Mfn(mfn), now);
        remember(mfn, now);
    }

    private Unstable unstable() {
        EntryState entry = vcpu.entry();
        return new Unstable(
                vcpu.root(),
                vcpu.userRoot(),
                entry.fsBase,
                entry.gsBaseKernel,
                entry.gsBaseUser,
                (entry.userMode ? 1 : 0) | (entry.taskSwitched ? 2 : 0) | entry.ioPrivilege << 2);
    }

    /// Whether a table's entries are others than when they were last compared.
    private boolean written(int mfn) {
        long at = (long) mfn << PAGE_SHIFT;
        return MemorySegment.mismatch(entries[mfn], 0, PAGE, segment, at, at + PAGE) >= 0;
    }

    private void remember(int mfn, Frame frame) {
        counts[mfn] = table.count(mfn);
        types[mfn] = table.type(mfn);
        boolean known = frame.table().contents().known();
        tables.set(mfn, known);
        if (known) {
            long[] words = LiveGuest.words(memory, mfn);
            entries[mfn] = MemorySegment.ofArray(words);
        }
    }

    // What came of it.

    private static @Nullable Difference answer(
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

    private @Nullable Difference frames(Vector<Frame> now) {
        Difference wrong = null;
        for (int mfn = 0; mfn < counts.length && wrong == null; mfn++) {
            if (counts[mfn] != table.count(mfn) || types[mfn] != table.type(mfn)) {
                wrong = frame(mfn, now.get(mfn));
            }
        }
        for (int mfn = tables.nextSetBit(0);
                mfn >= 0 && wrong == null;
                mfn = tables.nextSetBit(mfn + 1)) {
            if (written(mfn)) {
                wrong = frame(mfn, now.get(mfn));
            }
        }
        if (wrong != null || same(machine.frames(), now)) {
            return wrong;
        }
        Iterator<Frame> before = machine.frames().iterator();
        int mfn = 0;
        for (Frame after : now) {
            if (!same(before.next(), after)) {
                wrong = frame(mfn, after);
                if (wrong != null) {
                    return wrong;
                }
            }
            mfn++;
        }
        return null;
    }

    private @Nullable Difference frame(int mfn, Frame after) {
        Difference wrong = diff.frame(mfn, after);
        wrong = wrong == null ? diff.contents(mfn, after) : wrong;
        if (wrong == null) {
            remember(mfn, after);
        }
        return wrong;
    }

    /// Whether a record is the one that was there before: if not, it was touched.
    @SuppressWarnings("ReferenceEquality")
    private static boolean same(Object before, Object after) {
        return before == after;
    }

    private @Nullable Difference domain(Machine now) {
        int number = id.domain().value();
        var domain = now.domain(id.domain());
        Difference wrong = diff.domain(number, domain);
        return wrong == null && !same(machine.domain(id.domain()), domain)
                ? diff.domainTables(number, domain)
                : wrong;
    }

    private @Nullable Difference stores(Outcome outcome) {
        Map<Long, Long> words = new LinkedHashMap<>();
        for (Store store : outcome.stores()) {
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
        for (Map.Entry<Long, Long> word : words.entrySet()) {
            long there = memory.word(word.getKey());
            boolean free = outcome.machine().frame(new Mfn(word.getKey() >> PAGE_SHIFT)).free();
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
        Map<Long, Byte> owed = new HashMap<>();
        for (Reply reply : replies) {
            for (int i = 0; i < reply.bytes(); i++) {
                owed.put(reply.address().value() + i, WatchedMemory.byteOf(reply.value(), i));
            }
        }
        Map<Long, Byte> done = new HashMap<>();
        watched.addTo(done);
        return owed.equals(done)
                ? null
                : new Difference(
                        "reply",
                        "written to the caller: specification "
                                + replies
                                + ", implementation "
                                + new TreeMap<>(done));
    }

    /// Whether the machine as it is now is one that the specification's invariants allow.
    ///
    /// @throws CallDiffersException if it is not
    public void finish() {
        Machine now = MachineAbstraction.machine(host, new int[] {id.domain().value()});
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
