// SPDX-License-Identifier: Apache-2.0
package org.provisor.spec.mm;

import org.provisor.spec.abi.Invocation.MemoryOpCall;
import org.provisor.spec.mm.Reservation.Kind;
import org.provisor.spec.mm.Reservation.Request;
import org.provisor.spec.notation.Clause;
import org.provisor.spec.notation.Result;
import org.provisor.spec.state.Outcome;
import org.provisor.spec.state.Step;

/// The extents of a reservation that is in order.
///
/// @xen xen/common/memory.c, increase_reservation, populate_physmap, decrease_reservation
public final class ReservationExtents {

    private ReservationExtents() {}

    /// Does the extents in their order, each an atomic element.
    ///
    /// | row | at an extent                                           | outcome              |
    /// |-----|--------------------------------------------------------|----------------------|
    /// | a   | the preemption check answers yes, not before the first | made again from here |
    /// | b   | it cannot be done                                      | how many are done    |
    /// | c   | none is left                                           | how many there are   |
    ///
    /// In row b part of the extent may have been done; it stays done.
    @Clause(
            value = "mm.reservation.extents",
            rows = {"a", "b", "c"},
            covers = {"INC-1", "CNT-1"})
    static Outcome all(Step begin, MemoryOpCall call, Kind kind, Request request) {
        long start = call.cmd().startExtent();
        Step at = begin;
        for (long index = start; index < request.count(); index++) {
            if (index != start) {
                if (at.preemptionDue()) {
                    return Outcome.continuing(at.row("mm.reservation.extents/a"), call.from(index));
                }
                at = at.checked();
            }
            at =
                    switch (kind) {
                        case INCREASE -> IncreaseReservation.one(at, request, index);
                        case DECREASE -> DecreaseReservation.one(at, request, index);
                        case POPULATE -> PopulatePhysmap.one(at, request, index);
                    };
            if (at.result() instanceof Result.Refused) {
                return Outcome.returning(at.row("mm.reservation.extents/b"), index);
            }
            if (at.failed()) {
                return Outcome.returning(at);
            }
        }
        return Outcome.returning(at.row("mm.reservation.extents/c"), request.count());
    }
}
