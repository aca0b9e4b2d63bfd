// SPDX-License-Identifier: Apache-2.0
package org.provisor.spec.mm;

import static org.provisor.spec.abi.XenErrno.EINVAL;
import static org.provisor.spec.abi.XenErrno.ENOSYS;
import static org.provisor.spec.abi.XenErrno.EPERM;

import org.provisor.spec.abi.Domid;
import org.provisor.spec.abi.Mfn;
import org.provisor.spec.abi.MmuCommand;
import org.provisor.spec.abi.MmuUpdate;
import org.provisor.spec.notation.Clause;
import org.provisor.spec.state.Domain;
import org.provisor.spec.state.Flush;
import org.provisor.spec.state.Frame;
import org.provisor.spec.state.PageType;
import org.provisor.spec.state.Step;
import org.provisor.spec.x86.Pte;

/// One request of `mmu_update`: an atomic element of the batch.
///
/// @xen xen/arch/x86/mm.c, do_mmu_update, the loop
public final class MmuUpdateRequest {

    private MmuUpdateRequest() {}

    /// Does one request.
    ///
    /// | row | the command is                         | outcome                                   |
    /// |-----|----------------------------------------|-------------------------------------------|
    /// | a   | an update of an entry                  | as {@link #entry} says                    |
    /// | b   | an update of the machine-to-physical table | as {@link #machineToPhysical} says    |
    /// | c   | unknown                                | `ENOSYS`                                  |
    ///
    /// The command is in the three low bits of the address. The update that does not translate is
    /// the plain one for paravirtual domains, whose frame numbers are the machine's.
    @Clause(
            value = "mm.mmu-update.request",
            rows = {"a", "b", "c"},
            covers = {"UPD-1"})
    static Step one(Step at, MmuUpdate request, Domain tableOwner, Domid dataOwner) {
        if (request.command().isEmpty()) {
            return at.refuse("mm.mmu-update.request/c", ENOSYS);
        }
        return switch (request.command().get()) {
            case NORMAL_PT_UPDATE, PT_UPDATE_NO_TRANSLATE, PT_UPDATE_PRESERVE_AD ->
                    entry(at.row("mm.mmu-update.request/a"), request, tableOwner, dataOwner);
            case MACHPHYS_UPDATE ->
                    machineToPhysical(
                            at.row("mm.mmu-update.request/b"), request, tableOwner, dataOwner);
        };
    }

    /// Changes a word of a frame of `tableOwner`: an entry of a page table, or plain memory.
    ///
    /// | row | the request                                                | outcome               |
    /// |-----|------------------------------------------------------------|-----------------------|
    /// | a   | is by a domain that may not act on `dataOwner`             | `EPERM`               |
    /// | b   | is by a domain that may not act on `tableOwner`            | `EPERM`               |
    /// | c   | names a frame that `tableOwner` has not                    | `EINVAL`              |
    /// | d   | changes a level 1 table                                    | as {@link EntryUpdate#l1} says |
    /// | e   | changes a higher table, with data of another domain        | `EINVAL`              |
    /// | f   | changes a higher table                                     | as {@link EntryUpdate#table} says |
    /// | g   | changes memory in use as writable                          | stored                |
    /// | h   | changes a frame in use as something else                   | `EINVAL`              |
    /// | i   | changes an idle frame that can become writable             | stored                |
    /// | j   | changes a frame that cannot become writable                | `EINVAL`              |
    ///
    /// `DOMID_IO` as owner of the data needs no permission here; mapping does. After a change of a
    /// higher table Xen's own linear mapping of the tables is stale on every processor of the
    /// owner.
    @Clause(
            value = "mm.mmu-update.entry",
            rows = {"a", "b", "c", "d", "e", "f", "g", "h", "i", "j"},
            covers = {"UPD-3", "UPD-4", "UPD-9", "UPD-12"})
    static Step entry(Step at, MmuUpdate request, Domain tableOwner, Domid dataOwner) {
        if (!dataOwner.equals(Domid.IO) && !at.caller().mayActOn(dataOwner)) {
            return at.refuse("mm.mmu-update.entry/a", EPERM);
        }
        if (!at.caller().mayActOn(tableOwner.id())) {
            return at.refuse("mm.mmu-update.entry/b", EPERM);
        }
        Mfn mfn = request.address().frame();
        Step held = References.get(at, mfn, tableOwner.id());
        if (held.failed()) {
            return held.row("mm.mmu-update.entry/c");
        }
        int slot = request.address().offset() / Long.BYTES;
        Step done =
                PageLock.possible(held.frame(mfn))
                        ? locked(held, mfn, slot, request, tableOwner, dataOwner)
                        : idle(held, mfn, slot, request.val());
        return References.put(done, mfn);
    }

