// SPDX-License-Identifier: Apache-2.0
package org.provisor.spec.mm;

import static org.provisor.spec.abi.XenErrno.EFAULT;

import io.vavr.collection.List;
import io.vavr.control.Option;

import org.provisor.spec.abi.Domid;
import org.provisor.spec.abi.Mfn;
import org.provisor.spec.mm.Exchange.Chunks;
import org.provisor.spec.notation.Clause;
import org.provisor.spec.state.Frame;
import org.provisor.spec.state.Step;

/// How a chunk of `XENMEM_exchange` ends: the domain gets the new extents, or nothing, or its own
/// frames back.
///
/// @xen xen/common/memory.c, memory_exchange
public final class ExchangeEnd {

    private ExchangeEnd() {}

    /// Gives the domain the extents, the one allocated last first. An entry of the second list says
    /// which number the domain gives the extent, and is told where it starts.
    ///
    /// | row | the entries                    | outcome                            |
    /// |-----|--------------------------------|------------------------------------|
    /// | a   | can all be read and written    | the domain's, numbered             |
    /// | b   | cannot all be read and written | `EFAULT`, but all are the domain's |
    ///
    /// An extent whose entry cannot be read gets no number and is not told. In row b the chunk does
    /// not count as done.
    @Clause(
            value = "mm.exchange.given",
            rows = {"a", "b"},
            covers = {"EXC-1", "DIR-1"})
    static Step given(Step start, List<Mfn> extents, Chunks all, long chunk) {
        int order = (int) all.out().extentOrder();
        long index = chunk << all.outOrder();
        boolean faulted = false;
        Step at = start;
        for (Mfn first : extents) {
            at = AssignPages.assigned(at, first, order, all.domain());
            Option<Long> gfn = ExtentList.read(at, all.out().extentStart(), index);
            if (gfn.isDefined()) {
                at = Physmap.add(at, all.domain(), gfn.get(), first, order);
                at = ExtentList.write(at, all.out().extentStart(), index, first);
            }
            faulted = faulted || gfn.isEmpty() || at.failed();
            at = at.recovered();
            index++;
        }
        return faulted ? at.refuse("mm.exchange.given/b", EFAULT) : at.row("mm.exchange.given/a");
    }

    /// Gives a dying domain nothing, and no longer counts what it gave.
    @Clause("mm.exchange.lost")
    static Step lost(Step at, List<Mfn> extents, Chunks all) {
        long frames = 1L << (all.in().extentOrder() + all.inOrder());
        return freed(at, extents, (int) all.out().extentOrder())
                .with(Claims.adjusted(at.domain(all.domain()), -frames));
    }

    /// Gives stolen frames back after a failure.
    ///
    /// | row | the domain | outcome                                        |
    /// |-----|------------|------------------------------------------------|
    /// | a   | is alive   | they are its own again, without a type         |
    /// | b   | is dying   | they are free, and count no more               |
    ///
    /// Keeps how the step is going.
    @Clause(
            value = "mm.exchange.undo",
            rows = {"a", "b"},
            covers = {"EXC-1"})
    static Step undone(Step failed, List<Mfn> frames, Domid id) {
        boolean dying = failed.domain(id).dying();
        Step at = failed.row(dying ? "mm.exchange.undo/b" : "mm.exchange.undo/a");
        for (Mfn mfn : frames) {
            at = dying ? at.with(mfn, Frame.FREE) : StealPage.undo(at, mfn, id);
        }
        return dying
                ? DomainDeath.goneIfEmpty(at, Claims.adjusted(at.domain(id), -frames.size()))
                : at;
    }

    static Step freed(Step start, List<Mfn> extents, int order) {
        Step at = start;
        for (Mfn first : extents) {
            at = Allocator.freed(at, first, order);
        }
        return at;
    }
}
