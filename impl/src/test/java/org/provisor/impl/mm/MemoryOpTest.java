// SPDX-License-Identifier: Apache-2.0
package org.provisor.impl.mm;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.provisor.impl.abi.DomainIds;
import org.provisor.impl.abi.Errno;
import org.provisor.impl.abi.MemoryOps;
import org.provisor.impl.memory.MachineMemory;
import org.provisor.impl.tlb.FlushClock;
import org.provisor.impl.trace.TraceEvent;

/// `memory_op` by a control domain and by an ordinary one, on a machine of 1024 frames.
final class MemoryOpTest {

    private static final long ARG = CallerRam.START;
    private static final long LIST = CallerRam.START + 0x1000;
    private static final long OTHER_LIST = CallerRam.START + 0x2000;
    private static final int FRAMES = 1024;

    private final MachineMemory memory = MachineMemory.ofFrames(FRAMES);
    private final Host host =
            new Host(memory, new FlushClock(1, new NoFlusher()), Host.Options.XEN_4_17);
    private final CallerRam ram = new CallerRam();
    private final Vcpu control = vcpu(0, true, 500);
    private final Vcpu guest = vcpu(1, false, 100);

    private Vcpu vcpu(final int id, final boolean privileged, final long maxPages) {
        final Domain domain =
                host.create(
                        new Domain.Config(
                                id, privileged, privileged, maxPages, 1, null, false, false));
        final Vcpu vcpu = domain.vcpu(0);
        vcpu.setGuestMemory(ram);
        return vcpu;
    }

    @AfterEach
    void close() {
        memory.close();
    }

    private static long call(final Vcpu by, final long word) {
        by.begin();
        return MemoryOp.call(by, word, ARG);
    }

    /// Takes frames, and has their numbers in the list.
    private long[] populate(final Vcpu by, final int extents, final int order) {
        for (int i = 0; i < extents; i++) {
            ram.put(LIST + 8L * i, 1000 + i);
        }
        ram.reservation(ARG, LIST, extents, order, 0, DomainIds.SELF);
        assertEquals(extents, call(by, MemoryOps.POPULATE_PHYSMAP));
        final long[] frames = new long[extents];
        for (int i = 0; i < extents; i++) {
            frames[i] = ram.word(LIST + 8L * i);
        }
        return frames;
    }

    @Test
    void populatesAndGivesBack() {
        final long before = host.allocator().freeFrames();
        final long[] frames = populate(guest, 3, 1);
        assertEquals(6, guest.domain().totPages());
        assertEquals(before - 6, host.allocator().freeFrames());
        for (int i = 0; i < 3; i++) {
            for (long j = 0; j < 2; j++) {
                assertEquals(1, host.frames().owner(frames[i] + j));
                assertEquals(1000 + i + j, host.machineToPhysical(frames[i] + j));
                assertTrue(guest.domain().owned().contains(frames[i] + j));
            }
        }
        ram.reservation(ARG, LIST, 3, 1, 0, DomainIds.SELF);
        assertEquals(3, call(guest, MemoryOps.DECREASE_RESERVATION));
        assertEquals(0, guest.domain().totPages());
        assertEquals(before, host.allocator().freeFrames());
        assertEquals(-1, host.machineToPhysical(frames[0]));
        assertEquals(-1, guest.domain().owned().next(0));
    }

    @Test
    void stopsAtWhatCannotBeHad() {
        ram.reservation(ARG, 0, 7, 4, 0, DomainIds.SELF);
        assertEquals(6, call(guest, MemoryOps.INCREASE_RESERVATION));
        assertEquals(96, guest.domain().totPages());
        assertEquals(TraceEvent.ALLOCATED, guest.trace().event(6));
        assertEquals(-1, guest.trace().b(6));
        assertEquals(7, guest.trace().written());
        // An entry that cannot be written: the frame is the domain's all the same.
        ram.reservation(ARG, CallerRam.READ_ONLY - 8, 2, 0, 0, DomainIds.SELF);
        assertEquals(1, call(guest, MemoryOps.INCREASE_RESERVATION));
        assertEquals(98, guest.domain().totPages());
    }

