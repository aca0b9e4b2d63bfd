// SPDX-License-Identifier: Apache-2.0
package org.provisor.spec.mm;

import static org.provisor.spec.abi.XenErrno.EINVAL;

import io.vavr.control.Option;

import org.provisor.spec.abi.Domid;
import org.provisor.spec.abi.Mfn;
import org.provisor.spec.notation.Clause;
import org.provisor.spec.notation.Result;
import org.provisor.spec.state.Frame;
import org.provisor.spec.state.PageType;
import org.provisor.spec.state.Step;
import org.provisor.spec.state.Unfinished;

/// Pins: a guest's wish that a page table stays one although nothing leads to it.
///
/// @xen xen/arch/x86/mm.c, do_mmuext_op, MMUEXT_PIN_L1_TABLE to MMUEXT_UNPIN_TABLE
public final class Pinning {

    private Pinning() {}

    /// Pins a frame of `owner` as a page table.
    ///
    /// | row | the frame                                          | outcome                           |
    /// |-----|----------------------------------------------------|-----------------------------------|
    /// | a   | is to be a 32-bit guest's root                     | nothing changes                   |
    /// | b   | is not `owner`'s                                   | `EINVAL`                          |
    /// | c   | becomes one but for preemption                     | preempted; the reference is dropped |
    /// | d   | cannot be used as such a table                     | the error of the check            |
    /// | e   | is pinned already                                  | `EINVAL`; its new references go   |
    /// | f   | is of a domain that is dying, not the caller       | not pinned; its new references go |
    /// | g   | can be used as such a table                        | a general and a type reference, pinned |
    ///
    /// In row d a general reference stays with a frame that is left to be taken apart. References
    /// go at once from a level 1 table; from others they are left to the calling vCPU.
    @Clause(
            value = "mm.pin",
            rows = {"a", "b", "c", "d", "e", "f", "g"},
            covers = {"PN-1", "PN-3"})
    static Step pin(Step at, Mfn mfn, PageType type, Domid owner) {
        if (type == PageType.L4 && at.machine().has(owner) && at.domain(owner).bits32()) {
            return at.row("mm.pin/a");
        }
        Step held = References.get(at, mfn, owner);
        if (held.failed()) {
            return held.row("mm.pin/b");
        }
        Step typed = PageTypes.get(held, mfn, type);
        if (typed.failed()) {
            Step ended = typed.row(typed.preempted() ? "mm.pin/c" : "mm.pin/d");
            boolean kept = ended.vcpu().unfinished().exists(u -> u.table().equals(mfn));
            return kept ? ended : References.put(ended, mfn);
        }
        Frame frame = typed.frame(mfn);
        if (frame.use().pinned()) {
            return dropped(typed.refuse("mm.pin/e", EINVAL), mfn, type);
        }
        if (!owner.equals(at.by().domain()) && at.domain(owner).dying()) {
            return dropped(typed.row("mm.pin/f"), mfn, type);
        }
        return typed.with(mfn, frame.withUse(frame.use().withPinned(true))).row("mm.pin/g");
    }

    private static Step dropped(Step at, Mfn mfn, PageType type) {
        return type == PageType.L1
                ? PageTypes.putBoth(at, mfn)
                : UnfinishedTeardown.remember(at, at.by(), Unfinished.of(mfn, false));
    }

    /// Unpins a frame of `owner`.
    ///
    /// | row | the frame                             | outcome                                        |
    /// |-----|---------------------------------------|------------------------------------------------|
    /// | a   | is not `owner`'s                      | `EINVAL`                                       |
    /// | b   | is not pinned                         | `EINVAL`                                       |
    /// | c   | is pinned; taking it apart is preempted | unpinned; the rest is left to the calling vCPU |
    /// | d   | is pinned                             | unpinned; both references dropped              |
    @Clause(
            value = "mm.unpin",
            rows = {"a", "b", "c", "d"},
            covers = {"PN-2"})
    static Step unpin(Step at, Mfn mfn, Domid owner) {
        Step held = References.get(at, mfn, owner);
        if (held.failed()) {
            return held.row("mm.unpin/a");
        }
        Frame frame = held.frame(mfn);
        if (!frame.use().pinned()) {
            return References.put(held.refuse("mm.unpin/b", EINVAL), mfn);
        }
        Step unpinned = held.with(mfn, frame.withUse(frame.use().withPinned(false)));
        Step put = PageTypes.putBoth(unpinned, mfn);
        Step done =
                put.preempted()
                        ? UnfinishedTeardown.remember(
                                        put.ending(Result.OK), put.by(), Unfinished.of(mfn, true))
                                .row("mm.unpin/c")
                        : put.row("mm.unpin/d");
        return References.put(done, mfn);
    }

    /// Puts the vCPU's new root in the place of the old one, whose references are dropped.
    ///
    /// | row | the old root                                  | outcome                                |
    /// |-----|-----------------------------------------------|----------------------------------------|
    /// | a   | there was none                                | nothing to drop                        |
    /// | b   | is taken apart, or held elsewhere             | both references dropped                |
    /// | c   | is taken apart, which is preempted            | preempted; left to the calling vCPU    |
    @Clause(
            value = "mm.root.put",
            rows = {"a", "b", "c"},
            covers = {"CR3-1"})
    static Step putRoot(Step at, Option<Mfn> old) {
        if (old.isEmpty()) {
            return at.row("mm.root.put/a");
        }
        Step put = PageTypes.putBoth(at, old.get());
        return put.preempted()
                ? UnfinishedTeardown.remember(put, put.by(), Unfinished.of(old.get(), true))
                        .row("mm.root.put/c")
                : put.row("mm.root.put/b");
    }
}
