// SPDX-License-Identifier: Apache-2.0
package org.provisor.spec.abi;

import static java.util.Map.entry;

import java.util.List;
import java.util.Map;
import java.util.Set;

/// What the constants of the package are called in C, and which have no name there.
///
/// An expression is evaluated for guests of both kinds; after `64:` or `32:` for one of them; after
/// `source:` in definitions that are not public and are found in Xen's source.
final class CNames {

    /// Constants that are not enum constants with a name of their own.
    static final Map<String, String> EXPRESSIONS =
            Map.ofEntries(
                    entry("BatchCount.MMU_UPDATE_PREEMPTED", "source:MMU_UPDATE_PREEMPTED"),
                    entry("BatchCount.NOTHING_LEFT", "source:MMU_UPDATE_PREEMPTED"),
                    entry("CallbackRegister.CALLBACKF_MASK_EVENTS", "CALLBACKF_mask_events"),
                    entry("Domid.COW", "DOMID_COW"),
                    entry("Domid.FIRST_RESERVED", "DOMID_FIRST_RESERVED"),
                    entry("Domid.INVALID", "DOMID_INVALID"),
                    entry("Domid.IO", "DOMID_IO"),
                    entry("Domid.SELF", "DOMID_SELF"),
                    entry("Domid.XEN", "DOMID_XEN"),
                    entry("FlatSelectors.FLAT_RING3_CS32", "64:FLAT_RING3_CS32"),
                    entry("FlatSelectors.FLAT_RING3_CS64", "64:FLAT_RING3_CS64"),
                    entry("FlatSelectors.FLAT_RING3_SS64", "64:FLAT_RING3_SS64"),
                    entry("ForeignDomains.SELF", "DOMID_SELF"),
                    entry("GuestGdt.FIRST_RESERVED_GDT_BYTE", "FIRST_RESERVED_GDT_BYTE"),
                    entry("GuestGdt.FIRST_RESERVED_GDT_ENTRY", "FIRST_RESERVED_GDT_ENTRY"),
                    entry("GuestGdt.FIRST_RESERVED_GDT_PAGE", "FIRST_RESERVED_GDT_PAGE"),
                    entry("GuestGdt.FLAT_KERNEL_CS32", "32:FLAT_KERNEL_CS"),
                    entry("GuestGdt.FLAT_KERNEL_CS64", "64:FLAT_KERNEL_CS"),
                    entry("IretContext.BYTES", "64:sizeof(struct iret_context)"),
                    entry("IretContext.VGCF_IN_SYSCALL", "64:VGCF_in_syscall"),
                    entry("MachineToPhysical.INVALID_M2P_ENTRY", "source:INVALID_M2P_ENTRY"),
                    entry("MachineToPhysical.MACH2PHYS_NR_ENTRIES", "64:MACH2PHYS_NR_ENTRIES"),
                    entry("MachineToPhysical.MACH2PHYS_VIRT_END", "64:MACH2PHYS_VIRT_END"),
                    entry("MachineToPhysical.MACH2PHYS_VIRT_END_PAE", "32:MACH2PHYS_VIRT_END"),
                    entry("MachineToPhysical.MACH2PHYS_VIRT_START", "64:MACH2PHYS_VIRT_START"),
                    entry("MachineToPhysical.MACH2PHYS_VIRT_START_PAE", "32:MACH2PHYS_VIRT_START"),
                    entry(
                            "MachineToPhysical.MACH2PHYS_COMPAT_VIRT_END",
                            "source:MACH2PHYS_COMPAT_VIRT_END"),
                    entry("MachineToPhysical.SHARED_M2P_ENTRY", "source:SHARED_M2P_ENTRY"),
                    entry("MemoryFlags.EXACT_NODE_REQUEST", "XENMEMF_exact_node_request"),
                    entry("MemoryFlags.POPULATE_ON_DEMAND", "XENMEMF_populate_on_demand"),
                    entry("MemoryFlags.VNODE", "XENMEMF_vnode"),
                    entry("MemoryOpWord.MEMOP_CMD_MASK", "source:MEMOP_CMD_MASK"),
                    entry("MemoryOpWord.MEMOP_EXTENT_SHIFT", "source:MEMOP_EXTENT_SHIFT"),
                    entry("MemoryOpWord.MAX_EXTENTS", "source:(~0U >> MEMOP_EXTENT_SHIFT)"),
                    entry("PageFrames.PADDR_BITS", "source:PADDR_BITS"),
                    entry("PageFrames.PAGE_SHIFT", "source:L1_PAGETABLE_SHIFT"),
                    entry("PageFrames.PAGE_SIZE", "source:(1 << L1_PAGETABLE_SHIFT)"),
                    entry("PageFrames.PAGETABLE_ENTRIES", "source:L1_PAGETABLE_ENTRIES"),
                    entry("PageFrames.PAGETABLE_ORDER", "source:PAGETABLE_ORDER"),
                    entry("ReservedAddresses.HYPERVISOR_VIRT_END", "64:HYPERVISOR_VIRT_END"),
                    entry("ReservedAddresses.HYPERVISOR_VIRT_START", "64:HYPERVISOR_VIRT_START"),
                    entry(
                            "ReservedAddresses.HYPERVISOR_VIRT_START_PAE",
                            "32:HYPERVISOR_VIRT_START_PAE"),
                    entry(
                            "ReservedAddresses.ROOT_PAGETABLE_FIRST_XEN_SLOT",
                            "source:ROOT_PAGETABLE_FIRST_XEN_SLOT"),
                    entry(
                            "ReservedAddresses.ROOT_PAGETABLE_LAST_XEN_SLOT",
                            "source:ROOT_PAGETABLE_LAST_XEN_SLOT"),
                    entry("SegmentDescriptor.CALL_GATE", "source:SYS_DESC_call_gate"),
                    entry("SegmentDescriptor.SEGMENT_CODE", "source:_SEGMENT_CODE"),
                    entry("SegmentDescriptor.SEGMENT_DB", "source:_SEGMENT_DB"),
                    entry("SegmentDescriptor.SEGMENT_DPL", "source:_SEGMENT_DPL"),
                    entry("SegmentDescriptor.SEGMENT_EC", "source:_SEGMENT_EC"),
                    entry("SegmentDescriptor.SEGMENT_G", "source:_SEGMENT_G"),
                    entry("SegmentDescriptor.SEGMENT_L", "source:_SEGMENT_L"),
                    entry("SegmentDescriptor.SEGMENT_P", "source:_SEGMENT_P"),
                    entry("SegmentDescriptor.SEGMENT_S", "source:_SEGMENT_S"),
                    entry("SegmentDescriptor.SEGMENT_TYPE", "source:_SEGMENT_TYPE"),
                    entry("SegmentDescriptor.SEGMENT_WR", "source:_SEGMENT_WR"),
                    entry("UvmFlags.ALL", "UVMF_ALL"),
                    entry("UvmFlags.FLUSHTYPE_MASK", "UVMF_FLUSHTYPE_MASK"),
                    entry("UvmFlags.INVLPG", "UVMF_INVLPG"),
                    entry("UvmFlags.LOCAL", "UVMF_LOCAL"),
                    entry("UvmFlags.MULTI", "UVMF_MULTI"),
                    entry("UvmFlags.NONE", "UVMF_NONE"),
                    entry("UvmFlags.TLB_FLUSH", "UVMF_TLB_FLUSH"),
                    entry(
                            "VcpuGuestContext.FLAGS",
                            "64:offsetof(struct vcpu_guest_context, flags)"),
                    entry(
                            "VcpuGuestContext.RIP",
                            "64:offsetof(struct vcpu_guest_context, user_regs.rip)"),
                    entry(
                            "VcpuGuestContext.RFLAGS",
                            "64:offsetof(struct vcpu_guest_context, user_regs.rflags)"),
                    entry(
                            "VcpuGuestContext.RSP",
                            "64:offsetof(struct vcpu_guest_context, user_regs.rsp)"),
                    entry(
                            "VcpuGuestContext.FS",
                            "64:offsetof(struct vcpu_guest_context, user_regs.fs)"),
                    entry(
                            "VcpuGuestContext.GS",
                            "64:offsetof(struct vcpu_guest_context, user_regs.gs)"),
                    entry(
                            "VcpuGuestContext.TRAPS",
                            "64:offsetof(struct vcpu_guest_context, trap_ctxt)"),
                    entry(
                            "VcpuGuestContext.LDT_BASE",
                            "64:offsetof(struct vcpu_guest_context, ldt_base)"),
                    entry(
                            "VcpuGuestContext.LDT_ENTRIES",
                            "64:offsetof(struct vcpu_guest_context, ldt_ents)"),
                    entry(
                            "VcpuGuestContext.GDT_FRAMES",
                            "64:offsetof(struct vcpu_guest_context, gdt_frames)"),
                    entry(
                            "VcpuGuestContext.GDT_ENTRIES",
                            "64:offsetof(struct vcpu_guest_context, gdt_ents)"),
                    entry(
                            "VcpuGuestContext.KERNEL_SS",
                            "64:offsetof(struct vcpu_guest_context, kernel_ss)"),
                    entry(
                            "VcpuGuestContext.KERNEL_SP",
                            "64:offsetof(struct vcpu_guest_context, kernel_sp)"),
                    entry(
                            "VcpuGuestContext.CONTROL0",
                            "64:offsetof(struct vcpu_guest_context, ctrlreg[0])"),
                    entry(
                            "VcpuGuestContext.CONTROL1",
                            "64:offsetof(struct vcpu_guest_context, ctrlreg[1])"),
                    entry(
                            "VcpuGuestContext.CONTROL3",
                            "64:offsetof(struct vcpu_guest_context, ctrlreg[3])"),
                    entry(
                            "VcpuGuestContext.EVENT_CALLBACK",
                            "64:offsetof(struct vcpu_guest_context, event_callback_eip)"),
                    entry(
                            "VcpuGuestContext.FAILSAFE_CALLBACK",
                            "64:offsetof(struct vcpu_guest_context, failsafe_callback_eip)"),
                    entry(
                            "VcpuGuestContext.SYSCALL_CALLBACK",
                            "64:offsetof(struct vcpu_guest_context, syscall_callback_eip)"),
                    entry(
                            "VcpuGuestContext.FS_BASE",
                            "64:offsetof(struct vcpu_guest_context, fs_base)"),
                    entry(
                            "VcpuGuestContext.GS_BASE_KERNEL",
                            "64:offsetof(struct vcpu_guest_context, gs_base_kernel)"),
                    entry(
                            "VcpuGuestContext.GS_BASE_USER",
                            "64:offsetof(struct vcpu_guest_context, gs_base_user)"),
                    entry("VcpuGuestContext.BYTES", "64:sizeof(struct vcpu_guest_context)"),
                    entry(
                            "VcpuGuestContext.VECTORS",
                            "64:sizeof(((struct vcpu_guest_context *)0)->trap_ctxt) / sizeof(struct"
                                    + " trap_info)"),
                    entry("VcpuGuestContext.VGCF_IN_KERNEL", "64:VGCF_in_kernel"),
                    entry(
                            "VcpuGuestContext.VGCF_FAILSAFE_DISABLES_EVENTS",
                            "64:VGCF_failsafe_disables_events"),
                    entry(
                            "VcpuGuestContext.VGCF_SYSCALL_DISABLES_EVENTS",
                            "64:VGCF_syscall_disables_events"),
                    entry("VcpuGuestContext.VGCF_ONLINE", "64:VGCF_online"));

