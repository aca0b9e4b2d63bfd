// SPDX-License-Identifier: Apache-2.0
package org.provisor.spec.state;

import io.vavr.collection.HashSet;
import io.vavr.collection.Set;
import io.vavr.collection.Vector;

import org.provisor.spec.abi.Mfn;

/// What differs between versions and builds of Xen, and between machines: one specification, these
/// parameters.
///
/// @param name the version it describes
/// @param slots entries in a page table and descriptors in a frame: 512; fewer in small worlds
/// @param firstXenSlot first slot of a root table that is Xen's: 256
/// @param lastXenSlot last slot of a root table that is Xen's: 271
/// @param linearTables whether tables may refer to tables of their own level
/// @param maxOrderGuest largest order of an extent that an ordinary domain may ask for
/// @param maxOrderDevices the same for a domain with devices
/// @param maxOrderControl the same for a control domain
/// @param maxOrderHardware the same for the hardware domain
/// @param readOnlyMmio frames of memory-mapped devices that no guest may write
/// @param machphysFrames the first frame of each 2 MiB of the machine-to-physical table
/// @xen xen/arch/x86/include/asm/config.h, CONFIG_DOMU_MAX_ORDER
/// @xen docs/misc/xen-command-line.pandoc, pv-linear-pt, memop-max-order
public record Profile(
        String name,
        int slots,
        int firstXenSlot,
        int lastXenSlot,
        boolean linearTables,
        int maxOrderGuest,
        int maxOrderDevices,
        int maxOrderControl,
        int maxOrderHardware,
        Set<Mfn> readOnlyMmio,
        Vector<Mfn> machphysFrames) {

    /// Debian's Xen 4.17: no 32-bit guests, no shadow paging, no debugging checks.
    public static final Profile XEN_4_17 =
            new Profile(
                    "4.17", 512, 256, 271, true, 9, 12, 18, 12, HashSet.empty(), Vector.empty());

    /// The same rules on tables of fewer slots; the slots of a root are all the guest's.
    public static Profile small(int slots) {
        return new Profile(
                "4.17, tables of " + slots,
                slots,
                slots,
                slots - 1,
                true,
                9,
                12,
                18,
                12,
                HashSet.empty(),
                Vector.empty());
    }

    /// The same profile with tables of the same level refused, as by the option `pv-linear-pt=no`.
    public Profile withoutLinearTables() {
        return new Profile(
                name,
                slots,
                firstXenSlot,
                lastXenSlot,
                false,
                maxOrderGuest,
                maxOrderDevices,
                maxOrderControl,
                maxOrderHardware,
                readOnlyMmio,
                machphysFrames);
    }

    /// The same profile with one more frame that devices keep from being written.
    public Profile withReadOnlyMmio(Mfn mfn) {
        return new Profile(
                name,
                slots,
                firstXenSlot,
                lastXenSlot,
                linearTables,
                maxOrderGuest,
                maxOrderDevices,
                maxOrderControl,
                maxOrderHardware,
                readOnlyMmio.add(mfn),
                machphysFrames);
    }

    /// The same profile with the machine-to-physical table in these frames.
    public Profile withMachphysFrames(Vector<Mfn> frames) {
        return new Profile(
                name,
                slots,
                firstXenSlot,
                lastXenSlot,
                linearTables,
                maxOrderGuest,
                maxOrderDevices,
                maxOrderControl,
                maxOrderHardware,
                readOnlyMmio,
                frames);
    }

    /// Whether a slot of a root table is Xen's.
    public boolean isXenSlot(int slot) {
        return slot >= firstXenSlot && slot <= lastXenSlot;
    }
}
