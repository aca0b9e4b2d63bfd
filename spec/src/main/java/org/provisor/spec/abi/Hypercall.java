// SPDX-License-Identifier: Apache-2.0
package org.provisor.spec.abi;

import io.vavr.control.Option;

/// Hypercall numbers of x86: what a guest puts in `rax`, and what a preempted call leaves there.
///
/// All numbers of the header are listed, whether or not the call is specified yet; a number that is
/// missing here answers `ENOSYS`.
///
/// @xen xen/include/public/xen.h, __HYPERVISOR_set_trap_table and the list after it
/// @xen xen/include/public/arch-x86/xen-mca.h, __HYPERVISOR_mca
public enum Hypercall {
    SET_TRAP_TABLE("__HYPERVISOR_set_trap_table", 0),
    MMU_UPDATE("__HYPERVISOR_mmu_update", 1),
    SET_GDT("__HYPERVISOR_set_gdt", 2),
    STACK_SWITCH("__HYPERVISOR_stack_switch", 3),
    SET_CALLBACKS("__HYPERVISOR_set_callbacks", 4),
    FPU_TASKSWITCH("__HYPERVISOR_fpu_taskswitch", 5),
    SCHED_OP_COMPAT("__HYPERVISOR_sched_op_compat", 6),
    PLATFORM_OP("__HYPERVISOR_platform_op", 7),
    SET_DEBUGREG("__HYPERVISOR_set_debugreg", 8),
    GET_DEBUGREG("__HYPERVISOR_get_debugreg", 9),
    UPDATE_DESCRIPTOR("__HYPERVISOR_update_descriptor", 10),
    MEMORY_OP("__HYPERVISOR_memory_op", 12),
    MULTICALL("__HYPERVISOR_multicall", 13),
    UPDATE_VA_MAPPING("__HYPERVISOR_update_va_mapping", 14),
    SET_TIMER_OP("__HYPERVISOR_set_timer_op", 15),
    EVENT_CHANNEL_OP_COMPAT("__HYPERVISOR_event_channel_op_compat", 16),
    XEN_VERSION("__HYPERVISOR_xen_version", 17),
    CONSOLE_IO("__HYPERVISOR_console_io", 18),
    PHYSDEV_OP_COMPAT("__HYPERVISOR_physdev_op_compat", 19),
    GRANT_TABLE_OP("__HYPERVISOR_grant_table_op", 20),
    VM_ASSIST("__HYPERVISOR_vm_assist", 21),
    UPDATE_VA_MAPPING_OTHERDOMAIN("__HYPERVISOR_update_va_mapping_otherdomain", 22),
    IRET("__HYPERVISOR_iret", 23),
    VCPU_OP("__HYPERVISOR_vcpu_op", 24),
    SET_SEGMENT_BASE("__HYPERVISOR_set_segment_base", 25),
    MMUEXT_OP("__HYPERVISOR_mmuext_op", 26),
    XSM_OP("__HYPERVISOR_xsm_op", 27),
    NMI_OP("__HYPERVISOR_nmi_op", 28),
    SCHED_OP("__HYPERVISOR_sched_op", 29),
    CALLBACK_OP("__HYPERVISOR_callback_op", 30),
    XENOPROF_OP("__HYPERVISOR_xenoprof_op", 31),
    EVENT_CHANNEL_OP("__HYPERVISOR_event_channel_op", 32),
    PHYSDEV_OP("__HYPERVISOR_physdev_op", 33),
    HVM_OP("__HYPERVISOR_hvm_op", 34),
    SYSCTL("__HYPERVISOR_sysctl", 35),
    DOMCTL("__HYPERVISOR_domctl", 36),
    KEXEC_OP("__HYPERVISOR_kexec_op", 37),
    TMEM_OP("__HYPERVISOR_tmem_op", 38),
    ARGO_OP("__HYPERVISOR_argo_op", 39),
    XENPMU_OP("__HYPERVISOR_xenpmu_op", 40),
    DM_OP("__HYPERVISOR_dm_op", 41),
    HYPFS_OP("__HYPERVISOR_hypfs_op", 42),
    MCA("__HYPERVISOR_mca", 48),
    PAGING_DOMCTL_CONT("__HYPERVISOR_paging_domctl_cont", 49);

    private final String xenName;
    private final int number;

    Hypercall(String xenName, int number) {
        this.xenName = xenName;
        this.number = number;
    }

    /// The call with this number, if there is one.
    public static Option<Hypercall> of(long number) {
        for (var call : values()) {
            if (call.number == number) {
                return Option.some(call);
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
