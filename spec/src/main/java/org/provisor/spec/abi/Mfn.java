// SPDX-License-Identifier: Apache-2.0
package org.provisor.spec.abi;

/// Machine frame number: a 4 KiB frame of the machine's physical memory, as it stands in a page
/// table of a paravirtual guest. Any 64-bit value may be written here by a guest; whether a frame
/// has that number is the machine's to say.
///
/// @xen xen/include/public/arch-x86/xen.h, xen_pfn_t
public record Mfn(long value) {

    /// The frame `n` further on.
    public Mfn plus(long n) {
        return new Mfn(value + n);
    }

    @Override
    public String toString() {
        return "mfn " + Long.toHexString(value);
    }
}
