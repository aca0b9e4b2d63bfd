// SPDX-License-Identifier: Apache-2.0
package org.provisor.spec.mm;

import org.provisor.spec.abi.Mfn;
import org.provisor.spec.notation.Clause;
import org.provisor.spec.state.GlobalTable;
import org.provisor.spec.state.Step;
import org.provisor.spec.state.Vcpu;
import org.provisor.spec.state.VcpuId;

/// Letting go of a vCPU's global descriptor table.
///
/// Each frame of the table is held by a general reference and one to the type of descriptors, so
/// that what the processor loads from it has been checked and stays so.
///
/// @xen xen/arch/x86/pv/descriptor-tables.c
public final class DescriptorTables {

    private DescriptorTables() {}

    /// Takes a vCPU's global descriptor table away.
    ///
    /// | row | the vCPU      | outcome                                                    |
    /// |-----|---------------|------------------------------------------------------------|
    /// | a   | has no frames | it has no entries                                          |
    /// | b   | has frames    | both references of each are dropped, the first frame first |
    ///
    /// What is left reads as zero: no descriptor of the guest's part is present. No flush is owed
    /// for that here; who calls this flushes, or stops the vCPU. Changes the vCPU and the frames;
    /// keeps how the step is going.
    ///
    /// @xen xen/arch/x86/pv/descriptor-tables.c, pv_destroy_gdt
    @Clause(
            value = "mm.gdt.destroy",
            rows = {"a", "b"},
            covers = {"GDT-1"})
    static Step destroyGdt(Step start, VcpuId who) {
        Vcpu vcpu = start.machine().vcpu(who);
        Step at = start.with(start.machine().with(who, vcpu.withGdt(GlobalTable.NONE)));
        for (Mfn mfn : vcpu.gdt().frames()) {
            at = PageTypes.putBoth(at, mfn);
        }
        return at.row(vcpu.gdt().frames().isEmpty() ? "mm.gdt.destroy/a" : "mm.gdt.destroy/b");
    }
}
