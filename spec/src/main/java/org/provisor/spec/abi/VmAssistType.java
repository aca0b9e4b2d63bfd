// SPDX-License-Identifier: Apache-2.0
package org.provisor.spec.abi;

import io.vavr.control.Option;

/// The assists that `vm_assist` turns on and off.
///
/// @xen xen/include/public/xen.h, VMASST_TYPE_4gb_segments and the list after it
public enum VmAssistType {
    /// 32-bit guests: segment limits seem to reach 4 GiB.
    FOUR_GB_SEGMENTS("VMASST_TYPE_4gb_segments", 0),

    /// 32-bit guests: trap 15 whenever the assist above was used.
    FOUR_GB_SEGMENTS_NOTIFY("VMASST_TYPE_4gb_segments_notify", 1),

    /// Writes to lowest-level page tables by ordinary instructions are emulated.
    WRITABLE_PAGETABLES("VMASST_TYPE_writable_pagetables", 2),

    /// 32-bit guests: a page directory pointer table may lie above 4 GiB.
    PAE_EXTENDED_CR3("VMASST_TYPE_pae_extended_cr3", 3),

    /// The guest sees and changes its I/O privilege level as on hardware.
    ARCHITECTURAL_IOPL("VMASST_TYPE_architectural_iopl", 4),

    /// Run state in guest memory says while it is being changed.
    RUNSTATE_UPDATE_FLAG("VMASST_TYPE_runstate_update_flag", 5),

    /// 64-bit guests: user mode never sees the machine-to-physical table.
    M2P_STRICT("VMASST_TYPE_m2p_strict", 32);

    private final String xenName;
    private final int number;

    VmAssistType(String xenName, int number) {
        this.xenName = xenName;
        this.number = number;
    }

    /// The assist with this number, if there is one.
    public static Option<VmAssistType> of(long number) {
        for (var type : values()) {
            if (type.number == number) {
                return Option.some(type);
            }
        }
        return Option.none();
    }

    /// The name in Xen's public headers.
    public String xenName() {
        return xenName;
    }

    /// The number that a guest passes.
    public int number() {
        return number;
    }

    /// The bit of this assist in a domain's set of assists.
    public long bit() {
        return 1L << number;
    }
}
