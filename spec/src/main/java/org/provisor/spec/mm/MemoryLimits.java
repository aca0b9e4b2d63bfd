// SPDX-License-Identifier: Apache-2.0
package org.provisor.spec.mm;

import static org.provisor.spec.abi.XenErrno.EINVAL;

import org.provisor.spec.abi.MemoryFlags;
import org.provisor.spec.abi.PageFrames;
import org.provisor.spec.notation.Clause;
import org.provisor.spec.state.Domain;
import org.provisor.spec.state.Machine;
import org.provisor.spec.state.Profile;
import org.provisor.spec.state.Step;

/// What a caller may ask of the allocator: how large an extent, from which part of memory, from
/// which node. The machine has one node, of number 0.
///
/// @xen xen/common/memory.c, max_order, construct_memop_from_reservation, propagate_node
public final class MemoryLimits {

    /// The largest order there is.
    static final int MAX_ORDER = 2 * PageFrames.PAGETABLE_ORDER;

    /// How many nodes Xen can tell apart.
    static final int MAX_NODES = 64;

    /// How many bits the number of any frame may have.
    static final int FRAME_BITS = PageFrames.PADDR_BITS - PageFrames.PAGE_SHIFT;

    /// Which frames will do.
    ///
    /// @param bits how many bits the frames' numbers may have
    /// @param nowhere whether they must be of a node that the machine has not
    record Limits(int bits, boolean nowhere) {

        /// Whether some frame of the machine will not do.
        boolean exclude(Machine machine) {
            return nowhere || (1L << bits) < machine.frames().size();
        }
    }

    /// The limits that a request has, or why it is refused.
    record Limited(Step step, Limits limits) {}

    private MemoryLimits() {}

    /// Finds the largest order of an extent that the caller may name.
    ///
    /// | the caller                     | at least                   |
    /// |--------------------------------|----------------------------|
    /// | is any domain                  | `Profile.maxOrderGuest`    |
    /// | has memory or ports of devices | `Profile.maxOrderDevices`  |
    /// | is a control domain            | `Profile.maxOrderControl`  |
    /// | is the hardware domain         | `Profile.maxOrderHardware` |
    ///
    /// The greatest of what applies counts, but not more than 18. For whom the caller acts makes no
    /// difference.
    @Clause(
            value = "mm.limits.max-order",
            covers = {"INC-1"})
    static int maxOrder(Step at) {
        Domain caller = at.caller();
        Profile profile = at.profile();
        int order = profile.maxOrderGuest();
        if (caller.io().mayFlushCaches()) {
            order = Math.max(order, profile.maxOrderDevices());
        }
        if (caller.control()) {
            order = Math.max(order, profile.maxOrderControl());
        }
        if (caller.hardware()) {
            order = Math.max(order, profile.maxOrderHardware());
        }
        return Math.min(order, MAX_ORDER);
    }

    /// Adds what the flags say of a node.
    ///
    /// | row | the flags                                        | outcome                   |
    /// |-----|--------------------------------------------------|---------------------------|
    /// | a   | name no node                                     | any node                  |
    /// | b   | name one, by a caller without privilege, exactly | `EINVAL`                  |
    /// | c   | name one, by a caller without privilege          | any node                  |
    /// | d   | name one of 64 or above                          | `EINVAL`                  |
    /// | e   | name one exactly                                 | that one, if there is one |
    /// | f   | name one                                         | any node, that one first  |
    ///
    /// Control and hardware domains have the privilege. The wish for an exact node means nothing
    /// without a node.
    ///
    /// @xen xen/common/memory.c, propagate_node
    @Clause(
            value = "mm.limits.node",
            rows = {"a", "b", "c", "d", "e", "f"},
            covers = {"EXC-1"})
    static Limited node(Step at, MemoryFlags flags, int bits) {
        Limits anywhere = new Limits(bits, false);
        boolean exact = flags.has(MemoryFlags.EXACT_NODE_REQUEST);
        if (flags.node() == MemoryFlags.NO_NODE) {
            return new Limited(at.row("mm.limits.node/a"), anywhere);
        }
        if (!at.caller().control() && !at.caller().hardware()) {
            return new Limited(
                    exact ? at.refuse("mm.limits.node/b", EINVAL) : at.row("mm.limits.node/c"),
                    anywhere);
        }
        if (flags.node() >= MAX_NODES) {
            return new Limited(at.refuse("mm.limits.node/d", EINVAL), anywhere);
        }
        return exact
                ? new Limited(at.row("mm.limits.node/e"), new Limits(bits, flags.node() != 0))
                : new Limited(at.row("mm.limits.node/f"), anywhere);
    }

    /// How many bits the number of a frame has if its address has `addressBits`: 1 at the least, as
    /// many as there are for 0.
    ///
    /// @xen xen/common/page_alloc.c, bits_to_zone, page_to_zone
    @Clause("mm.limits.bits")
    static int frameBits(int addressBits) {
        return addressBits == 0
                ? FRAME_BITS
                : Math.min(Math.max(addressBits - PageFrames.PAGE_SHIFT, 1), FRAME_BITS);
    }

    /// How many bits the address of any frame of the machine has.
    ///
    /// @xen xen/include/xen/mm.h, get_order_from_pages
    @Clause("mm.limits.machine-bits")
    static int machineBits(Machine machine) {
        int order = 0;
        while ((1L << order) < machine.frames().size()) {
            order++;
        }
        return order + PageFrames.PAGE_SHIFT;
    }
}
