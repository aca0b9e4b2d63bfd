// SPDX-License-Identifier: Apache-2.0
package org.provisor.spec.mm;

import io.vavr.control.Option;

import org.provisor.spec.abi.Domid;
import org.provisor.spec.abi.Mfn;
import org.provisor.spec.mm.MemoryLimits.Limits;
import org.provisor.spec.notation.Clause;
import org.provisor.spec.notation.Result;
import org.provisor.spec.state.Choices.Allocation;
import org.provisor.spec.state.Flush;
import org.provisor.spec.state.Frame;
import org.provisor.spec.state.Step;
import org.provisor.spec.state.TypeUse;

/// Where new frames come from. Which ones it gives is the allocator's choice; the rules follow what
/// was observed and say whether it was allowed.
///
/// @xen xen/common/page_alloc.c, alloc_heap_pages
public final class Allocator {

    /// The first of the frames given, or none if there were none to be had. The step fails only
    /// where what was observed is not allowed.
    record Extent(Step step, Option<Mfn> first) {}

    private Allocator() {}

    /// Gets 2<sup>`order`</sup> frames that are nobody's yet.
    ///
    /// | row | the request                                                     | outcome        |
    /// |-----|-----------------------------------------------------------------|----------------|
    /// | a   | is for more than is free and not claimed, and more than `claim` | nothing        |
    /// | b   | is for a node that the machine has not                          | nothing        |
    /// | c   | was met                                                         | {@link #given} |
    /// | d   | was not, and is for several frames or for special ones          | nothing        |
    ///
    /// One frame that may be any must be given while there is one: otherwise what was observed is
    /// not allowed, nor is it in rows a and b that frames were given.
    ///
    /// @param claim how many frames are kept back for this request
    /// @xen xen/common/page_alloc.c, alloc_heap_pages
    @Clause(
            value = "mm.allocate",
            rows = {"a", "b", "c", "d"},
            covers = {"PG-7"})
    static Extent frames(Step at, int order, Limits limits, long claim) {
        Option<Allocation> observed = at.nextAllocation();
        Step after = disregarding(at);
        boolean unclaimed = claim >= (1L << order) || Claims.leave(at.machine(), 1L << order);
        if (!unclaimed || limits.nowhere()) {
            return observed.exists(allocation -> allocation instanceof Allocation.Given)
                    ? notAllowed(after, "frames were given that must be kept back")
                    : nothing(after.row(unclaimed ? "mm.allocate/b" : "mm.allocate/a"));
        }
        if (observed.isEmpty()) {
            return notAllowed(at, "no allocation was observed where there must be one");
        }
        return switch (observed.get()) {
            case Allocation.Given(Mfn first) ->
                    given(after.row("mm.allocate/c"), first, order, limits);
            case Allocation.Failed() ->
                    order > 0 || limits.exclude(at.machine())
                            ? nothing(after.row("mm.allocate/d"))
                            : notAllowed(after, "there is a free frame, but it was not given");
        };
    }

    /// Takes the frames that the allocator gave: aligned to their order, all free, none with a
    /// number of more bits than was asked for. What any TLB has of them is owed a flush.
    ///
    /// Until they are assigned or given back nobody can refer to them.
    @Clause("mm.allocate.given")
    private static Extent given(Step start, Mfn first, int order, Limits limits) {
        long end = first.value() + (1L << order);
        if ((first.value() & ((1L << order) - 1)) != 0
                || !start.machine().has(first)
                || end > start.machine().frames().size()
                || end > (1L << limits.bits())) {
            return notAllowed(start, first + " was given, but is not what was asked for");
        }
        Step at = start;
        for (long number = first.value(); number < end; number++) {
            Mfn mfn = new Mfn(number);
            if (!at.frame(mfn).free()) {
                return notAllowed(at, mfn + " was given, but is not free");
            }
            at = at.with(mfn, unowned(at.frame(mfn)));
        }
        return new Extent(at.flush(new Flush.Reuse(first, order)), Option.some(first));
    }

    /// A frame that is nobody's and yet not free: on its way from one owner to another.
    static Frame unowned(Frame frame) {
        return new Frame(Domid.INVALID, 0, false, true, TypeUse.NONE, frame.m2p(), frame.stale());
    }

    /// Frames that are nobody's become free.
    static Step freed(Step start, Mfn first, int order) {
        Step at = start;
        for (long i = 0; i < (1L << order); i++) {
            at = at.with(first.plus(i), Frame.FREE);
        }
        return at;
    }

    /// What was observed of this request does not matter.
    static Step disregarding(Step at) {
        return at.nextAllocation().isEmpty() ? at : at.afterAllocation();
    }

    static Extent nothing(Step at) {
        return new Extent(at, Option.none());
    }

    private static Extent notAllowed(Step at, String why) {
        return nothing(at.ending(new Result.NotAllowed(why)));
    }
}
