// SPDX-License-Identifier: Apache-2.0
package org.provisor.impl.launch;

import org.jspecify.annotations.Nullable;
import org.provisor.impl.bits.Addresses;
import org.provisor.impl.build.BadImageException;
import org.provisor.impl.build.PvBuilder;
import org.provisor.impl.build.PvKernel;
import org.provisor.impl.cpu.CpuState;
import org.provisor.impl.cpu.Engine;
import org.provisor.impl.cpu.Rflags;
import org.provisor.impl.cpu.Slots;
import org.provisor.impl.interp.Interpreter;
import org.provisor.impl.jit.Translator;
import org.provisor.impl.memory.MachineMemory;
import org.provisor.impl.mm.Domain;
import org.provisor.impl.mm.FrameSet;
import org.provisor.impl.mm.Host;
import org.provisor.impl.mm.Vcpu;
import org.provisor.impl.paging.DirectMemory;
import org.provisor.impl.paging.GuestLinearMemory;
import org.provisor.impl.paging.PageWalker;
import org.provisor.impl.pv.Selectors;
import org.provisor.impl.tlb.FlushClock;
import org.provisor.impl.tlb.TlbSet;

import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;

/// A machine with one processor and one domain that runs, with one vCPU. One thread uses it at a
/// time.
public final class PvMachine implements AutoCloseable {

    /// How wide a physical address is.
    private static final int PHYSICAL_BITS = 46;

    /// What Xen itself needs besides its table of what guests call frames.
    private static final long XEN_FRAMES = 64;

    private static final int ENTRIES_OF_FRAME = 512;

    /// What memory a machine has, in frames.
    ///
    /// @param pages what the domain starts with
    /// @param maxPages what it may have
    /// @param spare what is free besides; tables of its own Xen has in any case
    /// @param devices what stands for the memory of devices, which the domain may map, the last of
    ///   it only to read
    public record Memory(long pages, long maxPages, long spare, int devices) {

        /// The domain has all.
        public static Memory of(final long pages) {
            return new Memory(pages, pages, 0, 0);
        }

        /// How many frames that is in all.
        private long frames() {
            final long all = pages + spare + devices;
            return all + 2 * all / ENTRIES_OF_FRAME + XEN_FRAMES;
        }
    }

    /// Which domain a kernel runs in.
    public enum Role {
        /// Domain 0, which may act on every domain and has the hardware.
        FIRST_DOMAIN,
        /// Domain 1, which may do nothing to others.
        GUEST
    }

    private final MachineMemory memory;
    private final Host host;
    private final long[] devices;
    private final Domain domain;
    private final PageWalker walker;
    private final Statistics statistics = new Statistics();
    private final Engine engine;
    private final VcpuLoop loop;

    private PvMachine(
            final MachineMemory memory,
            final PvKernel kernel,
            final byte[] module,
            final String commandLine,
            final Role role,
            final Memory amounts,
            final Console console,
            final Clock clock,
            final EngineKind kind)
            throws BadImageException {
        this.memory = memory;
        final FutureTask<Engine> making =
                new FutureTask<>(() ->
                        kind == EngineKind.INTERPRETER ? new Interpreter() : new Translator());
        Thread.ofPlatform().daemon().name("tables of instructions").start(making);
        final TlbSet tlbs = new TlbSet(1);
        host = new Host(memory, new FlushClock(1, tlbs), Host.Options.XEN_4_17);
        devices = new long[amounts.devices()];
        final PvBuilder.Start start =
                PvBuilder.build(
                        host,
                        config(role, amounts.maxPages()),
                        amounts.pages(),
                        kernel,
                        module,
                        commandLine);
        domain = start.domain();
        final Vcpu vcpu = domain.vcpu(0);
        vcpu.setGuestMemory(new GuestLinearMemory(vcpu));
        final CpuState state = new CpuState();
        state.set(Slots.RIP, start.entry());
        state.set(Slots.RSP, start.stack());
        state.set(Slots.RSI, start.startInfo());
        state.set(Slots.RFLAGS, Rflags.IF | Rflags.FIXED);
        state.set(Slots.CS, Selectors.FLAT_CS64);
        state.set(Slots.SS, Selectors.FLAT_SS);
        final DebugRegisters debug = new DebugRegisters(state.breakpoints());
        final Ports ports = new Ports(vcpu);
        walker = new PageWalker(memory, PHYSICAL_BITS);
        final SharedVcpuInfo info =
                new SharedVcpuInfo(memory, domain.sharedInfo() << Addresses.PAGE_SHIFT);
        info.startTime();
        engine = made(making);
        loop =
                new VcpuLoop(
                        state,
                        new DirectMemory(state, memory, tlbs.of(0), walker),
                        engine,
                        vcpu,
                        info,
                        new HostCalls(vcpu, info, debug, ports, console, clock),
                        debug,
                        ports,
                        clock,
                        statistics);
    }

