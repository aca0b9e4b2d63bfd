// SPDX-License-Identifier: Apache-2.0
package org.provisor.refine.cpu;

import org.jspecify.annotations.Nullable;
import org.provisor.impl.cpu.CpuState;
import org.provisor.impl.cpu.Mxcsr;
import org.provisor.impl.cpu.Rflags;
import org.provisor.impl.cpu.Slots;

import java.io.IOException;
import java.lang.foreign.MemorySegment;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;

/// The processor that this program runs on, ready to carry out snippets: memory for them and
/// handlers for the signals that exceptions become. There is one at a time.
///
/// The handlers pass on what does not come from a snippet, so that the virtual machine, which lives
/// on signals too, does not notice.
final class HostProcessor implements AutoCloseable {

    static final int SIGILL = 4;
    static final int SIGTRAP = 5;
    static final int SIGBUS = 7;
    static final int SIGFPE = 8;
    static final int SIGSEGV = 11;

    /// What [HostThread#interrupt] sends to a snippet that does not end.
    static final int SIGVTALRM = 26;

    private static final List<Integer> SIGNALS =
            List.of(SIGILL, SIGTRAP, SIGBUS, SIGFPE, SIGSEGV, SIGVTALRM);

    private static final Path CPUINFO = Path.of("/proc/cpuinfo");
    private static final long HANDLER_BYTES = 0x100;

    private static final byte INT1 = (byte) 0xf1;

    private static boolean open;

    /// What was found when the processor was first opened.
    private static @Nullable Boolean int1AtIt;

    private final long mapped;
    private final long mappedBytes;
    private final long areas;
    private final int jobs;
    private final LocalTable local;
    private final byte[][] actions = new byte[SIGNALS.size()][];

    private HostProcessor(final long mapped, final long mappedBytes, final int jobs) {
        this.mapped = mapped;
        this.mappedBytes = mappedBytes;
        this.areas = (mapped + NativeArea.STRIDE - 1) & -NativeArea.STRIDE;
        this.jobs = jobs;
        this.local = new LocalTable(areas, jobs);
    }

    /// Why this host cannot be used, on one line; null if it can.
    static @Nullable String unusable() {
        final String architecture = System.getProperty("os.arch", "?");
        final String system = System.getProperty("os.name", "?");
        if (!architecture.equals("amd64") || !system.equals("Linux")) {
            return "snippets run on Linux on x86-64 only, and this is "
                    + system
                    + " on "
                    + architecture;
        }
        final long address =
                Libc.map(NativeArea.PAGE, Libc.PROT_READ | Libc.PROT_WRITE | Libc.PROT_EXEC);
        if (address == 0) {
            return "this system gives no memory that is writable and executable";
        }
        Libc.unmap(address, NativeArea.PAGE);
        return null;
    }

    /// The CPUID features of this host, as Linux names them.
    static Set<String> features() {
        final Set<String> features = new HashSet<>();
        try {
            for (final String line : Files.readAllLines(CPUINFO)) {
                if (line.toLowerCase(Locale.ROOT).startsWith("flags")) {
                    features.addAll(
                            List.of(line.substring(line.indexOf(':') + 1).strip().split(" ")));
                    return features;
                }
            }
        } catch (final IOException e) {
            throw new IllegalStateException("cannot read " + CPUINFO, e);
        }
        return features;
    }

    /// @throws IllegalStateException if it cannot be had, or is open already
    static synchronized HostProcessor open(final int jobs) {
        if (open) {
            throw new IllegalStateException("the host's processor is in use by another campaign");
        }
        final long bytes = NativeArea.STRIDE * (jobs + 2);
        final long mapped = Libc.map(bytes, Libc.PROT_NONE);
        if (mapped == 0) {
            throw new IllegalStateException("cannot map " + bytes + " bytes below 2 GiB");
        }
        final HostProcessor host = new HostProcessor(mapped, bytes, jobs);
        for (int i = 0; i < jobs; i++) {
            host.prepare(host.area(i));
        }
        host.installHandlers();
        host.local.install();
        open = true;
        if (int1AtIt == null) {
            int1AtIt = host.leavesInt1();
        }
        return host;
    }

