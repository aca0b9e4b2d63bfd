// SPDX-License-Identifier: Apache-2.0
package org.provisor.impl.mm;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.provisor.impl.abi.DomainIds;
import org.provisor.impl.abi.Errno;
import org.provisor.impl.abi.MemoryOps;
import org.provisor.impl.bits.Pte;
import org.provisor.impl.memory.MachineMemory;
import org.provisor.impl.tlb.FlushClock;

/// The end of a domain whose tables lead to each other in a circle. No call makes such tables.
final class DomainDeathTest {

    private static final long ARG = CallerRam.START;
    private static final long LIST = CallerRam.START + 0x1000;

    private final MachineMemory memory = MachineMemory.ofFrames(1024);
    private final Host host =
            new Host(memory, new FlushClock(1, new NoFlusher()), Host.Options.XEN_4_17);
    private final CallerRam ram = new CallerRam();
    private final Vcpu control = vcpu(0, true);
    private final Vcpu guest = vcpu(1, false);
    private final long free = host.allocator().freeFrames();

    private Vcpu vcpu(final int id, final boolean privileged) {
        final Vcpu vcpu =
                host.create(
                                new Domain.Config(
                                        id, privileged, privileged, 16, 1, null, false, false))
                        .vcpu(0);
        vcpu.setGuestMemory(ram);
        return vcpu;
    }

    @AfterEach
    void close() {
        memory.close();
    }

    /// Level 2 tables: the first leads to the second and, in the entry that is let go last, to a
    /// level 1 table; the second leads to the first. One entry leads to each.
    private void circle() {
        ram.reservation(ARG, LIST, 3, 0, 0, DomainIds.SELF);
        guest.begin();
        assertEquals(3, MemoryOp.call(guest, MemoryOps.INCREASE_RESERVATION, ARG));
        final long first = ram.word(LIST);
        final long second = ram.word(LIST + 8);
        final long below = ram.word(LIST + 16);
        held(first, PageType.L2);
        held(second, PageType.L2);
        held(below, PageType.L1);
        host.setEntry(first, 0, below << 12 | Pte.PRESENT);
        host.setEntry(first, 1, second << 12 | Pte.PRESENT);
        host.setEntry(second, 0, first << 12 | Pte.PRESENT);
    }

    private void held(final long mfn, final int type) {
        host.frames().getMore(mfn);
        host.frames().setType(mfn, (long) type << FrameTable.TYPE_SHIFT | FrameTable.VALIDATED | 1);
    }

    @Test
    void endsAtOnce() {
        circle();
        assertEquals(0, DomainDeath.destroy(control, 1));
        assertNull(host.domain(1));
        assertEquals(free, host.allocator().freeFrames());
    }

    @Test
    void endsIfPreemptedWhereverItCanBe() {
        circle();
        control.setPreemption(() -> true);
        int attempts = 0;
        while (DomainDeath.destroy(control, 1) == -Errno.ERESTART) {
            attempts++;
            assertTrue(attempts < 10_000);
        }
        assertTrue(attempts > Pte.ENTRIES);
        assertNull(host.domain(1));
        assertEquals(free, host.allocator().freeFrames());
    }
}
