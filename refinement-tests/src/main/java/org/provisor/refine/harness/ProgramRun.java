// SPDX-License-Identifier: Apache-2.0
package org.provisor.refine.harness;

import io.vavr.collection.List;
import io.vavr.control.Option;

import org.jspecify.annotations.Nullable;
import org.provisor.refine.program.Action;
import org.provisor.refine.program.Action.Stimulus;
import org.provisor.refine.program.FrameNumbers;
import org.provisor.refine.program.Operand;
import org.provisor.refine.program.World;
import org.provisor.refine.program.World.DomainSetup;
import org.provisor.spec.abi.Bitness;
import org.provisor.spec.abi.CallingConvention;
import org.provisor.spec.abi.Domid;
import org.provisor.spec.abi.GuestAddress;
import org.provisor.spec.abi.Invocation;
import org.provisor.spec.abi.Mfn;
import org.provisor.spec.abi.Registers;
import org.provisor.spec.mm.WritablePageTables.GuestWrite;
import org.provisor.spec.pv.Arrival;
import org.provisor.spec.state.Answer;
import org.provisor.spec.state.Choices.Allocation;
import org.provisor.spec.state.Domain;
import org.provisor.spec.state.Flush;
import org.provisor.spec.state.Frame;
import org.provisor.spec.state.GuestRegisters;
import org.provisor.spec.state.LocalTable;
import org.provisor.spec.state.Machine;
import org.provisor.spec.state.Outcome;
import org.provisor.spec.state.Reply;
import org.provisor.spec.state.Store;
import org.provisor.spec.state.VcpuId;
import org.provisor.spec.transition.Event;

/// A program under way: what each action means, and what becomes of a call that has to be made
/// again. How one attempt is made is for those who extend this.
abstract class ProgramRun implements Run {

    /// After so many attempts a call that always gets further is given up.
    private static final int MAX_ATTEMPTS = 100_000;

    /// The row of the one rule by which a call waits without getting further: a table is being
    /// taken apart by force, and whoever does that has to go on first.
    private static final String WAITS = "mm.page-type.get/h";

    private static final int SLOTS = Mirror.SLOTS;

    private final World world;
    private final FrameNumbers numbers;
    final Mirror mirror;
    Machine machine;

    private @Nullable Outcome outcome;
    private final VcpuId[][] vcpus;

    ProgramRun(World world, FrameNumbers numbers, Mirror mirror, Machine machine) {
        this.world = world;
        this.numbers = numbers;
        this.mirror = mirror;
        this.machine = machine;
        vcpus = new VcpuId[world.domains().size()][];
        for (int domain = 0; domain < vcpus.length; domain++) {
            DomainSetup setup = world.domains().get(domain);
            vcpus[domain] = new VcpuId[setup.vcpus()];
            for (int vcpu = 0; vcpu < setup.vcpus(); vcpu++) {
                vcpus[domain][vcpu] = new VcpuId(new Domid(setup.id()), vcpu);
            }
        }
    }

    // What an attempt is.

    /// A thing of several attempts begins.
    abstract void begin(int domain, Stimulus stimulus);

    /// Makes one attempt, compares, and keeps what came of it by [#took].
    ///
    /// @param registers what stands in the registers, for a call
    /// @return null if both agree
    abstract @Nullable Verdict attempt(
            int domain, VcpuId by, Event event, @Nullable Registers registers);

    /// The last attempt is over.
    abstract @Nullable Verdict end();

    /// A kernel writes into its call memory.
    abstract void poked(int domain, long linear, long value);

    /// A kernel writes into a frame.
    abstract void filled(long mfn, int slot, long value);

    /// An attempt had this outcome: it is how things are now.
    final void took(int domain, Outcome now, List<Allocation> allocations) {
        outcome = now;
        machine = now.machine();
        for (Allocation allocation : allocations) {
            if (allocation instanceof Allocation.Given(Mfn first)) {
                cleared(first, now);
            }
        }
        for (Store store : now.stores()) {
            mirror.store(store);
        }
        for (Reply reply : now.replies()) {
            mirror.reply(domain, reply);
        }
    }

    private void cleared(Mfn first, Outcome now) {
        for (Flush flush : now.flushes()) {
            if (flush instanceof Flush.Reuse(Mfn given, int order) && given.equals(first)) {
                for (long mfn = first.value(); mfn < first.value() + (1L << order); mfn++) {
                    mirror.zero(mfn);
                }
                return;
            }
        }
    }

    final Outcome outcome() {
        if (outcome == null) {
            throw new IllegalStateException("no attempt was made");
        }
        return outcome;
    }

    final World world() {
        return world;
    }

    // What can be seen.

    @Override
    public final Machine machine() {
        return machine;
    }

    @Override
    public final FrameNumbers numbers() {
        return numbers;
    }

