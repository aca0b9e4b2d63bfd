// SPDX-License-Identifier: Apache-2.0
package org.provisor.impl.mm;

import org.provisor.impl.Refines;

/// Which segment descriptors a 64-bit guest may have, and how they are stored: so that loading one
/// gives the guest no more than its kernel has, which runs in ring 3.
///
/// @xen xen/arch/x86/pv/descriptor-tables.c, check_descriptor
/// @sdm 3A, "Segment Descriptors"
/// @sdm 3A, "Call Gates"
final class Descriptors {

    private static final long PRESENT = 1L << 47;
    private static final long CODE_OR_DATA = 1L << 44;
    private static final long DPL = 3L << 45;
    private static final long TYPE = 15L << 40;
    private static final long CALL_GATE = 12L << 40;

    /// Bits of a call gate of 64 bits that mean nothing.
    private static final long GATE_RESERVED = 0xFFL << 32;

    private static final int SELECTOR_SHIFT = 16;
    private static final long RPL = 3;
    private static final long LOCAL_TABLE = 4;

    /// Xen's flat code segment for guest kernels.
    private static final long FLAT_KERNEL_CODE = 0xE033;

    /// The first descriptor of the global table that is Xen's.
    private static final long FIRST_OF_XEN = 7168;

    private Descriptors() {}

    /// Whether a guest may have a descriptor, once it is corrected.
    @Refines("mm.descriptor.check")
    static boolean harmless(final long raw) {
        if ((raw & PRESENT) == 0 || (raw & CODE_OR_DATA) != 0 || (raw & TYPE) == 0) {
            return true;
        }
        final long selector = raw >>> SELECTOR_SHIFT & 0xFFFF;
        return (raw & TYPE) == CALL_GATE
                && (selector >>> 3 < FIRST_OF_XEN
                        || selector == FLAT_KERNEL_CODE
                        || (selector & LOCAL_TABLE) != 0)
                && (raw & GATE_RESERVED) == 0;
    }

    /// A harmless descriptor as it is stored. Segments get the guest kernel's privilege level;
    /// gates lose theirs, so that using one faults, and lead to that level.
    @Refines("mm.descriptor.check")
    static long corrected(final long raw) {
        if ((raw & PRESENT) == 0) {
            return raw;
        }
        if ((raw & CODE_OR_DATA) != 0) {
            return raw | DPL;
        }
        return (raw & TYPE) == 0 ? raw : (raw & ~DPL) | (RPL << SELECTOR_SHIFT);
    }
}
