// SPDX-License-Identifier: Apache-2.0
package org.provisor.impl.launch;

import org.provisor.impl.bits.Addresses;

/// What a kernel has put into its debug registers. Nothing stops where they say, so that what would
/// enable a breakpoint is refused.
///
/// @xen xen/arch/x86/traps.c, set_debugreg, do_get_debugreg
final class DebugRegisters {

    private static final int ADDRESSES = 4;

    private static final long STATUS_ZERO = 0x1000;
    private static final long STATUS_ONE = 0xFFFF_0FF0L;
    private static final long CONTROL_ONE = 0x400;
    private static final long CONTROL_ZERO = 0xFFFF_FFFF_0000_D800L;
    private static final long ENABLED = 0xFF;
    private static final long GENERAL_DETECT = 1 << 13;

    private final long[] addresses = new long[ADDRESSES];
    private long status = STATUS_ONE;
    private long control = CONTROL_ONE;

    /// As they are after a reset.
    DebugRegisters() {}

    /// Reads one; 4 and 5 are other names of 6 and 7.
    ///
    /// @param register 0 to 7
    long get(final int register) {
        if (register < ADDRESSES) {
            return addresses[register];
        }
        return (register & 1) == 0 ? status : control;
    }

    /// Writes one.
    ///
    /// @param register 0 to 7
    /// @return whether it may have that value
    boolean set(final int register, final long value) {
        if (register < ADDRESSES) {
            if (!Addresses.ofGuest(value)) {
                return false;
            }
            addresses[register] = value;
        } else if ((register & 1) == 0) {
            status = (value & ~STATUS_ZERO) | STATUS_ONE;
        } else {
            if ((value & (ENABLED | GENERAL_DETECT)) != 0) {
                return false;
            }
            control = (value & ~CONTROL_ZERO) | CONTROL_ONE;
        }
        return true;
    }
}