    /// Names of enum constants that are defined in Xen's source and not in a public header.
    static final Map<String, String> INTERNAL_ENUM_NAMES =
            Map.of(
                    "__HYPERVISOR_paging_domctl_cont", "__HYPERVISOR_arch_1",
                    "__HYPERVISOR_mca", "__HYPERVISOR_mca");

    /// Public names that nothing in C can be compared with, and why.
    static final Map<String, String> EXCEPTIONS =
            Map.ofEntries(
                    entry("Bitness", "our own distinction; word sizes are compared as field sizes"),
                    entry(
                            "FieldKind",
                            "our own notation; sizes and signs are compared field by field"),
                    entry(
                            "Continuation.INSTRUCTION_BYTES",
                            "the length of two instructions, not in C"),
                    entry("FlatSelectors.RPL", "fixed by the processor"),
                    entry("GuestAddress.NULL", "the null pointer"),
                    entry("GuestGdt.ENTRIES_PER_PAGE", "a literal 512 in Xen's source"),
                    entry("MemoryFlags.NONE", "no flag"),
                    entry("MemoryFlags.NO_NODE", "compared as XENMEMF_get_node(0)"),
                    entry("MulticallEntry.ARGS", "compared as the field after the last"),
                    entry("SegmentDescriptor.BYTES", "fixed by the processor"));

