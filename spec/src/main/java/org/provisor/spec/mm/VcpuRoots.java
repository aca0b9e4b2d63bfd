// SPDX-License-Identifier: Apache-2.0
package org.provisor.spec.mm;

import io.vavr.control.Option;

import org.provisor.spec.abi.Mfn;
import org.provisor.spec.notation.Clause;
import org.provisor.spec.state.Step;
import org.provisor.spec.state.Unfinished;
import org.provisor.spec.state.Vcpu;
import org.provisor.spec.state.VcpuId;

/// What a vCPU runs on, let go of when its domain dies.
///
/// @xen xen/arch/x86/mm.c, vcpu_destroy_pagetables
public final class VcpuRoots {

    private VcpuRoots() {}

    /// Finishes what the vCPU left unfinished, then drops its kernel root, then its user root.
    ///
    /// | row | at                                                | outcome                           |
    /// |-----|---------------------------------------------------|-----------------------------------|
    /// | a   | what was unfinished                               | preempted                         |
    /// | b   | the kernel root                                   | preempted; left unfinished        |
    /// | c   | the user root                                     | preempted; left unfinished        |
    /// | d   | the end                                           | it has no root                    |
    @Clause(
            value = "mm.vcpu.drop-roots",
            rows = {"a", "b", "c", "d"},
            covers = {"PA-6", "CR3-1", "CR3-2"})
    static Step drop(Step start, VcpuId who) {
        Step finished = UnfinishedTeardown.finish(start, who);
        if (finished.preempted()) {
            return finished.row("mm.vcpu.drop-roots/a");
        }
        Step kernel = dropKernels(finished, who);
        if (kernel.preempted()) {
            return kernel.row("mm.vcpu.drop-roots/b");
        }
        Vcpu left = kernel.machine().vcpu(who);
        Step user =
                put(changed(kernel, who, left.withUserRoot(Option.none())), who, left.userRoot());
        return user.row(user.preempted() ? "mm.vcpu.drop-roots/c" : "mm.vcpu.drop-roots/d");
    }

    /// Drops a vCPU's kernel root, if it has one; where that is preempted the rest is left to the
    /// vCPU.
    static Step dropKernels(Step at, VcpuId who) {
        Vcpu vcpu = at.machine().vcpu(who);
        return vcpu.root().isEmpty()
                ? at
                : put(changed(at, who, vcpu.withRoot(Option.none())), who, vcpu.root());
    }

    private static Step changed(Step at, VcpuId who, Vcpu vcpu) {
        return at.with(at.machine().with(who, vcpu));
    }

    private static Step put(Step at, VcpuId who, Option<Mfn> root) {
        if (root.isEmpty()) {
            return at;
        }
        Step put = PageTypes.putBoth(at, root.get());
        return put.preempted()
                ? UnfinishedTeardown.remember(put, who, Unfinished.of(root.get(), true))
                : put;
    }
}
