// SPDX-License-Identifier: Apache-2.0
package org.provisor.spec.mm;

import static org.provisor.spec.abi.XenErrno.EINVAL;

import io.vavr.collection.HashMap;
import io.vavr.collection.Vector;
import io.vavr.control.Option;

import org.provisor.spec.abi.GuestGdt;
import org.provisor.spec.abi.Mfn;
import org.provisor.spec.notation.Clause;
import org.provisor.spec.state.GlobalTable;
import org.provisor.spec.state.LocalTable;
import org.provisor.spec.state.PageType;
import org.provisor.spec.state.Step;
import org.provisor.spec.state.Unfinished;
import org.provisor.spec.state.Vcpu;
import org.provisor.spec.state.VcpuId;

/// The tables that a vCPU is set up with by another one of its domain.
///
/// @xen xen/arch/x86/domain.c, arch_set_info_guest
public final class VcpuTables {

    private VcpuTables() {}

    /// The tables.
    ///
    /// @param gdtEntries how many descriptors the global table has, 32 bits
    /// @param gdtFrames at least as many frames as these need, if they are not too many
    /// @param ldtBase where the local table is, and how many descriptors it has: the address is one
    ///   that a guest may name, on a page
    /// @param root the kernel's root
    /// @param userRoot the root of user mode, if it has one
    public record Wanted(
            long gdtEntries,
            Vector<Mfn> gdtFrames,
            long ldtBase,
            int ldtEntries,
            Mfn root,
            Option<Mfn> userRoot) {}

    /// Gives a vCPU that is not initialised its tables.
    ///
    /// | row | at                                                     | outcome                    |
    /// |-----|--------------------------------------------------------|----------------------------|
    /// | a   | what the caller left unfinished                        | preempted                  |
    /// | b   | a root that the vCPU keeps from an attempt             | preempted                  |
    /// | c   | a global table of more than 7168 descriptors           | `EINVAL`                   |
    /// | d   | a frame of the global table that cannot be held        | `EINVAL`                   |
    /// | e   | the kernel's root                                      | preempted or refused       |
    /// | f   | the root of user mode                                  | preempted or refused       |
    /// | g   | the end                                                | it has all of them         |
    ///
    /// In rows e and f the global table is let go again. Changes the vCPU, the frames, and what the
    /// caller has left unfinished.
    ///
    /// The root that an attempt ending in row f left the vCPU with is let go of here. Xen puts the
    /// new one in its place and never drops its references; see decision 0023.
    @Clause(
            value = "mm.vcpu.take-tables",
            rows = {"a", "b", "c", "d", "e", "f", "g"},
            covers = {"GDT-1", "CR3-1", "CR3-2"})
    public static Step take(Step start, VcpuId who, Wanted wanted) {
        Step without = UnfinishedTeardown.finish(start);
        if (without.failed()) {
            return without.row("mm.vcpu.take-tables/a");
        }
        Step finished = VcpuRoots.dropKernels(without, who);
        if (finished.failed()) {
            return finished.row("mm.vcpu.take-tables/b");
        }
        if (wanted.gdtEntries() > GuestGdt.FIRST_RESERVED_GDT_ENTRY) {
            return finished.refuse("mm.vcpu.take-tables/c", EINVAL);
        }
        int entries = (int) wanted.gdtEntries();
        Vector<Mfn> frames =
                wanted.gdtFrames()
                        .take(
                                (entries + GuestGdt.ENTRIES_PER_PAGE - 1)
                                        / GuestGdt.ENTRIES_PER_PAGE);
        Step held = SetGdt.held(finished, frames);
        if (held.failed()) {
            return held.row("mm.vcpu.take-tables/d");
        }
        Step table = changed(held, who, vcpu(held, who).withGdt(new GlobalTable(entries, frames)));
        Step kernel = root(table, who, wanted.root());
        if (kernel.failed()) {
            return withoutGdt(kernel, who).row("mm.vcpu.take-tables/e");
        }
        Step user = userRoot(kernel, who, wanted.userRoot());
        if (user.failed()) {
            return withoutGdt(user, who).row("mm.vcpu.take-tables/f");
        }
        LocalTable local =
                wanted.ldtEntries() == 0
                        ? LocalTable.NONE
                        : new LocalTable(wanted.ldtBase(), wanted.ldtEntries(), HashMap.empty());
        return changed(user, who, vcpu(user, who).withLdt(local)).row("mm.vcpu.take-tables/g");
    }

    /// Frames of descriptors go at once, however the step ended.
    private static Step withoutGdt(Step failed, VcpuId who) {
        return DescriptorTables.destroyGdt(failed.recovered(), who).ending(failed.result());
    }

