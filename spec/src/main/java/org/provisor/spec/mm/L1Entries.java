// SPDX-License-Identifier: Apache-2.0
package org.provisor.spec.mm;

import static org.provisor.spec.abi.XenErrno.EACCES;
import static org.provisor.spec.abi.XenErrno.EBUSY;
import static org.provisor.spec.abi.XenErrno.EINVAL;
import static org.provisor.spec.abi.XenErrno.EPERM;

import org.provisor.spec.abi.Domid;
import org.provisor.spec.abi.Mfn;
import org.provisor.spec.notation.Clause;
import org.provisor.spec.state.Domain;
import org.provisor.spec.state.Frame;
import org.provisor.spec.state.IoRights;
import org.provisor.spec.state.PageType;
import org.provisor.spec.state.Step;
import org.provisor.spec.x86.Pte;

/// What a present level 1 entry holds: a general reference on the frame it maps, and a reference to
/// the type writable if it lets the guest write. A frame in use as a page table or for descriptors
/// therefore has no writable mapping.
///
/// @xen xen/arch/x86/mm.c, get_page_from_l1e, put_page_from_l1e
public final class L1Entries {

    /// The frame number whose bits are all set, which guests use for no frame.
    static final Mfn INVALID = new Mfn(Pte.FRAME_MASK >>> 12);

    private L1Entries() {}

    /// A step together with the entry as it is to be stored.
    record Taken(Step step, Pte entry) {}

    /// Takes the references of a present entry in a table of `tableOwner`, mapping a frame that is
    /// said to be of `dataOwner`.
    ///
    /// | row | the entry                                                     | outcome            |
    /// |-----|---------------------------------------------------------------|--------------------|
    /// | a   | has a flag that is forbidden                                  | `EINVAL`           |
    /// | b   | maps what is not ordinary memory                              | {@link #device}    |
    /// | c   | maps a frame that nobody refers to                            | `EBUSY`            |
    /// | d   | maps a frame that is not `dataOwner`'s, nor of a domain it may act on | `EBUSY`  |
    /// | e   | lets the guest write to a frame shared copy-on-write          | `EBUSY`            |
    /// | f   | lets the guest write to a frame in use as something else      | `EBUSY`            |
    /// | g   | chooses a memory type for a frame that Xen shares             | `EACCES`           |
    /// | h   | maps a frame read-only                                        | a general reference |
    /// | i   | maps a frame writable                                         | and a type reference |
    ///
    /// Row d: the right to map one's target's memory passes on to whoever may map one's own, but
    /// not within one domain. Changes the frame; nothing when refused.
    @Clause(
            value = "mm.entry.get-frame",
            rows = {"a", "b", "c", "d", "e", "f", "g", "h", "i"},
            covers = {"L1-4", "L1-5", "L1-6", "L1-7", "L1-8", "SHR-1", "SEG-3"})
    static Taken get(Step at, Pte entry, Domain tableOwner, Domid dataOwner) {
        if (entry.has(EntryFlags.forbidden(1, tableOwner))) {
            return new Taken(at.refuse("mm.entry.get-frame/a", EINVAL), entry);
        }
        Mfn mfn = entry.mfn();
        if (!at.machine().has(mfn) || at.frame(mfn).ownedBy(Domid.IO)) {
            return device(at.row("mm.entry.get-frame/b"), entry, tableOwner, dataOwner);
        }
        return new Taken(memory(at, entry, tableOwner, dataOwner), entry);
    }

    private static Step memory(Step at, Pte entry, Domain tableOwner, Domid dataOwner) {
        Mfn mfn = entry.mfn();
        Frame frame = at.frame(mfn);
        if (!References.canBeReferredTo(frame)) {
            return at.refuse("mm.entry.get-frame/c", EBUSY);
        }
        if (!frame.ownedBy(dataOwner) && !frame.ownedBy(Domid.COW)) {
            boolean passedOn =
                    !dataOwner.equals(tableOwner.id())
                            && at.machine().has(dataOwner)
                            && at.domain(dataOwner).mayActOn(frame.owner());
            if (!passedOn) {
                return at.refuse("mm.entry.get-frame/d", EBUSY);
            }
        }
        if (entry.writable() && frame.ownedBy(Domid.COW)) {
            return at.refuse("mm.entry.get-frame/e", EBUSY);
        }
        Step held = References.takeMore(at, mfn);
        Step typed = entry.writable() ? PageTypes.get(held, mfn, PageType.WRITABLE) : held;
        if (typed.failed()) {
            return References.put(typed.refuse("mm.entry.get-frame/f", EBUSY), mfn);
        }
        if (entry.has(Pte.CACHE_BITS) && frame.special()) {
            Step refused = typed.refuse("mm.entry.get-frame/g", EACCES);
            return entry.writable()
                    ? PageTypes.putBoth(refused, mfn)
                    : References.put(refused, mfn);
        }
        return typed.row(entry.writable() ? "mm.entry.get-frame/i" : "mm.entry.get-frame/h");
    }

