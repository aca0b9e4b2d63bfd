// SPDX-License-Identifier: Apache-2.0
package org.provisor.impl.pv;

import static org.provisor.impl.abi.Errno.EINVAL;

import org.provisor.impl.Refines;
import org.provisor.impl.bits.Addresses;
import org.provisor.impl.mm.EntryState;
import org.provisor.impl.mm.Vcpu;

/// `set_segment_base`: sets the base of FS, or of GS in one of the two modes.
///
/// @xen xen/include/public/arch-x86/xen-x86_64.h, SEGBASE_FS and those after it
/// @xen xen/arch/x86/pv/misc-hypercalls.c, do_set_segment_base
public final class SegmentBases {

    private static final int FS = 0;
    private static final int GS_USER = 1;
    private static final int GS_KERNEL = 2;
    private static final int GS_USER_SELECTOR = 3;

    private static final long SELECTOR = 0xFFFF;
    private static final long LAST_NULL = 3;

    private SegmentBases() {}

    /// The call. Of selectors for user mode's GS only null selectors count, whose base is 0: it is
    /// the processor that loads the others, and whoever runs it has it do that before.
    ///
    /// @param which 32 bits
    @Refines("pv.set-segment-base")
    public static long set(final Vcpu by, final long which, final long base) {
        final EntryState entry = by.entry();
        if (which == GS_USER_SELECTOR) {
            if ((base & SELECTOR) <= LAST_NULL) {
                entry.gsBaseUser = 0;
            }
            return 0;
        }
        if (which > GS_USER_SELECTOR || !Addresses.canonical(base)) {
            return -EINVAL;
        }
        switch ((int) which) {
            case FS -> entry.fsBase = base;
            case GS_USER -> entry.gsBaseUser = base;
            case GS_KERNEL -> entry.gsBaseKernel = base;
            default -> throw new AssertionError(which);
        }
        return 0;
    }
}
