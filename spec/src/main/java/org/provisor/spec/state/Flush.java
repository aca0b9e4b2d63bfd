// SPDX-License-Identifier: Apache-2.0
package org.provisor.spec.state;

import io.vavr.collection.Vector;

import org.provisor.spec.abi.Domid;
import org.provisor.spec.abi.Mfn;

/// What a step owes the processors' caches of translations before any guest runs on. An
/// implementation may leave a flush out where it can show that the translations are gone already.
///
/// @sdm 3A, "Invalidation of TLBs and Paging-Structure Caches"
public sealed interface Flush {

    /// Translations of the frame held for its owner: its type has changed.
    ///
    /// @param wasTable whether it was a page table, so that a fault in flight must be waited for
    /// @xen xen/arch/x86/mm.c, _get_page_type, the flush on type change
    record TypeChange(Domid owner, Mfn mfn, boolean wasTable) implements Flush {}

    /// Translations of the frames held for anybody: they were free and get a new owner.
    ///
    /// @xen xen/common/page_alloc.c, alloc_heap_pages, accumulate_tlbflush
    record Reuse(Mfn first, int order) implements Flush {}

    /// All translations, on the processor that this vCPU runs on.
    record Local(VcpuId vcpu) implements Flush {}

    /// All translations, on the processors that a domain has run on.
    record Domain(Domid domain) implements Flush {}

    /// All translations, on the processors of some of a domain's vCPUs.
    record Vcpus(Domid domain, Vector<Integer> vcpus) implements Flush {}

    /// The translation of one linear address, on the processor that this vCPU runs on.
    record PageLocal(VcpuId vcpu, long linear) implements Flush {}

    /// The translation of one linear address, on the processors that a domain has run on.
    record PageDomain(Domid domain, long linear) implements Flush {}

    /// The translation of one linear address, on the processors of some of a domain's vCPUs.
    record PageVcpus(Domid domain, Vector<Integer> vcpus, long linear) implements Flush {}

    /// The data caches, here or on every processor.
    record DataCaches(boolean everywhere) implements Flush {}
}
