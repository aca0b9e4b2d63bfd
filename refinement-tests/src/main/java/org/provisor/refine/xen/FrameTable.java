// SPDX-License-Identifier: Apache-2.0
package org.provisor.refine.xen;

import java.util.BitSet;

/// A hypervisor's own table of frames: owner, reference counts, type. No guest can see it. Words
/// are laid out as Xen's.
///
/// @xen xen/arch/x86/include/asm/mm.h, struct page_info
abstract class FrameTable {

    // count_info.
    static final long ALLOCATED = 1L << 63;
    static final long XEN_HEAP = 1L << 62;
    static final long STATE = 3L << 58;
    private static final long COUNT = (1L << 58) - 1;

    // type_info.
    private static final long TYPE_SHIFT = 61;
    static final long LOCKED = 1L << 60;
    static final long PINNED = 1L << 59;
    static final long VALIDATED = 1L << 58;
    static final long PARTIAL = 1L << 56;
    private static final long TYPE_COUNT = (1L << 55) - 1;

    static final int TYPE_NONE = 0;
    static final int TYPE_L4 = 4;
    static final int TYPE_WRITABLE = 7;

    /// How many frames it has.
    abstract int frames();

    /// The word with the general references.
    abstract long count(int mfn);

    /// The word with the type and its references.
    abstract long type(int mfn);

    /// Who owns it, in a form that says only whether two frames have the same owner; 0 for nobody.
    abstract long owner(int mfn);

    /// All frames of an owner that are not free.
    abstract BitSet owned(long owner);

    /// What the machine-to-physical table says.
    abstract long physical(int mfn);

    static long references(long count) {
        return count & COUNT;
    }

    /// Whether it is on a list of free frames.
    static boolean free(long count) {
        return (count & STATE) == STATE;
    }

    static int type(long word) {
        return (int) (word >>> TYPE_SHIFT);
    }

    static long typeReferences(long word) {
        return word & TYPE_COUNT;
    }
}
