// SPDX-License-Identifier: Apache-2.0
package org.provisor.spec.abi;

import io.vavr.control.Option;

/// What `vcpu_op` does.
///
/// @xen xen/include/public/vcpu.h, VCPUOP_initialise and those after it
public enum VcpuCommand {
    /// [VcpuGuestContext].
    INITIALISE("VCPUOP_initialise", 0),
    UP("VCPUOP_up", 1),
    DOWN("VCPUOP_down", 2),
    IS_UP("VCPUOP_is_up", 3),
    GET_RUNSTATE_INFO("VCPUOP_get_runstate_info", 4),
    REGISTER_RUNSTATE_MEMORY_AREA("VCPUOP_register_runstate_memory_area", 5),
    SET_PERIODIC_TIMER("VCPUOP_set_periodic_timer", 6),
    STOP_PERIODIC_TIMER("VCPUOP_stop_periodic_timer", 7),
    SET_SINGLESHOT_TIMER("VCPUOP_set_singleshot_timer", 8),
    STOP_SINGLESHOT_TIMER("VCPUOP_stop_singleshot_timer", 9),
    REGISTER_VCPU_INFO("VCPUOP_register_vcpu_info", 10),
    SEND_NMI("VCPUOP_send_nmi", 11),
    GET_PHYSID("VCPUOP_get_physid", 12),
    REGISTER_VCPU_TIME_MEMORY_AREA("VCPUOP_register_vcpu_time_memory_area", 13);

    private final String xenName;
    private final int number;

    VcpuCommand(String xenName, int number) {
        this.xenName = xenName;
        this.number = number;
    }

    /// The command with this number, if there is one.
    public static Option<VcpuCommand> of(long number) {
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
