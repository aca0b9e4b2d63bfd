// SPDX-License-Identifier: Apache-2.0
package org.provisor.impl.launch;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.provisor.impl.abi.Errno;
import org.provisor.impl.abi.HypercallNumbers;
import org.provisor.impl.hypercall.Registers;
import org.provisor.impl.memory.MachineMemory;
import org.provisor.impl.mm.CallerRam;
import org.provisor.impl.mm.Domain;
import org.provisor.impl.mm.Host;
import org.provisor.impl.mm.NoFlusher;
import org.provisor.impl.mm.Vcpu;
import org.provisor.impl.tlb.FlushClock;

/// Lists of calls of which one is preempted, or can no longer say what came of it.
final class MulticallsTest {

    private static final long LIST = CallerRam.START;
    private static final int ENTRY = 64;
    private static final long RIP = 0x1002;

    /// A call that has to be made again: half of it is done.
    private static final long PREEMPTED = 1;

    private final MachineMemory memory = MachineMemory.ofFrames(64);
    private final CallerRam ram = new CallerRam();
    private final Multicalls multicalls = new Multicalls(vcpu(), MulticallsTest::made);
    private final Registers registers = new Registers();

    private Vcpu vcpu() {
        final Host host =
                new Host(memory, new FlushClock(1, new NoFlusher()), Host.Options.XEN_4_17);
        final Vcpu vcpu =
                host.create(new Domain.Config(1, false, false, 8, 1, null, false, false)).vcpu(0);
        vcpu.setGuestMemory(ram);
        return vcpu;
    }

    @AfterEach
    void close() {
        memory.close();
    }

    /// Returns the first argument, or is preempted.
    private static boolean made(final Registers call) {
        if (call.rax == PREEMPTED) {
            call.rax = HypercallNumbers.MMUEXT_OP;
            call.rdi += 0x18;
            call.rsi = 0x8000_0003L;
            call.rdx = 5;
            call.r10 = 6;
            call.r8 = 7;
            call.rip -= 2;
        } else {
            call.rax = call.rdi;
        }
        return false;
    }

    private void list(final long at, final long... calls) {
        for (int i = 0; i < calls.length; i++) {
            ram.put(at + (long) i * ENTRY, calls[i], -1, 0x20 + i, 0, 0, 0, 0, 0);
        }
        registers.rax = HypercallNumbers.MULTICALL;
        registers.rdi = at;
        registers.rsi = calls.length;
        registers.rip = RIP;
        assertFalse(multicalls.call(registers));
    }

    /// The multicall is made again from the call on that was preempted, with what is left of both.
    @Test
    void whatIsLeftOfACallStandsInItsEntry() {
        list(LIST, 8, PREEMPTED, 8);
        assertEquals(HypercallNumbers.MULTICALL, registers.rax);
        assertEquals(LIST + ENTRY, registers.rdi);
        assertEquals(2, registers.rsi);
        assertEquals(RIP - 2, registers.rip);
        assertEquals(0x20, ram.word(LIST + 8));
        final long[] left = {HypercallNumbers.MMUEXT_OP, 0x21 + 0x18, 0x8000_0003L, 5, 6, 7};
        final int[] places = {0, 16, 24, 32, 40, 48};
        for (int i = 0; i < left.length; i++) {
            assertEquals(left[i], ram.word(LIST + ENTRY + places[i]), "word at " + places[i]);
        }
        // Nothing behind it was made.
        assertEquals(-1, ram.word(LIST + 2 * ENTRY + 8));
    }

    /// What does not know its result ends the list; what was made before has its own.
    @Test
    void aResultThatCannotBeWrittenEndsTheList() {
        list(CallerRam.READ_ONLY - ENTRY, 8, 8, 8);
        assertEquals(-Errno.EFAULT, registers.rax);
        assertEquals(RIP, registers.rip);
        assertEquals(0x20, ram.word(CallerRam.READ_ONLY - ENTRY + 8));
        assertEquals(-1, ram.word(CallerRam.READ_ONLY + 8));
    }
}