    @Test
    void refusalsReturnWhereToStart() {
        final long later = MemoryOps.INCREASE_RESERVATION | 5 << MemoryOps.EXTENT_SHIFT;
        ram.reservation(ARG, 0, 5, 0, 0, DomainIds.SELF);
        assertEquals(5, call(guest, later));
        ram.reservation(ARG, 0, 1L << 40, 0, 0, DomainIds.SELF);
        assertEquals(5, call(guest, later));
        ram.reservation(ARG, 0, 6, 0, 0, 0);
        assertEquals(5, call(guest, later));
        ram.reservation(ARG, 0, 6, 10, 0, DomainIds.SELF);
        assertEquals(5, call(guest, later));
        ram.reservation(ARG, 0, 6, 0, 12, DomainIds.SELF);
        assertEquals(5, call(guest, later));
        ram.reservation(ARG, 0, 6, 0, 1 << 8 | MemoryOps.EXACT_NODE, DomainIds.SELF);
        assertEquals(5, call(guest, later));
        ram.reservation(ARG, 0, 6, 0, 0, DomainIds.SELF);
        assertEquals(6, call(guest, later));
        assertEquals(1, guest.domain().totPages());
    }

    @Test
    void goesOnWhereItWasPreempted() {
        ram.reservation(ARG, 0, 3, 0, 0, DomainIds.SELF);
        guest.setPreemption(() -> true);
        long word = MemoryOps.INCREASE_RESERVATION;
        for (int done = 1; done < 3; done++) {
            assertEquals(0, call(guest, word));
            assertTrue(guest.continued());
            word = guest.continuation(1);
            assertEquals(done << MemoryOps.EXTENT_SHIFT | MemoryOps.INCREASE_RESERVATION, word);
            assertEquals(ARG, guest.continuation(2));
        }
        assertEquals(3, call(guest, word));
        assertFalse(guest.continued());
        assertEquals(3, guest.domain().totPages());
    }

    private void exchange(final long extents, final int order, final long wanted, final int of) {
        ram.reservation(ARG, LIST, extents, order, 0, DomainIds.SELF);
        ram.reservation(ARG + 32, OTHER_LIST, wanted, of, 0, DomainIds.SELF);
    }

    @Test
    void exchangesSmallExtentsForLargeOnes() {
        populate(guest, 8, 0);
        final long before = host.allocator().freeFrames();
        ram.put(OTHER_LIST, 50, 60);
        exchange(8, 0, 2, 2);
        ram.put(ARG + 64, 0);
        guest.setPreemption(() -> true);
        assertEquals(0, call(guest, MemoryOps.EXCHANGE));
        assertTrue(guest.continued());
        assertEquals(4, ram.word(ARG + 64));
        assertEquals(0, call(guest, guest.continuation(1)));
        assertFalse(guest.continued());
        assertEquals(8, ram.word(ARG + 64));
        final long second = ram.word(OTHER_LIST + 8);
        assertEquals(0, second % 4);
        assertEquals(63, host.machineToPhysical(second + 3));
        assertEquals(8, guest.domain().totPages());
        assertEquals(before, host.allocator().freeFrames());
    }

    @Test
    void exchangesLargeExtentsForSmallOnes() {
        final long first = populate(guest, 1, 2)[0];
        ram.put(OTHER_LIST, 70, 71, 72, 73);
        exchange(1, 2, 4, 0);
        ram.put(ARG + 64, 0);
        assertEquals(0, call(guest, MemoryOps.EXCHANGE));
        for (int i = 0; i < 4; i++) {
            final long mfn = ram.word(OTHER_LIST + 8L * i);
            assertTrue(mfn < first || mfn >= first + 4);
            assertEquals(70 + i, host.machineToPhysical(mfn));
            assertEquals(1, host.frames().owner(mfn));
        }
        assertEquals(DomainIds.INVALID, host.frames().owner(first));
        assertEquals(-1, host.machineToPhysical(first));
        assertEquals(4, guest.domain().totPages());
    }

