// SPDX-License-Identifier: Apache-2.0
package org.provisor.spec.abi;

import io.vavr.control.Option;

/// What `vm_assist` does with an assist.
///
/// @xen xen/include/public/xen.h, VMASST_CMD_enable
public enum VmAssistCommand {
    ENABLE("VMASST_CMD_enable", 0),
    DISABLE("VMASST_CMD_disable", 1);

    private final String xenName;
    private final int number;

    VmAssistCommand(String xenName, int number) {
        this.xenName = xenName;
        this.number = number;
    }

    /// The command with this number, if there is one.
    public static Option<VmAssistCommand> of(long number) {
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
