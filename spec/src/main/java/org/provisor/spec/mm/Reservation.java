// SPDX-License-Identifier: Apache-2.0
package org.provisor.spec.mm;

import io.vavr.control.Option;

import org.provisor.spec.abi.Bitness;
import org.provisor.spec.abi.Domid;
import org.provisor.spec.abi.GuestAddress;
import org.provisor.spec.abi.GuestBytes;
import org.provisor.spec.abi.Invocation.MemoryOpCall;
import org.provisor.spec.abi.MemoryFlags;
import org.provisor.spec.abi.MemoryOpWord;
import org.provisor.spec.abi.MemoryReservation;
import org.provisor.spec.abi.PageFrames;
import org.provisor.spec.mm.MemoryLimits.Limited;
import org.provisor.spec.mm.MemoryLimits.Limits;
import org.provisor.spec.notation.Clause;
import org.provisor.spec.state.Outcome;
import org.provisor.spec.state.Step;

/// `XENMEM_increase_reservation`, `XENMEM_decrease_reservation`, `XENMEM_populate_physmap`: taking
/// memory and giving it back, extent by extent.
///
/// None of them returns an error. They return how many extents are done, those before the extent
/// that the call starts at included; what stands in the way of the rest the caller has to guess.
///
/// @xen xen/common/memory.c, do_memory_op
public final class Reservation {

    private static final Bitness BITS = Bitness.BITS_64;

    /// Which of the three it is.
    enum Kind {
        INCREASE,
        DECREASE,
        POPULATE
    }

    /// What is to be done.
    ///
    /// @param domain whose memory it is about
    /// @param list where the extents' frame numbers are
    /// @param count how many extents
    /// @param order log2 of the frames in an extent, unchecked
    /// @param limits which frames will do
    /// @param onDemand whether frames are to be found only when they are used
    record Request(
            Domid domain,
            GuestAddress list,
            long count,
            long order,
            Limits limits,
            boolean onDemand) {}

    private Reservation() {}

    /// Does a call that changes the reservation.
    ///
    /// | row | the reservation                                              | outcome             |
    /// |-----|--------------------------------------------------------------|---------------------|
    /// | a   | cannot be read                                               | the start           |
    /// | b   | has more extents than a preempted call can count             | the start           |
    /// | c   | has no extent at the start or after it                       | the start           |
    /// | d   | is for a domain that does not exist                          | the start           |
    /// | e   | limits addresses to 12 bits or fewer, and memory goes beyond | the start           |
    /// | f   | names a node that the caller may not name                    | the start           |
    /// | g   | is for a domain that the caller may not act on               | the start           |
    /// | h   | has a list or an order that may not be                       | the start           |
    /// | i   | is in order                                                  | the extents in turn |
    ///
    /// *The start* is the extent that the call word says to start at, whatever the caller put
    /// there. A limit on addresses that holds for all memory is none. A node of the guest's own is
    /// not looked at: no domain has any.
    ///
    /// @xen xen/common/memory.c, do_memory_op, construct_memop_from_reservation
    @Clause(
            value = "mm.reservation",
            rows = {"a", "b", "c", "d", "e", "f", "g", "h", "i"},
            covers = {"INC-1"})
    static Outcome call(Step at, MemoryOpCall call, Kind kind) {
        long start = call.cmd().startExtent();
        Option<GuestBytes> bytes =
                GuestAddresses.read(at, call.arg(), MemoryReservation.LAYOUT.size(BITS));
        if (bytes.isEmpty()) {
            return Outcome.returning(at.row("mm.reservation/a"), start);
        }
        MemoryReservation asked = MemoryReservation.fromBytes(bytes.get(), 0, BITS);
        if (Long.compareUnsigned(asked.nrExtents(), MemoryOpWord.MAX_EXTENTS) > 0) {
            return Outcome.returning(at.row("mm.reservation/b"), start);
        }
        if (start >= asked.nrExtents()) {
            return Outcome.returning(at.row("mm.reservation/c"), start);
        }
        Option<Domid> domain = MemoryOp.domain(at, asked.domid());
        if (domain.isEmpty()) {
            return Outcome.returning(at.row("mm.reservation/d"), start);
        }
        int bits = asked.memFlags().addressBits();
        boolean limited = bits != 0 && bits < MemoryLimits.machineBits(at.machine());
        if (limited && bits <= PageFrames.PAGE_SHIFT) {
            return Outcome.returning(at.row("mm.reservation/e"), start);
        }
        Limited allowed = node(at, asked.memFlags(), limited ? bits : 0);
        if (allowed.step().failed()) {
            return Outcome.returning(allowed.step().row("mm.reservation/f"), start);
        }
        Step known = allowed.step();
        if (!known.caller().mayActOn(domain.get())) {
            return Outcome.returning(known.row("mm.reservation/g"), start);
        }
        Request request =
                new Request(
                        domain.get(),
                        asked.extentStart(),
                        asked.nrExtents(),
                        asked.extentOrder(),
                        allowed.limits(),
                        asked.memFlags().has(MemoryFlags.POPULATE_ON_DEMAND));
        return possible(known, kind, request, start)
                ? ReservationExtents.all(known.row("mm.reservation/i"), call, kind, request)
                : Outcome.returning(known.row("mm.reservation/h"), start);
    }

    private static Limited node(Step at, MemoryFlags flags, int bits) {
        int frameBits = MemoryLimits.frameBits(bits);
        return flags.has(MemoryFlags.VNODE)
                ? new Limited(at, new Limits(frameBits, false))
                : MemoryLimits.node(at, flags, frameBits);
    }

    private static boolean possible(Step at, Kind kind, Request request, long start) {
        return switch (kind) {
            case INCREASE -> IncreaseReservation.possible(at, request, start);
            case DECREASE -> DecreaseReservation.possible(at, request, start);
            case POPULATE -> PopulatePhysmap.possible(at, request, start);
        };
    }
}
