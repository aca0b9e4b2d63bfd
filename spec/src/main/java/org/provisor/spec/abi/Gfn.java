// SPDX-License-Identifier: Apache-2.0
package org.provisor.spec.abi;

/// Guest frame number: what a guest's own view of its memory calls a frame. For a paravirtual guest
/// it is whatever the guest stored in the machine-to-physical table.
///
/// @xen xen/include/public/arch-x86/xen.h, xen_pfn_t
public record Gfn(long value) {

    @Override
    public String toString() {
        return "gfn " + Long.toHexString(value);
    }
}
