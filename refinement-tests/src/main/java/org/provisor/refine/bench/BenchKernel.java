// SPDX-License-Identifier: Apache-2.0
package org.provisor.refine.bench;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.List;
import java.util.Objects;
import java.util.function.LongSupplier;

/// What the benchmark kernel can measure, in its own order.
///
/// @param name what it calls it
/// @param operation what is counted
/// @param hypervisor whether it enters Xen; otherwise it only carries out instructions
/// @param bar the least ratio of the peer's time to ours that is wanted; 0 for none
/// @param aim the ratio that is aimed at
/// @param result what a batch has come to
public record BenchKernel(
        String name,
        String operation,
        boolean hypervisor,
        double bar,
        double aim,
        LongSupplier result) {

    /// What the geometric mean over instructions is to be, and aimed at.
    public static final double MEAN_BAR = 1.0;

    public static final double MEAN_AIM = 2.0;

    /// How many times as long a kernel that enters Xen may take while its hypercalls are judged.
    public static final double MOST_TIMES = 3.0;

    /// Of those that only carry out instructions.
    private static final double EACH_BAR = 0.5;

    private static final int CALLS = 64;
    private static final int LOADS = 1023;
    private static final int ENOSYS = 38;
    private static final int EINVAL = 22;

    /// All of them.
    public static final List<BenchKernel> ALL =
            List.of(
                    instructions("integer", "8 instructions", Checksums::integer),
                    instructions("load-store", "8 instructions", Checksums::loadStore),
                    instructions("copy-8", "KiB", Checksums::copy),
                    instructions("rep-movsb", "KiB", Checksums::copy),
                    instructions("rep-movsq", "KiB", Checksums::copy),
                    instructions("chase-page", "load", () -> Checksums.chase(64, LOADS, 64, 0)),
                    instructions("chase-128", "load", () -> Checksums.chase(128, LOADS, 4096, 64)),
                    instructions(
                            "chase-16k", "load", () -> Checksums.chase(16384, 16383, 4096, 64)),
                    instructions("sort", "element", Checksums::sort),
                    instructions("sieve", "number", Checksums::primes),
                    instructions("crc-32", "byte", Checksums::crc),
                    instructions("calls", "call", Checksums::fibonacci),
                    instructions("interpreter", "opcode", Checksums::interpreter),
                    instructions("sse-double", "8 instructions", Checksums::sseDouble),
                    instructions("sse-integer", "8 instructions", Checksums::sseInteger),
                    hypervisor("xen-version", "call", 3, 8, () -> CALLS * 4),
                    hypervisor("no-call", "call", 3, 8, () -> CALLS * ENOSYS),
                    hypervisor("mmu-update-1", "entry", 3, 8, () -> 0x2222_1111),
                    hypervisor("mmu-update-256", "entry", 3, 8, Checksums::swapped),
                    hypervisor("update-va-mapping", "call", 0, 0, () -> 0x2222_1111),
                    hypervisor("table-write", "write", 0, 0, () -> 0x2222_1111),
                    hypervisor("pin-unpin", "table", 0, 0, () -> EINVAL << 16),
                    hypervisor("page-fault", "fault", 3, 8, () -> CALLS),
                    hypervisor("invalid-opcode", "fault", 0, 0, () -> CALLS),
                    hypervisor("new-baseptr", "switch", 10, 40, () -> 0x1111),
                    hypervisor("user-syscall", "round trip", 20, 50, () -> CALLS));

    private static BenchKernel instructions(String name, String operation, LongSupplier result) {
        return new BenchKernel(name, operation, false, EACH_BAR, MEAN_AIM, result);
    }

    private static BenchKernel hypervisor(
            String name, String operation, double bar, double aim, LongSupplier result) {
        return new BenchKernel(name, operation, true, bar, aim, result);
    }

    /// Those whose name begins so.
    public static List<BenchKernel> beginning(String prefix) {
        return ALL.stream().filter(kernel -> kernel.name().startsWith(prefix)).toList();
    }

    /// The ELF file.
    static byte[] image() {
        String name = "/org/provisor/refine/kernels/bench.elf";
        try (InputStream in = BenchKernel.class.getResourceAsStream(name)) {
            return Objects.requireNonNull(in, name).readAllBytes();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