    @Test
    void anExchangeThatFailsIsUndone() {
        final long[] frames = populate(guest, 4, 0);
        final long before = host.allocator().freeFrames();
        assertTrue(host.get(frames[2], 1));
        exchange(4, 0, 1, 2);
        ram.put(ARG + 64, 0);
        assertEquals(-Errno.EINVAL, call(guest, MemoryOps.EXCHANGE));
        host.put(frames[2]);
        assertEquals(0, ram.word(ARG + 64));
        for (int i = 0; i < 4; i++) {
            assertEquals(1, host.frames().owner(frames[i]));
            assertEquals(FrameTable.ALLOCATED | 1, host.frames().count(frames[i]));
            assertEquals(1000 + i, host.machineToPhysical(frames[i]));
            assertTrue(guest.domain().owned().contains(frames[i]));
        }
        // Nothing is to be had where all is claimed.
        ram.reservation(ARG, 0, 4 + 96, 0, 0, 1);
        assertEquals(0, call(control, MemoryOps.CLAIM_PAGES));
        assertTrue(host.allocator().tryClaim(before - 96));
        exchange(4, 0, 1, 2);
        ram.put(ARG + 64, 0);
        assertEquals(-Errno.ENOMEM, call(guest, MemoryOps.EXCHANGE));
        assertEquals(before, host.allocator().freeFrames());
        assertEquals(4, guest.domain().totPages());
    }

    @Test
    void exchangesThatDoNotFit() {
        exchange(4, 0, 1, 2);
        ram.put(ARG + 64, 5);
        assertEquals(-Errno.EINVAL, call(guest, MemoryOps.EXCHANGE));
        ram.put(ARG + 64, 4);
        assertEquals(0, call(guest, MemoryOps.EXCHANGE));
        exchange(4, 0, 1, 10);
        assertEquals(-Errno.EPERM, call(guest, MemoryOps.EXCHANGE));
        exchange(4, 0, 2, 2);
        assertEquals(-Errno.EINVAL, call(guest, MemoryOps.EXCHANGE));
    }

    @Test
    void claimsShrinkAsFramesAreTaken() {
        ram.reservation(ARG, 0, 10, 0, 0, 1);
        assertEquals(-Errno.EPERM, call(guest, MemoryOps.CLAIM_PAGES));
        assertEquals(0, call(control, MemoryOps.CLAIM_PAGES));
        assertEquals(-Errno.EINVAL, call(control, MemoryOps.CLAIM_PAGES));
        assertEquals(10, host.allocator().claimed());
        populate(guest, 4, 0);
        assertEquals(6, guest.domain().claim());
        assertEquals(6, host.allocator().claimed());
        ram.reservation(ARG, 0, 0, 0, 0, 1);
        assertEquals(0, call(control, MemoryOps.CLAIM_PAGES));
        assertEquals(0, host.allocator().claimed());
        ram.reservation(ARG, 0, 10, 0, 0, DomainIds.SELF);
        assertEquals(-Errno.EINVAL, call(control, MemoryOps.CLAIM_PAGES));
    }

    @Test
    void aClaimGoesWithItsDomain() {
        populate(guest, 4, 0);
        ram.reservation(ARG, 0, 10, 0, 0, 1);
        assertEquals(0, call(control, MemoryOps.CLAIM_PAGES));
        assertEquals(0, DomainDeath.destroy(control, 1));
        assertEquals(null, host.domain(1));
        assertEquals(0, host.allocator().claimed());
    }

    @Test
    void memoryMapsGoThereAndBack() {
        ram.put(ARG, 1, 2, LIST);
        ram.put(LIST, 0x1111_2222_3333_4444L, 0x5555_6666_7777_8888L);
        ram.put(LIST + 16, 0x0000_0009_8000_0001L, 0x10, 0x20);
        assertEquals(-Errno.EPERM, call(guest, setMapOf(0)));
        ram.put(ARG, 1);
        assertEquals(0, call(guest, MemoryOps.SET_MEMORY_MAP));
        assertEquals(2, guest.domain().memoryMapRanges());
        assertEquals(0x1111_2222_3333_4444L, guest.domain().memoryMap()[0]);
        assertEquals(0x5555_6666_7777_8888L, guest.domain().memoryMap()[1]);
        assertEquals(0x8000_0001L, guest.domain().memoryMap()[2]);
        assertEquals(0x10_0000_0009L, guest.domain().memoryMap()[3]);
        ram.put(ARG, 7, OTHER_LIST);
        assertEquals(0, call(guest, MemoryOps.MEMORY_MAP));
        assertEquals(2, ram.half(ARG));
        for (int i = 0; i < 40; i += 4) {
            assertEquals(ram.half(LIST + i), ram.half(OTHER_LIST + i));
        }
        ram.put(ARG, 1, CallerRam.READ_ONLY);
        assertEquals(-Errno.EFAULT, call(guest, MemoryOps.MEMORY_MAP));
        ram.put(ARG, 0, CallerRam.READ_ONLY);
        assertEquals(0, call(guest, MemoryOps.MEMORY_MAP));
        assertEquals(-Errno.ENOSYS, call(control, MemoryOps.MEMORY_MAP));
    }

