// SPDX-License-Identifier: Apache-2.0
package org.provisor.impl.launch;

import org.jspecify.annotations.Nullable;
import org.provisor.impl.abi.HypercallNumbers;
import org.provisor.impl.cpu.CpuFault;
import org.provisor.impl.cpu.CpuFeatures;
import org.provisor.impl.cpu.CpuState;
import org.provisor.impl.cpu.Engine;
import org.provisor.impl.cpu.Exits;
import org.provisor.impl.cpu.PageFaults;
import org.provisor.impl.cpu.Rflags;
import org.provisor.impl.cpu.Slots;
import org.provisor.impl.cpu.Vectors;
import org.provisor.impl.hypercall.Registers;
import org.provisor.impl.ir.Segments;
import org.provisor.impl.jit.Translator;
import org.provisor.impl.mm.EntryState;
import org.provisor.impl.mm.Vcpu;
import org.provisor.impl.paging.DirectMemory;
import org.provisor.impl.pv.GuestFrame;
import org.provisor.impl.pv.PvEntry;
import org.provisor.impl.pv.Selectors;
import org.provisor.impl.tlb.Processor;

/// The only loop in which a guest's code runs: the engine carries out instructions until it stops,
/// and what stopped it is dealt with here.
///
/// While the engine runs, the registers are in its [CpuState], the bases of segments too. Between
/// two runs whoever deals with the exit takes out what it needs and puts it back.
///
/// @xen xen/arch/x86/x86_64/entry.S
/// @xen xen/arch/x86/traps.c
final class VcpuLoop {

    /// Instructions between two looks at whether events are pending.
    private static final long SLICE = 2_000_000;

    /// For an engine that does not look whether another processor wants something.
    private static final long SHORT_SLICE = 1_000;

    /// Of the call that sets bases of segments: that it is a selector for GS of user mode.
    private static final int USER_GS_SELECTOR = 3;

    private static final int LAST_NULL = 3;

    private final CpuState state;
    private final DirectMemory memory;
    private final Engine engine;
    private final Vcpu vcpu;
    private final EntryState entry;
    private final PvEntry pv;
    private final HostCalls calls;
    private final DebugRegisters debug;
    private final Multicalls multicalls;
    private final PrivilegedInstructions instructions;
    private final GuestTables tables;
    private final TableWrites tableWrites;
    private final Clock clock;
    private final Statistics statistics;

    private final GuestFrame frame = new GuestFrame();
    private final Registers registers = new Registers();
    private final long[] arguments = new long[5];

    private final Schedule schedule;

    /// Its processor, if others run at the same time.
    private final @Nullable Processor processor;

    private final long slice;

    /// What [Schedule#changes] was when it was last looked whether the vCPU is to run.
    private long seen = -1;

    private boolean runs;

    /// Whether CS and SS are still to be loaded.
    private boolean fresh = true;

    private GuestCalls guestCalls = GuestCalls.DIRECT;
    private GuestObserver observer = GuestObserver.NONE;

    VcpuLoop(
            final CpuState state,
            final DirectMemory memory,
            final Engine engine,
            final Vcpu vcpu,
            final SharedVcpuInfo info,
            final HostCalls calls,
            final DebugRegisters debug,
            final Ports ports,
            final Clock clock,
            final Statistics statistics,
            final Schedule schedule,
            final @Nullable Processor processor,
            final CpuFeatures features) {
        this.schedule = schedule;
        this.processor = processor;
        slice = processor == null || engine instanceof Translator ? SLICE : SHORT_SLICE;
        this.state = state;
        this.memory = memory;
        this.engine = engine;
        this.vcpu = vcpu;
        this.calls = calls;
        this.debug = debug;
        this.clock = clock;
        this.statistics = statistics;
        tables = new GuestTables(state, vcpu);
        state.setTables(tables);
        entry = vcpu.entry();
        pv = new PvEntry(vcpu, info);
        multicalls = new Multicalls(vcpu, this::callOfList);
        instructions =
                new PrivilegedInstructions(
                        state, memory, vcpu, info, calls, debug, ports, clock, features);
        tableWrites = new TableWrites(state, engine, vcpu, memory);
        makeCallsBy(GuestCalls.DIRECT);
    }

    /// Has the guest's hypercalls made by this, and what else [GuestCalls] does.
    void makeCallsBy(final GuestCalls now) {
        final GuestCalls made = processor == null ? now : new AwayCalls(processor, now);
        guestCalls = made;
        tables.makeCallsBy(made);
        tableWrites.makeCallsBy(made);
    }

    /// Has this told what stops the guest.
    void observe(final GuestObserver now) {
        observer = now;
    }

