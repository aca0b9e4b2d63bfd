// SPDX-License-Identifier: Apache-2.0
package org.provisor.refine.xen;

import org.jspecify.annotations.Nullable;
import org.provisor.refine.program.NamedProfile;
import org.provisor.refine.xen.XenLostException.Kind;
import org.provisor.spec.state.Choices.Allocation;
import org.provisor.spec.state.Machine;

import java.io.IOException;
import java.io.RandomAccessFile;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Consumer;
import java.util.stream.Stream;

/// One QEMU that runs Xen with the probe as domain 0. For one thread.
///
/// QEMU ends with this, at the latest when this virtual machine ends, in whatever way.
public final class QemuXen implements ProbeHost {

    /// How to start.
    ///
    /// @param qemu the program
    /// @param xen a file that holds Xen, see [XenImage]
    /// @param memory bytes of memory, a multiple of a megabyte
    /// @param domainMemory how much of it the probe's domain is given at the start
    /// @param domainLimit how much it may have
    /// @param profile which profile it is started in
    /// @param options more options for Xen's command line
    /// @param start how long starting may take
    /// @param patience after how long without an answer Xen counts as lost
    /// @param console told each line of the console, by a thread of its own
    public record Setup(
            String qemu,
            Path xen,
            long memory,
            long domainMemory,
            long domainLimit,
            NamedProfile profile,
            String options,
            Duration start,
            Duration patience,
            Consumer<String> console)
            implements ProbeHost.Setup {

        /// What is usual.
        public static Setup of(Path xen) {
            return new Setup(
                    "qemu-system-x86_64",
                    xen,
                    64L << 20,
                    8L << 20,
                    (8L << 20) + (256L << 10),
                    NamedProfile.XEN_4_17,
                    "loglvl=warning guest_loglvl=error",
                    Duration.ofSeconds(30),
                    Duration.ofSeconds(10),
                    _ -> {});
        }

        public Setup withProfile(NamedProfile now) {
            return new Setup(
                    qemu,
                    xen,
                    memory,
                    domainMemory,
                    domainLimit,
                    now,
                    options,
                    start,
                    patience,
                    console);
        }

        public Setup withOptions(String now) {
            return new Setup(
                    qemu,
                    xen,
                    memory,
                    domainMemory,
                    domainLimit,
                    profile,
                    now,
                    start,
                    patience,
                    console);
        }

        public Setup withConsole(Consumer<String> now) {
            return new Setup(
                    qemu,
                    xen,
                    memory,
                    domainMemory,
                    domainLimit,
                    profile,
                    options,
                    start,
                    patience,
                    now);
        }

        public Setup withPatience(Duration now) {
            return new Setup(
                    qemu,
                    xen,
                    memory,
                    domainMemory,
                    domainLimit,
                    profile,
                    options,
                    start,
                    now,
                    console);
        }

        public Setup withQemu(String now) {
            return new Setup(
                    now,
                    xen,
                    memory,
                    domainMemory,
                    domainLimit,
                    profile,
                    options,
                    start,
                    patience,
                    console);
        }

        @Override
        public QemuXen boot() {
            return QemuXen.start(this);
        }

        @Override
        public String name() {
            return "a Xen just started by " + qemu;
        }
    }

    private static final int MEMORY_OP = 12;
    private static final int MAXIMUM_RAM_PAGE = 2;

    private final QemuProcess process;
    private final Console console;
    private final GuestRam ram;
    private final Mailbox mailbox;
    private final String commandLine;
    private final NamedProfile profile;
    private @Nullable XenFrameTable table;
    private volatile long announced = -1;
    private boolean closed;

    private QemuXen(Setup setup, GuestRam ram, List<String> command, long nonce)
            throws IOException {
        this.ram = ram;
        profile = setup.profile();
        commandLine = String.join(" ", command);
        process = new QemuProcess(command, line -> heard(line, setup.console()));
        console = process.console();
        try {
            long start = awaitProbe(setup, nonce);
            mailbox = new Mailbox(ram, start, watch(), setup.patience().toNanos());
        } catch (XenLostException e) {
            close();
            throw e;
        }
    }

