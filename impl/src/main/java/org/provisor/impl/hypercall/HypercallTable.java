// SPDX-License-Identifier: Apache-2.0
package org.provisor.impl.hypercall;

import static org.provisor.impl.abi.Errno.ENOSYS;

import org.jspecify.annotations.Nullable;
import org.provisor.impl.Refines;
import org.provisor.impl.abi.HypercallNumbers;
import org.provisor.impl.mm.DescriptorTables;
import org.provisor.impl.mm.MemoryOp;
import org.provisor.impl.mm.MmuUpdate;
import org.provisor.impl.mm.MmuextOp;
import org.provisor.impl.mm.UpdateVaMapping;
import org.provisor.impl.mm.Vcpu;
import org.provisor.impl.mm.VmAssist;
import org.provisor.impl.pv.Callbacks;
import org.provisor.impl.pv.FpuTaskswitch;
import org.provisor.impl.pv.PvEntry;
import org.provisor.impl.pv.SegmentBases;
import org.provisor.impl.pv.StackSwitch;
import org.provisor.impl.pv.TrapTable;
import org.provisor.impl.pv.VcpuOp;
import org.provisor.impl.trace.TraceEvent;

/// The hypercalls, each with what does it for every kind of guest that has it.
///
/// | number | call                            | arguments | PV, 64-bit | PV, 32-bit | HVM and PVH |
/// |--------|---------------------------------|-----------|------------|------------|-------------|
/// | 0      | `set_trap_table`                | 1         | yes        | not yet    | -           |
/// | 1      | `mmu_update`                    | 4         | yes        | not yet    | -           |
/// | 2      | `set_gdt`                       | 2         | yes        | not yet    | -           |
/// | 3      | `stack_switch`                  | 2         | yes        | not yet    | -           |
/// | 4      | `set_callbacks`                 | 3         | yes        | not yet    | -           |
/// | 5      | `fpu_taskswitch`                | 1         | yes        | not yet    | -           |
/// | 10     | `update_descriptor`             | 2         | yes        | not yet    | -           |
/// | 12     | `memory_op`                     | 2         | yes        | not yet    | not yet     |
/// | 14     | `update_va_mapping`             | 3         | yes        | not yet    | -           |
/// | 21     | `vm_assist`                     | 2         | yes        | not yet    | not yet     |
/// | 22     | `update_va_mapping_otherdomain` | 4         | yes        | not yet    | -           |
/// | 24     | `vcpu_op`                       | 3         | yes        | not yet    | not yet     |
/// | 25     | `set_segment_base`              | 2         | yes        | -          | -           |
/// | 26     | `mmuext_op`                     | 4         | yes        | not yet    | not yet     |
/// | 30     | `callback_op`                   | 2         | yes        | not yet    | -           |
///
/// All others answer `ENOSYS`. The call `iret` acts on more registers than there are here: it is
/// [PvEntry#iret].
///
/// @xen xen/include/hypercall-defs.c
public final class HypercallTable {

    /// The size of the instruction that makes a call.
    private static final int SYSCALL_BYTES = 2;

    private static final long UINT = 0xFFFF_FFFFL;

    /// Does a call and returns what stands in `rax` after it.
    private interface Handler {
        long call(Vcpu by, Registers registers);
    }

    /// A row of the table.
    private record Row(int number, int arguments, @Nullable Handler pv64) {}

    private static final Row[] ROWS = {
        new Row(HypercallNumbers.SET_TRAP_TABLE, 1, (by, r) -> TrapTable.set(by, r.rdi)),
        new Row(
                HypercallNumbers.MMU_UPDATE,
                4,
                (by, r) -> MmuUpdate.call(by, r.rdi, r.rsi & UINT, r.rdx, r.r10 & UINT)),
        new Row(
                HypercallNumbers.SET_GDT,
                2,
                (by, r) -> DescriptorTables.setGdt(by, r.rdi, r.rsi & UINT)),
        new Row(HypercallNumbers.STACK_SWITCH, 2, (by, r) -> StackSwitch.call(by, r.rdi, r.rsi)),
        new Row(
                HypercallNumbers.SET_CALLBACKS,
                3,
                (by, r) -> Callbacks.set(by, r.rdi, r.rsi, r.rdx)),
        new Row(
                HypercallNumbers.FPU_TASKSWITCH,
                1,
                (by, r) -> FpuTaskswitch.call(by, r.rdi & UINT)),
        new Row(
                HypercallNumbers.UPDATE_DESCRIPTOR,
                2,
                (by, r) -> DescriptorTables.update(by, r.rdi, r.rsi)),
        new Row(HypercallNumbers.MEMORY_OP, 2, (by, r) -> MemoryOp.call(by, r.rdi, r.rsi)),
        new Row(
                HypercallNumbers.UPDATE_VA_MAPPING,
                3,
                (by, r) -> UpdateVaMapping.call(by, r.rdi, r.rsi, r.rdx)),
        new Row(
                HypercallNumbers.VM_ASSIST,
                2,
                (by, r) -> VmAssist.call(by, r.rdi & UINT, r.rsi & UINT)),
        new Row(
                HypercallNumbers.UPDATE_VA_MAPPING_OTHERDOMAIN,
                4,
                (by, r) ->
                        UpdateVaMapping.callOther(by, r.rdi, r.rsi, r.rdx, (int) r.r10 & 0xFFFF)),
        new Row(
                HypercallNumbers.MMUEXT_OP,
                4,
                (by, r) -> MmuextOp.call(by, r.rdi, r.rsi & UINT, r.rdx, r.r10 & UINT)),
        new Row(
                HypercallNumbers.VCPU_OP,
                3,
                (by, r) -> VcpuOp.call(by, r.rdi & UINT, r.rsi & UINT, r.rdx)),
        new Row(
                HypercallNumbers.SET_SEGMENT_BASE,
                2,
                (by, r) -> SegmentBases.set(by, r.rdi & UINT, r.rsi)),
        new Row(
                HypercallNumbers.CALLBACK_OP,
                2,
                (by, r) -> Callbacks.operation(by, r.rdi & UINT, r.rsi)),
    };

    private static final @Nullable Handler[] PV64 = new @Nullable Handler[HypercallNumbers.END];
    private static final int[] ARGUMENTS = new int[HypercallNumbers.END];

    static {
        for (final Row row : ROWS) {
            PV64[row.number] = row.pv64;
            ARGUMENTS[row.number] = row.arguments;
        }
    }

    private HypercallTable() {}

    /// Makes the call that the registers of a 64-bit paravirtual guest's kernel state. If it is
    /// preempted, they state what is left of it, and the guest makes it again without noticing.
    @Refines("hypercall.dispatch")
    public static void call(final Vcpu by, final Registers registers) {
        final long number = registers.rax;
        by.begin();
        by.trace().record(TraceEvent.HYPERCALL, number, registers.rdi);
        final Handler handler = number >= 0 && number < PV64.length ? PV64[(int) number] : null;
        final long result = handler == null ? -ENOSYS : handler.call(by, registers);
        if (by.continued()) {
            restate(by, registers);
            by.trace().record(TraceEvent.CONTINUED, number, registers.rdi);
        } else {
            registers.rax = result;
            by.trace().record(TraceEvent.RETURN, number, result);
        }
    }

    private static void restate(final Vcpu by, final Registers registers) {
        final int number = (int) by.continuation(0);
        registers.rax = number;
        for (int n = 1; n <= ARGUMENTS[number]; n++) {
            registers.setArgument(n, by.continuation(n));
        }
        registers.rip -= SYSCALL_BYTES;
    }
}