    /// Runs the vCPU, until it gives its time away, or is not to run any more.
    ///
    /// @param limit how many instructions at most
    /// @return how many it has carried out
    long run(final long limit) {
        final long begin = statistics.instructions;
        final long end = begin + limit;
        if (fresh) {
            fresh = false;
            loadCodeAndStack();
        }
        while (isToRun() && statistics.instructions < end && !calls.hasYielded()) {
            if (pv.upcallDue()) {
                entered(pv.upcall(takenFrame()));
            }
            enter();
            use();
            // Others have it look again by disturbing it, which does not count before this.
            if (processor != null && !isToRun()) {
                endUse();
                leave();
                continue;
            }
            final long left = Math.min(slice, end - statistics.instructions);
            final int exit = engine.run(state, memory, left);
            endUse();
            leave();
            // What stops the engine counts too: there is always something done, unless it was
            // disturbed.
            final long done = engine.carriedOut() + (exit == Exits.LIMIT ? 0 : 1);
            statistics.instructions += done;
            clock.ran(done);
            stopped(exit);
        }
        return statistics.instructions - begin;
    }

    private boolean isToRun() {
        final long now = schedule.changes();
        if (now != seen) {
            seen = now;
            runs = schedule.ending() == null && schedule.runs(vcpu.number());
        }
        return runs;
    }

    /// From here on translations are used.
    private void use() {
        if (processor != null) {
            processor.enter();
        }
    }

    private void endUse() {
        if (processor != null) {
            processor.leave();
        }
    }

    /// Gives the engine what the mode has that is to run.
    private void enter() {
        memory.setRoot(entry.userMode ? vcpu.userRoot() : vcpu.root());
        state.set(Slots.FS_BASE, entry.fsBase);
        state.set(Slots.GS_BASE, entry.gsBase());
        state.set(Slots.TASK_SWITCHED, entry.taskSwitched ? 1 : 0);
    }

    private void leave() {
        entry.fsBase = state.get(Slots.FS_BASE);
        entry.setGsBase(state.get(Slots.GS_BASE));
    }

    private void stopped(final int exit) {
        switch (exit) {
            case Exits.LIMIT -> {}
            case Exits.EXCEPTION -> exception(state.fault());
            case Exits.INTERRUPT -> {
                final int vector = (int) engine.operand();
                passedOn(vector);
                entered(pv.interrupt(takenFrame(), vector, state.get(Slots.NEXT)));
            }
            case Exits.BREAKPOINT -> bounce(Vectors.BP, 0, 0);
            case Exits.DEBUG_TRAP -> bounce(Vectors.DB, 0, 0);
            case Exits.SYSCALL -> systemCall();
            case Exits.RDPMC, Exits.SYSENTER -> bounce(Vectors.GP, 0, 0);
            case Exits.RDRAND, Exits.RDSEED -> bounce(Vectors.UD, 0, 0);
            default -> leftOver();
        }
    }

    private void leftOver() {
        use();
        final boolean done = instructions.leftOver();
        endUse();
        if (done) {
            stepped();
        } else {
            crash(instructions.notThere());
        }
    }

    // Exceptions.

    private void exception(final CpuFault fault) {
        if (!emulated(fault.vector(), error(fault), fault.address())) {
            bounce(fault);
        }
    }

    private static long error(final CpuFault fault) {
        return fault.hasErrorCode() ? fault.errorCode() : 0;
    }

    private void bounce(final CpuFault fault) {
        bounce(fault.vector(), error(fault), fault.address());
    }

    /// Whether an exception is one that the kernel is not to see.
    private boolean emulated(final int vector, final long error, final long address) {
        switch (vector) {
            case Vectors.PF -> {
                if (entry.userMode) {
                    return false;
                }
                final int wanted = PageFaults.PRESENT | PageFaults.WRITE;
                final int all = wanted | PageFaults.RESERVED;
                return (error & all) == wanted && tableWritten(address);
            }
            case Vectors.GP -> {
                if (error != 0 || !privileged()) {
                    return false;
                }
            }
            case Vectors.UD -> {
                if (!forced()) {
                    return false;
                }
            }
            default -> {
                return false;
            }
        }
        stepped();
        return true;
    }

    private boolean privileged() {
        use();
        final boolean done = instructions.privileged();
        endUse();
        return done;
    }

    private boolean forced() {
        use();
        final boolean done = instructions.forced();
        endUse();
        return done;
    }

    private boolean tableWritten(final long address) {
        use();
        final int done = tableWrites.write(address);
        endUse();
        switch (done) {
            case TableWrites.DONE -> {
                statistics.tableWrites++;
                singleStep();
            }
            case TableWrites.FAULTED -> bounce(state.fault());
            default -> {
                return false;
            }
        }
        return true;
    }

    /// An instruction was carried out in the processor's place.
    private void stepped() {
        leave();
        statistics.emulated++;
        singleStep();
    }

    /// The last instruction may be a single step; in any case RF has had its effect.
    private void singleStep() {
        state.set(Slots.RFLAGS, state.get(Slots.RFLAGS) & ~Rflags.RF);
        if (schedule.ending() == null && (state.get(Slots.RFLAGS) & Rflags.TF) != 0) {
            state.breakpoints().step();
            bounce(Vectors.DB, 0, 0);
        }
    }

    private void passedOn(final int vector) {
        statistics.exception(vector);
        observer.excepted(statistics.instructions, vector, state.get(Slots.RIP));
    }