    /// Enums whose names only the header for 64-bit guests has.
    static final Set<String> ENUMS_64 = Set.of("SegmentBase");

    /// Families of names in the headers that the package states in full.
    static final List<String> FAMILIES =
            List.of(
                    "CALLBACKOP_\\w+",
                    "CALLBACKTYPE_\\w+",
                    "DOMID_\\w+",
                    "MMUEXT_\\w+",
                    "MMU_\\w+",
                    "UVMF_\\w+",
                    "VCPUOP_\\w+",
                    "VMASST_\\w+",
                    "XENMEMF_\\w+",
                    "XENMEM_[a-z]\\w*",
                    "__HYPERVISOR_[a-z]\\w*");

    /// Members of these families that the package does not state, and why.
    static final Map<String, String> LEFT_OUT =
            Map.of(
                    "CALLBACKTYPE_sysenter_deprecated", "no number that Xen takes",
                    "DOMID_(IDLE|MASK)", "no caller of a specified call can use them",
                    "XENMEMF_(address_bits|exact_node)", "compared by what they compute",
                    "XENMEM_(access|paging|sharing)_op_\\w+",
                            "not specified: an HVM guest's memory",
                    "XENMEM_resource_\\w+", "not specified: resources of other domains",
                    "__HYPERVISOR_arch_[02-7]", "free numbers, and mca under its other name");

    private CNames() {}
}
