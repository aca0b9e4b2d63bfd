// SPDX-License-Identifier: Apache-2.0
package org.provisor.spec.mm;

import io.vavr.control.Option;

import org.provisor.spec.abi.Bytes;
import org.provisor.spec.abi.GuestAddress;
import org.provisor.spec.abi.GuestBytes;
import org.provisor.spec.abi.ReservedAddresses;
import org.provisor.spec.notation.Clause;
import org.provisor.spec.state.Step;

/// Which linear addresses a guest may name in a call.
///
/// Xen looks at where a range starts and at nothing else. Whatever starts below Xen's part meets an
/// address that is not canonical before it gets there, and faults; whatever starts above goes on at
/// zero.
///
/// @xen xen/arch/x86/include/asm/x86_64/uaccess.h, __addr_ok, array_access_ok
/// @xen xen/arch/x86/include/asm/guest_access.h, guest_handle_okay, guest_handle_subrange_okay
public final class GuestAddresses {

    /// The first address that is not canonical.
    static final long LOWER_HALF_END = 1L << 47;

    private GuestAddresses() {}

    /// Whether a guest may name this address: one of the lower half, or one behind Xen's part of
    /// the upper half.
    ///
    /// | the address                        | may be named |
    /// |------------------------------------|--------------|
    /// | is below 2<sup>47</sup>            | yes          |
    /// | is not canonical, or in Xen's part | no           |
    /// | is `HYPERVISOR_VIRT_END` or above  | yes          |
    @Clause(
            value = "mm.guest-address",
            covers = {"UPD-11", "LDT-1"})
    public static boolean ok(GuestAddress address) {
        return Long.compareUnsigned(address.value(), LOWER_HALF_END) < 0
                || Long.compareUnsigned(address.value(), ReservedAddresses.HYPERVISOR_VIRT_END)
                        >= 0;
    }

    /// Whether a guest may name an array of `count` elements of `size` bytes.
    ///
    /// | the array                                          | may be named |
    /// |----------------------------------------------------|--------------|
    /// | has (2<sup>64</sup> - 1) / `size` elements or more | no           |
    /// | starts at an address that may not be named         | no           |
    /// | is any other, wherever it ends                     | yes          |
    ///
    /// An array of no elements must start well too.
    @Clause("mm.guest-address.array")
    static boolean arrayOk(GuestAddress start, long count, int size) {
        return Long.compareUnsigned(count, Long.divideUnsigned(-1L, size)) < 0 && ok(start);
    }

    /// Whether a guest may name the elements `first` to `last` of an array at `start`: they are an
    /// array of their own, and where the whole starts does not matter.
    @Clause("mm.guest-address.sub-range")
    static boolean subRangeOk(GuestAddress start, long first, long last, int size) {
        return arrayOk(start.plus(first * size), last - first + 1, size);
    }

    /// Reads memory of the caller that nothing is known of yet; none where that faults. Nothing can
    /// be read from anywhere.
    ///
    /// @xen xen/arch/x86/usercopy.c, copy_from_guest_pv
    @Clause("mm.guest-address.read")
    public static Option<GuestBytes> read(Step at, GuestAddress start, int bytes) {
        if (bytes == 0) {
            return Option.some(Bytes.zero(0));
        }
        return ok(start) ? at.read(start, bytes) : Option.none();
    }
}
