// SPDX-License-Identifier: Apache-2.0
package org.provisor.spec.mm;

import static org.provisor.spec.abi.XenErrno.EFAULT;
import static org.provisor.spec.abi.XenErrno.EINVAL;

import io.vavr.collection.Vector;
import io.vavr.control.Option;

import org.provisor.spec.abi.Bitness;
import org.provisor.spec.abi.FrameList;
import org.provisor.spec.abi.GuestBytes;
import org.provisor.spec.abi.GuestGdt;
import org.provisor.spec.abi.Invocation.SetGdtCall;
import org.provisor.spec.abi.Mfn;
import org.provisor.spec.notation.Clause;
import org.provisor.spec.state.Flush;
import org.provisor.spec.state.GlobalTable;
import org.provisor.spec.state.Outcome;
import org.provisor.spec.state.PageType;
import org.provisor.spec.state.Step;

/// `set_gdt`: gives the calling vCPU a global descriptor table.
///
/// @xen xen/arch/x86/pv/descriptor-tables.c, do_set_gdt, pv_set_gdt
public final class SetGdt {

    private static final Bitness BITS = Bitness.BITS_64;

    private SetGdt() {}

    /// Does the call `set_gdt`.
    ///
    /// | row | the call                                 | outcome                             |
    /// |-----|------------------------------------------|-------------------------------------|
    /// | a   | is for more than 7168 descriptors        | `EINVAL`                            |
    /// | b   | has a list of frames that cannot be read | `EFAULT`                            |
    /// | c   | has a frame in it that cannot be held    | `EINVAL`; the vCPU keeps its table  |
    /// | d   | has frames that can all be held          | they are the table; a flush is owed |
    ///
    /// There are as many frames as the descriptors need; the last one is checked and held whole.
    /// Without descriptors the list is not looked at, and the vCPU has no table. The new frames are
    /// held before the old ones are let go.
    @Clause(
            value = "mm.gdt.set",
            rows = {"a", "b", "c", "d"},
            covers = {"GDT-1"})
    public static Outcome call(Step at, SetGdtCall call) {
        if (call.entries() > GuestGdt.FIRST_RESERVED_GDT_ENTRY) {
            return Outcome.returning(at.refuse("mm.gdt.set/a", EINVAL));
        }
        int entries = (int) call.entries();
        int count = (entries + GuestGdt.ENTRIES_PER_PAGE - 1) / GuestGdt.ENTRIES_PER_PAGE;
        Option<GuestBytes> list =
                GuestAddresses.read(at, call.frameList(), count * BITS.wordSize());
        if (list.isEmpty()) {
            return Outcome.returning(at.refuse("mm.gdt.set/b", EFAULT));
        }
        Vector<Mfn> frames = FrameList.fromBytes(list.get(), 0, count, BITS).map(Mfn::new);
        Step held = held(at, frames);
        if (held.failed()) {
            return Outcome.returning(held.row("mm.gdt.set/c"));
        }
        Step without = DescriptorTables.destroyGdt(held, held.by());
        Step set = without.withVcpu(without.vcpu().withGdt(new GlobalTable(entries, frames)));
        return Outcome.returning(set.flush(new Flush.Local(at.by())).row("mm.gdt.set/d"));
    }

    /// Takes a general and a type reference on each frame, first to last.
    ///
    /// | row | a frame                                                            | outcome  |
    /// |-----|--------------------------------------------------------------------|----------|
    /// | a   | is not the caller's                                                | `EINVAL` |
    /// | b   | is in use as something else, or a descriptor in it is not harmless | `EINVAL` |
    /// | c   | can hold descriptors                                               | held     |
    ///
    /// When refused, the frames before are let go, last to first, and stay corrected.
    @Clause(
            value = "mm.gdt.hold",
            rows = {"a", "b", "c"},
            covers = {"GDT-1", "SEG-3"})
    static Step held(Step start, Vector<Mfn> frames) {
        Step at = start;
        for (int i = 0; i < frames.size(); i++) {
            Mfn mfn = frames.get(i);
            Step referred = References.get(at, mfn, at.by().domain());
            if (referred.failed()) {
                return undone(referred.row("mm.gdt.hold/a"), frames, i);
            }
            Step typed = PageTypes.get(referred, mfn, PageType.SEG_DESC);
            if (typed.failed()) {
                Step dropped = References.put(typed.row("mm.gdt.hold/b"), mfn);
                return undone(dropped, frames, i);
            }
            at = typed.row("mm.gdt.hold/c");
        }
        return at;
    }

    private static Step undone(Step refused, Vector<Mfn> frames, int end) {
        Step at = refused;
        for (int i = end - 1; i >= 0; i--) {
            at = PageTypes.putBoth(at, frames.get(i));
        }
        return at;
    }
}
