// SPDX-License-Identifier: Apache-2.0
package org.provisor.spec.abi;

import io.vavr.control.Option;

/// Sub-operations of `memory_op`: the low six bits of its first argument. Number 8 was removed.
///
/// @xen xen/include/public/memory.h, XENMEM_increase_reservation and what follows
public enum MemoryCommand {
    INCREASE_RESERVATION("XENMEM_increase_reservation", 0),
    DECREASE_RESERVATION("XENMEM_decrease_reservation", 1),
    MAXIMUM_RAM_PAGE("XENMEM_maximum_ram_page", 2),
    CURRENT_RESERVATION("XENMEM_current_reservation", 3),
    MAXIMUM_RESERVATION("XENMEM_maximum_reservation", 4),
    MACHPHYS_MFN_LIST("XENMEM_machphys_mfn_list", 5),
    POPULATE_PHYSMAP("XENMEM_populate_physmap", 6),
    ADD_TO_PHYSMAP("XENMEM_add_to_physmap", 7),
    MEMORY_MAP("XENMEM_memory_map", 9),
    MACHINE_MEMORY_MAP("XENMEM_machine_memory_map", 10),
    EXCHANGE("XENMEM_exchange", 11),
    MACHPHYS_MAPPING("XENMEM_machphys_mapping", 12),
    SET_MEMORY_MAP("XENMEM_set_memory_map", 13),
    MAXIMUM_GPFN("XENMEM_maximum_gpfn", 14),
    REMOVE_FROM_PHYSMAP("XENMEM_remove_from_physmap", 15),
    SET_POD_TARGET("XENMEM_set_pod_target", 16),
    GET_POD_TARGET("XENMEM_get_pod_target", 17),
    GET_SHARING_FREED_PAGES("XENMEM_get_sharing_freed_pages", 18),
    GET_SHARING_SHARED_PAGES("XENMEM_get_sharing_shared_pages", 19),
    PAGING_OP("XENMEM_paging_op", 20),
    ACCESS_OP("XENMEM_access_op", 21),
    SHARING_OP("XENMEM_sharing_op", 22),
    ADD_TO_PHYSMAP_BATCH("XENMEM_add_to_physmap_batch", 23),
    CLAIM_PAGES("XENMEM_claim_pages", 24),
    MACHPHYS_COMPAT_MFN_LIST("XENMEM_machphys_compat_mfn_list", 25),
    GET_VNUMAINFO("XENMEM_get_vnumainfo", 26),
    RESERVED_DEVICE_MEMORY_MAP("XENMEM_reserved_device_memory_map", 27),
    ACQUIRE_RESOURCE("XENMEM_acquire_resource", 28);

    private final String xenName;
    private final int number;

    MemoryCommand(String xenName, int number) {
        this.xenName = xenName;
        this.number = number;
    }

    /// The sub-operation with this number, if there is one.
    public static Option<MemoryCommand> of(long number) {
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
