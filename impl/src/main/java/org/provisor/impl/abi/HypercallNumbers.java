// SPDX-License-Identifier: Apache-2.0
package org.provisor.impl.abi;

/// The numbers of the hypercalls that are implemented.
///
/// @xen xen/include/public/xen.h, __HYPERVISOR_set_trap_table and the list after it
public final class HypercallNumbers {

    public static final int SET_TRAP_TABLE = 0;
    public static final int MMU_UPDATE = 1;
    public static final int SET_GDT = 2;
    public static final int STACK_SWITCH = 3;
    public static final int SET_CALLBACKS = 4;
    public static final int FPU_TASKSWITCH = 5;
    public static final int SET_DEBUGREG = 8;
    public static final int GET_DEBUGREG = 9;
    public static final int UPDATE_DESCRIPTOR = 10;
    public static final int MEMORY_OP = 12;
    public static final int MULTICALL = 13;
    public static final int UPDATE_VA_MAPPING = 14;
    public static final int XEN_VERSION = 17;
    public static final int CONSOLE_IO = 18;
    public static final int VM_ASSIST = 21;
    public static final int UPDATE_VA_MAPPING_OTHERDOMAIN = 22;
    public static final int IRET = 23;
    public static final int VCPU_OP = 24;
    public static final int SET_SEGMENT_BASE = 25;
    public static final int MMUEXT_OP = 26;
    public static final int SCHED_OP = 29;
    public static final int CALLBACK_OP = 30;
    public static final int PHYSDEV_OP = 33;

    /// One more than the largest number that any hypercall has.
    public static final int END = 64;

    private HypercallNumbers() {}
}
