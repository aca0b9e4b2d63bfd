// SPDX-License-Identifier: Apache-2.0
package org.provisor.spec.mm;

import static org.provisor.spec.abi.XenErrno.EINVAL;

import io.vavr.collection.HashMap;
import io.vavr.control.Option;

import org.provisor.spec.abi.GuestAddress;
import org.provisor.spec.abi.Mfn;
import org.provisor.spec.abi.PageFrames;
import org.provisor.spec.abi.SegmentDescriptor;
import org.provisor.spec.notation.Clause;
import org.provisor.spec.state.Flush;
import org.provisor.spec.state.LocalTable;
import org.provisor.spec.state.PageType;
import org.provisor.spec.state.Step;
import org.provisor.spec.state.Vcpu;
import org.provisor.spec.state.VcpuId;
import org.provisor.spec.x86.LinearAddress;
import org.provisor.spec.x86.Pte;

/// A vCPU's local descriptor table. The guest says where it is; Xen maps its pages one by one when
/// the processor first loads a descriptor from them.
///
/// @xen xen/arch/x86/pv/descriptor-tables.c
/// @xen xen/arch/x86/pv/mm.c
public final class LdtMapping {

    /// The largest number of descriptors.
    static final int MAX_ENTRIES = 8192;

    /// The largest number of pages.
    static final int MAX_PAGES = MAX_ENTRIES * SegmentDescriptor.BYTES / PageFrames.PAGE_SIZE;

    /// Bit 2 of a selector, and of the error code that names one: in the local table.
    static final int TABLE_LOCAL = 1 << 2;

    private LdtMapping() {}

    /// A step, and whether anything was mapped before it.
    record Destroyed(Step step, boolean wasMapped) {}

    /// Drops what is mapped of a vCPU's table. Where the table is and how long stays.
    ///
    /// | row | the vCPU           | outcome                                                   |
    /// |-----|--------------------|-----------------------------------------------------------|
    /// | a   | has nothing mapped | nothing changes                                           |
    /// | b   | has pages mapped   | both references of each are dropped, the first page first |
    ///
    /// Who calls this for a vCPU that goes on running owes a flush in row b. It is called whenever
    /// the kernel's root becomes another one, since the addresses may mean something else then; a
    /// root loaded once more keeps what is mapped. Changes the vCPU and the frames; keeps how the
    /// step is going.
    ///
    /// @xen xen/arch/x86/pv/descriptor-tables.c, pv_destroy_ldt
    @Clause(
            value = "mm.ldt.destroy",
            rows = {"a", "b"},
            covers = {"LDT-1", "CR3-3"})
    static Destroyed destroy(Step start, VcpuId who) {
        Vcpu vcpu = start.machine().vcpu(who);
        LocalTable table = vcpu.ldt();
        if (table.mapped().isEmpty()) {
            return new Destroyed(start.row("mm.ldt.destroy/a"), false);
        }
        Step at = start.with(start.machine().with(who, vcpu.withLdt(table.unmapped())));
        for (int page = 0; page < MAX_PAGES; page++) {
            Option<Mfn> mfn = table.mapped().get(page);
            at = mfn.isDefined() ? PageTypes.putBoth(at, mfn.get()) : at;
        }
        return new Destroyed(at.row("mm.ldt.destroy/b"), true);
    }

    /// `MMUEXT_SET_LDT`: says where the calling vCPU's table is and how many descriptors it has.
    ///
    /// | row | the table                                           | outcome                   |
    /// |-----|-----------------------------------------------------|---------------------------|
    /// | a   | has more than 8192 descriptors                      | `EINVAL`                  |
    /// | b   | has some, and does not start at the start of a page | `EINVAL`                  |
    /// | c   | has some, at an address that no guest may name      | `EINVAL`                  |
    /// | d   | is the one that the vCPU has                        | nothing changes           |
    /// | e   | is another, nothing of the old one was mapped       | it is the vCPU's          |
    /// | f   | is another, some of the old one was mapped          | likewise; a flush is owed |
    ///
    /// The address of an empty table means nothing. In row d what was mapped stays mapped, whatever
    /// the page tables say of the addresses by now.
    ///
    /// @xen xen/arch/x86/mm.c, do_mmuext_op, MMUEXT_SET_LDT
    @Clause(
            value = "mm.ldt.set",
            rows = {"a", "b", "c", "d", "e", "f"},
            covers = {"LDT-1"})
    static Step set(Step at, GuestAddress base, long entries) {
        if (entries > MAX_ENTRIES) {
            return at.refuse("mm.ldt.set/a", EINVAL);
        }
        if (entries != 0 && (base.value() & (PageFrames.PAGE_SIZE - 1)) != 0) {
            return at.refuse("mm.ldt.set/b", EINVAL);
        }
        if (entries != 0 && !GuestAddresses.ok(base)) {
            return at.refuse("mm.ldt.set/c", EINVAL);
        }
        long start = entries == 0 ? LocalTable.NONE.base() : base.value();
        LocalTable now = at.vcpu().ldt();
        if (now.entries() == entries && now.base() == start) {
            return at.row("mm.ldt.set/d");
        }
        Destroyed old = destroy(at, at.by());
        LocalTable table = new LocalTable(start, (int) entries, HashMap.empty());
        Step set = old.step().withVcpu(old.step().vcpu().withLdt(table));
        return old.wasMapped()
                ? set.flush(new Flush.Local(at.by())).row("mm.ldt.set/f")
                : set.row("mm.ldt.set/e");
    }

