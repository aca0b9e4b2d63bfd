// SPDX-License-Identifier: Apache-2.0
package org.provisor.spec.mm;

import static org.provisor.spec.abi.XenErrno.EFAULT;
import static org.provisor.spec.abi.XenErrno.EINVAL;
import static org.provisor.spec.abi.XenErrno.ENOMEM;

import io.vavr.control.Option;

import org.provisor.spec.abi.Mfn;
import org.provisor.spec.mm.Allocator.Extent;
import org.provisor.spec.mm.Reservation.Request;
import org.provisor.spec.notation.Clause;
import org.provisor.spec.state.Step;

/// `XENMEM_populate_physmap`: frames for a domain, at numbers of the domain's own. The list says
/// the numbers before, and where the frames are after.
///
/// @xen xen/common/memory.c, populate_physmap
public final class PopulatePhysmap {

    private PopulatePhysmap() {}

    /// Whether the extents may be asked for: the list is where the caller may have it, and the
    /// order is one that the caller may ask for; on demand, any that there is.
    @Clause(
            value = "mm.populate.possible",
            covers = {"INC-1"})
    static boolean possible(Step at, Request request, long start) {
        int most = request.onDemand() ? MemoryLimits.MAX_ORDER : MemoryLimits.maxOrder(at);
        return ExtentList.ok(request.list(), start, request.count()) && request.order() <= most;
    }

    /// Populates one extent. The errors are not the caller's to see.
    ///
    /// | row | the extent                                | outcome                             |
    /// |-----|-------------------------------------------|-------------------------------------|
    /// | a   | has an entry that cannot be read          | `EFAULT`                            |
    /// | b   | is on demand, for the caller itself       | `EINVAL`                            |
    /// | c   | is on demand, for another domain          | nothing; counts as done             |
    /// | d   | is not to be had                          | `ENOMEM`                            |
    /// | e   | is given, and its entry cannot be written | `EFAULT`; the domain's all the same |
    /// | f   | is given                                  | the domain's; the entry says where  |
    ///
    /// In rows e and f the machine-to-physical table has the domain's numbers.
    @Clause(
            value = "mm.populate.extent",
            rows = {"a", "b", "c", "d", "e", "f"},
            covers = {"INC-1", "DIR-1"})
    static Step one(Step at, Request request, long index) {
        Option<Long> gfn = ExtentList.read(at, request.list(), index);
        if (gfn.isEmpty()) {
            return at.refuse("mm.populate.extent/a", EFAULT);
        }
        if (request.onDemand()) {
            return request.domain().equals(at.by().domain())
                    ? at.refuse("mm.populate.extent/b", EINVAL)
                    : at.row("mm.populate.extent/c");
        }
        int order = (int) request.order();
        Extent extent = AssignPages.take(at, request.domain(), order, request.limits());
        if (extent.step().failed()) {
            return extent.step();
        }
        if (extent.first().isEmpty()) {
            return extent.step().refuse("mm.populate.extent/d", ENOMEM);
        }
        Mfn first = extent.first().get();
        Step added = Physmap.add(extent.step(), request.domain(), gfn.get(), first, order);
        Step written = ExtentList.write(added, request.list(), index, first);
        return written.failed()
                ? written.refuse("mm.populate.extent/e", EFAULT)
                : written.row("mm.populate.extent/f");
    }
}