    /// Starts a machine and waits until the probe answers.
    ///
    /// @throws XenLostException if it does not
    public static QemuXen start(Setup setup) {
        // Once QEMU has the files open nobody else needs them.
        try (SharedFiles files = SharedFiles.create()) {
            return start(setup, files);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static QemuXen start(Setup setup, SharedFiles files) throws IOException {
        long nonce = new SecureRandom().nextLong() & Long.MAX_VALUE;
        Path memory = files.file("memory");
        Path xen = files.file("xen");
        Path probe = files.file("probe");
        try (var file = new RandomAccessFile(memory.toFile(), "rw")) {
            file.setLength(setup.memory());
        }
        XenImage.unpack(setup.xen(), xen);
        Files.write(probe, Mailbox.probe());
        GuestRam ram = new GuestRam(memory, setup.memory());
        return new QemuXen(setup, ram, command(setup, memory, xen, probe, nonce), nonce);
    }

    private static List<String> command(
            Setup setup, Path memory, Path xen, Path probe, long nonce) {
        long megabytes = setup.memory() >> 20;
        return List.of(
                setup.qemu(),
                "-accel",
                "tcg",
                "-cpu",
                "max",
                "-m",
                String.valueOf(megabytes),
                "-object",
                "memory-backend-file,id=ram,share=on,size=" + megabytes + "M,mem-path=" + memory,
                "-machine",
                "pc,memory-backend=ram",
                "-display",
                "none",
                "-nodefaults",
                "-no-user-config",
                "-serial",
                "stdio",
                "-no-reboot",
                "-kernel",
                xen.toString(),
                "-append",
                "console=com1 com1=115200 dom0_mem=%dK,max:%dK dom0_max_vcpus=1 noreboot %s"
                        .formatted(
                                setup.domainMemory() >> 10,
                                setup.domainLimit() >> 10,
                                (setup.profile().options() + " " + setup.options()).strip()),
                "-initrd",
                probe + " " + Long.toHexString(nonce));
    }

    private void heard(String line, Consumer<String> listener) {
        long at = Mailbox.announced(line);
        if (at >= 0) {
            announced = at;
        }
        listener.accept(line);
    }

    private long awaitProbe(Setup setup, long nonce) {
        long since = System.nanoTime();
        while (announced < 0 || !Mailbox.ready(ram, announced, nonce)) {
            Kind ending = ending();
            boolean late = System.nanoTime() - since > setup.start().toNanos();
            if (ending != null || late) {
                throw lost(
                        Kind.NOT_STARTED,
                        late ? "the probe does not answer" : "ended before it started");
            }
            LockSupport.parkNanos(1_000_000);
        }
        return announced;
    }

    private Mailbox.Watch watch() {
        return new Mailbox.Watch() {
            @Override
            public @Nullable Kind ending() {
                return QemuXen.this.ending();
            }

            @Override
            public XenLostException lost(Kind kind, String what) {
                return QemuXen.this.lost(kind, what);
            }
        };
    }

    private @Nullable Kind ending() {
        return process.ending();
    }

    private XenLostException lost(Kind kind, String what) {
        return process.lost(kind, what);
    }

    @Override
    public String name() {
        return "Xen";
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
    public XenFrameTable table() {
        XenFrameTable known = table;
        if (known == null) {
            int frames = (int) mailbox.call(MEMORY_OP, MAXIMUM_RAM_PAGE);
            known = XenFrameTable.of(ram, mailbox.root(), frames);
            table = known;
        }
        return known;
    }

    @Override
    public long[] devices() {
        return XenBoot.devices();
    }

    @Override
    public Machine machine(long pages, long maxPages) {
        long root = mailbox.root();
        return XenBoot.machine(profile, ram, table(), root, root, pages, maxPages);
    }

    @Override
    public void beginCall() {}

    @Override
    public io.vavr.collection.@Nullable List<Allocation> allocated() {
        return null;
    }

    /// The processes: the shell, then those that it started.
    Stream<ProcessHandle> processes() {
        return process.handles();
    }

    /// Ends QEMU as if it had ended by itself.
    void kill() {
        process.kill();
    }

    /// How QEMU was started.
    public String commandLine() {
        return commandLine;
    }

    /// The last lines of the console.
    public List<String> console() {
        return console.last();
    }

    @Override
    public synchronized void close() {
        if (closed) {
            return;
        }
        closed = true;
        process.close();
        ram.close();
    }
}
