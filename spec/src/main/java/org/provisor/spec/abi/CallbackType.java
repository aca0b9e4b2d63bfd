// SPDX-License-Identifier: Apache-2.0
package org.provisor.spec.abi;

import io.vavr.control.Option;

/// What a kernel is entered for that is no exception.
///
/// Xen's headers know a number 3 too, an older name of number 5; Xen 4.17 does not take it.
///
/// @xen xen/include/public/callback.h, CALLBACKTYPE_event and those after it
public enum CallbackType {
    /// Events are pending.
    EVENT("CALLBACKTYPE_event", 0),

    /// A segment register of the guest could not be loaded.
    FAILSAFE("CALLBACKTYPE_failsafe", 1),

    /// `syscall` in user mode.
    SYSCALL("CALLBACKTYPE_syscall", 2),

    /// A non-maskable interrupt: the handler of vector 2.
    NMI("CALLBACKTYPE_nmi", 4),

    /// `sysenter`.
    SYSENTER("CALLBACKTYPE_sysenter", 5),

    /// `syscall` in 32-bit user mode.
    SYSCALL32("CALLBACKTYPE_syscall32", 7);

    private final String xenName;
    private final int number;

    CallbackType(String xenName, int number) {
        this.xenName = xenName;
        this.number = number;
    }

    /// The type with this number, if there is one.
    public static Option<CallbackType> of(long number) {
        for (var type : values()) {
            if (type.number == number) {
                return Option.some(type);
            }
        }
        return Option.none();
    }

    /// The name in Xen's public headers.
    public String xenName() {
        return xenName;
    }

    /// The number that a guest passes.
    public int number() {
        return number;
    }
}
