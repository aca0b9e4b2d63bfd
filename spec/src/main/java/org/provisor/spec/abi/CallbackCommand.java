// SPDX-License-Identifier: Apache-2.0
package org.provisor.spec.abi;

import io.vavr.control.Option;

/// What `callback_op` does.
///
/// @xen xen/include/public/callback.h, CALLBACKOP_register, CALLBACKOP_unregister
public enum CallbackCommand {
    /// [CallbackRegister].
    REGISTER("CALLBACKOP_register", 0),

    /// [CallbackUnregister].
    UNREGISTER("CALLBACKOP_unregister", 1);

    private final String xenName;
    private final int number;

    CallbackCommand(String xenName, int number) {
        this.xenName = xenName;
        this.number = number;
    }

    /// The command with this number, if there is one.
    public static Option<CallbackCommand> of(long number) {
        for (var command : values()) {
            if (command.number == number) {
                return Option.some(command);
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
