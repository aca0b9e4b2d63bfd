// SPDX-License-Identifier: Apache-2.0
package org.provisor.spec.abi;

/// Domain identifier, 16 bits. Values from 0x7FF0 on name no real domain.
///
/// @xen xen/include/public/xen.h, DOMID_SELF and the list after it
public record Domid(int value) {

    /// The first value that no domain can have.
    public static final int FIRST_RESERVED = 0x7FF0;

    /// The caller itself.
    public static final Domid SELF = new Domid(0x7FF0);

    /// The owner of frames that are not ordinary memory.
    public static final Domid IO = new Domid(0x7FF1);

    /// The owner of frames that the hypervisor shares with privileged guests.
    public static final Domid XEN = new Domid(0x7FF2);

    /// The owner of frames shared copy-on-write.
    public static final Domid COW = new Domid(0x7FF3);

    /// No domain: the owner of a frame that nobody owns.
    public static final Domid INVALID = new Domid(0x7FF4);

    @Override
    public String toString() {
        return switch (value) {
            case 0x7FF0 -> "DOMID_SELF";
            case 0x7FF1 -> "DOMID_IO";
            case 0x7FF2 -> "DOMID_XEN";
            case 0x7FF3 -> "DOMID_COW";
            case 0x7FF4 -> "no domain";
            default -> "d" + value;
        };
    }
}
