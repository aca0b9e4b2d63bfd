// SPDX-License-Identifier: Apache-2.0
package org.provisor.spec.mm;

import static org.provisor.spec.abi.XenErrno.EFAULT;
import static org.provisor.spec.abi.XenErrno.EINVAL;
import static org.provisor.spec.abi.XenErrno.ENOMEM;

import io.vavr.collection.List;
import io.vavr.control.Option;

import org.provisor.spec.abi.Mfn;
import org.provisor.spec.mm.Allocator.Extent;
import org.provisor.spec.mm.Exchange.Chunks;
import org.provisor.spec.notation.Clause;
import org.provisor.spec.notation.Result;
import org.provisor.spec.state.Step;

/// One chunk of `XENMEM_exchange`: the frames given are stolen, those wanted are allocated, and
/// only then are the first freed and the second assigned.
///
/// @xen xen/common/memory.c, memory_exchange, the loop
public final class ExchangeChunk {

    /// A chunk under way: the step, and the extents taken so far, the latest first.
    private record Taken(Step step, List<Mfn> extents) {

        private Taken and(Step now, Mfn extent) {
            return new Taken(now, extents.prepend(extent));
        }
    }

    private ExchangeChunk() {}

    /// Exchanges a chunk.
    ///
    /// | row | the chunk                                          | outcome                   |
    /// |-----|----------------------------------------------------|---------------------------|
    /// | a   | has an entry of the first list that cannot be read | `EFAULT`, undone          |
    /// | b   | has a frame that does not exist                    | `EINVAL`, undone          |
    /// | c   | has a frame that is in use                         | `EINVAL`, undone          |
    /// | d   | cannot be had                                      | `ENOMEM`, undone          |
    /// | e   | is of a dying domain                               | {@link ExchangeEnd#lost}  |
    /// | f   | is of any other                                    | {@link ExchangeEnd#given} |
    ///
    /// *Undone* is as {@link ExchangeEnd#undone} says. In rows e and f the frames given are free.
    /// The domain counts as many frames as before, except in row e. What it has claimed for itself
    /// does not help it here.
    @Clause(
            value = "mm.exchange.chunk",
            rows = {"a", "b", "c", "d", "e", "f"},
            covers = {"EXC-1", "EXC-2", "PG-10"})
    static Step one(Step start, Chunks all, long chunk) {
        Taken in = stolen(start, all, chunk);
        if (in.step().failed()) {
            return ExchangeEnd.undone(in.step(), in.extents(), all.domain());
        }
        Taken out = allocated(in.step(), all);
        if (out.step().result() instanceof Result.NotAllowed) {
            return out.step();
        }
        if (out.step().failed()) {
            int order = (int) all.out().extentOrder();
            Step freed = ExchangeEnd.freed(out.step(), out.extents(), order);
            return ExchangeEnd.undone(freed, in.extents(), all.domain());
        }
        Step free = ExchangeEnd.freed(out.step(), in.extents(), 0);
        return free.domain(all.domain()).dying()
                ? ExchangeEnd.lost(free.row("mm.exchange.chunk/e"), out.extents(), all)
                : ExchangeEnd.given(free.row("mm.exchange.chunk/f"), out.extents(), all, chunk);
    }

    /// Steals the frames of the chunk, one by one.
    private static Taken stolen(Step start, Chunks all, long chunk) {
        Taken in = new Taken(start, List.empty());
        for (long i = 0; i < (1L << all.inOrder()); i++) {
            long index = (chunk << all.inOrder()) + i;
            Option<Long> first = ExtentList.read(start, all.in().extentStart(), index);
            if (first.isEmpty()) {
                return new Taken(in.step().refuse("mm.exchange.chunk/a", EFAULT), in.extents());
            }
            for (long j = 0; j < (1L << all.in().extentOrder()); j++) {
                Mfn mfn = new Mfn(first.get() + j);
                if (!start.machine().has(mfn)) {
                    return new Taken(in.step().refuse("mm.exchange.chunk/b", EINVAL), in.extents());
                }
                Step taken = StealPage.steal(in.step(), mfn, all.domain());
                if (taken.failed()) {
                    return new Taken(taken.row("mm.exchange.chunk/c"), in.extents());
                }
                in = in.and(taken, mfn);
            }
        }
        return in;
    }

    /// Allocates the extents of the chunk, for nobody as yet.
    private static Taken allocated(Step start, Chunks all) {
        Taken out = new Taken(start, List.empty());
        for (long i = 0; i < (1L << all.outOrder()); i++) {
            Extent extent =
                    Allocator.frames(out.step(), (int) all.out().extentOrder(), all.limits(), 0);
            if (extent.step().failed()) {
                return new Taken(extent.step(), out.extents());
            }
            if (extent.first().isEmpty()) {
                return new Taken(
                        extent.step().refuse("mm.exchange.chunk/d", ENOMEM), out.extents());
            }
            out = out.and(extent.step(), extent.first().get());
        }
        return out;
    }
}
