// SPDX-License-Identifier: Apache-2.0
package org.provisor.spec.mm;

import static org.provisor.spec.abi.XenErrno.EFAULT;
import static org.provisor.spec.abi.XenErrno.EOPNOTSUPP;

import io.vavr.collection.Vector;
import io.vavr.control.Option;

import org.provisor.spec.abi.Bitness;
import org.provisor.spec.abi.FrameList;
import org.provisor.spec.abi.GuestAddress;
import org.provisor.spec.abi.GuestBytes;
import org.provisor.spec.abi.Invocation.MemoryOpCall;
import org.provisor.spec.abi.MachineToPhysical;
import org.provisor.spec.abi.MachphysMapping;
import org.provisor.spec.abi.MachphysMfnList;
import org.provisor.spec.abi.Mfn;
import org.provisor.spec.notation.Clause;
import org.provisor.spec.notation.Result;
import org.provisor.spec.state.Outcome;
import org.provisor.spec.state.Profile;
import org.provisor.spec.state.Step;

/// Where the machine-to-physical table is: at which addresses, and in which frames.
///
/// @xen xen/arch/x86/mm.c, arch_memory_op
/// @xen xen/arch/x86/x86_64/mm.c, subarch_memory_op
public final class MachphysTable {

    private static final Bitness BITS = Bitness.BITS_64;

    /// log2 of the entries in a piece of 2 MiB.
    static final int PIECE_ORDER = 21 - 3;

    private MachphysTable() {}

    /// `XENMEM_machphys_mapping`: tells where a guest sees the table.
    ///
    /// | row | the structure     | outcome                                                  |
    /// |-----|-------------------|----------------------------------------------------------|
    /// | a   | cannot be written | `EFAULT`                                                 |
    /// | b   | can be written    | the addresses reserved for the table, and its last frame |
    ///
    /// The last frame is the machine's for the hardware domain, and for others the last that the
    /// addresses have room for: how much memory there is they are not told here. Memory cannot be
    /// added to the machine.
    @Clause(
            value = "mm.machphys.mapping",
            rows = {"a", "b"},
            covers = {"M2P-2"})
    static Outcome mapping(Step at, MemoryOpCall call) {
        GuestAddress to = call.arg();
        if (!ExtentList.writable(at, to, MachphysMapping.LAYOUT.size(BITS))) {
            return Outcome.returning(at.refuse("mm.machphys.mapping/a", EFAULT));
        }
        long frames =
                at.caller().hardware()
                        ? at.machine().frames().size()
                        : MachineToPhysical.MACH2PHYS_NR_ENTRIES;
        return Outcome.returning(
                at.reply(
                                MachphysMapping.LAYOUT.address(to, "v_start", BITS),
                                BITS.wordSize(),
                                MachineToPhysical.MACH2PHYS_VIRT_START)
                        .reply(
                                MachphysMapping.LAYOUT.address(to, "v_end", BITS),
                                BITS.wordSize(),
                                MachineToPhysical.MACH2PHYS_VIRT_END)
                        .reply(
                                MachphysMapping.LAYOUT.address(to, "max_mfn", BITS),
                                BITS.wordSize(),
                                frames - 1)
                        .row("mm.machphys.mapping/b"));
    }

    /// `XENMEM_machphys_mfn_list`: tells the first frame of each piece of the table.
    ///
    /// | row | the caller's memory                | outcome                                  |
    /// |-----|------------------------------------|------------------------------------------|
    /// | a   | cannot be read at the structure    | `EFAULT`                                 |
    /// | b   | is for frames that are not in the profile | not specified                     |
    /// | c   | cannot be written at an entry      | `EFAULT`; the entries before are written |
    /// | d   | cannot be written at the structure | `EFAULT`; all entries are written        |
    /// | e   | can be written                     | the list, and how many entries it has    |
    ///
    /// The list has an entry for each piece, but not more than there is room for. Which frames they
    /// are is the machine's own, {@link Profile#machphysFrames}.
    @Clause(
            value = "mm.machphys.frames",
            rows = {"a", "b", "c", "d", "e"})
    static Outcome frames(Step at, MemoryOpCall call) {
        Option<GuestBytes> bytes =
                GuestAddresses.read(at, call.arg(), MachphysMfnList.LAYOUT.size(BITS));
        if (bytes.isEmpty()) {
            return Outcome.returning(at.refuse("mm.machphys.frames/a", EFAULT));
        }
        MachphysMfnList list = MachphysMfnList.fromBytes(bytes.get(), 0, BITS);
        long count = Math.min(list.maxExtents(), pieces(at.machine().frames().size()));
        Vector<Mfn> frames = at.profile().machphysFrames();
        if (frames.size() < count) {
            return Outcome.returning(
                    at.row("mm.machphys.frames/b")
                            .ending(new Result.Unspecified("frames of the table")));
        }
        Step written = at;
        for (int i = 0; i < count; i++) {
            GuestAddress entry = FrameList.entry(list.extentStart(), i, BITS);
            if (!ExtentList.writable(at, entry, BITS.wordSize())) {
                return Outcome.returning(written.refuse("mm.machphys.frames/c", EFAULT));
            }
            written = written.reply(entry, BITS.wordSize(), frames.get(i).value());
        }
        if (!ExtentList.writable(at, call.arg(), MachphysMfnList.LAYOUT.size(BITS))) {
            return Outcome.returning(written.refuse("mm.machphys.frames/d", EFAULT));
        }
        GuestAddress field = MachphysMfnList.LAYOUT.address(call.arg(), "nr_extents", BITS);
        return Outcome.returning(written.reply(field, 4, count).row("mm.machphys.frames/e"));
    }

    /// How many pieces the table of so many frames has.
    private static long pieces(long frames) {
        return (frames + (1L << PIECE_ORDER) - 1) >> PIECE_ORDER;
    }

    /// `XENMEM_machphys_compat_mfn_list`: fails, as without 32-bit guests there is no such table.
    @Clause("mm.machphys.compat-frames")
    static Outcome compatFrames(Step at) {
        return Outcome.refusing(at, EOPNOTSUPP);
    }
}