    private static Step locked(
            Step at, Mfn mfn, int slot, MmuUpdate request, Domain tableOwner, Domid dataOwner) {
        Frame frame = at.frame(mfn);
        PageType type = frame.use().type();
        Pte wanted = new Pte(request.val());
        boolean keepAccessed = request.command().get() == MmuCommand.PT_UPDATE_PRESERVE_AD;
        return switch (type) {
            case L1 ->
                    EntryUpdate.l1(
                            at.row("mm.mmu-update.entry/d"),
                            mfn,
                            slot,
                            wanted,
                            keepAccessed,
                            tableOwner,
                            dataOwner);
            case L2, L3, L4 ->
                    dataOwner.equals(tableOwner.id())
                            ? flushed(
                                    EntryUpdate.table(
                                            at.row("mm.mmu-update.entry/f"),
                                            mfn,
                                            type.level(),
                                            slot,
                                            wanted,
                                            keepAccessed,
                                            tableOwner),
                                    tableOwner)
                            : at.refuse("mm.mmu-update.entry/e", EINVAL);
            case WRITABLE -> at.store(mfn, slot, request.val()).row("mm.mmu-update.entry/g");
            case NONE, SEG_DESC, SHARED -> at.refuse("mm.mmu-update.entry/h", EINVAL);
        };
    }

    private static Step flushed(Step at, Domain tableOwner) {
        return at.ok() ? at.flush(new Flush.Domain(tableOwner.id())) : at;
    }

    private static Step idle(Step at, Mfn mfn, int slot, long word) {
        Step typed = PageTypes.get(at, mfn, PageType.WRITABLE);
        return typed.failed()
                ? typed.row("mm.mmu-update.entry/j")
                : PageTypes.put(typed.store(mfn, slot, word), mfn).row("mm.mmu-update.entry/i");
    }

    /// Says which guest frame number a frame of `dataOwner` has.
    ///
    /// | row | the request                                              | outcome                |
    /// |-----|----------------------------------------------------------|------------------------|
    /// | a   | says that page tables are somebody else's                | `EPERM`                |
    /// | b   | is by a domain that may not act on `dataOwner`           | `EPERM`                |
    /// | c   | names a frame that `dataOwner` has not                   | `EINVAL`               |
    /// | d   | names a frame of `dataOwner`                             | the table says so      |
    ///
    /// The table is the guest's word: nothing that Xen decides depends on it. Changes
    /// `frames[mfn].m2p`; nothing when refused.
    @Clause(
            value = "mm.mmu-update.machphys",
            rows = {"a", "b", "c", "d"},
            covers = {"UPD-10", "M2P-1"})
    static Step machineToPhysical(Step at, MmuUpdate request, Domain tableOwner, Domid dataOwner) {
        if (!tableOwner.id().equals(at.by().domain())) {
            return at.refuse("mm.mmu-update.machphys/a", EPERM);
        }
        if (!dataOwner.equals(Domid.IO) && !at.caller().mayActOn(dataOwner)) {
            return at.refuse("mm.mmu-update.machphys/b", EPERM);
        }
        Mfn mfn = request.address().frame();
        Step held = References.get(at, mfn, dataOwner);
        if (held.failed()) {
            return held.row("mm.mmu-update.machphys/c");
        }
        Step said = held.with(mfn, held.frame(mfn).withM2p(request.val()));
        return References.put(said, mfn).row("mm.mmu-update.machphys/d");
    }
}
