// SPDX-License-Identifier: Apache-2.0
package org.provisor.spec.mm;

import static org.provisor.spec.abi.XenErrno.EINVAL;

import io.vavr.control.Option;

import org.provisor.spec.abi.Mfn;
import org.provisor.spec.notation.Clause;
import org.provisor.spec.notation.Result;
import org.provisor.spec.state.Flush;
import org.provisor.spec.state.Frame;
import org.provisor.spec.state.PageType;
import org.provisor.spec.state.Step;
import org.provisor.spec.state.Table;
import org.provisor.spec.state.TypeUse;
import org.provisor.spec.state.Validity;

/// Page types: what a machine frame is used for, and when that use may change.
///
/// A frame has one type at a time. While a type reference is held the type cannot change, so that a
/// frame which the processor walks as a page table is never also writable by the guest.
///
/// @xen xen/arch/x86/mm.c, opening comment and _get_page_type, _put_page_type
public final class PageTypes {

    private PageTypes() {}

    /// Takes one type reference, holding `mfn` to `wanted` until the reference is dropped. The
    /// caller holds a general reference.
    ///
    /// The first row that fits decides:
    ///
    /// | row | the frame is                             | outcome                            |
    /// |-----|------------------------------------------|------------------------------------|
    /// | a   | held by as many as can be                | `EINVAL`                           |
    /// | b   | idle, its contents still valid as wanted | count 1                            |
    /// | c   | idle, of another type, or wanted with Xen's mappings | flush, check, count 1  |
    /// | d   | idle, of this type but not checked       | check, count 1                     |
    /// | e   | in use as something else                 | `EINVAL`                           |
    /// | f   | in use as wanted                         | count + 1                          |
    /// | g   | checked in part as wanted                | the check goes on                  |
    /// | h   | being taken apart by force                | preempted: the caller has to wait  |
    ///
    /// Row h is a table of a dying domain that another table of its level still leads to. The new
    /// type is published before the flush and the flush is done before the contents are looked at:
    /// whoever wrote through an old translation has done so by then. What the check does is in
    /// {@link Validation}.
    ///
    /// @xen xen/arch/x86/mm.c, _get_page_type
    /// @sdm 3A, "Invalidation of TLBs and Paging-Structure Caches"
    @Clause(
            value = "mm.page-type.get",
            rows = {"a", "b", "c", "d", "e", "f", "g", "h"},
            covers = {"TY-1", "TY-2", "TY-3", "TY-4", "TY-5", "TY-8", "SEG-3"})
    static Step get(Step at, Mfn mfn, PageType wanted, boolean xenL2) {
        Frame frame = at.frame(mfn);
        TypeUse use = frame.use();
        if (use.count() == TypeUse.MAX_COUNT) {
            return at.refuse("mm.page-type.get/a", EINVAL);
        }
        if (use.count() == 0) {
            if (use.type() == wanted && use.validated()) {
                return at.with(mfn, frame.withUse(use.withCount(1))).row("mm.page-type.get/b");
            }
            return use.type() == wanted && !xenL2
                    ? check(at.row("mm.page-type.get/d"), mfn, wanted, xenL2)
                    : check(flushed(at.row("mm.page-type.get/c"), mfn), mfn, wanted, xenL2);
        }
        if (use.type() != wanted || use.xenL2() != xenL2) {
            return at.refuse("mm.page-type.get/e", EINVAL);
        }
        if (use.validated()) {
            return at.with(mfn, frame.withUse(use.withCount(use.count() + 1)))
                    .row("mm.page-type.get/f");
        }
        if (!use.partial()) {
            return at.ending(Result.PREEMPTED).row("mm.page-type.get/h");
        }
        Step resumed =
                at.with(mfn, frame.withUse(use.withValidity(Validity.UNCHECKED)))
                        .row("mm.page-type.get/g");
        return References.put(Validation.validate(resumed, mfn), mfn);
    }

    /// {@link #get} for everything but a 32-bit guest's level 2 table with Xen's mappings.
    static Step get(Step at, Mfn mfn, PageType wanted) {
        return get(at, mfn, wanted, false);
    }