    @Override
    public final long word(long frame, int slot) {
        return mirror.word(frame, slot);
    }

    @Override
    public final long callWord(int domain, long linear) {
        if (!CallPages.readable(linear, Long.BYTES)) {
            throw new IllegalArgumentException("not call memory: 0x" + Long.toHexString(linear));
        }
        return mirror.calls(index(domain)).word(linear);
    }

    @Override
    public final @Nullable Answer answer() {
        return outcome == null ? null : outcome.answer();
    }

    // Actions.

    @Override
    public final Verdict perform(Action action) {
        outcome = null;
        return switch (action) {
            case Action.Call call -> call(call);
            case Action.Poke poke -> poke(poke);
            case Action.Fill fill -> fill(fill);
            case Action.Destroy destroy -> destroy(destroy);
            case Action.LoadDescriptor load -> load(load);
            case Action.WriteReadOnly write -> write(write);
            case Action.Arrive arrive -> arrive(arrive);
        };
    }

    private static Verdict nothing() {
        return new Verdict.Agreed(0, List.empty());
    }

    private Verdict call(Action.Call call) {
        int domain = index(call.domain());
        VcpuId by = vcpu(domain, call.vcpu());
        if (!runs(by) || machine.vcpu(by).entry().userMode()) {
            return nothing();
        }
        begin(domain, call.stimulus());
        Registers registers = registers(call);
        List<String> rows = List.empty();
        for (int attempts = 1; attempts <= MAX_ATTEMPTS; attempts++) {
            Machine before = machine;
            Event event = new Event.Call(CallingConvention.decode(registers));
            Verdict verdict = attempt(domain, by, event, registers);
            if (verdict != null) {
                return verdict;
            }
            rows = latestFirst(rows);
            if (!(outcome().answer() instanceof Answer.Continued(Invocation again))
                    || attempts == call.stimulus().attempts()) {
                return agreed(attempts, rows);
            }
            Registers next = CallingConvention.encode(again, registers);
            if (next.equals(registers) && machine.equals(before)) {
                return waits(outcome()) ? agreed(attempts, rows) : livelock(rows);
            }
            registers = next;
        }
        return livelock(rows);
    }

    /// Whether an attempt ended because somebody else has to go on first.
    static boolean waits(Outcome outcome) {
        return outcome.rows().contains(WAITS);
    }

    private Registers registers(Action.Call call) {
        long[] words = new long[5];
        int count = Math.min(words.length, call.arguments().size());
        for (int i = 0; i < count; i++) {
            words[i] = call.arguments().get(i).resolve(numbers);
        }
        return new Registers(
                Bitness.BITS_64,
                call.number().resolve(numbers),
                words[0],
                words[1],
                words[2],
                words[3],
                words[4],
                0);
    }

    private Verdict destroy(Action.Destroy destroy) {
        int domain = index(destroy.by());
        VcpuId by = firstUp(domain);
        if (by == null) {
            return nothing();
        }
        begin(domain, destroy.stimulus());
        Event event = new Event.Destroy(new Domid(destroy.domain()));
        List<String> rows = List.empty();
        for (int attempts = 1; attempts <= MAX_ATTEMPTS; attempts++) {
            Machine before = machine;
            Verdict verdict = attempt(domain, by, event, null);
            if (verdict != null) {
                return verdict;
            }
            rows = latestFirst(rows);
            if (!(outcome().answer() instanceof Answer.Again)
                    || attempts == destroy.stimulus().attempts()) {
                return agreed(attempts, rows);
            }
            if (machine.equals(before)) {
                return livelock(rows);
            }
        }
        return livelock(rows);
    }

    private Verdict load(Action.LoadDescriptor load) {
        int domain = index(load.domain());
        VcpuId by = vcpu(domain, load.vcpu());
        if (!runs(by) || !asks(machine.vcpu(by).ldt(), load.offset())) {
            return nothing();
        }
        return once(domain, by, new Event.LoadDescriptor(load.offset()));
    }

    /// Whether the processor asks Xen for a descriptor: it is in the table, its page is not mapped.
    private static boolean asks(LocalTable table, int offset) {
        return offset >= 0
                && offset / Long.BYTES < table.entries()
                && !table.mapped().containsKey(offset / 4096);
    }

    private Verdict write(Action.WriteReadOnly write) {
        int domain = index(write.domain());
        VcpuId by = vcpu(domain, write.vcpu());
        if (!runs(by)) {
            return nothing();
        }
        Operand expected = write.expected();
        Option<Long> compared =
                expected == null ? Option.none() : Option.some(expected.resolve(numbers));
        return once(
                domain,
                by,
                new Event.WriteReadOnly(
                        new GuestWrite(
                                new GuestAddress(write.cr2()),
                                new GuestAddress(write.address()),
                                write.bytes(),
                                write.value().resolve(numbers),
                                compared)));
    }