    /// Gives it the kernel's root.
    ///
    /// | row | the frame                                              | outcome                    |
    /// |-----|--------------------------------------------------------|----------------------------|
    /// | a   | is not the domain's                                    | `EINVAL`                   |
    /// | b   | is what an attempt left of it, whole                   | the root                   |
    /// | c   | is any other, and taking apart what is left takes too long | preempted              |
    /// | d   | becomes a root table but for preemption                | preempted                  |
    /// | e   | cannot be a root table                                 | the error of the check     |
    /// | f   | can be a root table                                    | the root                   |
    ///
    /// An attempt leaves the kernel's root where it was preempted at that of user mode; the vCPU
    /// has it unfinished, with the references of a root. Such a root is taken as it is, so that an
    /// attempt gets further than the one before it; another one is taken apart first, and what has
    /// been begun to be taken apart is checked anew. Xen takes that as it is, too; see decision
    /// 0023.
    ///
    /// In row f the guest sees the machine-to-physical table in it unless it asked for that to be
    /// strict.
    @Clause(
            value = "mm.vcpu.take-root",
            rows = {"a", "b", "c", "d", "e", "f"},
            covers = {"CR3-1", "L4-2"})
    private static Step root(Step at, VcpuId who, Mfn mfn) {
        Step referred = References.get(at, mfn, who.domain());
        if (referred.failed()) {
            return referred.row("mm.vcpu.take-root/a");
        }
        Option<Unfinished> left = vcpu(referred, who).unfinished();
        if (left.exists(unfinished -> unfinished.table().equals(mfn) && !unfinished.partial())) {
            Vcpu again =
                    vcpu(referred, who).withUnfinished(Option.none()).withRoot(Option.some(mfn));
            return References.put(changed(referred, who, again), mfn).row("mm.vcpu.take-root/b");
        }
        Step finished = UnfinishedTeardown.finish(referred, who);
        if (finished.failed()) {
            return References.put(finished.row("mm.vcpu.take-root/c"), mfn);
        }
        Step typed = PageTypes.get(finished, mfn, PageType.L4);
        if (typed.failed()) {
            String row = typed.preempted() ? "mm.vcpu.take-root/d" : "mm.vcpu.take-root/e";
            return notTyped(typed.row(row), mfn);
        }
        return changed(
                        BasePointers.shownToKernel(typed, mfn),
                        who,
                        vcpu(typed, who).withRoot(Option.some(mfn)))
                .row("mm.vcpu.take-root/f");
    }

    /// Gives it the root of user mode.
    ///
    /// | row | the frame                                | outcome                                  |
    /// |-----|------------------------------------------|------------------------------------------|
    /// | a   | is none                                  | it has none                              |
    /// | b   | is not the domain's                      | `EINVAL`; it keeps the kernel's root     |
    /// | c   | becomes a root table but for preemption  | preempted; the kernel's is left unfinished |
    /// | d   | cannot be a root table                   | the error of the check; it keeps the kernel's root |
    /// | e   | can be a root table                      | the root of user mode                    |
    ///
    /// What a vCPU keeps in rows b and d its domain's death lets go. In row e the
    /// machine-to-physical table disappears from the root if the guest asked for it to be strict.
    @Clause(
            value = "mm.vcpu.take-user-root",
            rows = {"a", "b", "c", "d", "e"},
            covers = {"CR3-2", "L4-2"})
    private static Step userRoot(Step at, VcpuId who, Option<Mfn> wanted) {
        if (wanted.isEmpty()) {
            return at.row("mm.vcpu.take-user-root/a");
        }
        Mfn mfn = wanted.get();
        Step referred = References.get(at, mfn, who.domain());
        if (referred.failed()) {
            return referred.row("mm.vcpu.take-user-root/b");
        }
        Step typed = PageTypes.get(referred, mfn, PageType.L4);
        if (typed.preempted()) {
            Vcpu vcpu = vcpu(typed, who);
            Unfinished left = Unfinished.of(vcpu.root().get(), false);
            Step without = changed(typed, who, vcpu.withRoot(Option.none()));
            return References.put(
                    UnfinishedTeardown.remember(without, who, left).row("mm.vcpu.take-user-root/c"),
                    mfn);
        }
        if (typed.failed()) {
            return notTyped(typed.row("mm.vcpu.take-user-root/d"), mfn);
        }
        return changed(
                        BasePointers.hiddenFromUser(typed, mfn),
                        who,
                        vcpu(typed, who).withUserRoot(wanted))
                .row("mm.vcpu.take-user-root/e");
    }

    /// A frame that is no root goes, unless the caller has to take it apart first.
    private static Step notTyped(Step at, Mfn mfn) {
        return at.vcpu().unfinished().exists(left -> left.table().equals(mfn))
                ? at
                : References.put(at, mfn);
    }

    private static Vcpu vcpu(Step at, VcpuId who) {
        return at.machine().vcpu(who);
    }

    private static Step changed(Step at, VcpuId who, Vcpu vcpu) {
        return at.with(at.machine().with(who, vcpu));
    }
}
