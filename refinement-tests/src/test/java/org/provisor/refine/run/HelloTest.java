// SPDX-License-Identifier: Apache-2.0
package org.provisor.refine.run;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.provisor.impl.build.PvKernel;
import org.provisor.impl.cpu.Vectors;
import org.provisor.impl.launch.Ending;
import org.provisor.impl.launch.PvMachine;
import org.provisor.impl.launch.Statistics;
import org.provisor.refine.abstraction.MachineAbstraction;
import org.provisor.spec.invariant.Invariant;

import java.nio.charset.StandardCharsets;

/// A small kernel from its start to its end. On a real Xen 4.17 it says the same.
final class HelloTest {

    private static final long LIMIT = 1_000_000;
    private static final int SMALL = 1100;

    private final StringBuilder console = new StringBuilder();

    private PvMachine start(final String arguments, final byte[] module, final long pages)
            throws Exception {
        return PvMachine.start(
                new PvKernel(Kernels.hello()),
                module,
                arguments,
                pages,
                (bytes, count) ->
                        console.append(new String(bytes, 0, count, StandardCharsets.US_ASCII)),
                Kernels.clock());
    }

    @Test
    void saysHello() throws Exception {
        try (PvMachine machine = start("", new byte[0], SMALL)) {
            final Ending ending = machine.run(LIMIT);
            assertEquals(
                    """
                    hello
                    set_trap_table: right
                    mmu_update: right
                    writable page table: right
                    compare and exchange: right
                    page fault: right
                    no page fault: right
                    ways in: right
                    user mode: right
                    """,
                    console.toString());
            assertEquals(Ending.Kind.SHUTDOWN, ending.kind(), ending.text());
            assertEquals(Ending.POWEROFF, ending.reason());
            final Statistics did = machine.statistics();
            assertEquals(4 * did.walks(), did.reads());
            assertEquals(2, did.tableWrites());
            assertEquals(1, did.exceptions(Vectors.PF));
            // Once it has ended it does nothing more.
            assertEquals(ending, machine.run(LIMIT));
            assertEquals(did.instructions(), machine.statistics().instructions());
        }
    }

    @Test
    void whatIsLeftIsAMachineAsSpecified() throws Exception {
        try (PvMachine machine = start("", new byte[0], SMALL)) {
            valid(machine);
            machine.run(LIMIT);
            valid(machine);
        }
    }

    private static void valid(final PvMachine machine) {
        final var host = machine.domain().vcpu(0).host();
        final var violated = Invariant.violated(MachineAbstraction.machine(host, new int[] {0}));
        assertTrue(violated.isEmpty(), violated::toString);
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 2, 3, 4, 5, 9})
    void endsWithTheReasonItGives(final int reason) throws Exception {
        try (PvMachine machine = start(Integer.toString(reason), new byte[0], SMALL)) {
            final Ending ending = machine.run(LIMIT);
            assertEquals(Ending.Kind.SHUTDOWN, ending.kind());
            assertEquals(reason, ending.reason());
        }
    }

    @Test
    void stopsAtItsLimitAndGoesOn() throws Exception {
        try (PvMachine machine = start("", new byte[0], SMALL)) {
            int times = 0;
            while (machine.run(10).kind() == Ending.Kind.LIMIT) {
                times++;
                assertTrue(machine.statistics().instructions() <= 10L * times);
            }
            assertTrue(times > 50, () -> "it has run all at once");
            assertTrue(console.toString().endsWith("user mode: right\n"), console.toString());
        }
    }
}
