// SPDX-License-Identifier: Apache-2.0
package org.provisor.impl.launch;

import org.jspecify.annotations.Nullable;
import org.provisor.impl.abi.SharedInfoLayout;
import org.provisor.impl.bits.Addresses;
import org.provisor.impl.build.BadImageException;
import org.provisor.impl.build.PvBuilder;
import org.provisor.impl.build.PvKernel;
import org.provisor.impl.cpu.CpuFeatures;
import org.provisor.impl.cpu.CpuState;
import org.provisor.impl.cpu.Engine;
import org.provisor.impl.cpu.Rflags;
import org.provisor.impl.cpu.Slots;
import org.provisor.impl.interp.Interpreter;
import org.provisor.impl.jit.Translator;
import org.provisor.impl.memory.MachineMemory;
import org.provisor.impl.mm.Domain;
import org.provisor.impl.mm.FrameSet;
import org.provisor.impl.mm.GuestMemory;
import org.provisor.impl.mm.Host;
import org.provisor.impl.mm.Vcpu;
import org.provisor.impl.mm.VcpuRunner;
import org.provisor.impl.paging.DirectMemory;
import org.provisor.impl.paging.GuardedMemory;
import org.provisor.impl.paging.GuestLinearMemory;
import org.provisor.impl.paging.PageWalker;
import org.provisor.impl.pv.Selectors;
import org.provisor.impl.tlb.FlushClock;
import org.provisor.impl.tlb.Processor;
import org.provisor.impl.tlb.Processors;
import org.provisor.impl.tlb.TlbFlusher;
import org.provisor.impl.tlb.TlbSet;

import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;
import java.util.concurrent.atomic.AtomicLong;

/// A machine with one domain that runs, and a processor for each of its vCPUs. One thread uses it
/// at a time; while it runs it may have others of its own.
public final class PvMachine implements AutoCloseable {

    /// How wide a physical address is.
    private static final int PHYSICAL_BITS = 46;

    /// What Xen itself needs besides its table of what guests call frames.
    private static final long XEN_FRAMES = 64;

    private static final int ENTRIES_OF_FRAME = 512;

    /// Instructions of a vCPU between two looks at how many are left for all.
    private static final long SLICE = 10_000_000;

    private static final Ending LIMIT =
            new Ending(Ending.Kind.LIMIT, 0, "the domain has run for as long as it was to");

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
    private final Schedule schedule;
    private final Running[] vcpus;
    private final VcpuStart[] starts;

    /// The vCPUs that a domain has, and how they run.
    ///
    /// @param count 1 to [#MOST]
    /// @param together whether they run at the same time, each on a thread of its own; if not they
    ///   take turns on one, [#TURN] instructions each, so that what they do is the same each time
    /// @param features what their processors have
    public record Vcpus(int count, boolean together, CpuFeatures features) {

        /// As many as have their place in the page that the domain shares with Xen.
        public static final int MOST = 32;

        /// How many instructions a vCPU carries out before it is the turn of the next.
        public static final long TURN = 10_000;

        /// One.
        public static final Vcpus ONE = new Vcpus(1, false);

        public Vcpus {
            if (count < 1 || count > MOST) {
                throw new IllegalArgumentException("vCPUs: " + count);
            }
            together &= count > 1;
        }

        /// With all that there is.
        public Vcpus(final int count, final boolean together) {
            this(count, together, CpuFeatures.ALL);
        }
    }

    /// What runs a vCPU.
    private record Running(
            Engine engine,
            PageWalker walker,
            Statistics statistics,
            VcpuLoop loop,
            @Nullable Processor processor) {}

