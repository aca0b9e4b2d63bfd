// SPDX-License-Identifier: Apache-2.0
package org.provisor.refine.xen;

import io.vavr.collection.HashSet;
import io.vavr.collection.Set;
import io.vavr.control.Option;

import org.provisor.refine.program.NamedProfile;
import org.provisor.spec.abi.Domid;
import org.provisor.spec.abi.Mfn;
import org.provisor.spec.state.Contents;
import org.provisor.spec.state.Domain;
import org.provisor.spec.state.Domains;
import org.provisor.spec.state.Frame;
import org.provisor.spec.state.Frames;
import org.provisor.spec.state.IoRights;
import org.provisor.spec.state.Machine;
import org.provisor.spec.state.PageType;
import org.provisor.spec.state.Profile;
import org.provisor.spec.state.Table;
import org.provisor.spec.state.TypeUse;
import org.provisor.spec.state.Validity;
import org.provisor.spec.state.Vcpu;

/// The machine as the specification sees it, read off Xen's own table of frames once Xen runs.
final class XenBoot {

    static final Domid PROBE = new Domid(0);

    /// The first of the frames that no guest maps: of AMD's processors, the last 12 GiB of what 40
    /// bits address, and whatever is beyond.
    ///
    /// @xen xen/arch/x86/dom0_build.c, dom0_setup_permissions
    private static final long MACHINE_FRAMES = 0xFD0_0000L;

    /// The interrupt controller that the domain may look at.
    private static final long IO_APIC = 0xFEC00;

    /// Devices' frames: of the first megabyte, behind ordinary memory.
    private static final long FIRST_DEVICE = 0xA0;

    /// Where interrupts are sent by writing, and the processor's own controller: nobody maps them.
    private static final long FIRST_INTERRUPT = 0xFEE00;

    private static final long LAST_INTERRUPT = 0xFEEFF;

    private XenBoot() {}

    /// The frames of devices that have names. The last is the interrupt controller, which is no
    /// frame of Xen's table and which the domain may only look at.
    static long[] devices() {
        long[] all = new long[PoolNumbers.DEVICES];
        for (int i = 0; i < all.length - 1; i++) {
            all[i] = FIRST_DEVICE + i;
        }
        all[all.length - 1] = IO_APIC;
        return all;
    }

    /// The machine.
    ///
    /// @param named the profile that Xen was started in
    /// @param root the root table that the probe runs on
    /// @param domain a frame that is the probe's domain's
    /// @param pages how many frames the domain has
    /// @param maxPages how many it may have
    static Machine machine(
            NamedProfile named,
            GuestRam ram,
            XenFrameTable table,
            long root,
            long domain,
            long pages,
            long maxPages) {
        long own = table.owner((int) domain);
        long device = table.owner((int) FIRST_DEVICE);
        Frame[] frames = new Frame[table.frames()];
        for (int mfn = 0; mfn < frames.length; mfn++) {
            long count = table.count(mfn);
            if (FrameTable.free(count)) {
                frames[mfn] = Frame.FREE;
            } else if (table.owner(mfn) == own && own != 0) {
                frames[mfn] = owned(ram, table, mfn);
            } else if (table.owner(mfn) == device) {
                frames[mfn] = Frame.MMIO;
            } else {
                frames[mfn] = Frame.XEN;
            }
        }
        Set<Mfn> forbidden = HashSet.empty();
        for (long mfn = FIRST_INTERRUPT; mfn <= LAST_INTERRUPT; mfn++) {
            forbidden = forbidden.add(new Mfn(mfn));
        }
        Profile profile =
                named.rules()
                        .withMachphysFrames(table.physicalFrames())
                        .withReadOnlyMmio(new Mfn(IO_APIC));
        Domain probe =
                Domain.privileged(PROBE, maxPages, 1)
                        .withPages(pages, 0)
                        .withIo(new IoRights(forbidden, MACHINE_FRAMES, true, false))
                        .withVcpu(0, Vcpu.IDLE.withRoot(Option.some(new Mfn(root))));
        return new Machine(profile, Frames.of(frames), Domains.of(probe));
    }

    private static Frame owned(GuestRam ram, XenFrameTable table, int mfn) {
        long count = table.count(mfn);
        long word = table.type(mfn);
        PageType type = type(FrameTable.type(word));
        boolean kept = type.isPageTable() && FrameTable.typeReferences(word) > 0;
        TypeUse use =
                new TypeUse(
                        type,
                        false,
                        FrameTable.typeReferences(word),
                        validity(word),
                        (word & FrameTable.PINNED) != 0,
                        kept ? contents(ram, table, mfn, type) : Table.NONE);
        return new Frame(
                PROBE,
                FrameTable.references(count),
                (count & FrameTable.ALLOCATED) != 0,
                (count & FrameTable.XEN_HEAP) != 0,
                use,
                table.physical(mfn),
                false);
    }

    private static Table contents(GuestRam ram, XenFrameTable table, int mfn, PageType type) {
        long[] words = new long[SpecMemory.SLOTS];
        ram.copy(mfn, words);
        boolean shown = type == PageType.L4 && (words[XenSlots.FIRST] & 1) != 0;
        Table all = Table.fresh(Contents.of(words)).withRoM2p(shown);
        if (type == PageType.L1) {
            return all;
        }
        Table linear = all.withLinear(table.linear(mfn));
        return validity(table.type(mfn)) == Validity.PARTIAL
                ? linear.at(table.checked(mfn), table.entryHeld(mfn))
                : linear;
    }

    static Validity validity(long word) {
        if ((word & FrameTable.VALIDATED) != 0) {
            return Validity.VALIDATED;
        }
        return (word & FrameTable.PARTIAL) != 0 ? Validity.PARTIAL : Validity.UNCHECKED;
    }

    static PageType type(int number) {
        return switch (number) {
            case 1 -> PageType.L1;
            case 2 -> PageType.L2;
            case 3 -> PageType.L3;
            case 4 -> PageType.L4;
            case 5 -> PageType.SEG_DESC;
            case 7 -> PageType.WRITABLE;
            default -> PageType.NONE;
        };
    }
}