    private Domain.Config config(final Role role, final long maxPages) {
        final FrameSet mappable = takeDevices();
        final boolean first = role == Role.FIRST_DOMAIN;
        return new Domain.Config(first ? 0 : 1, first, first, maxPages, 1, mappable, first, false);
    }

    private @Nullable FrameSet takeDevices() {
        if (devices.length == 0) {
            return null;
        }
        final FrameSet all = new FrameSet(Math.toIntExact(memory.frames()));
        for (int device = 0; device < devices.length; device++) {
            devices[device] = host.takeForDevice();
            all.add(devices[device]);
        }
        host.readOnlyDevices().add(devices[devices.length - 1]);
        return all;
    }

    /// Reading the table of instructions takes as long as all the rest, so it is done beside it.
    private static Engine made(final FutureTask<Engine> engine) {
        boolean interrupted = false;
        try {
            while (true) {
                try {
                    return engine.get();
                } catch (final InterruptedException _) {
                    interrupted = true;
                } catch (final ExecutionException e) {
                    throw new IllegalStateException(e.getCause());
                }
            }
        } finally {
            if (interrupted) {
                Thread.currentThread().interrupt();
            }
        }
    }

    /// Starts a kernel whose domain has all memory, with the translator.
    ///
    /// @param module a file for the kernel, empty for none
    /// @param pages how many pages of 4 KiB its domain has
    /// @throws BadImageException if the kernel does not fit into them
    /// @throws org.provisor.impl.memory.MemoryUnavailableException if the operating system does not
    ///   give so much memory
    public static PvMachine start(
            final PvKernel kernel,
            final byte[] module,
            final String commandLine,
            final long pages,
            final Console console,
            final Clock clock)
            throws BadImageException {
        return start(
                kernel,
                module,
                commandLine,
                Memory.of(pages),
                console,
                clock,
                EngineKind.TRANSLATOR);
    }

    /// Starts a kernel as domain 0.
    ///
    /// @param module a file for the kernel, empty for none
    /// @param kind what carries out its instructions
    /// @throws BadImageException if the kernel does not fit into them
    /// @throws org.provisor.impl.memory.MemoryUnavailableException if the operating system does not
    ///   give so much memory
    public static PvMachine start(
            final PvKernel kernel,
            final byte[] module,
            final String commandLine,
            final Memory amounts,
            final Console console,
            final Clock clock,
            final EngineKind kind)
            throws BadImageException {
        return start(kernel, module, commandLine, Role.FIRST_DOMAIN, amounts, console, clock, kind);
    }

    /// Starts a kernel.
    ///
    /// @param module a file for the kernel, empty for none
    /// @param kind what carries out its instructions
    /// @throws BadImageException if the kernel does not fit into them
    /// @throws org.provisor.impl.memory.MemoryUnavailableException if the operating system does not
    ///   give so much memory
    public static PvMachine start(
            final PvKernel kernel,
            final byte[] module,
            final String commandLine,
            final Role role,
            final Memory amounts,
            final Console console,
            final Clock clock,
            final EngineKind kind)
            throws BadImageException {
        final MachineMemory memory = MachineMemory.ofFrames(amounts.frames());
        boolean started = false;
        try {
            final PvMachine machine =
                    new PvMachine(
                            memory,
                            kernel,
                            module,
                            commandLine,
                            role,
                            amounts,
                            console,
                            clock,
                            kind);
            started = true;
            return machine;
        } finally {
            if (!started) {
                memory.close();
            }
        }
    }

    /// The most pages that a domain can have.
    public static long maxPages() {
        return (MachineMemory.MAX_FRAMES - XEN_FRAMES) / (ENTRIES_OF_FRAME + 2) * ENTRIES_OF_FRAME;
    }

    /// Runs the domain; again after [Ending.Kind#LIMIT].
    ///
    /// @param instructions how many at most
    public Ending run(final long instructions) {
        return loop.run(instructions);
    }

    /// Has the guest's hypercalls made by this from now on: something that looks on, and makes them
    /// by [GuestCalls#DIRECT].
    public void makeCallsBy(final GuestCalls calls) {
        loop.makeCallsBy(calls);
    }

    /// Has this told from now on what stops the guest.
    public void observe(final GuestObserver observer) {
        loop.observe(observer);
    }

    public Statistics statistics() {
        statistics.walks = walker.walks();
        statistics.reads = walker.reads();
        statistics.faultingWalks = walker.faults();
        if (engine instanceof final Translator translator) {
            statistics.translated = true;
            statistics.regions = translator.regions();
            statistics.translatedInstructions = translator.translatedInstructions();
            statistics.evictions = translator.evictions();
            statistics.overwritten = translator.overwritten();
        }
        return statistics;
    }

    public MachineMemory memory() {
        return memory;
    }

    public Host host() {
        return host;
    }

    /// The frames that stand for the memory of devices.
    public long[] devices() {
        return devices.clone();
    }

    public Domain domain() {
        return domain;
    }

    @Override
    public void close() {
        memory.close();
    }
}