    private PvMachine(
            final MachineMemory memory,
            final PvKernel kernel,
            final byte[] module,
            final String commandLine,
            final Role role,
            final Memory amounts,
            final Console console,
            final Clock clock,
            final EngineKind kind,
            final Vcpus amount)
            throws BadImageException {
        this.memory = memory;
        final CpuFeatures features = amount.features();
        final FutureTask<Engine> making = new FutureTask<>(() -> engine(kind, features));
        Thread.ofPlatform().daemon().name("tables of instructions").start(making);
        final int count = amount.count();
        final TlbSet tlbs = amount.together() ? null : new TlbSet(count);
        final Processors processors = amount.together() ? new Processors(count) : null;
        final TlbFlusher flusher = tlbs == null ? Objects.requireNonNull(processors) : tlbs;
        host = new Host(memory, new FlushClock(count, flusher), Host.Options.XEN_4_17);
        devices = new long[amounts.devices()];
        final PvBuilder.Start start =
                PvBuilder.build(
                        host,
                        config(role, amounts.maxPages(), count),
                        amounts.pages(),
                        kernel,
                        module,
                        commandLine);
        domain = start.domain();
        if (amount.together()) {
            memory.share();
        }
        schedule = new Schedule(domain, processors);
        vcpus = new Running[count];
        starts = new VcpuStart[count];
        domain.runBy(
                new VcpuRunner() {
                    @Override
                    public void start(final Vcpu who, final long[] context) {
                        starts[who.number()].set(context);
                    }

                    @Override
                    public void changed() {
                        schedule.livesChanged();
                    }

                    @Override
                    public void shutDown() {
                        schedule.lastDown();
                    }
                });
        final Console shared = amount.together() ? synchronised(console) : console;
        final Engine first = made(making);
        for (int number = 0; number < count; number++) {
            final CpuState state = new CpuState();
            if (number == 0) {
                state.set(Slots.RIP, start.entry());
                state.set(Slots.RSP, start.stack());
                state.set(Slots.RSI, start.startInfo());
                state.set(Slots.RFLAGS, Rflags.IF | Rflags.FIXED);
                state.set(Slots.CS, Selectors.FLAT_CS64);
                state.set(Slots.SS, Selectors.FLAT_SS);
            }
            final PageWalker walker = new PageWalker(memory, PHYSICAL_BITS);
            final Processor processor = processors == null ? null : processors.of(number);
            final DirectMemory direct =
                    processor == null
                            ? new DirectMemory(
                                    state, memory, Objects.requireNonNull(tlbs).of(number), walker)
                            : new DirectMemory(state, memory, processor, walker);
            vcpus[number] =
                    running(
                            state,
                            direct,
                            walker,
                            number == 0 ? first : engine(kind, features),
                            features,
                            number,
                            shared,
                            clock,
                            processor);
        }
    }

    private static Engine engine(final EngineKind kind, final CpuFeatures features) {
        return kind == EngineKind.INTERPRETER
                ? new Interpreter(features)
                : new Translator(features);
    }

    private static Console synchronised(final Console console) {
        return (bytes, count) -> {
            synchronized (console) {
                console.write(bytes, count);
            }
        };
    }

    private Running running(
            final CpuState state,
            final DirectMemory direct,
            final PageWalker walker,
            final Engine engine,
            final CpuFeatures features,
            final int number,
            final Console console,
            final Clock clock,
            final @Nullable Processor processor) {
        final Vcpu vcpu = domain.vcpu(number);
        final GuestMemory linear = new GuestLinearMemory(vcpu);
        vcpu.setGuestMemory(processor == null ? linear : new GuardedMemory(linear, processor));
        final DebugRegisters debug = new DebugRegisters(state.breakpoints());
        final Ports ports = new Ports(vcpu);
        final SharedVcpuInfo info =
                new SharedVcpuInfo(
                        memory,
                        (domain.sharedInfo() << Addresses.PAGE_SHIFT)
                                + (long) number * SharedInfoLayout.VCPU_INFO_BYTES);
        info.startTime();
        starts[number] = new VcpuStart(state, debug);
        vcpu.runOn(number);
        final HostCalls calls = new HostCalls(vcpu, info, debug, ports, console, clock, schedule);
        final Statistics statistics = new Statistics();
        final VcpuLoop loop =
                new VcpuLoop(
                        state,
                        direct,
                        engine,
                        vcpu,
                        info,
                        calls,
                        debug,
                        ports,
                        clock,
                        statistics,
                        schedule,
                        processor,
                        features);
        return new Running(engine, walker, statistics, loop, processor);
    }

