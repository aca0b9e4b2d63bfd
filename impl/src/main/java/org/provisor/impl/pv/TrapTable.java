// SPDX-License-Identifier: Apache-2.0
package org.provisor.impl.pv;

import static org.provisor.impl.abi.Errno.EFAULT;
import static org.provisor.impl.abi.Errno.EINVAL;

import org.provisor.impl.Refines;
import org.provisor.impl.abi.HypercallNumbers;
import org.provisor.impl.bits.Addresses;
import org.provisor.impl.mm.CallerMemory;
import org.provisor.impl.mm.EntryState;
import org.provisor.impl.mm.Vcpu;

/// `set_trap_table`: says which handlers the vectors have.
///
///     offset  bytes
///      0      1      vector
///      1      1      flags
///      2      2      cs
///      8      8      address
///     16
///
/// @xen xen/include/public/arch-x86/xen.h, struct trap_info
/// @xen xen/arch/x86/pv/callback.c, do_set_trap_table
public final class TrapTable {

    private static final int ENTRY_BYTES = 16;

    private TrapTable() {}

    /// The call.
    @Refines("pv.set-trap-table")
    public static long set(final Vcpu by, final long list) {
        if (list == 0) {
            by.entry().clearHandlers();
            return 0;
        }
        final long[] words = by.words();
        long at = list;
        while (true) {
            if (!CallerMemory.read(by, at, words, ENTRY_BYTES)) {
                return -EFAULT;
            }
            if (words[1] == 0) {
                return 0;
            }
            if (!entry(by.entry(), words[0], words[1])) {
                return -EINVAL;
            }
            at += ENTRY_BYTES;
            if (by.preempted()) {
                return by.again(HypercallNumbers.SET_TRAP_TABLE, at, 0, 0, 0);
            }
        }
    }

    @Refines("pv.set-trap-table.entry")
    private static boolean entry(
            final EntryState state, final long description, final long address) {
        if (!Addresses.canonical(address)) {
            return false;
        }
        state.setHandler(
                (int) description & 0xFF,
                address,
                ((int) (description >>> 16) & 0xFFFF) | Selectors.PRIVILEGE,
                (int) (description >>> 8) & 0xFF);
        return true;
    }
}