    /// Whether `int1` is reported where it stands. Processors report it behind it; a hypervisor
    /// below that carries it out itself may not.
    static synchronized boolean reportsInt1AtIt() {
        if (int1AtIt == null) {
            open(1).close();
        }
        return Boolean.TRUE.equals(int1AtIt);
    }

    private boolean leavesInt1() {
        final HostThread thread = thread(0);
        final CpuState state = new CpuState();
        state.set(Slots.RIP, thread.area() + NativeArea.CODE);
        state.set(Slots.RSP, thread.area() + NativeArea.DATA + NativeArea.PAGE);
        state.set(Slots.CS, HostTables.CODE);
        state.set(Slots.SS, HostTables.DATA);
        state.set(Slots.RFLAGS, Rflags.IF | Rflags.FIXED);
        state.set(Slots.MXCSR, Mxcsr.RESET);
        final Thread run =
                Thread.ofPlatform()
                        .start(() -> {
                            thread.attach();
                            thread.place(NativeArea.CODE, new byte[] {INT1}, 1, false);
                            thread.run(state);
                            thread.clear(NativeArea.CODE, 16);
                            thread.detach();
                        });
        boolean interrupted = false;
        while (run.isAlive()) {
            try {
                run.join();
            } catch (final InterruptedException _) {
                interrupted = true;
            }
        }
        if (interrupted) {
            Thread.currentThread().interrupt();
        }
        return state.get(Slots.RIP) == thread.area() + NativeArea.CODE;
    }

    private long area(final int job) {
        return areas + job * NativeArea.STRIDE;
    }

    /// What a thread uses; one job each.
    HostThread thread(final int job) {
        return new HostThread(area(job), job, local);
    }

    private void prepare(final long area) {
        final int data = Libc.PROT_READ | Libc.PROT_WRITE;
        final int code = data | Libc.PROT_EXEC;
        protect(area, NativeArea.PAGE, data);
        protect(area + NativeArea.ENTER, NativeArea.PAGE, code);
        protect(area + NativeArea.SIGNAL_STACK, NativeArea.SIGNAL_STACK_BYTES, data);
        protect(area + NativeArea.CODE, NativeArea.CODE_BYTES, code);
        protect(area + NativeArea.DATA, NativeArea.DATA_BYTES, data);
        final MemorySegment memory = Libc.segment(area, NativeArea.STRIDE);
        memory.asSlice(NativeArea.CODE, NativeArea.CODE_BYTES).fill((byte) 0xcc);
        memory.asSlice(NativeArea.DATA, NativeArea.DATA_BYTES).fill((byte) 0);
        protect(area + NativeArea.READ_ONLY, NativeArea.PAGE, Libc.PROT_READ);
        new StubCode(memory, NativeArea.ENTER).enter();
        new StubCode(memory, NativeArea.ENTER_32).enter32();
        new StubCode(memory, NativeArea.LEAVE).leave();
    }

    private static void protect(final long address, final long bytes, final int protection) {
        if (!Libc.protect(address, bytes, protection)) {
            throw new IllegalStateException("mprotect failed");
        }
    }

    private void installHandlers() {
        final long code = area(jobs);
        protect(code, NativeArea.PAGE, Libc.PROT_READ | Libc.PROT_WRITE | Libc.PROT_EXEC);
        final MemorySegment memory = Libc.segment(code, NativeArea.PAGE);
        for (int i = 0; i < SIGNALS.size(); i++) {
            final int signal = SIGNALS.get(i);
            actions[i] = Libc.action(signal);
            final long before = Libc.handler(signal);
            new StubCode(memory, i * HANDLER_BYTES)
                    .handler(areas, jobs * NativeArea.STRIDE, before);
        }
        for (int i = 0; i < SIGNALS.size(); i++) {
            Libc.handle(SIGNALS.get(i), code + i * HANDLER_BYTES);
        }
    }

    /// Puts the handlers back. No thread of [#thread] may be attached any more.
    @Override
    public void close() {
        synchronized (HostProcessor.class) {
            for (int i = 0; i < SIGNALS.size(); i++) {
                Libc.restore(SIGNALS.get(i), actions[i]);
            }
            Libc.unmap(mapped, mappedBytes);
            open = false;
        }
    }
}
