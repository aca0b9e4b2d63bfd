// SPDX-License-Identifier: Apache-2.0
package org.provisor.spec.state;

import io.vavr.collection.Vector;

import org.provisor.spec.abi.Mfn;

/// The guest's part of a vCPU's global descriptor table.
///
/// @param entries how many descriptors, at most 7168
/// @param frames its frames, 512 descriptors each; each holds a general and a type reference
/// @xen xen/arch/x86/pv/descriptor-tables.c, pv_set_gdt
public record GlobalTable(int entries, Vector<Mfn> frames) {

    /// No table.
    public static final GlobalTable NONE = new GlobalTable(0, Vector.empty());
}
