// SPDX-License-Identifier: Apache-2.0
package org.provisor.spec.mm;

import org.provisor.spec.abi.Domid;
import org.provisor.spec.abi.Mfn;
import org.provisor.spec.mm.Allocator.Extent;
import org.provisor.spec.mm.MemoryLimits.Limits;
import org.provisor.spec.notation.Clause;
import org.provisor.spec.state.Domain;
import org.provisor.spec.state.Frame;
import org.provisor.spec.state.Step;

/// Making new frames a domain's own.
///
/// @xen xen/common/page_alloc.c, alloc_domheap_pages, assign_pages
public final class AssignPages {

    private AssignPages() {}

    /// Gets 2<sup>`order`</sup> frames and makes them a domain's.
    ///
    /// | row | the domain                         | outcome                                       |
    /// |-----|------------------------------------|-----------------------------------------------|
    /// | a   | is dying                           | nothing, whatever the allocator had           |
    /// | b   | would have more frames than it may | nothing, likewise                             |
    /// | c   | may have them, and there are some  | they are its own and count, as its claim does |
    ///
    /// Real Xen takes the frames first and gives them back in rows a and b; nobody can tell. So
    /// nothing need be observed there.
    ///
    /// @xen xen/common/page_alloc.c, assign_pages
    @Clause(
            value = "mm.assign",
            rows = {"a", "b", "c"},
            covers = {"PG-2", "PG-10"})
    static Extent take(Step at, Domid id, int order, Limits limits) {
        Domain domain = at.domain(id);
        if (domain.dying()) {
            return Allocator.nothing(Allocator.disregarding(at).row("mm.assign/a"));
        }
        if (domain.totPages() + (1L << order) > domain.maxPages()) {
            return Allocator.nothing(Allocator.disregarding(at).row("mm.assign/b"));
        }
        Extent extent = Allocator.frames(at, order, limits, domain.claim());
        if (extent.first().isEmpty()) {
            return extent;
        }
        Step assigned = assigned(extent.step(), extent.first().get(), order, id);
        return new Extent(
                assigned.with(Claims.adjusted(domain, 1L << order)).row("mm.assign/c"),
                extent.first());
    }

    /// Frames that are nobody's become a domain's; what it counts is the caller's to adjust.
    static Step assigned(Step start, Mfn first, int order, Domid id) {
        Step at = start;
        for (long i = 0; i < (1L << order); i++) {
            at = at.with(first.plus(i), Frame.allocatedTo(id));
        }
        return at;
    }
}
