// SPDX-License-Identifier: Apache-2.0
package org.provisor.refine.xen;

import org.provisor.refine.xen.XenLostException.Kind;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;

/// A paravirtual kernel as domain 0 of a real Xen in QEMU.
public final class XenKernel {

    /// What Xen and its tables need besides.
    private static final long MORE = 128L << 20;

    private static final long LOOK_NANOS = 2_000_000;

    private final String qemu;
    private final Path xen;
    private final byte[] kernel;
    private final String arguments;
    private final long memory;
    private final Duration patience;
    private final int vcpus;
    private final boolean threads;

    /// A kernel with one vCPU.
    ///
    /// @param qemu the program
    /// @param xen a file that holds Xen, see [XenImage]
    /// @param kernel the kernel, an ELF file
    /// @param arguments its command line, without commas
    /// @param memory bytes that the domain has, a multiple of a megabyte
    /// @param patience after how long without a line on the console it counts as lost
    public XenKernel(
            String qemu,
            Path xen,
            byte[] kernel,
            String arguments,
            long memory,
            Duration patience) {
        this(qemu, xen, kernel, arguments, memory, patience, 1, false);
    }

    /// A kernel with several.
    ///
    /// @param vcpus how many vCPUs the domain has, and how many processors the machine
    /// @param threads whether processors run at the same time; if not they take turns
    public XenKernel(
            String qemu,
            Path xen,
            byte[] kernel,
            String arguments,
            long memory,
            Duration patience,
            int vcpus,
            boolean threads) {
        this.vcpus = vcpus;
        this.threads = threads;
        this.qemu = qemu;
        this.xen = xen;
        this.kernel = kernel.clone();
        this.arguments = arguments;
        this.memory = memory;
        this.patience = patience;
    }

    /// Told what comes on the console.
    @FunctionalInterface
    public interface Listener {

        /// A line, by the console's own thread.
        ///
        /// @param nanos when it came, of [System#nanoTime()]
        void line(String line, long nanos);
    }

    /// Runs it until `done` says that it is.
    ///
    /// @throws XenLostException if it ends before that, or says nothing any more
    public void run(Listener listener, BooleanSupplier done) {
        try (SharedFiles files = SharedFiles.create()) {
            run(listener, done, files);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private void run(Listener listener, BooleanSupplier done, SharedFiles files)
            throws IOException {
        Path image = files.file("xen");
        Path guest = files.file("kernel");
        XenImage.unpack(xen, image);
        Files.write(guest, kernel);
        AtomicLong last = new AtomicLong(System.nanoTime());
        try (QemuProcess process =
                new QemuProcess(
                        command(image, guest),
                        line -> {
                            long now = System.nanoTime();
                            last.set(now);
                            listener.line(line, now);
                        })) {
            while (!done.getAsBoolean()) {
                Kind ending = process.ending();
                boolean silent = System.nanoTime() - last.get() > patience.toNanos();
                if (ending != null || silent) {
                    XenLostException lost =
                            process.lost(
                                    ending == null ? Kind.HANG : ending,
                                    ending == null ? "says nothing any more" : "ended too early");
                    if (done.getAsBoolean()) {
                        return;
                    }
                    throw lost;
                }
                LockSupport.parkNanos(LOOK_NANOS);
            }
        }
    }

    private List<String> command(Path image, Path guest) {
        long domain = memory >> 20;
        return List.of(
                qemu,
                "-accel",
                vcpus == 1 ? "tcg" : threads ? "tcg,thread=multi" : "tcg,thread=single",
                "-smp",
                String.valueOf(vcpus),
                "-cpu",
                "max",
                "-m",
                String.valueOf((memory + MORE) >> 20),
                "-machine",
                "pc",
                "-display",
                "none",
                "-nodefaults",
                "-no-user-config",
                "-serial",
                "stdio",
                "-no-reboot",
                "-kernel",
                image.toString(),
                "-append",
                "console=com1 com1=115200 dom0_mem=%dM,max:%dM dom0_max_vcpus=%d noreboot"
                                .formatted(domain, domain, vcpus)
                        + " loglvl=warning guest_loglvl=error",
                "-initrd",
                guest + " " + arguments);
    }
}
