// SPDX-License-Identifier: Apache-2.0
package org.provisor.impl.mm;

import static org.provisor.impl.abi.Errno.EFAULT;

import org.provisor.impl.Refines;
import org.provisor.impl.abi.MachineToPhysicalAddresses;
import org.provisor.impl.bits.Addresses;

/// Where the machine-to-physical table is: at which addresses, and in which frames.
///
/// @xen xen/arch/x86/mm.c, arch_memory_op
/// @xen xen/arch/x86/x86_64/mm.c, subarch_memory_op
final class MachphysTable {

    /// `struct xen_machphys_mapping`: first address, end and last frame, a word each.
    private static final int MAPPING_BYTES = 24;

    /// `struct xen_machphys_mfn_list`: room for how many entries, in 4 bytes; the list, in the
    /// second word; how many entries there are, in 4 bytes.
    private static final int LIST_BYTES = 24;

    private static final int LIST_COUNT = 16;

    /// The table is in pieces of 2 MiB: log2 of its entries in each, and its frames.
    private static final int PIECE_ORDER = 18;

    private static final int PIECE_FRAMES = 1 << 9;

    private MachphysTable() {}

    /// `XENMEM_machphys_mapping`: where a guest sees the table. How much memory there is only the
    /// hardware domain is told; others, how much there is room for.
    @Refines("mm.machphys.mapping")
    static long mapping(final Vcpu by, final long arg) {
        if (!CallerMemory.writable(by, arg, MAPPING_BYTES)) {
            return -EFAULT;
        }
        final long frames =
                by.domain.hardware ? by.host.frames.size() : MachineToPhysicalAddresses.FRAMES;
        return by.guest.write(arg, MachineToPhysicalAddresses.START, Long.BYTES)
                        && by.guest.write(arg + 8, MachineToPhysicalAddresses.END, Long.BYTES)
                        && by.guest.write(arg + 16, frames - 1, Long.BYTES)
                ? 0
                : -EFAULT;
    }

    /// `XENMEM_machphys_mfn_list`: the first frame of each piece, as many as there is room for.
    @Refines("mm.machphys.frames")
    static long frames(final Vcpu by, final long arg) {
        if (!CallerMemory.read(by, arg, by.words, LIST_BYTES)) {
            return -EFAULT;
        }
        final long room = by.words[0] & 0xFFFF_FFFFL;
        final long list = by.words[1];
        final long pieces = (by.host.frames.size() + (1L << PIECE_ORDER) - 1) >> PIECE_ORDER;
        final long count = Math.min(room, pieces);
        final long first = by.host.machineToPhysicalTable() >>> Addresses.PAGE_SHIFT;
        for (long i = 0; i < count; i++) {
            if (!ExtentList.write(by, list, i, first + i * PIECE_FRAMES)) {
                return -EFAULT;
            }
        }
        return CallerMemory.writable(by, arg, LIST_BYTES)
                        && by.guest.write(arg + LIST_COUNT, count, Integer.BYTES)
                ? 0
                : -EFAULT;
    }
}
