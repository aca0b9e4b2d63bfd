// SPDX-License-Identifier: Apache-2.0
package org.provisor.impl.pv;

import static org.provisor.impl.abi.Errno.EFAULT;
import static org.provisor.impl.abi.Errno.EINVAL;
import static org.provisor.impl.abi.Errno.ENOSYS;

import org.provisor.impl.Refines;
import org.provisor.impl.bits.Addresses;
import org.provisor.impl.mm.CallerMemory;
import org.provisor.impl.mm.EntryState;
import org.provisor.impl.mm.Vcpu;

/// `set_callbacks` and `callback_op`: say where the kernel is entered for events, system calls, and
/// what else is no exception.
///
///     offset  bytes
///      0      2      type
///      2      2      flags     registration only
///      8      8      address   registration only
///     16
///
/// @xen xen/include/public/callback.h, struct callback_register, struct callback_unregister
/// @xen xen/arch/x86/pv/callback.c
public final class Callbacks {

    private static final int EVENT = 0;
    private static final int FAILSAFE = 1;
    private static final int SYSCALL = 2;
    private static final int NMI = 4;
    private static final int SYSENTER = 5;
    private static final int SYSCALL32 = 7;

    private static final int REGISTER = 0;
    private static final int UNREGISTER = 1;

    private static final int REGISTER_BYTES = 16;
    private static final int UNREGISTER_BYTES = 4;
    private static final int MASK_EVENTS = 1;

    private static final int NMI_VECTOR = 2;
    private static final int MASKS = 4;

    private Callbacks() {}

    /// `set_callbacks`.
    @Refines("pv.set-callbacks")
    public static long set(
            final Vcpu by, final long event, final long failsafe, final long syscall) {
        final EntryState entry = by.entry();
        register(entry, EVENT, event, false);
        register(entry, FAILSAFE, failsafe, false);
        register(entry, SYSCALL, syscall, false);
        return 0;
    }

    /// `callback_op`.
    ///
    /// @param command 32 bits
    @Refines("pv.callback-op")
    public static long operation(final Vcpu by, final long command, final long argument) {
        if (command != REGISTER && command != UNREGISTER) {
            return -ENOSYS;
        }
        final long[] words = by.words();
        final boolean registers = command == REGISTER;
        if (!CallerMemory.read(
                by, argument, words, registers ? REGISTER_BYTES : UNREGISTER_BYTES)) {
            return -EFAULT;
        }
        final int type = (int) words[0] & 0xFFFF;
        return registers
                ? register(by.entry(), type, words[1], (words[0] >>> 16 & MASK_EVENTS) != 0)
                : unregister(by.entry(), type);
    }

    @Refines("pv.callback.register")
    private static long register(
            final EntryState entry, final int type, final long address, final boolean masks) {
        if (!Addresses.canonical(address)) {
            return -EINVAL;
        }
        switch (type) {
            case EVENT -> entry.eventCallback = address;
            case FAILSAFE -> {
                entry.failsafeCallback = address;
                entry.failsafeMasks = masks;
            }
            case SYSCALL -> {
                entry.syscallCallback = address;
                entry.syscallMasks = masks;
            }
            case SYSCALL32 -> {
                entry.syscall32Callback = address;
                entry.syscall32Masks = masks;
            }
            case SYSENTER -> {
                entry.sysenterCallback = address;
                entry.sysenterMasks = masks;
            }
            case NMI -> entry.setHandler(NMI_VECTOR, address, Selectors.FLAT_CS64, MASKS);
            default -> {
                return -ENOSYS;
            }
        }
        return 0;
    }

    @Refines("pv.callback.unregister")
    private static long unregister(final EntryState entry, final int type) {
        return switch (type) {
            case EVENT, FAILSAFE, SYSCALL, SYSCALL32, SYSENTER -> -EINVAL;
            case NMI -> {
                entry.setHandler(NMI_VECTOR, 0, 0, 0);
                yield 0;
            }
            default -> -ENOSYS;
        };
    }
}