    private Domain.Config config(final Role role, final long maxPages, final int count) {
        final FrameSet mappable = takeDevices();
        final boolean first = role == Role.FIRST_DOMAIN;
        return new Domain.Config(
                first ? 0 : 1, first, first, maxPages, count, mappable, first, false);
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
    private static <T> T made(final FutureTask<T> engine) {
        boolean interrupted = false;
        try {
            while (true) {
                try {
                    return engine.get();
                } catch (final InterruptedException _) {
                    interrupted = true;
                } catch (final ExecutionException e) {
                    if (e.getCause() instanceof final RuntimeException thrown) {
                        throw thrown;
                    }
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
        return start(kernel, module, commandLine, role, amounts, console, clock, kind, Vcpus.ONE);
    }

    /// Starts a kernel whose domain has several vCPUs; it starts on the first.
    ///
    /// @throws BadImageException if the kernel does not fit into the memory
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
            final EngineKind kind,
            final Vcpus amount)
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
                            kind,
                            amount);
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
        schedule.goOn();
        if (vcpus[0].processor == null) {
            inTurn(instructions);
        } else {
            together(instructions);
        }
        return Objects.requireNonNull(schedule.ending());
    }

    private void inTurn(final long instructions) {
        long left = instructions;
        final long turn = vcpus.length == 1 ? instructions : Vcpus.TURN;
        while (schedule.ending() == null) {
            for (int number = 0; number < vcpus.length && left > 0; number++) {
                if (schedule.runs(number)) {
                    left -= vcpus[number].loop.run(Math.min(turn, left));
                }
            }
            if (left <= 0) {
                schedule.end(LIMIT);
            }
        }
    }

    private void together(final long instructions) {
        final AtomicLong left = new AtomicLong(instructions);
        final List<FutureTask<Void>> threads = new ArrayList<>();
        for (int number = 0; number < vcpus.length; number++) {
            final int own = number;
            final FutureTask<Void> task =
                    new FutureTask<>(() -> {
                        alone(own, left);
                        return null;
                    });
            threads.add(task);
            final Thread thread =
                    Thread.ofPlatform().daemon().name("vCPU " + number).unstarted(task);
            schedule.add(thread);
            thread.start();
        }
        threads.forEach(PvMachine::made);
    }

    /// Runs one vCPU on the calling thread until the domain has ended.
    @SuppressWarnings("ThreadPriorityCheck") // A guest's yield is one to other vCPUs.
    private void alone(final int number, final AtomicLong left) {
        final Processor processor = Objects.requireNonNull(vcpus[number].processor);
        processor.runHere();
        boolean fine = false;
        try {
            while (schedule.ending() == null) {
                if (!schedule.runs(number)) {
                    schedule.await(number);
                    continue;
                }
                final long done = vcpus[number].loop.run(Math.min(Math.max(1, left.get()), SLICE));
                if (left.addAndGet(-done) <= 0) {
                    schedule.end(LIMIT);
                }
                Thread.yield();
            }
            fine = true;
        } finally {
            processor.leave();
            if (!fine) {
                schedule.end(
                        new Ending(Ending.Kind.CRASHED, 0, "vCPU " + number + " came to a fault"));
            }
        }
    }

    /// Has the guest's hypercalls made by this from now on: something that looks on, and makes them
    /// by [GuestCalls#DIRECT].
    public void makeCallsBy(final GuestCalls calls) {
        for (final Running vcpu : vcpus) {
            vcpu.loop.makeCallsBy(calls);
        }
    }

    /// Has this told from now on what stops the guest.
    public void observe(final GuestObserver observer) {
        for (final Running vcpu : vcpus) {
            vcpu.loop.observe(observer);
        }
    }

    /// What all vCPUs have done. Nothing runs meanwhile.
    public Statistics statistics() {
        final Statistics all = new Statistics();
        for (final Running vcpu : vcpus) {
            final Statistics own = vcpu.statistics;
            own.walks = vcpu.walker.walks();
            own.reads = vcpu.walker.reads();
            own.faultingWalks = vcpu.walker.faults();
            if (vcpu.engine instanceof final Translator translator) {
                own.translated = true;
                own.regions = translator.regions();
                own.translatedInstructions = translator.translatedInstructions();
                own.evictions = translator.evictions();
                own.overwritten = translator.overwritten();
            }
            all.add(own);
        }
        return all;
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