    private long setMapOf(final int domain) {
        ram.put(ARG, domain);
        return MemoryOps.SET_MEMORY_MAP;
    }

    @Test
    void answersQuestions() {
        populate(guest, 3, 0);
        assertEquals(FRAMES, call(guest, MemoryOps.MAXIMUM_RAM_PAGE));
        ram.put(ARG, DomainIds.SELF);
        assertEquals(3, call(guest, MemoryOps.CURRENT_RESERVATION));
        assertEquals(100, call(guest, MemoryOps.MAXIMUM_RESERVATION));
        assertEquals(0, call(guest, MemoryOps.MAXIMUM_GPFN));
        final long shared = host.share(guest.domain());
        memory.setWord((shared << 12) + 0xC10, 77);
        assertEquals(76, call(guest, MemoryOps.MAXIMUM_GPFN));
        ram.put(ARG, 0);
        assertEquals(-Errno.EPERM, call(guest, MemoryOps.CURRENT_RESERVATION));
        ram.put(ARG, 99);
        assertEquals(-Errno.ESRCH, call(guest, MemoryOps.CURRENT_RESERVATION));
        assertEquals(-Errno.EPERM, call(guest, MemoryOps.MACHINE_MEMORY_MAP));
        assertEquals(0, call(guest, MemoryOps.GET_SHARING_FREED_PAGES));
        assertEquals(-Errno.EINVAL, call(guest, MemoryOps.MAXIMUM_RAM_PAGE | 64));
        assertEquals(-Errno.ENOSYS, call(guest, MemoryOps.MEMORY_MAP | 64));
        assertEquals(-Errno.ENOSYS, call(guest, 8));
    }

    @Test
    void showsTheMachineToPhysicalTable() {
        assertEquals(0, call(control, MemoryOps.MACHPHYS_MAPPING));
        assertEquals(0xFFFF_8000_0000_0000L, ram.word(ARG));
        assertEquals(0xFFFF_8040_0000_0000L, ram.word(ARG + 8));
        assertEquals(FRAMES - 1, ram.word(ARG + 16));
        assertEquals(0, call(guest, MemoryOps.MACHPHYS_MAPPING));
        assertEquals((1L << 35) - 1, ram.word(ARG + 16));
        ram.put(ARG, 3, LIST, 9);
        ram.put(LIST, 5);
        assertEquals(0, call(guest, MemoryOps.MACHPHYS_MFN_LIST));
        assertEquals(1, ram.half(ARG + 16));
        assertEquals(0, ram.word(LIST));
        assertEquals(-Errno.EOPNOTSUPP, call(guest, MemoryOps.MACHPHYS_COMPAT_MFN_LIST));
    }

    @Test
    void hasNoPhysmap() {
        ram.put(ARG, 4L << 32 | DomainIds.SELF);
        assertEquals(-Errno.ENOSYS, call(guest, MemoryOps.ADD_TO_PHYSMAP));
        ram.put(ARG, DomainIds.SELF);
        assertEquals(-Errno.EACCES, call(guest, MemoryOps.ADD_TO_PHYSMAP));
        assertEquals(-Errno.EDOM, call(guest, MemoryOps.ADD_TO_PHYSMAP | 1L << 22));
        assertEquals(-Errno.EACCES, call(guest, MemoryOps.REMOVE_FROM_PHYSMAP));
        ram.put(ARG, 3 << 16 | DomainIds.SELF);
        assertEquals(-Errno.EOPNOTSUPP, call(guest, MemoryOps.ADD_TO_PHYSMAP_BATCH));
        ram.put(ARG, 55);
        assertEquals(-Errno.ESRCH, call(guest, MemoryOps.ADD_TO_PHYSMAP_BATCH));
    }
}