    /// What comes of the processor's asking for a page of the table.
    public sealed interface Loaded {
        Step step();

        /// The page is mapped, and the processor tries again.
        record Mapped(Step step) implements Loaded {}

        /// The guest gets a page fault at this address, with the error code that Xen got.
        record PageFault(Step step, GuestAddress address) implements Loaded {}

        /// The guest gets a general-protection fault with this error code.
        record GeneralProtection(Step step, int errorCode) implements Loaded {}
    }

    /// Maps the page when the processor loads a descriptor `offset` bytes into the calling vCPU's
    /// table, from a page that is not mapped.
    ///
    /// | row | the page                                                           | outcome       |
    /// |-----|--------------------------------------------------------------------|---------------|
    /// | a | has no present entry in the kernel's tables | nothing changes; a fault |
    /// | b | is not of the caller's memory | nothing changes; a fault |
    /// | c   | is in use as something else, or a descriptor in it is not harmless | a fault       |
    /// | d | can hold descriptors | it is held as such and mapped |
    ///
    /// The fault is a page fault at the guest's address of the descriptor; where that is not
    /// canonical, a general-protection fault that names the descriptor. In row c descriptors before
    /// the harmful one may have been corrected. Whether the guest may write the page does not
    /// matter, nor which mode the vCPU is in: the kernel's tables decide.
    ///
    /// @param offset less than 8 times the number of descriptors: the processor checks that
    /// @xen xen/arch/x86/pv/mm.c, pv_map_ldt_shadow_page
    /// @xen xen/arch/x86/traps.c, handle_ldt_mapping_fault
    @Clause(
            value = "mm.ldt.map",
            rows = {"a", "b", "c", "d"},
            covers = {"LDT-1", "SEG-3"})
    public static Loaded map(Step at, int offset) {
        LocalTable table = at.vcpu().ldt();
        int page = offset / PageFrames.PAGE_SIZE;
        if (offset / SegmentDescriptor.BYTES >= table.entries()
                || table.mapped().containsKey(page)) {
            throw new IllegalArgumentException("the processor does not ask for " + offset);
        }
        GuestAddress linear = new GuestAddress(table.base() + offset);
        GuestWalk.Seen seen = GuestWalk.effective(at, linear);
        Pte entry = seen.entry();
        if (!entry.present()) {
            return fault(seen.step().row("mm.ldt.map/a"), linear, offset);
        }
        Step held = References.get(seen.step(), entry.mfn(), at.by().domain());
        if (held.failed()) {
            return fault(held.recovered().row("mm.ldt.map/b"), linear, offset);
        }
        Step typed = PageTypes.get(held, entry.mfn(), PageType.SEG_DESC);
        if (typed.failed()) {
            Step dropped = References.put(typed.recovered(), entry.mfn());
            return fault(dropped.row("mm.ldt.map/c"), linear, offset);
        }
        LocalTable more = table.withMapped(page, entry.mfn());
        return new Loaded.Mapped(typed.withVcpu(typed.vcpu().withLdt(more)).row("mm.ldt.map/d"));
    }

    private static Loaded fault(Step at, GuestAddress linear, int offset) {
        return LinearAddress.canonical(linear.value())
                ? new Loaded.PageFault(at, linear)
                : new Loaded.GeneralProtection(at, (offset & ~3) | TABLE_LOCAL);
    }
}
