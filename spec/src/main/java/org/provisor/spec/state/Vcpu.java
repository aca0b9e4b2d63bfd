// SPDX-License-Identifier: Apache-2.0
package org.provisor.spec.state;

import io.vavr.control.Option;

import org.provisor.spec.abi.Mfn;

/// What is kept of a virtual CPU.
///
/// @param root the root table its kernel runs on; holds a general and a type reference
/// @param userRoot the root table its user mode runs on, likewise
/// @param ldt local descriptor table
/// @param gdt global descriptor table
/// @param unfinished a table let go of and not yet taken apart
/// @param entry how its kernel wants to be entered
/// @param life whether it has been set up, and is to run
/// @xen xen/arch/x86/include/asm/domain.h, struct arch_vcpu
public record Vcpu(
        Option<Mfn> root,
        Option<Mfn> userRoot,
        LocalTable ldt,
        GlobalTable gdt,
        Option<Unfinished> unfinished,
        KernelEntry entry,
        VcpuLife life) {

    /// A vCPU that is up and has nothing yet.
    public static final Vcpu IDLE =
            new Vcpu(
                    Option.none(),
                    Option.none(),
                    LocalTable.NONE,
                    GlobalTable.NONE,
                    Option.none(),
                    KernelEntry.NONE,
                    VcpuLife.UP);

    /// A vCPU that nobody has set up.
    public static final Vcpu UNINITIALISED = IDLE.withLife(VcpuLife.UNINITIALISED);

    public Vcpu withRoot(Option<Mfn> now) {
        return new Vcpu(now, userRoot, ldt, gdt, unfinished, entry, life);
    }

    public Vcpu withUserRoot(Option<Mfn> now) {
        return new Vcpu(root, now, ldt, gdt, unfinished, entry, life);
    }

    public Vcpu withLdt(LocalTable now) {
        return new Vcpu(root, userRoot, now, gdt, unfinished, entry, life);
    }

    public Vcpu withGdt(GlobalTable now) {
        return new Vcpu(root, userRoot, ldt, now, unfinished, entry, life);
    }

    public Vcpu withUnfinished(Option<Unfinished> now) {
        return new Vcpu(root, userRoot, ldt, gdt, now, entry, life);
    }

    public Vcpu withEntry(KernelEntry now) {
        return new Vcpu(root, userRoot, ldt, gdt, unfinished, now, life);
    }

    public Vcpu withLife(VcpuLife now) {
        return new Vcpu(root, userRoot, ldt, gdt, unfinished, entry, now);
    }

    /// Whether it runs, and so makes calls.
    public boolean up() {
        return life == VcpuLife.UP;
    }
}
