// SPDX-License-Identifier: Apache-2.0
package org.provisor.spec.mm;

import io.vavr.control.Option;

import org.provisor.spec.abi.Mfn;
import org.provisor.spec.notation.Clause;
import org.provisor.spec.state.Step;
import org.provisor.spec.state.Unfinished;
import org.provisor.spec.state.Vcpu;
import org.provisor.spec.state.VcpuId;

/// The page table that a vCPU has let go of and not yet taken apart. There is at most one.
///
/// @xen xen/arch/x86/mm.c, put_old_guest_table
public final class UnfinishedTeardown {

    private UnfinishedTeardown() {}

    /// Finishes what a vCPU has left unfinished.
    ///
    /// | row | the vCPU                                          | outcome                        |
    /// |-----|---------------------------------------------------|--------------------------------|
    /// | a   | has nothing to finish                             | nothing changes                |
    /// | b   | has a table, and taking it apart comes to its end | both references are dropped    |
    /// | c   | has a table, and taking it apart is preempted     | preempted; it still has it     |
    ///
    /// @xen xen/arch/x86/mm.c, put_old_guest_table
    @Clause(
            value = "mm.unfinished.finish",
            rows = {"a", "b", "c"},
            covers = {"PA-5"})
    static Step finish(Step at, VcpuId who) {
        Vcpu vcpu = at.machine().vcpu(who);
        if (vcpu.unfinished().isEmpty()) {
            return at.row("mm.unfinished.finish/a");
        }
        Unfinished left = vcpu.unfinished().get();
        Option<Mfn> container = left.hasContainer() ? Option.some(left.container()) : Option.none();
        Step put = PageTypes.put(at, left.table(), left.partial(), container);
        if (put.preempted()) {
            return remember(put, who, left.withPartial(true)).row("mm.unfinished.finish/c");
        }
        Step dropped = References.put(put, left.table());
        return dropped.with(
                        dropped.machine()
                                .with(
                                        who,
                                        dropped.machine().vcpu(who).withUnfinished(Option.none())))
                .row("mm.unfinished.finish/b");
    }

    /// The same for the calling vCPU.
    static Step finish(Step at) {
        return finish(at, at.by());
    }

    /// Leaves a table for a vCPU to finish.
    static Step remember(Step at, VcpuId who, Unfinished left) {
        Vcpu vcpu = at.machine().vcpu(who);
        return at.with(at.machine().with(who, vcpu.withUnfinished(Option.some(left))));
    }

    /// Whether the calling vCPU has something to finish.
    static boolean pending(Step at) {
        return at.vcpu().unfinished().isDefined();
    }
}
