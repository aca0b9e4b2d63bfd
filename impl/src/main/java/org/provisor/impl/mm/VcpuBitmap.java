// SPDX-License-Identifier: Apache-2.0
package org.provisor.impl.mm;

import org.provisor.impl.Refines;
import org.provisor.impl.bits.Addresses;

/// A set of the caller's vCPUs, as a bitmap in its memory.
///
/// @xen xen/arch/x86/mm.c, vcpumask_to_pcpumask
final class VcpuBitmap {

    /// The bitmap cannot be read. No set of processors is this: it would need processor 63, which a
    /// machine of 63 processors has not.
    static final long UNREADABLE = -1L;

    private VcpuBitmap() {}

    /// The processors that the vCPUs of the set run on; bits of vCPUs that there are not are
    /// ignored.
    @Refines("mm.vcpu-bitmap")
    static long processors(final Vcpu by, final long bitmap) {
        final Vcpu[] vcpus = by.domain.vcpus;
        long processors = 0;
        for (int first = 0; first < vcpus.length; first += Long.SIZE) {
            final long at = bitmap + first / Byte.SIZE;
            if (!Addresses.ofGuest(at) || !by.guest.read(at, by.words, Long.BYTES)) {
                return UNREADABLE;
            }
            long left = by.words[0];
            while (left != 0) {
                final int number = first + Long.numberOfTrailingZeros(left);
                left &= left - 1;
                if (number < vcpus.length) {
                    processors |= 1L << vcpus[number].processor;
                }
            }
        }
        return processors;
    }
}
