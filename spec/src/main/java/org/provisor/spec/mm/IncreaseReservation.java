// SPDX-License-Identifier: Apache-2.0
package org.provisor.spec.mm;

import static org.provisor.spec.abi.XenErrno.EFAULT;
import static org.provisor.spec.abi.XenErrno.ENOMEM;

import org.provisor.spec.mm.Allocator.Extent;
import org.provisor.spec.mm.Reservation.Request;
import org.provisor.spec.notation.Clause;
import org.provisor.spec.state.Step;

/// `XENMEM_increase_reservation`: frames for a domain, without a number of the domain's own.
///
/// @xen xen/common/memory.c, increase_reservation
public final class IncreaseReservation {

    private IncreaseReservation() {}

    /// Whether the extents may be asked for: the list, if there is one, is where the caller may
    /// have it, and the order is one that the caller may ask for.
    @Clause(
            value = "mm.increase.possible",
            covers = {"INC-1"})
    static boolean possible(Step at, Request request, long start) {
        return (request.list().isNull() || ExtentList.ok(request.list(), start, request.count()))
                && request.order() <= MemoryLimits.maxOrder(at);
    }

    /// Adds one extent. The errors are not the caller's to see.
    ///
    /// | row | the extent                                | outcome                             |
    /// |-----|-------------------------------------------|-------------------------------------|
    /// | a   | is not to be had                          | `ENOMEM`                            |
    /// | b   | is given, and there is no list            | the domain's                        |
    /// | c   | is given, and its entry cannot be written | `EFAULT`; the domain's all the same |
    /// | d   | is given                                  | the domain's; the entry says where  |
    ///
    /// In row c the extent does not count as done: the caller has it and does not know.
    @Clause(
            value = "mm.increase.extent",
            rows = {"a", "b", "c", "d"},
            covers = {"INC-1", "DIR-1"})
    static Step one(Step at, Request request, long index) {
        Extent extent =
                AssignPages.take(at, request.domain(), (int) request.order(), request.limits());
        Step taken = extent.step();
        if (taken.failed()) {
            return taken;
        }
        if (extent.first().isEmpty()) {
            return taken.refuse("mm.increase.extent/a", ENOMEM);
        }
        if (request.list().isNull()) {
            return taken.row("mm.increase.extent/b");
        }
        Step written = ExtentList.write(taken, request.list(), index, extent.first().get());
        return written.failed()
                ? written.refuse("mm.increase.extent/c", EFAULT)
                : written.row("mm.increase.extent/d");
    }
}
