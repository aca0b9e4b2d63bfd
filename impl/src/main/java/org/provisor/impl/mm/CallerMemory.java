// SPDX-License-Identifier: Apache-2.0
package org.provisor.impl.mm;

import org.provisor.impl.Refines;
import org.provisor.impl.bits.Addresses;

/// Memory of the caller that nothing is known of yet. Only where an access starts is looked at; one
/// that gets to an address which the caller may not name faults there. No bytes can be read from
/// and written to anywhere.
///
/// @xen xen/arch/x86/usercopy.c, copy_from_guest_pv, copy_to_guest_pv
public final class CallerMemory {

    private CallerMemory() {}

    /// Reads into `to`, as [GuestMemory#read].
    ///
    /// @return whether all could be read
    @Refines({"mm.guest-address", "mm.guest-address.read"})
    public static boolean read(final Vcpu by, final long start, final long[] to, final int bytes) {
        return bytes == 0 || (Addresses.ofGuest(start) && by.guest.read(start, to, bytes));
    }

    static boolean writable(final Vcpu by, final long start, final int bytes) {
        return bytes == 0 || (Addresses.ofGuest(start) && by.guest.writable(start, bytes));
    }

    /// Writes 4 or 8 bytes.
    ///
    /// @return whether they could be written; if not, none was
    public static boolean write(
            final Vcpu by, final long start, final long value, final int bytes) {
        return Addresses.ofGuest(start) && by.guest.write(start, value, bytes);
    }
}
