// SPDX-License-Identifier: Apache-2.0
package org.provisor.impl.mm;

import static org.provisor.impl.abi.Errno.EINVAL;

import org.provisor.impl.Refines;
import org.provisor.impl.abi.MemoryOps;
import org.provisor.impl.bits.Addresses;

/// What a caller may ask of the allocator. The machine has one node, of number 0.
///
/// Which frames will do is said in how many bits their numbers may have, 1 to
/// [Addresses#FRAME_BITS]; or [#NOWHERE].
///
/// @xen xen/common/memory.c, max_order, propagate_node
final class MemoryLimits {

    /// The largest order there is.
    static final int MAX_ORDER = 18;

    /// In place of a number of bits: no frame will do.
    static final int NOWHERE = 0;

    /// How many nodes Xen can tell apart.
    private static final int MAX_NODES = 64;

    private MemoryLimits() {}

    /// The largest order of an extent that the caller may name.
    @Refines("mm.limits.max-order")
    static int maxOrder(final Vcpu by) {
        final Host.Options options = by.host.options;
        final Domain caller = by.domain;
        int order = options.maxOrderGuest();
        if (caller.mayFlushCaches()) {
            order = Math.max(order, options.maxOrderDevices());
        }
        if (caller.control) {
            order = Math.max(order, options.maxOrderControl());
        }
        if (caller.hardware) {
            order = Math.max(order, options.maxOrderHardware());
        }
        return Math.min(order, MAX_ORDER);
    }

    /// Adds what the flags say of a node.
    ///
    /// @param frameBits how many bits the frames' numbers may have, whatever node they are of
    /// @return which frames will do, or a negated error number
    @Refines("mm.limits.node")
    static int atNode(final Vcpu by, final int flags, final int frameBits) {
        final int node = MemoryOps.node(flags);
        if (node == MemoryOps.NO_NODE) {
            return frameBits;
        }
        final boolean exact = (flags & MemoryOps.EXACT_NODE) != 0;
        if (!by.domain.control && !by.domain.hardware) {
            return exact ? -EINVAL : frameBits;
        }
        if (node >= MAX_NODES) {
            return -EINVAL;
        }
        return exact && node != 0 ? NOWHERE : frameBits;
    }

    /// How many bits the number of a frame has whose address has so many; 0 for any address.
    ///
    /// @xen xen/common/page_alloc.c, bits_to_zone, page_to_zone
    @Refines("mm.limits.bits")
    static int frameBits(final int addressBits) {
        return addressBits == 0
                ? Addresses.FRAME_BITS
                : Math.clamp(addressBits - Addresses.PAGE_SHIFT, 1, Addresses.FRAME_BITS);
    }

    /// How many bits the address of any frame of the machine has.
    ///
    /// @xen xen/include/xen/mm.h, get_order_from_pages
    @Refines("mm.limits.machine-bits")
    static int machineBits(final Host host) {
        return Integer.SIZE
                - Integer.numberOfLeadingZeros(host.frames.size() - 1)
                + Addresses.PAGE_SHIFT;
    }
}
