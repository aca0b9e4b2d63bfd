// SPDX-License-Identifier: Apache-2.0
package org.provisor.spec.mm;

import io.vavr.control.Option;

import org.provisor.spec.abi.GuestGdt;
import org.provisor.spec.abi.ReservedAddresses;
import org.provisor.spec.abi.SegmentDescriptor;
import org.provisor.spec.notation.Clause;

/// Which segment descriptors a guest may have, and what Xen makes of them.
///
/// A descriptor is harmless if the processor, loading it, gives the guest no more than its kernel
/// has: no segment of Xen's privilege level, no way into one.
///
/// @xen xen/arch/x86/pv/descriptor-tables.c, check_descriptor
/// @sdm 3A, "Segment Descriptors"
/// @sdm 3A, "System Descriptor Types"
public final class Descriptors {

    /// The privilege level in the lowest bits of a selector.
    private static final int SELECTOR_RPL = 3;

    /// The bit of a selector for the local table.
    private static final int SELECTOR_LOCAL = 1 << 2;

    /// Bits 7 to 0 of a gate's upper half: reserved in a gate of 64 bits.
    private static final long GATE_RESERVED_64 = 0xFF;

    /// Bits 7 to 5, reserved in a gate of 32 bits; the others count parameters.
    private static final long GATE_RESERVED_32 = 0xE0;

    /// Where Xen's part of a 32-bit guest's addresses starts.
    private static final long XEN_START_32_BIT = ReservedAddresses.HYPERVISOR_VIRT_START_PAE;

    private Descriptors() {}

    /// The row of `mm.descriptor.check` that decided, and the descriptor as it is to be stored;
    /// none where it is refused.
    record Checked(String row, Option<SegmentDescriptor> harmless) {}

    /// Checks a descriptor of a guest, and corrects it.
    ///
    /// | row | the descriptor                                         | outcome                   |
    /// |-----|--------------------------------------------------------|---------------------------|
    /// | a   | is not present                                         | stays as it is            |
    /// | b   | is of a 32-bit guest, for 64-bit code                  | refused                   |
    /// | c   | is of a 32-bit guest, a segment from 0 into Xen's part | as d; the largest limit   |
    /// | d   | is for code or data                                    | its level is raised       |
    /// | e   | is a system descriptor of type 0                       | stays as it is            |
    /// | f   | is another system descriptor, but no call gate         | refused                   |
    /// | g   | is a gate to a segment of Xen's                        | refused                   |
    /// | h   | is a gate with reserved bits                           | refused                   |
    /// | i | is a gate | level 0; the raised level into the selector |
    ///
    /// Levels are raised to that of the guest's kernel, 3, or 1 if it is a 32-bit guest. For row g
    /// the guest's own segments are those of its part of the global table, those of the local one,
    /// and Xen's flat code segment for guest kernels. Type 0 is the second half of a gate of 64
    /// bits. Using a gate of row i faults, and Xen does in the guest's stead what it says.
    ///
    /// A gate that has been corrected and is checked again counts as one of level 0. So one of a
    /// 32-bit guest for level 2 or 3 becomes one for level 1; and one that led to Xen's flat
    /// segment is then refused, since the selector is not Xen's any more.
    ///
    /// @sdm 3A, "Call Gates"
    @Clause(
            value = "mm.descriptor.check",
            rows = {"a", "b", "c", "d", "e", "f", "g", "h", "i"},
            covers = {"SEG-1"})
    static Checked check(SegmentDescriptor raw, boolean bits32) {
        if (!raw.has(SegmentDescriptor.SEGMENT_P)) {
            return new Checked("mm.descriptor.check/a", Option.some(raw));
        }
        int level = Math.max(raw.dpl(), bits32 ? 1 : 3);
        if (raw.has(SegmentDescriptor.SEGMENT_S)) {
            return segment(withLevel(raw, level), bits32);
        }
        if (raw.type() == 0) {
            return new Checked("mm.descriptor.check/e", Option.some(raw));
        }
        return raw.type() == SegmentDescriptor.CALL_GATE
                ? gate(raw, level, bits32)
                : new Checked("mm.descriptor.check/f", Option.none());
    }

    private static Checked segment(SegmentDescriptor raised, boolean bits32) {
        if (bits32 && raised.has(SegmentDescriptor.SEGMENT_L)) {
            return new Checked("mm.descriptor.check/b", Option.none());
        }
        if (bits32 && raised.base() == 0 && bytes(raised) > XEN_START_32_BIT) {
            SegmentDescriptor wide =
                    SegmentDescriptor.of(raised.a() | 0xFFFF, raised.b() | 0xF_0000);
            return new Checked("mm.descriptor.check/c", Option.some(wide));
        }
        return new Checked("mm.descriptor.check/d", Option.some(raised));
    }

    private static long bytes(SegmentDescriptor segment) {
        long units = segment.limit() + 1;
        return segment.has(SegmentDescriptor.SEGMENT_G) ? units << 12 : units;
    }

    private static Checked gate(SegmentDescriptor raw, int level, boolean bits32) {
        if (!own(raw.selector(), bits32)) {
            return new Checked("mm.descriptor.check/g", Option.none());
        }
        if ((raw.b() & (bits32 ? GATE_RESERVED_32 : GATE_RESERVED_64)) != 0) {
            return new Checked("mm.descriptor.check/h", Option.none());
        }
        long selector = (raw.selector() & ~SELECTOR_RPL) | level;
        SegmentDescriptor stored =
                SegmentDescriptor.of((raw.a() & 0xFFFF) | selector << 16, withLevel(raw, 0).b());
        return new Checked("mm.descriptor.check/i", Option.some(stored));
    }

    private static boolean own(int selector, boolean bits32) {
        int flat = bits32 ? GuestGdt.FLAT_KERNEL_CS32 : GuestGdt.FLAT_KERNEL_CS64;
        return selector >> 3 < GuestGdt.FIRST_RESERVED_GDT_ENTRY
                || selector == flat
                || (selector & SELECTOR_LOCAL) != 0;
    }

    private static SegmentDescriptor withLevel(SegmentDescriptor descriptor, int level) {
        long others = descriptor.b() & ~SegmentDescriptor.SEGMENT_DPL;
        return SegmentDescriptor.of(descriptor.a(), others | (long) level << 13);
    }

    /// The descriptor as it is to be stored; none where it is refused.
    static Option<Long> corrected(long raw, boolean bits32) {
        return check(new SegmentDescriptor(raw), bits32).harmless().map(SegmentDescriptor::raw);
    }
}
