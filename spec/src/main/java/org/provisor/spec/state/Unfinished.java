// SPDX-License-Identifier: Apache-2.0
package org.provisor.spec.state;

import org.provisor.spec.abi.Mfn;

/// A page table that a vCPU has let go of but not yet taken apart. Each call that works on page
/// tables finishes it before anything else.
///
/// @param table the table; the vCPU holds a general reference on it
/// @param container for a linear entry: the table of the same level that contained it
/// @param hasContainer whether `container` means anything
/// @param partial whether the type reference is the one that goes with {@link Validity#PARTIAL}
/// @xen xen/arch/x86/include/asm/domain.h, struct arch_vcpu, old_guest_table to
///   old_guest_table_partial
public record Unfinished(Mfn table, Mfn container, boolean hasContainer, boolean partial) {

    /// A table that no entry of its own level led to.
    public static Unfinished of(Mfn table, boolean partial) {
        return new Unfinished(table, table, false, partial);
    }

    /// A table taken out of an entry of `container`.
    public static Unfinished from(Mfn container, Mfn table) {
        return new Unfinished(table, container, true, false);
    }

    public Unfinished withPartial(boolean now) {
        return new Unfinished(table, container, hasContainer, now);
    }
}
