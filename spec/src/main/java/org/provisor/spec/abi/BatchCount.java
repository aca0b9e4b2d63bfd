// SPDX-License-Identifier: Apache-2.0
package org.provisor.spec.abi;

/// The `count` argument of `mmu_update` and `mmuext_op`: how many requests are left, and whether
/// the call was preempted and comes again. The mark is set by Xen, but a guest can set it as well.
///
/// @xen xen/arch/x86/include/asm/hypercall.h, MMU_UPDATE_PREEMPTED
public record BatchCount(long word) {

    /// The mark of a call that was preempted.
    public static final long MMU_UPDATE_PREEMPTED = 1L << 31;

    /// What Xen passes when all requests are done but a page table is still being taken down.
    public static final BatchCount NOTHING_LEFT = new BatchCount(MMU_UPDATE_PREEMPTED);

    public BatchCount {
        if (word >>> 32 != 0) {
            throw new IllegalArgumentException("count of " + Long.toHexString(word));
        }
    }

    /// Whether the mark is set.
    public boolean preempted() {
        return (word & MMU_UPDATE_PREEMPTED) != 0;
    }

    /// The requests that are left.
    public long requests() {
        return word & ~MMU_UPDATE_PREEMPTED;
    }

    /// The marked count with which a preempted call comes again, after `done` more requests.
    public BatchCount after(long done) {
        return new BatchCount((requests() - done) | MMU_UPDATE_PREEMPTED);
    }
}
