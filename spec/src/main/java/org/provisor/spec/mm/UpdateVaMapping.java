// SPDX-License-Identifier: Apache-2.0
package org.provisor.spec.mm;

import static org.provisor.spec.abi.XenErrno.EFAULT;
import static org.provisor.spec.abi.XenErrno.EINVAL;
import static org.provisor.spec.abi.XenErrno.EPERM;
import static org.provisor.spec.abi.XenErrno.ESRCH;

import io.vavr.collection.Vector;
import io.vavr.control.Option;

import org.provisor.spec.abi.Domid;
import org.provisor.spec.abi.GuestAddress;
import org.provisor.spec.abi.Invocation.UpdateVaMappingCall;
import org.provisor.spec.abi.Invocation.UpdateVaMappingOtherdomainCall;
import org.provisor.spec.abi.UvmFlags;
import org.provisor.spec.notation.Clause;
import org.provisor.spec.state.Flush;
import org.provisor.spec.state.Outcome;
import org.provisor.spec.state.PageType;
import org.provisor.spec.state.Step;
import org.provisor.spec.x86.Pte;

/// `update_va_mapping`: changes the level 1 entry for an address of the caller, and flushes.
///
/// @xen xen/arch/x86/mm.c, __do_update_va_mapping
public final class UpdateVaMapping {

    private UpdateVaMapping() {}

    /// `update_va_mapping`: maps a frame of the caller.
    public static Outcome call(Step at, UpdateVaMappingCall call) {
        Domid own = at.by().domain();
        return Outcome.returning(update(at, call.va(), call.val(), call.flags(), own));
    }

    /// `update_va_mapping_otherdomain`: maps a frame of a domain that the caller names.
    ///
    /// | row | the name is                        | outcome                 |
    /// |-----|------------------------------------|-------------------------|
    /// | a   | nobody's, see {@link ForeignOwner} | `ESRCH`                 |
    /// | b   | somebody's                         | as {@link #update} says |
    ///
    /// @xen xen/arch/x86/mm.c, do_update_va_mapping_otherdomain
    @Clause(
            value = "mm.update-va-mapping.other-domain",
            rows = {"a", "b"},
            covers = {"UPD-12"})
    public static Outcome callOther(Step at, UpdateVaMappingOtherdomainCall call) {
        Option<Domid> owner = ForeignOwner.resolve(at, call.domid());
        if (owner.isEmpty()) {
            return Outcome.returning(at.refuse("mm.update-va-mapping.other-domain/a", ESRCH));
        }
        Step known = at.row("mm.update-va-mapping.other-domain/b");
        return Outcome.returning(update(known, call.va(), call.val(), call.flags(), owner.get()));
    }

    /// Changes the entry for `va` to `val`, which maps a frame said to be of `dataOwner`.
    ///
    /// | row | the call                                            | outcome                      |
    /// |-----|-----------------------------------------------------|------------------------------|
    /// | a   | is by a domain that may not act on `dataOwner`      | `EPERM`                      |
    /// | b   | is for an address that no table says anything of    | `EINVAL`                     |
    /// | c   | is for a table that cannot be referred to once more | `EINVAL`                     |
    /// | d   | is for a table that cannot be locked                | `EINVAL`                     |
    /// | e   | is for a table that is not of level 1               | `EINVAL`                     |
    /// | f | is for an entry that may not become `val` | as {@link EntryUpdate#l1} says |
    /// | g | is for an entry that may | changed, then as {@link #flushed} says |
    ///
    /// Unlike in `mmu_update`, `DOMID_IO` needs permission too: only a control domain has it. Row e
    /// is for an address at which the caller sees its own tables. Nothing is flushed when refused.
    @Clause(
            value = "mm.update-va-mapping",
            rows = {"a", "b", "c", "d", "e", "f", "g"},
            covers = {"UPD-11", "UPD-12"})
    private static Step update(
            Step at, GuestAddress va, long val, UvmFlags flags, Domid dataOwner) {
        if (!at.caller().mayActOn(dataOwner)) {
            return at.refuse("mm.update-va-mapping/a", EPERM);
        }
        GuestWalk.Found found = GuestWalk.level1(at, va);
        if (found.place().isEmpty()) {
            return found.step().refuse("mm.update-va-mapping/b", EINVAL);
        }
        GuestWalk.Place place = found.place().get();
        Step held = References.get(found.step(), place.table(), at.by().domain());
        if (held.failed()) {
            return held.row("mm.update-va-mapping/c");
        }
        Step changed = References.put(changed(held, place, val, dataOwner), place.table());
        return changed.failed() ? changed : flushed(changed, va, flags);
    }

    private static Step changed(Step at, GuestWalk.Place place, long val, Domid dataOwner) {
        if (!PageLock.possible(at.frame(place.table()))) {
            return at.refuse("mm.update-va-mapping/d", EINVAL);
        }
        if (at.frame(place.table()).use().type() != PageType.L1) {
            return at.refuse("mm.update-va-mapping/e", EINVAL);
        }
        Step updated =
                EntryUpdate.l1(
                        at,
                        place.table(),
                        place.slot(),
                        new Pte(val),
                        false,
                        at.caller(),
                        dataOwner);
        return updated.row(updated.failed() ? "mm.update-va-mapping/f" : "mm.update-va-mapping/g");
    }

    /// Flushes what the caller asks for, after the entry has changed.
    ///
    /// | row | what is to be flushed                    | outcome                           |
    /// |-----|------------------------------------------|-----------------------------------|
    /// | a   | nothing, or both kinds at once           | nothing; no list is read          |
    /// | b   | of some vCPUs, whose list cannot be read | `EFAULT`; the entry stays changed |
    /// | c   | all translations                         | those of {@link #all}             |
    /// | d   | the translation of `va`                  | that of {@link #one}              |
    @Clause(
            value = "mm.update-va-mapping.flush",
            rows = {"a", "b", "c", "d"},
            covers = {"UPD-11"})
    private static Step flushed(Step at, GuestAddress va, UvmFlags flags) {
        boolean everything = flags.flushType() == UvmFlags.TLB_FLUSH;
        if (!everything && flags.flushType() != UvmFlags.INVLPG) {
            return at.row("mm.update-va-mapping.flush/a");
        }
        Option<Vector<Integer>> vcpus =
                flags.namesBitmap()
                        ? VcpuBitmap.read(at, flags.bitmap())
                        : Option.some(Vector.empty());
        if (vcpus.isEmpty()) {
            return at.refuse("mm.update-va-mapping.flush/b", EFAULT);
        }
        return everything
                ? at.flush(all(at, flags, vcpus.get())).row("mm.update-va-mapping.flush/c")
                : at.flush(one(at, flags, vcpus.get(), va.value()))
                        .row("mm.update-va-mapping.flush/d");
    }

    private static Flush all(Step at, UvmFlags flags, Vector<Integer> vcpus) {
        if (flags.target() == UvmFlags.LOCAL) {
            return new Flush.Local(at.by());
        }
        return flags.namesBitmap()
                ? new Flush.Vcpus(at.by().domain(), vcpus)
                : new Flush.Domain(at.by().domain());
    }

    private static Flush one(Step at, UvmFlags flags, Vector<Integer> vcpus, long va) {
        if (flags.target() == UvmFlags.LOCAL) {
            return new Flush.PageLocal(at.by(), va);
        }
        return flags.namesBitmap()
                ? new Flush.PageVcpus(at.by().domain(), vcpus, va)
                : new Flush.PageDomain(at.by().domain(), va);
    }
}
