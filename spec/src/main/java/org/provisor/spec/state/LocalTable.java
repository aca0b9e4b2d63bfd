// SPDX-License-Identifier: Apache-2.0
package org.provisor.spec.state;

import io.vavr.collection.HashMap;
import io.vavr.collection.Map;

import org.provisor.spec.abi.Mfn;

/// The local descriptor table of a vCPU. Its frames are mapped when first used.
///
/// @param base linear address of the first descriptor; meaningless without entries
/// @param entries how many descriptors, at most 8192
/// @param mapped the frames mapped so far, by their page's number in the table (0 to 15); each
///   holds a general and a type reference
/// @xen xen/arch/x86/pv/mm.c, pv_map_ldt_shadow_page
public record LocalTable(long base, int entries, Map<Integer, Mfn> mapped) {

    /// No table.
    public static final LocalTable NONE = new LocalTable(0, 0, HashMap.empty());

    public LocalTable unmapped() {
        return mapped.isEmpty() ? this : new LocalTable(base, entries, HashMap.empty());
    }

    public LocalTable withMapped(int page, Mfn mfn) {
        return new LocalTable(base, entries, mapped.put(page, mfn));
    }
}
