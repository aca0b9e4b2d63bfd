// SPDX-License-Identifier: Apache-2.0
package org.provisor.refine.xen;

import io.vavr.control.Option;

import org.jspecify.annotations.Nullable;
import org.provisor.refine.harness.CallPages;
import org.provisor.refine.program.CallMemory;
import org.provisor.spec.abi.Mfn;
import org.provisor.spec.abi.Registers;
import org.provisor.spec.state.Contents;
import org.provisor.spec.state.Frame;
import org.provisor.spec.state.Machine;
import org.provisor.spec.transition.Event;

/// What the specification does not say and Xen or the processor decides is taken over from the
/// machine: accessed and dirty bits, and how much of something was written that could be written
/// only in part.
final class TakenOver {

    private static final int LARGEST_STRUCTURE = 40;
    private static final int MEMORY_MAP = 9;
    private static final int RANGE_BYTES = 20;
    private static final int COUNT_BYTES = 4;
    private static final long ACCESSED_DIRTY = 0x60;
    private static final long DESCRIPTOR_ACCESSED = 1L << 40;

    private static final long MMU_UPDATE = 1;
    private static final long MMUEXT_OP = 26;
    private static final long MEMORY_OP = 12;
    private static final long UPDATE_VA_MAPPING = 14;
    private static final long UPDATE_VA_MAPPING_OTHERDOMAIN = 22;

    private final Sides sides;

    TakenOver(Sides sides) {
        this.sides = sides;
    }

    /// What the specification does not say is taken over: which frames the machine-to-physical
    /// table is in, what the processor marks as accessed.
    void after(Event event, @Nullable Registers registers) {
        if (registers == null) {
            long linear =
                    switch (event) {
                        case Event.LoadDescriptor(int offset) ->
                                sides.machine().vcpu(Sides.VCPU).ldt().base() + offset;
                        case Event.WriteReadOnly(var write) -> write.cr2().value();
                        case Event.Call _, Event.Destroy _, Event.Arrive _ -> 0;
                    };
            takeMarks(linear);
            if (event instanceof Event.LoadDescriptor(int offset)) {
                takeDescriptorMark(linear, offset);
            }
            return;
        }
        if (registers.rax() == MMU_UPDATE || registers.rax() == MMUEXT_OP) {
            takePart(registers.arg3());
        }
        if (registers.rax() == UPDATE_VA_MAPPING
                || registers.rax() == UPDATE_VA_MAPPING_OTHERDOMAIN) {
            takeMarks(registers.arg1());
        } else if (registers.rax() == MEMORY_OP) {
            takeLast(registers);
        }
    }

    /// What the processor marks when it reads the word that is about to be compared and exchanged.
    ///
    /// @param mfn the frame that the address leads to
    void before(long linear, long mfn) {
        takeMarks(linear);
        takeMark(mfn, (int) (linear & 4095) / Long.BYTES);
    }

    /// What the processor marks where Xen follows the caller's addresses: as the tables were, those
    /// too that are none any more after the call, and as they are now.
    ///
    /// @param before the machine before the call
    void followed(Machine before, Iterable<Long> pages) {
        Option<Mfn> root = before.vcpu(Sides.VCPU).root();
        for (long page : pages) {
            takeMarks(before, root, page);
            takeMarks(sides.machine(), root, page);
        }
    }

    /// A structure of which only the first bytes lie in memory that can be written: likewise.
    private void takeLast(Registers registers) {
        long end = CallMemory.START + CallMemory.WRITABLE;
        long from = end - LARGEST_STRUCTURE;
        if ((registers.arg1() & 0x3F) == MEMORY_MAP) {
            from = Math.min(from, startOfMap(registers.arg2(), end));
        }
        for (long at = from; at < end; at++) {
            sides.memory().take(at, sides.callByte(at));
        }
    }

    /// Where a memory map is written that reaches beyond the end of what can be written; that end
    /// if it does not.
    private long startOfMap(long structure, long end) {
        if (!CallPages.readable(structure, 2 * Long.BYTES)) {
            return end;
        }
        long list = sides.memory().calls().word(structure + Long.BYTES);
        long ranges = sides.machine().domain(XenBoot.PROBE).memoryMap().size();
        return list >= CallMemory.START && list < end && list + RANGE_BYTES * ranges > end
                ? list
                : end;
    }

    /// A count of which only the first bytes lie in memory that can be written: Xen writes those.
    private void takePart(long count) {
        int first = 0;
        while (first < COUNT_BYTES && sides.writable(count + first)) {
            first++;
        }
        for (int i = 0; first < COUNT_BYTES && i < first; i++) {
            sides.memory().take(count + i, sides.callByte(count + i));
        }
    }

    /// Accessed and dirty bits on the way to a linear address.
    private void takeMarks(long linear) {
        takeMarks(sides.machine(), sides.machine().vcpu(Sides.VCPU).root(), linear);
    }

    /// @param by the machine whose tables lead there
    private void takeMarks(Machine by, Option<Mfn> root, long linear) {
        long at = root.isEmpty() ? -1 : root.get().value();
        for (int level = 4; level > 0; level--) {
            if (at < 0 || at >= sides.table().frames()) {
                return;
            }
            Frame frame = by.frame(new Mfn(at));
            Contents contents = frame.table().contents();
            int slot = (int) ((linear >>> (12 + 9 * (level - 1))) & 511);
            if (!contents.known() || (level == 4 && XenSlots.has(slot))) {
                return;
            }
            takeMark(at, slot, frame);
            long entry = contents.word(slot);
            if ((entry & 1) == 0) {
                return;
            }
            at = (entry & 0x000F_FFFF_FFFF_F000L) >> 12;
        }
    }

    /// Takes over bits that the processor sets, if nothing else differs.
    ///
    /// @return whether both say the same now
    boolean takeMark(long mfn, int slot) {
        return takeMark(mfn, slot, sides.machine().frame(new Mfn(mfn)));
    }

    /// @param was the frame when the processor came by
    private boolean takeMark(long mfn, int slot, Frame was) {
        long real = sides.ram().word(mfn, slot);
        long specified = sides.memory().word(mfn, slot);
        if (real == specified) {
            return true;
        }
        if (!was.table().contents().known()) {
            return false;
        }
        long more = was.use().type().isPageTable() ? ACCESSED_DIRTY : DESCRIPTOR_ACCESSED;
        if ((real & ~more) != (specified & ~more) || (specified & ~real & more) != 0) {
            return false;
        }
        sides.memory().setWord(mfn, slot, real);
        Frame frame = sides.machine().frame(new Mfn(mfn));
        if (!frame.table().contents().known()) {
            return true;
        }
        Contents contents = frame.table().contents().with(slot, real);
        sides.setMachine(
                sides.machine()
                        .with(new Mfn(mfn), frame.withTable(frame.table().withContents(contents))));
        return true;
    }

    private void takeDescriptorMark(long linear, int offset) {
        Option<Mfn> page = sides.machine().vcpu(Sides.VCPU).ldt().mapped().get(offset / 4096);
        if (page.isDefined()) {
            takeMark(page.get().value(), (int) (linear & 4095) / 8);
        }
    }
}