    private void bounce(final int vector, final long error, final long address) {
        if (vector == Vectors.DB) {
            debug.met(state.breakpoints().take());
        }
        passedOn(vector);
        final int how = pv.exception(takenFrame(), vector, error, address);
        // Text takes longer than all the rest.
        entered(how, how == PvEntry.CRASHED ? text(vector, error, address) : "");
    }

    private static String text(final int vector, final long error, final long address) {
        return vector == Vectors.PF
                ? "page fault 0x%x at 0x%x".formatted(error, address)
                : "exception %d, error code 0x%x".formatted(vector, error);
    }

    private GuestFrame takenFrame() {
        frame.take(state);
        return frame;
    }

    private void entered(final int how) {
        entered(how, "");
    }

    private void entered(final int how, final String what) {
        if (how == PvEntry.ENTERED) {
            frame.put(state);
        } else if (how == PvEntry.CRASHED) {
            crash(what.isEmpty() ? pv.crash() : pv.crash() + " (" + what + ")");
        }
    }

    /// After `iret`, which the processor ends by loading CS and SS.
    private void returned(final int how) {
        entered(how, "iret");
        if (how == PvEntry.ENTERED) {
            loadCodeAndStack();
        }
    }

    private void loadCodeAndStack() {
        final long cs = state.get(Slots.CS);
        final long ss = state.get(Slots.SS);
        if (cs == Selectors.FLAT_CS64 && ss == Selectors.FLAT_SS) {
            return;
        }
        try {
            if (!Segments.returnTo(state)) {
                crash(PrivilegedInstructions.OF_16_BITS);
            }
        } catch (final CpuFault fault) {
            bounce(fault);
        }
    }

    private void crash(final String why) {
        schedule.end(
                new Ending(
                        Ending.Kind.CRASHED,
                        0,
                        "domain crashed: %s; rip 0x%x, rsp 0x%x"
                                .formatted(why, state.get(Slots.RIP), state.get(Slots.RSP))));
    }

    // System calls.

    private void systemCall() {
        final long rip = state.get(Slots.RIP);
        final long flags = state.get(Slots.RFLAGS);
        state.set(Slots.RCX, rip);
        state.set(Slots.R11, flags);
        state.set(Slots.CS, Selectors.FLAT_CS64);
        state.set(Slots.SS, Selectors.FLAT_SS);
        state.segments().enter64();
        if (entry.userMode) {
            entered(pv.userSyscall(takenFrame()), "system call");
            return;
        }
        final long number = state.get(Slots.RAX);
        statistics.hypercall(number, clock);
        if (number == HypercallNumbers.IRET) {
            observer.left(statistics.instructions, number);
            returned(pv.iret(takenFrame()));
            return;
        }
        registers.rax = number;
        registers.rdi = state.get(Slots.RDI);
        registers.rsi = state.get(Slots.RSI);
        registers.rdx = state.get(Slots.RDX);
        registers.r10 = state.get(10);
        registers.r8 = state.get(8);
        registers.rip = rip;
        arguments[0] = registers.rdi;
        arguments[1] = registers.rsi;
        arguments[2] = registers.rdx;
        arguments[3] = registers.r10;
        arguments[4] = registers.r8;
        if (number == HypercallNumbers.MULTICALL) {
            if (multicalls.call(registers)) {
                // All registers are as `iret` has left them.
                observer.left(statistics.instructions, number);
                return;
            }
        } else {
            call(registers);
        }
        if (schedule.ending() == null) {
            observer.called(statistics.instructions, number, arguments, rip, registers);
        } else {
            observer.left(statistics.instructions, number);
        }
        state.set(Slots.RAX, registers.rax);
        state.set(Slots.RDI, registers.rdi);
        state.set(Slots.RSI, registers.rsi);
        state.set(Slots.RDX, registers.rdx);
        state.set(10, registers.r10);
        state.set(8, registers.r8);
        state.set(Slots.RIP, registers.rip);
        // The guest goes on by `sysret`.
        state.set(Slots.RCX, registers.rip);
    }

    private void call(final Registers made) {
        if (HostCalls.has(made.rax)) {
            calls.call(made);
        } else {
            if (made.rax == HypercallNumbers.SET_SEGMENT_BASE
                    && (int) made.rdi == USER_GS_SELECTOR) {
                loadUserGs((int) made.rsi & 0xFFFF);
            }
            guestCalls.call(vcpu, made);
        }
    }

    /// Loads GS for user mode; what cannot be loaded becomes null.
    ///
    /// @xen xen/arch/x86/pv/misc-hypercalls.c, do_set_segment_base
    private void loadUserGs(final int selector) {
        try {
            Segments.load(state, Segments.GS, selector <= LAST_NULL ? selector : selector | 3);
        } catch (final CpuFault _) {
            Segments.load(state, Segments.GS, 0);
        }
        entry.gsBaseUser = state.get(Slots.GS_BASE);
    }

    private boolean callOfList(final Registers made) {
        if (made.rax == HypercallNumbers.IRET) {
            returned(pv.iret(takenFrame()));
            made.rax = state.get(Slots.RAX);
            return true;
        }
        call(made);
        return schedule.ending() != null;
    }
}