    /// Maps something that is not ordinary memory: no reference is taken, and the processor must
    /// not cache it.
    ///
    /// | row | the frame                                            | outcome                     |
    /// |-----|------------------------------------------------------|-----------------------------|
    /// | a   | may not be mapped by `dataOwner`                     | `EPERM`                     |
    /// | b   | may not be mapped by `tableOwner`                    | `EPERM`                     |
    /// | c   | as a or b, and is the frame that means none          | `EINVAL`                    |
    /// | d   | may be mapped                                        | mapped, memory type as below |
    /// | e   | may be mapped but not be written                     | as d, writing taken away    |
    ///
    /// For `DOMID_IO` the caller's own rights count. Write-back becomes uncacheable, write-through
    /// and write-protected become uncacheable; the uncacheable types and write-combining stay.
    ///
    /// @sdm 3A, "Page Attribute Table (PAT)"
    @Clause(
            value = "mm.entry.get-device",
            rows = {"a", "b", "c", "d", "e"},
            covers = {"L1-2", "L1-3", "PG-9", "IO-1"})
    static Taken device(Step at, Pte entry, Domain tableOwner, Domid dataOwner) {
        Mfn mfn = entry.mfn();
        Domid by = dataOwner.equals(Domid.IO) ? at.by().domain() : dataOwner;
        boolean dataMay = rights(at, by).mayMap(mfn);
        boolean tableMay = by.equals(tableOwner.id()) || tableOwner.io().mayMap(mfn);
        if (!dataMay || !tableMay) {
            return new Taken(
                    mfn.equals(INVALID)
                            ? at.refuse("mm.entry.get-device/c", EINVAL)
                            : at.refuse(
                                    dataMay ? "mm.entry.get-device/b" : "mm.entry.get-device/a",
                                    EPERM),
                    entry);
        }
        boolean readOnly = at.profile().readOnlyMmio().contains(mfn) && entry.writable();
        Pte shown = readOnly ? entry.without(Pte.WRITABLE) : entry;
        return new Taken(
                at.row(readOnly ? "mm.entry.get-device/e" : "mm.entry.get-device/d"),
                uncached(shown));
    }

    private static Pte uncached(Pte entry) {
        if (!entry.has(Pte.CACHE_BITS)) {
            return entry.with(Pte.WRITE_THROUGH | Pte.CACHE_DISABLE);
        }
        boolean cached = entry.has(Pte.WRITE_THROUGH) && !entry.has(Pte.CACHE_DISABLE);
        return cached ? entry.with(Pte.CACHE_DISABLE).without(Pte.PAT) : entry;
    }

    private static IoRights rights(Step at, Domid id) {
        return at.machine().has(id) ? at.domain(id).io() : IoRights.NONE;
    }

    /// Drops the references of an entry in a table of `tableOwner`.
    ///
    /// | row | the entry                                   | outcome                             |
    /// |-----|---------------------------------------------|-------------------------------------|
    /// | a   | is not present, or maps no ordinary memory  | it held nothing                     |
    /// | b   | mapped a frame read-only                    | a general reference less            |
    /// | c   | mapped a frame writable                     | and a type reference less           |
    ///
    /// The processor may still write through a translation it made of row c, until it is flushed.
    /// Only translations made for the frame's owner are followed up: who maps the memory of others
    /// has the right to do with it what it likes.
    @Clause(
            value = "mm.entry.put-frame",
            rows = {"a", "b", "c"})
    static Step put(Step at, Pte entry, Domain tableOwner) {
        Mfn mfn = entry.mfn();
        if (!entry.present() || !at.machine().has(mfn) || at.frame(mfn).ownedBy(Domid.IO)) {
            return at.row("mm.entry.put-frame/a");
        }
        if (!entry.writable()) {
            return References.put(at.row("mm.entry.put-frame/b"), mfn);
        }
        Frame frame = at.frame(mfn);
        Step remembered = frame.ownedBy(tableOwner.id()) ? at.with(mfn, frame.withStale(true)) : at;
        return PageTypes.putBoth(remembered.row("mm.entry.put-frame/c"), mfn);
    }
}