    /// The type changes: no translation made under the old one may be used from here on.
    private static Step flushed(Step at, Mfn mfn) {
        Frame frame = at.frame(mfn);
        return at.with(mfn, frame.withStale(false))
                .flush(new Flush.TypeChange(frame.owner(), mfn, frame.use().type().isPageTable()));
    }

    private static Step check(Step at, Mfn mfn, PageType wanted, boolean xenL2) {
        boolean free = wanted == PageType.WRITABLE || wanted == PageType.SHARED;
        Table table = free ? Table.NONE : Table.fresh(at.offered(mfn));
        TypeUse use =
                new TypeUse(
                        wanted,
                        xenL2,
                        1,
                        free ? Validity.VALIDATED : Validity.UNCHECKED,
                        false,
                        table);
        Step held = at.with(mfn, at.frame(mfn).withUse(use));
        return free ? held : Validation.validate(held, mfn);
    }

    /// Drops one type reference.
    ///
    /// | row | the reference is                               | outcome                        |
    /// |-----|------------------------------------------------|--------------------------------|
    /// | a   | only a general one: the frame is not partial, or the teardown of its dying owner left it so and others hold it | nothing changes |
    /// | b   | the last of a page table                       | it is taken apart, then count 0 |
    /// | c   | another                                        | count - 1                      |
    ///
    /// Row a is for the entry at which a check or a teardown stopped: whether a type reference goes
    /// with it, its frame knows. A partial table with more references than one was forced apart,
    /// and the one that goes with being partial is the teardown's until it comes by again. A frame
    /// that nobody holds keeps its type and, unless a page table, what is known of its contents.
    ///
    /// @param partialEntry whether the reference belongs to such an entry
    /// @param container for a reference by an entry: the table that the entry is in
    /// @xen xen/arch/x86/mm.c, _put_page_type, _put_final_page_type
    @Clause(
            value = "mm.page-type.put",
            rows = {"a", "b", "c"},
            covers = {"TY-3", "PA-2", "LIN-4"})
    static Step put(Step at, Mfn mfn, boolean partialEntry, Option<Mfn> container) {
        Frame frame = at.frame(mfn);
        TypeUse use = frame.use();
        if (partialEntry && (!use.partial() || use.count() > 1)) {
            return at.row("mm.page-type.put/a");
        }
        if (use.count() == 0 || (use.partial() && !partialEntry && use.count() == 1)) {
            throw new IllegalStateException("no type reference to drop: " + mfn + " " + use);
        }
        boolean linear = container.exists(c -> at.frame(c).use().type() == use.type());
        if (use.count() == 1 && use.type().isPageTable() && use.validity() != Validity.UNCHECKED) {
            Step started =
                    linear && use.validated() ? LinearTables.drop(at, mfn, container.get()) : at;
            return Demotion.last(started.row("mm.page-type.put/b"), mfn);
        }
        Step counted = linear ? LinearTables.drop(at, mfn, container.get()) : at;
        return released(counted, mfn).row("mm.page-type.put/c");
    }

    /// Drops a type reference that no table entry holds.
    static Step put(Step at, Mfn mfn) {
        return put(at, mfn, false, Option.none());
    }

    /// Drops a type and a general reference that no table entry holds. When preempted both are
    /// kept, the type reference by the frame's being partial.
    ///
    /// @xen xen/arch/x86/mm.c, put_page_and_type_preemptible
    static Step putBoth(Step at, Mfn mfn) {
        Step put = put(at, mfn);
        return put.preempted() ? put : References.put(put, mfn);
    }

    /// One type reference less. A page table that nobody holds is the guest's again, its contents
    /// forgotten.
    static Step released(Step at, Mfn mfn) {
        Frame frame = at.frame(mfn);
        TypeUse use = frame.use();
        if (use.count() > 1 || !use.type().isPageTable()) {
            return at.with(mfn, frame.withUse(use.withCount(use.count() - 1)));
        }
        TypeUse idle =
                new TypeUse(use.type(), false, 0, Validity.UNCHECKED, use.pinned(), Table.NONE);
        Step forgotten = use.type().level() > 1 ? LinearTables.forget(at, mfn) : at;
        return forgotten.with(mfn, forgotten.frame(mfn).withUse(idle));
    }
}