    private Verdict arrive(Action.Arrive arrive) {
        int domain = index(arrive.domain());
        VcpuId by = vcpu(domain, arrive.vcpu());
        if (!runs(by) || !fits(arrive.cause(), machine.vcpu(by).entry().userMode())) {
            return nothing();
        }
        Action.Frame frame = arrive.frame();
        GuestRegisters registers =
                new GuestRegisters(
                        0,
                        frame.rcx(),
                        frame.r11(),
                        frame.rip(),
                        frame.cs(),
                        frame.rflags(),
                        frame.rsp(),
                        frame.ss());
        Arrival.Cause cause =
                switch (arrive.cause()) {
                    case EXCEPTION ->
                            new Arrival.Exception(arrive.vector(), arrive.code(), arrive.cr2());
                    case INTERRUPT ->
                            new Arrival.Interrupt(arrive.vector(), frame.rip() + arrive.code());
                    case SYSCALL -> new Arrival.UserSyscall();
                    case EVENTS -> new Arrival.Events();
                    case IRET -> new Arrival.Iret();
                };
        return once(
                domain,
                by,
                new Event.Arrive(
                        new Arrival(
                                registers, arrive.upcallMask(), arrive.upcallPending(), cause)));
    }

    private static boolean fits(Action.Cause cause, boolean userMode) {
        return switch (cause) {
            case EXCEPTION, INTERRUPT, EVENTS -> true;
            case SYSCALL -> userMode;
            case IRET -> !userMode;
        };
    }

    private Verdict once(int domain, VcpuId by, Event event) {
        begin(domain, Stimulus.NONE);
        Verdict verdict = attempt(domain, by, event, null);
        return verdict == null ? agreed(1, latestFirst(List.empty())) : verdict;
    }

    private List<String> latestFirst(List<String> before) {
        List<String> rows = before;
        for (String row : outcome().rows()) {
            rows = rows.prepend(row);
        }
        return rows;
    }

    private Verdict agreed(int attempts, List<String> rows) {
        Verdict last = end();
        return last == null ? new Verdict.Agreed(attempts, rows) : last;
    }

    private static Verdict livelock(List<String> rows) {
        return new Verdict.Differs(
                clause(rows),
                "progress",
                "made again and again, and nothing gets further; last decided by "
                        + rows.headOption());
    }

    /// The clause of the row that decided last.
    static String clause(List<String> latestFirst) {
        return latestFirst.isEmpty()
                ? "none"
                : latestFirst.head().substring(0, latestFirst.head().indexOf('/'));
    }

    private Verdict poke(Action.Poke poke) {
        int domain = index(poke.domain());
        if (runs(new Domid(poke.domain())) && CallPages.readable(poke.linear(), Long.BYTES)) {
            long value = poke.value().resolve(numbers);
            mirror.calls(domain).write(poke.linear(), value, Long.BYTES);
            poked(domain, poke.linear(), value);
        }
        return nothing();
    }

    private Verdict fill(Action.Fill fill) {
        long mfn = fill.frame().resolve(numbers);
        if (mayWrite(new Domid(fill.domain()), new Mfn(mfn), fill.slot())) {
            long value = fill.value().resolve(numbers);
            mirror.setWord(mfn, fill.slot(), value);
            filled(mfn, fill.slot(), value);
        }
        return nothing();
    }

    /// Whether a kernel can have a frame mapped for writing.
    private boolean mayWrite(Domid id, Mfn mfn, int slot) {
        if (slot < 0 || slot >= SLOTS || !runs(id) || !machine.has(mfn)) {
            return false;
        }
        Frame frame = machine.frame(mfn);
        return frame.ownedBy(id) && !frame.special() && !frame.table().contents().known();
    }

    /// The first vCPU of a domain that runs, or null.
    private @Nullable VcpuId firstUp(int domain) {
        for (VcpuId vcpu : vcpus[domain]) {
            if (runs(vcpu)) {
                return vcpu;
            }
        }
        return null;
    }

    private boolean runs(VcpuId vcpu) {
        return runs(vcpu.domain()) && machine.vcpu(vcpu).up();
    }

    private boolean runs(Domid id) {
        Option<Domain> domain = machine.domains().get(id);
        return domain.isDefined() && !domain.get().dying();
    }

    // The program's names.

    /// @throws IllegalArgumentException if there was no such domain at the start
    private int index(int domain) {
        for (int i = 0; i < world.domains().size(); i++) {
            if (world.domains().get(i).id() == domain) {
                return i;
            }
        }
        throw new IllegalArgumentException("there is no domain d" + domain);
    }

    private VcpuId vcpu(int domain, int number) {
        if (number < 0 || number >= vcpus[domain].length) {
            throw new IllegalArgumentException(
                    "there is no vCPU d" + world.domains().get(domain).id() + "v" + number);
        }
        return vcpus[domain][number];
    }
}
