// SPDX-License-Identifier: Apache-2.0
package org.provisor.impl.abi;

/// The sub-operations of `memory_op` that are told apart, and the flags of a reservation. The low
/// six bits of the first argument are the sub-operation; those above are the extent to start at.
///
/// @xen xen/include/public/memory.h, XENMEM_increase_reservation and the following
public final class MemoryOps {

    public static final int INCREASE_RESERVATION = 0;
    public static final int DECREASE_RESERVATION = 1;
    public static final int MAXIMUM_RAM_PAGE = 2;
    public static final int CURRENT_RESERVATION = 3;
    public static final int MAXIMUM_RESERVATION = 4;
    public static final int MACHPHYS_MFN_LIST = 5;
    public static final int POPULATE_PHYSMAP = 6;
    public static final int ADD_TO_PHYSMAP = 7;
    public static final int MEMORY_MAP = 9;
    public static final int MACHINE_MEMORY_MAP = 10;
    public static final int EXCHANGE = 11;
    public static final int MACHPHYS_MAPPING = 12;
    public static final int SET_MEMORY_MAP = 13;
    public static final int MAXIMUM_GPFN = 14;
    public static final int REMOVE_FROM_PHYSMAP = 15;
    public static final int GET_SHARING_FREED_PAGES = 18;
    public static final int GET_SHARING_SHARED_PAGES = 19;
    public static final int ADD_TO_PHYSMAP_BATCH = 23;
    public static final int CLAIM_PAGES = 24;
    public static final int MACHPHYS_COMPAT_MFN_LIST = 25;
    public static final int GET_VNUMAINFO = 26;
    public static final int RESERVED_DEVICE_MEMORY_MAP = 27;

    /// Where the extent to start at begins in the first argument.
    public static final int EXTENT_SHIFT = 6;

    public static final int COMMAND_MASK = (1 << EXTENT_SHIFT) - 1;

    /// The most extents whose count fits above the sub-operation, in 32 bits.
    public static final long MAX_EXTENTS = 0xFFFF_FFFFL >>> EXTENT_SHIFT;

    /// Flag: the frames are to be found only when they are used.
    public static final int POPULATE_ON_DEMAND = 1 << 16;

    /// Flag: from the node that is named, or not at all.
    public static final int EXACT_NODE = 1 << 17;

    /// Flag: the node is one of the guest's own.
    public static final int VNODE = 1 << 18;

    /// In place of a node: none is named.
    public static final int NO_NODE = 0xFF;

    /// `XENMAPSPACE_gmfn_range`.
    public static final int SPACE_GMFN_RANGE = 3;

    /// `XENMAPSPACE_gmfn_foreign`.
    public static final int SPACE_GMFN_FOREIGN = 4;

    private MemoryOps() {}

    /// How many bits the addresses of what is wanted may have, by the flags; 0 for any.
    public static int addressBits(final int flags) {
        return flags & 0xFF;
    }

    /// Which node the flags name, or [#NO_NODE].
    public static int node(final int flags) {
        return ((flags >>> 8) - 1) & 0xFF;
    }
}
