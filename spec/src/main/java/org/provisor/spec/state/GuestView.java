// SPDX-License-Identifier: Apache-2.0
package org.provisor.spec.state;

import io.vavr.control.Option;

import org.provisor.spec.abi.Domid;
import org.provisor.spec.abi.GuestAddress;
import org.provisor.spec.abi.GuestBytes;
import org.provisor.spec.abi.Mfn;

/// What the guest offers a step: memory it may write freely. An input, never state. A rule looks at
/// each place at most once.
public interface GuestView {

    /// The words of a frame that is about to be checked for a type.
    Contents frame(Mfn mfn);

    /// The bytes at a linear address of the caller, or none where reading any of them faults.
    Option<GuestBytes> read(GuestAddress linear, int bytes);

    /// Whether the caller's memory can be written there.
    boolean writable(GuestAddress linear, int bytes);

    /// How many frames a domain says it has numbered, in the page that Xen shares with it.
    ///
    /// @xen xen/include/public/arch-x86/xen.h, struct arch_shared_info, max_pfn
    default long maxPfn(Domid domain) {
        return 0;
    }

    /// What the hypervisor writes into one of its slots of a root: the machine's own. It stays
    /// there when the table is a root no more, and whoever has it checked as another table finds
    /// it.
    ///
    /// @param roM2p whether the slots show the machine-to-physical table
    /// @xen xen/arch/x86/mm.c, init_xen_l4_slots
    default long xenSlot(int slot, boolean roM2p) {
        return 0;
    }
}
