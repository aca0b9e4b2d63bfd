// SPDX-License-Identifier: Apache-2.0
package org.provisor.spec.mm;

import static org.provisor.spec.abi.XenErrno.EFAULT;
import static org.provisor.spec.abi.XenErrno.EINVAL;
import static org.provisor.spec.abi.XenErrno.ENXIO;

import io.vavr.control.Option;

import org.provisor.spec.abi.Domid;
import org.provisor.spec.abi.Mfn;
import org.provisor.spec.mm.Reservation.Request;
import org.provisor.spec.notation.Clause;
import org.provisor.spec.state.Step;

/// `XENMEM_decrease_reservation`: a domain gives frames back.
///
/// @xen xen/common/memory.c, decrease_reservation, guest_remove_page
public final class DecreaseReservation {

    private DecreaseReservation() {}

    /// Whether the extents may be given back: the list is where the caller may have it, and the
    /// order is one that the caller may name.
    @Clause(
            value = "mm.decrease.possible",
            covers = {"INC-1"})
    static boolean possible(Step at, Request request, long start) {
        return ExtentList.ok(request.list(), start, request.count())
                && request.order() <= MemoryLimits.maxOrder(at);
    }

    /// Gives one extent back, frame by frame. The errors are not the caller's to see.
    ///
    /// | row | the extent                            | outcome                                   |
    /// |-----|---------------------------------------|-------------------------------------------|
    /// | a   | has an entry that cannot be read      | `EFAULT`                                  |
    /// | b   | has a frame that cannot be given back | its error; those before it are given back |
    /// | c   | can be given back                     | given back                                |
    ///
    /// The extent need not be aligned.
    @Clause(
            value = "mm.decrease.extent",
            rows = {"a", "b", "c"},
            covers = {"DEC-1"})
    static Step one(Step start, Request request, long index) {
        Option<Long> first = ExtentList.read(start, request.list(), index);
        if (first.isEmpty()) {
            return start.refuse("mm.decrease.extent/a", EFAULT);
        }
        Step at = start;
        for (long i = 0; i < (1L << request.order()); i++) {
            at = frame(at, new Mfn(first.get() + i), request.domain());
            if (at.failed()) {
                return at.row("mm.decrease.extent/b");
            }
        }
        return at.row("mm.decrease.extent/c");
    }

    /// Gives one frame back.
    ///
    /// | row | the frame                             | outcome                                    |
    /// |-----|---------------------------------------|--------------------------------------------|
    /// | a   | does not exist                        | `EINVAL`                                   |
    /// | b   | cannot be referred to as the domain's | `ENXIO`                                    |
    /// | c   | is the domain's                       | allocated no more; free if not referred to |
    ///
    /// A frame that somebody refers to, be it only by its pin, stays the domain's and counts until
    /// the last reference goes. Giving it back once more succeeds and changes nothing. Its number
    /// in the machine-to-physical table stays until it is free.
    ///
    /// @xen xen/common/memory.c, guest_remove_page
    @Clause(
            value = "mm.decrease.frame",
            rows = {"a", "b", "c"},
            covers = {"DEC-1", "PG-6", "PN-4"})
    private static Step frame(Step at, Mfn mfn, Domid owner) {
        if (!at.machine().has(mfn)) {
            return at.refuse("mm.decrease.frame/a", EINVAL);
        }
        Step held = References.get(at, mfn, owner);
        if (held.failed()) {
            return at.refuse("mm.decrease.frame/b", ENXIO);
        }
        Step released = References.release(held.row("mm.decrease.frame/c"), mfn);
        return References.put(released, mfn);
    }
}
