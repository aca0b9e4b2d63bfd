// SPDX-License-Identifier: Apache-2.0
package org.provisor.impl.launch;

import org.provisor.impl.bits.Addresses;
import org.provisor.impl.cpu.Breakpoints;

/// What a kernel has put into its debug registers, by `mov` or by the calls. Breakpoints on ports
/// are refused, as for all kernels that have not set CR4.DE, which is not there yet.
///
/// @xen xen/arch/x86/traps.c, do_debug
/// @xen xen/arch/x86/pv/misc-hypercalls.c, set_debugreg, do_get_debugreg
final class DebugRegisters {

    /// How many registers have a number.
    static final int COUNT = 8;

    private static final int ADDRESSES = Breakpoints.COUNT;

    private static final long STATUS_ZERO = 0x1000;
    private static final long STATUS_ONE = 0xFFFF_0FF0L;
    private static final long CONTROL_ONE = 0x400;
    private static final long CONTROL_ZERO = 0xFFFF_FFFF_0000_D800L;
    private static final long ENABLED = 0xFF;
    private static final long GENERAL_DETECT = 1 << 13;
    private static final int KINDS = 16;
    private static final int PORTS = 2;

    private final Breakpoints breakpoints;
    private final long[] addresses = new long[ADDRESSES];
    private long status = STATUS_ONE;
    private long control = CONTROL_ONE;

    /// As they are after a reset.
    DebugRegisters(final Breakpoints breakpoints) {
        this.breakpoints = breakpoints;
    }

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
            breakpoints.setAddress(register, value);
        } else if ((register & 1) == 0) {
            status = (value & ~STATUS_ZERO) | STATUS_ONE;
        } else {
            if ((value & GENERAL_DETECT) != 0 || ((value & ENABLED) != 0 && hasPorts(value))) {
                return false;
            }
            control = (value & ~CONTROL_ZERO) | CONTROL_ONE;
            breakpoints.setControl(control);
        }
        return true;
    }

    private static boolean hasPorts(final long value) {
        for (int i = 0; i < ADDRESSES; i++) {
            if ((value >>> (KINDS + 4 * i) & 3) == PORTS) {
                return true;
            }
        }
        return false;
    }

    /// A debug exception is about to be given to the kernel: what led to it stays in DR6.
    ///
    /// @param met bits of DR6
    void met(final long met) {
        status |= met;
    }
}
