// SPDX-License-Identifier: Apache-2.0
package org.provisor.impl.abi;

/// Domain identifiers that name no domain of their own.
///
/// @xen xen/include/public/xen.h, DOMID_FIRST_RESERVED to DOMID_INVALID
public final class DomainIds {

    public static final int FIRST_RESERVED = 0x7FF0;

    /// The caller.
    public static final int SELF = 0x7FF0;

    /// The owner of what is not ordinary memory.
    public static final int IO = 0x7FF1;

    /// The owner of Xen's own memory.
    public static final int XEN = 0x7FF2;

    /// The owner of memory shared copy-on-write.
    public static final int COW = 0x7FF3;

    /// Nobody: no domain has it.
    public static final int INVALID = 0x7FF4;

    private DomainIds() {}
}
