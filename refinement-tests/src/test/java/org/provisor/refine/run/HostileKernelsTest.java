// SPDX-License-Identifier: Apache-2.0
package org.provisor.refine.run;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import net.jqwik.api.EdgeCasesMode;
import net.jqwik.api.Example;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.ShrinkingMode;

import org.provisor.impl.build.PvKernel;
import org.provisor.impl.launch.Ending;
import org.provisor.impl.launch.PvMachine;
import org.provisor.refine.abstraction.MachineAbstraction;
import org.provisor.spec.invariant.Invariant;

import java.util.HexFormat;
import java.util.SplittableRandom;

/// Kernels that are up to no good. They can crash their own domain; nothing else happens.
final class HostileKernelsTest {

    private static final int PAGES = 1100;
    private static final int LIMIT = 30_000;

    /// Where the code of the kernel is in its file, and how much there is.
    private static final int CODE = 0x1000;

    private static final int CODE_BYTES = 0x1000;

    private static PvMachine start(final byte[] code) throws Exception {
        final byte[] file = Kernels.hello();
        System.arraycopy(code, 0, file, CODE, code.length);
        return PvMachine.start(
                new PvKernel(file), new byte[0], "", PAGES, (_, _) -> {}, Kernels.clock());
    }

    private static Ending run(final String code) throws Exception {
        try (PvMachine machine = start(HexFormat.of().parseHex(code.replace(" ", "")))) {
            return machine.run(LIMIT);
        }
    }

    private static void crashes(final String code, final String text) throws Exception {
        final Ending ending = run(code);
        assertEquals(Ending.Kind.CRASHED, ending.kind(), ending.text());
        assertTrue(ending.text().startsWith("domain crashed: " + text), ending.text());
    }

    @Example
    void anEndlessLoopEndsAtTheLimit() throws Exception {
        assertEquals(Ending.Kind.LIMIT, run("eb fe").kind());
    }

    @Example
    void anExceptionWithoutAHandlerEndsTheDomain() throws Exception {
        crashes(
                "0f 0b",
                "the kernel has no handler (exception 6, error code 0x0);"
                        + " rip 0xffffffff80100000, rsp 0x");
        // mov 0, %al
        crashes("8a 04 25 00 00 00 00", "the kernel has no handler (page fault 0x4 at 0x0)");
        // xor %esp, %esp; ud2
        crashes("31 e4 0f 0b", "the kernel's stack cannot be written (exception 6");
        // movabs $0xffff810000000000, %rsp; ud2
        crashes(
                "48 bc 00 00 00 00 00 81 ff ff 0f 0b",
                "the kernel's stack is where Xen is (exception 6");
        // mov $23, %eax; xor %esp, %esp; syscall
        crashes("b8 17 00 00 00 31 e4 0f 05", "the kernel's stack cannot be read (iret)");
    }

    @Example
    void whatItsProcessorHasNotIsUndefined() throws Exception {
        // rdpid %rax
        crashes("f3 0f c7 f8", "the kernel has no handler (exception 6, error code 0x0)");
    }

    @Example
    void aKernelThatSleepsForEverEnds() throws Exception {
        // hlt
        assertEquals(Ending.Kind.ASLEEP, run("f4").kind());
        // mov $29, %eax; mov $1, %edi; syscall
        assertEquals(Ending.Kind.ASLEEP, run("b8 1d 00 00 00 bf 01 00 00 00 0f 05").kind());
    }

    /// Random bytes; every other kernel is mostly system calls, with registers of some use.
    @Property(tries = 300, shrinking = ShrinkingMode.OFF, edgeCases = EdgeCasesMode.NONE)
    void randomCode(@ForAll final long seed) throws Exception {
        final SplittableRandom random = new SplittableRandom(seed);
        final byte[] code = new byte[CODE_BYTES];
        random.nextBytes(code);
        if (random.nextBoolean()) {
            calls(random, code);
        }
        try (PvMachine machine = start(code)) {
            final Ending ending = machine.run(LIMIT);
            assertTrue(machine.statistics().instructions() <= LIMIT + 1, ending.text());
            if (random.nextInt(8) == 0) {
                final var host = machine.domain().vcpu(0).host();
                final var violated =
                        Invariant.violated(MachineAbstraction.machine(host, new int[] {0}));
                assertTrue(violated.isEmpty(), violated::toString);
            }
        }
    }

    /// Sets registers, calls, writes somewhere; and again.
    private static void calls(final SplittableRandom random, final byte[] code) {
        int at = 0;
        while (at < code.length - 60) {
            // mov $number, %eax
            code[at++] = (byte) 0xB8;
            at = put(code, at, random.nextInt(random.nextInt(4) == 0 ? 64 : 32), 4);
            // movabs to rdi, rsi, rdx, r10
            for (final int register : new int[] {0xBF48, 0xBE48, 0xBA48, 0xBA49}) {
                at = put(code, at, register, 2);
                at = put(code, at, value(random), 8);
            }
            // syscall, or a store through rdi
            at = random.nextInt(5) == 0 ? put(code, at, 0x378948, 3) : put(code, at, 0x050F, 2);
        }
    }

    private static long value(final SplittableRandom random) {
        final long page = 0xFFFF_FFFF_8000_0000L + ((long) random.nextInt(1024) << 12);
        return switch (random.nextInt(6)) {
            case 0 -> random.nextInt(64);
            case 1 -> page;
            case 2 -> page + random.nextInt(512) * 8L;
            case 3 -> (long) random.nextInt(1200) << 12 | random.nextInt(4096);
            case 4 -> 0x7FF0;
            default -> random.nextLong();
        };
    }

    private static int put(final byte[] code, final int at, final long value, final int count) {
        for (int i = 0; i < count; i++) {
            code[at + i] = (byte) (value >>> (8 * i));
        }
        return at + count;
    }
}
