// SPDX-License-Identifier: Apache-2.0
package org.provisor.spec.abi;

/// A call as its registers state it, before any guest memory is read.
///
/// [CallingConvention] makes it from registers and back. An argument of type `unsigned int` is a
/// `long` of 0 to 2<sup>32</sup> - 1 here, never negative.
///
/// @xen xen/include/hypercall-defs.c
public sealed interface Invocation {

    /// `mmu_update`: changes page-table entries, or the machine-to-physical table.
    ///
    /// `ureqs` points to [MmuUpdate] requests; `pdone`, unless null, to a 32-bit count of those
    /// done.
    record MmuUpdateCall(
            GuestAddress ureqs, BatchCount count, GuestAddress pdone, ForeignDomains foreigndom)
            implements Invocation {

        /// The same call, to go on after the first `done` of its requests.
        public MmuUpdateCall after(long done, Bitness bitness) {
            var next = ureqs.plus(done * MmuUpdate.LAYOUT.size(bitness));
            return new MmuUpdateCall(next, count.after(done), pdone, foreigndom);
        }

        /// What is left of any such call when only a page table is still to be taken down.
        public static MmuUpdateCall carrying(int result) {
            return new MmuUpdateCall(
                    GuestAddress.NULL,
                    BatchCount.NOTHING_LEFT,
                    GuestAddress.NULL,
                    ForeignDomains.carrying(result));
        }

        /// Whether the call only waits for a page table to be taken down.
        public boolean carriesResult() {
            return ureqs.isNull() && count.equals(BatchCount.NOTHING_LEFT);
        }
    }

    /// `mmuext_op`: pins, base pointers, flushes.
    ///
    /// `uops` points to [MmuextOp] operations; `pdone`, unless null, to a 32-bit count of those
    /// done.
    record MmuextOpCall(
            GuestAddress uops, BatchCount count, GuestAddress pdone, ForeignDomains foreigndom)
            implements Invocation {

        /// The same call, to go on after the first `done` of its operations.
        public MmuextOpCall after(long done, Bitness bitness) {
            var next = uops.plus(done * MmuextOp.LAYOUT.size(bitness));
            return new MmuextOpCall(next, count.after(done), pdone, foreigndom);
        }

        /// What is left of any such call when only a page table is still to be taken down.
        public static MmuextOpCall carrying(int result) {
            return new MmuextOpCall(
                    GuestAddress.NULL,
                    BatchCount.NOTHING_LEFT,
                    GuestAddress.NULL,
                    ForeignDomains.carrying(result));
        }

        /// Whether the call only waits for a page table to be taken down.
        public boolean carriesResult() {
            return uops.isNull() && count.equals(BatchCount.NOTHING_LEFT);
        }
    }

    /// `set_gdt`: installs a descriptor table. `frameList` points to a [FrameList].
    record SetGdtCall(GuestAddress frameList, long entries) implements Invocation {}

    /// `update_descriptor`: changes one descriptor.
    record UpdateDescriptorCall(MachineAddress gaddr, SegmentDescriptor desc)
            implements Invocation {}

    /// `memory_op`: takes, gives back, exchanges memory; answers questions about it.
    record MemoryOpCall(MemoryOpWord cmd, GuestAddress arg) implements Invocation {

        /// The same call, to go on at `extent`.
        public MemoryOpCall from(long extent) {
            return new MemoryOpCall(cmd.from(extent), arg);
        }
    }

    /// `update_va_mapping`: changes the entry that maps one address of the caller.
    record UpdateVaMappingCall(GuestAddress va, long val, UvmFlags flags) implements Invocation {}

    /// `update_va_mapping_otherdomain`: as above, to a frame of another domain.
    record UpdateVaMappingOtherdomainCall(GuestAddress va, long val, UvmFlags flags, Domid domid)
            implements Invocation {}

    /// `vm_assist`: turns an assist on or off.
    record VmAssistCall(long cmd, long type) implements Invocation {}

    /// `set_trap_table`: says which handlers vectors have. `traps` points to [TrapInfo] entries,
    /// the last of them with the address 0; null clears all.
    record SetTrapTableCall(GuestAddress traps) implements Invocation {

        /// The same call, to go on after the first entry.
        public SetTrapTableCall next(Bitness bitness) {
            return new SetTrapTableCall(traps.plus(TrapInfo.LAYOUT.size(bitness)));
        }
    }

    /// `stack_switch`: says where the kernel's stack begins.
    record StackSwitchCall(long ss, long esp) implements Invocation {}

    /// `set_callbacks` of a 64-bit guest: says where the kernel is entered.
    record SetCallbacksCall(long event, long failsafe, long syscall) implements Invocation {}

    /// `fpu_taskswitch`: sets or clears what the guest takes for CR0.TS.
    record FpuTaskswitchCall(long set) implements Invocation {}

    /// `set_segment_base` of a 64-bit guest: sets the base of a segment.
    record SetSegmentBaseCall(long which, long base) implements Invocation {}

    /// `callback_op`: says where the kernel is entered, or no longer is.
    record CallbackOpCall(long cmd, GuestAddress arg) implements Invocation {}

    /// `vcpu_op`: sets a vCPU of the caller's domain up, has it run, stops it, and more.
    ///
    /// `cmd` is a [VcpuCommand]; what `arg` points to depends on it.
    record VcpuOpCall(long cmd, long vcpuid, GuestAddress arg) implements Invocation {}

    /// Any other number: a call that is specified elsewhere or not at all, or no call of Xen's.
    record UnknownCall(long number) implements Invocation {}
}
