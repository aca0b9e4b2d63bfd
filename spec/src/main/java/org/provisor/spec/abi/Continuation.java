// SPDX-License-Identifier: Apache-2.0
package org.provisor.spec.abi;

/// How a preempted call stands in the guest's registers until it goes on.
///
/// Xen puts the call's number back into `rax`, replaces the registers of the arguments, and winds
/// the instruction pointer back to the call. The guest then makes the call again, without knowing;
/// but it may be interrupted in between, and may change any of it.
///
/// What goes back is the argument as Xen took it. So bits that its type does not have are cleared:
/// a count in `rsi` comes back with the upper half zero. Registers that are no argument of the call
/// stay as they were.
///
/// | call                                | comes again as                                |
/// |-------------------------------------|-----------------------------------------------|
/// | batch, not yet begun                | itself                                        |
/// | batch, `n` requests done            | [Invocation.MmuUpdateCall#after]              |
/// | batch, done but for a table         | [Invocation.MmuUpdateCall#carrying]           |
/// | `memory_op` on a list, `n` done     | [Invocation.MemoryOpCall#from]                |
/// | `XENMEM_exchange`                   | itself; the structure counts what is done     |
/// | `update_va_mapping`, of both kinds  | itself                                        |
///
/// @xen xen/arch/x86/hypercall.c, hypercall_create_continuation
/// @xen xen/arch/x86/mm.c, do_mmu_update, do_mmuext_op, do_update_va_mapping
/// @xen xen/arch/x86/x86_64/compat/mm.c, compat_mmuext_op
/// @xen xen/common/memory.c, do_memory_op
public record Continuation(Registers registers) {

    /// How far the instruction pointer is wound back: `syscall` and `int $0x82` have two bytes.
    public static final int INSTRUCTION_BYTES = 2;

    /// The guest that made a call with `before`, preempted with `rest` still to be done.
    public static Continuation of(Registers before, Invocation rest) {
        return new Continuation(CallingConvention.encode(rest, before));
    }

    /// The call that the guest will make again if it changes nothing.
    public Invocation call() {
        return CallingConvention.decode(registers);
    }
}
