// SPDX-License-Identifier: Apache-2.0
package org.provisor.impl.mm;

import static org.provisor.impl.abi.Errno.EINVAL;
import static org.provisor.impl.abi.Errno.ENOSYS;

import org.provisor.impl.Refines;

/// `vm_assist`: switches an assist of the calling domain on or off.
///
/// @xen xen/common/domain.c, do_vm_assist
public final class VmAssist {

    static final int WRITABLE_PAGETABLES = 2;
    static final int M2P_STRICT = 32;

    private static final int ENABLE = 0;
    private static final int DISABLE = 1;

    /// What a 64-bit guest may have: types 0 to 5, and 32.
    private static final long TYPES = 0x3F | 1L << M2P_STRICT;

    private VmAssist() {}

    /// The call.
    ///
    /// @param command 32 bits
    /// @param type 32 bits
    @Refines("mm.vm-assist")
    public static long call(final Vcpu by, final long command, final long type) {
        if (type >= Long.SIZE || (TYPES >>> type & 1) == 0) {
            return -EINVAL;
        }
        if (command != ENABLE && command != DISABLE) {
            return -ENOSYS;
        }
        final Domain domain = by.domain;
        synchronized (domain) {
            domain.assists =
                    command == ENABLE
                            ? domain.assists | 1L << type
                            : domain.assists & ~(1L << type);
        }
        return 0;
    }
}
