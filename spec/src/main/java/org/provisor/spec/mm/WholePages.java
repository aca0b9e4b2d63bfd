// SPDX-License-Identifier: Apache-2.0
package org.provisor.spec.mm;

import static org.provisor.spec.abi.XenErrno.EINVAL;

import org.provisor.spec.abi.Domid;
import org.provisor.spec.abi.Mfn;
import org.provisor.spec.notation.Clause;
import org.provisor.spec.state.PageType;
import org.provisor.spec.state.Step;
import org.provisor.spec.state.Store;

/// Clearing and copying whole pages.
///
/// @xen xen/arch/x86/mm.c, do_mmuext_op, MMUEXT_CLEAR_PAGE, MMUEXT_COPY_PAGE
public final class WholePages {

    private WholePages() {}

    /// Clears a frame of `owner`.
    ///
    /// | row | the frame                                   | outcome                                 |
    /// |-----|---------------------------------------------|-----------------------------------------|
    /// | a   | is not `owner`'s, or no ordinary memory     | `EINVAL`                                |
    /// | b   | cannot be in use as writable                | `EINVAL`                                |
    /// | c   | can be in use as writable                   | zero; idle afterwards if it was before  |
    @Clause(
            value = "mm.clear-page",
            rows = {"a", "b", "c"},
            covers = {"CLR-1"})
    static Step clear(Step at, Mfn mfn, Domid owner) {
        Step held = References.get(at, mfn, owner);
        if (held.failed()) {
            return held.row("mm.clear-page/a");
        }
        if (owner.equals(Domid.IO)) {
            return References.put(held.refuse("mm.clear-page/a", EINVAL), mfn);
        }
        Step typed = PageTypes.get(held, mfn, PageType.WRITABLE);
        if (typed.failed()) {
            return References.put(typed.row("mm.clear-page/b"), mfn);
        }
        return PageTypes.putBoth(typed.stored(new Store.Cleared(mfn)).row("mm.clear-page/c"), mfn);
    }

    /// Copies a frame of `owner` to another.
    ///
    /// | row | the frames                                         | outcome                          |
    /// |-----|----------------------------------------------------|----------------------------------|
    /// | a   | the source is not `owner`'s, or no ordinary memory | `EINVAL`                         |
    /// | b   | the destination is not                             | `EINVAL`                         |
    /// | c   | the destination cannot be in use as writable       | `EINVAL`                         |
    /// | d   | the destination can be in use as writable          | it holds what the source holds   |
    ///
    /// The source may be in use as anything.
    @Clause(
            value = "mm.copy-page",
            rows = {"a", "b", "c", "d"},
            covers = {"CLR-1"})
    static Step copy(Step at, Mfn to, Mfn from, Domid owner) {
        Step source = References.get(at, from, owner);
        if (source.failed()) {
            return source.row("mm.copy-page/a");
        }
        if (owner.equals(Domid.IO)) {
            return References.put(source.refuse("mm.copy-page/a", EINVAL), from);
        }
        Step both = References.get(source, to, owner);
        if (both.failed()) {
            return References.put(both.row("mm.copy-page/b"), from);
        }
        Step typed = PageTypes.get(both, to, PageType.WRITABLE);
        if (typed.failed()) {
            return References.put(References.put(typed.row("mm.copy-page/c"), from), to);
        }
        Step copied = typed.stored(new Store.Copied(to, from)).row("mm.copy-page/d");
        return References.put(PageTypes.putBoth(copied, to), from);
    }
}
