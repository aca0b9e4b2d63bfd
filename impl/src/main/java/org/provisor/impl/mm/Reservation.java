// SPDX-License-Identifier: Apache-2.0
package org.provisor.impl.mm;

import static org.provisor.impl.abi.MemoryOps.DECREASE_RESERVATION;
import static org.provisor.impl.abi.MemoryOps.INCREASE_RESERVATION;
import static org.provisor.impl.abi.MemoryOps.POPULATE_ON_DEMAND;
import static org.provisor.impl.abi.MemoryOps.POPULATE_PHYSMAP;

import org.provisor.impl.Refines;
import org.provisor.impl.abi.HypercallNumbers;
import org.provisor.impl.abi.MemoryOps;
import org.provisor.impl.abi.ReservationLayout;
import org.provisor.impl.bits.Addresses;
import org.provisor.impl.trace.TraceEvent;

/// `XENMEM_increase_reservation`, `XENMEM_decrease_reservation`, `XENMEM_populate_physmap`: taking
/// memory and giving it back, extent by extent. They return how many extents are done, and never an
/// error.
///
/// Each vCPU has one of these, for the call that it makes.
///
/// @xen xen/common/memory.c, do_memory_op, increase_reservation and its neighbours
final class Reservation {

    /// Among numbers of bits: none may be asked for.
    private static final int REFUSED = -1;

    private final Vcpu by;

    // What the guest asks for.

    private int command;
    private long list;
    private long count;
    private int order;
    private int frameBits;
    private boolean onDemand;

    Reservation(final Vcpu by) {
        this.by = by;
    }

    /// The call.
    ///
    /// @param sub which of the three
    /// @param start the extent to start at; those before are taken to be done
    /// @param arg where the reservation is
    /// @return how many extents are done
    @Refines("mm.reservation")
    long call(final int sub, final long start, final long arg) {
        final long[] words = by.words;
        if (!CallerMemory.read(by, arg, words, ReservationLayout.BYTES)) {
            return start;
        }
        command = sub;
        list = ReservationLayout.list(words, 0);
        count = ReservationLayout.extents(words, 0);
        final int flags = ReservationLayout.flags(words, 0);
        onDemand = sub == POPULATE_PHYSMAP && (flags & POPULATE_ON_DEMAND) != 0;
        if (Long.compareUnsigned(count, MemoryOps.MAX_EXTENTS) > 0 || start >= count) {
            return start;
        }
        final Domain domain = MemoryOp.domain(by, ReservationLayout.domain(words, 0));
        if (domain == null) {
            return start;
        }
        frameBits = frameBits(flags);
        if (frameBits == REFUSED
                || !by.domain.mayActOn(domain.id)
                || !possible(ReservationLayout.order(words, 0), start)) {
            return start;
        }
        order = (int) ReservationLayout.order(words, 0);
        return extents(domain, start, arg);
    }

    /// Which frames will do, or [#REFUSED]. A limit on addresses that holds for all memory is none;
    /// a node of the guest's own is not looked at, since no domain has any.
    ///
    /// @xen xen/common/memory.c, construct_memop_from_reservation
    private int frameBits(final int flags) {
        final int bits = MemoryOps.addressBits(flags);
        final boolean limited = bits != 0 && bits < MemoryLimits.machineBits(by.host);
        if (limited && bits <= Addresses.PAGE_SHIFT) {
            return REFUSED;
        }
        final int wanted = MemoryLimits.frameBits(limited ? bits : 0);
        return (flags & MemoryOps.VNODE) != 0
                ? wanted
                : Math.max(MemoryLimits.atNode(by, flags, wanted), REFUSED);
    }

    @Refines({"mm.increase.possible", "mm.decrease.possible", "mm.populate.possible"})
    private boolean possible(final long wantedOrder, final long start) {
        final int most = onDemand ? MemoryLimits.MAX_ORDER : MemoryLimits.maxOrder(by);
        return wantedOrder <= most
                && ((command == INCREASE_RESERVATION && list == 0)
                        || ExtentList.ok(list, start, count));
    }

    @Refines("mm.reservation.extents")
    private long extents(final Domain domain, final long start, final long arg) {
        for (long index = start; index < count; index++) {
            if (index != start && by.preemption.due()) {
                by.trace.record(TraceEvent.PREEMPTED, HypercallNumbers.MEMORY_OP, index);
                return by.again(
                        HypercallNumbers.MEMORY_OP,
                        (index << MemoryOps.EXTENT_SHIFT) | command,
                        arg,
                        0,
                        0);
            }
            if (!extent(domain, index)) {
                return index;
            }
        }
        return count;
    }

    private boolean extent(final Domain domain, final long index) {
        return switch (command) {
            case INCREASE_RESERVATION -> increase(domain, index);
            case DECREASE_RESERVATION -> decrease(domain, index);
            default -> populate(domain, index);
        };
    }

    @Refines("mm.increase.extent")
    private boolean increase(final Domain domain, final long index) {
        final long first = DomainFrames.take(by, domain, order, frameBits, false, 0);
        return first != DomainFrames.NONE
                && (list == 0 || ExtentList.write(by, list, index, first));
    }

    @Refines("mm.populate.extent")
    private boolean populate(final Domain domain, final long index) {
        if (!ExtentList.read(by, list, index)) {
            return false;
        }
        if (onDemand) {
            // Nothing is to be populated where guests have no physmap; for oneself it is refused.
            return domain != by.domain;
        }
        final long gfn = by.words[0];
        final long first = DomainFrames.take(by, domain, order, frameBits, true, gfn);
        return first != DomainFrames.NONE && ExtentList.write(by, list, index, first);
    }

    /// The extent need not be aligned. If a frame cannot be given back, those before it are.
    @Refines("mm.decrease.extent")
    private boolean decrease(final Domain domain, final long index) {
        if (!ExtentList.read(by, list, index)) {
            return false;
        }
        final long first = by.words[0];
        for (long i = 0; i < 1L << order; i++) {
            if (!giveBack(domain, first + i)) {
                return false;
            }
        }
        return true;
    }

    /// A frame that somebody refers to stays the domain's until the last reference goes.
    ///
    /// @xen xen/common/memory.c, guest_remove_page
    @Refines("mm.decrease.frame")
    private boolean giveBack(final Domain domain, final long mfn) {
        final Host host = by.host;
        if (!host.get(mfn, domain)) {
            return false;
        }
        host.frames.release(mfn);
        host.put(mfn);
        return true;
    }
}
