// SPDX-License-Identifier: Apache-2.0
package org.provisor.refine.xen;

import org.jspecify.annotations.Nullable;
import org.provisor.impl.build.BadImageException;
import org.provisor.impl.build.PvKernel;
import org.provisor.impl.launch.Clock;
import org.provisor.impl.launch.Ending;
import org.provisor.impl.launch.EngineKind;
import org.provisor.impl.launch.PvMachine;
import org.provisor.impl.trace.TraceBuffer;
import org.provisor.refine.abstraction.MachineAbstraction;
import org.provisor.refine.harness.ImplTrace;
import org.provisor.refine.xen.XenLostException.Kind;
import org.provisor.spec.state.Choices.Allocation;
import org.provisor.spec.state.Machine;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;

/// The implementation with the probe as its first domain: the same image as below a real Xen, on
/// the implementation's own processor, by its own page tables, `syscall`s and exceptions.
///
/// It runs in the thread that asks the probe for something, and only then, so that what happens
/// depends on nothing else.
final class OwnHypervisor implements ProbeHost {

    /// How to start.
    ///
    /// @param pages how many frames the probe's domain is given at the start
    /// @param maxPages how many it may have
    /// @param spare how many frames are free besides
    public record Setup(long pages, long maxPages, long spare) implements ProbeHost.Setup {

        /// What is usual.
        public static final Setup USUAL = new Setup(2048, 2112, 512);

        @Override
        public ProbeHost boot() {
            return new OwnHypervisor(this);
        }

        @Override
        public String name() {
            return "the implementation just started";
        }
    }

    private static final int DOMAIN = 0;
    private static final long NONCE = 0x5150;

    /// How many instructions the probe is let do at once.
    private static final long TURN = 256;

    /// How many turns starting, and one command, may take.
    private static final long START_TURNS = 20_000;

    private static final long MAX_TURNS = 200_000;
    private static final int LAST_LINES = 20;

    private final PvMachine machine;
    private final GuestRam ram;
    private final Mailbox mailbox;
    private final FrameTable table;
    private final StringBuilder console = new StringBuilder();
    private @Nullable Kind ending;

    /// How many records the vCPU's trace had when the last call began.
    private long traced;

    private OwnHypervisor(Setup setup) {
        try {
            machine =
                    PvMachine.start(
                            new PvKernel(Mailbox.probe()),
                            new byte[0],
                            Long.toHexString(NONCE),
                            new PvMachine.Memory(
                                    setup.pages(),
                                    setup.maxPages(),
                                    setup.spare(),
                                    PoolNumbers.DEVICES),
                            (bytes, count) ->
                                    console.append(
                                            new String(bytes, 0, count, StandardCharsets.US_ASCII)),
                            new NoTime(),
                            EngineKind.TRANSLATOR);
        } catch (BadImageException e) {
            throw new IllegalStateException(e);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        boolean started = false;
        try {
            ram = new GuestRam(machine.memory().segment());
            table = new OwnFrameTable(machine.host());
            mailbox = new Mailbox(ram, awaitProbe(), watch(), Long.MAX_VALUE);
            started = true;
        } finally {
            if (!started) {
                machine.close();
            }
        }
    }

    /// Time that passes when it is looked at.
    private static final class NoTime implements Clock {

        private long now;

        @Override
        public long nanos() {
            return now++;
        }

        @Override
        public void sleepUntil(long nanos) {
            now = Math.max(now, nanos);
        }
    }

    private long awaitProbe() {
        for (long turn = 0; turn < START_TURNS; turn++) {
            run();
            for (String line : console.toString().split("\n", -1)) {
                long at = Mailbox.announced(line);
                if (at >= 0 && Mailbox.ready(ram, at, NONCE)) {
                    return at;
                }
            }
            if (ending != null) {
                throw lost(Kind.NOT_STARTED, "ended before it started");
            }
        }
        throw lost(Kind.NOT_STARTED, "the probe does not answer");
    }

    private void run() {
        Ending came;
        try {
            came = machine.run(TURN);
        } catch (RuntimeException e) {
            console.append(e).append(" at ").append(e.getStackTrace()[0]).append('\n');
            ending = Kind.PANIC;
            return;
        }
        if (came.kind() != Ending.Kind.LIMIT) {
            console.append(came.text()).append('\n');
            ending = came.kind() == Ending.Kind.CRASHED ? Kind.DOMAIN_CRASHED : Kind.EXITED;
        }
    }

    private Mailbox.Watch watch() {
        return new Mailbox.Watch() {
            @Override
            public boolean drive(long turns) {
                if (turns > MAX_TURNS) {
                    throw lost(Kind.HANG, "no answer");
                }
                run();
                return true;
            }

            @Override
            public @Nullable Kind ending() {
                return ending;
            }

            @Override
            public XenLostException lost(Kind kind, String what) {
                return OwnHypervisor.this.lost(kind, what);
            }
        };
    }

    private XenLostException lost(Kind kind, String what) {
        List<String> lines = Arrays.asList(console.toString().split("\n"));
        return new XenLostException(
                kind, what, lines.subList(Math.max(0, lines.size() - LAST_LINES), lines.size()));
    }

    @Override
    public String name() {
        return "implementation";
    }

    @Override
    public GuestRam ram() {
        return ram;
    }

    @Override
    public Mailbox mailbox() {
        return mailbox;
    }

    @Override
    public FrameTable table() {
        return table;
    }

    @Override
    public long[] devices() {
        return machine.devices();
    }

    @Override
    public Machine machine(long pages, long maxPages) {
        return MachineAbstraction.machine(machine.host(), new int[] {DOMAIN});
    }

    @Override
    public void beginCall() {
        traced = trace().written();
    }

    @Override
    public io.vavr.collection.@Nullable List<Allocation> allocated() {
        return traced < trace().first() ? null : ImplTrace.allocations(trace(), traced);
    }

    private TraceBuffer trace() {
        return machine.domain().vcpu(0).trace();
    }

    @Override
    public void close() {
        machine.close();
    }
}
