// SPDX-License-Identifier: Apache-2.0
package org.provisor.impl.mm;

import org.provisor.impl.Refines;
import org.provisor.impl.bits.Addresses;

/// What `mmu_update` and `mmuext_op` have in common: a list of requests, and a count of those done.
///
/// @xen xen/arch/x86/mm.c, do_mmu_update and do_mmuext_op
final class Batch {

    /// The mark in the count of a call that comes again.
    static final long PREEMPTED = 1L << 31;

    private static final int COUNT_BYTES = 4;

    private Batch() {}

    /// Whether the call only waits for a table to be taken apart, and carries its result.
    static boolean carriesResult(final long list, final long count) {
        return list == 0 && count == PREEMPTED;
    }

    static long requests(final long count) {
        return count & ~PREEMPTED;
    }

    /// Whether a guest may name a list of requests. A count of 31 bits is too large for none.
    @Refines("mm.guest-address.array")
    static boolean listOk(final long list) {
        return Addresses.ofGuest(list);
    }

    /// How many requests were done before the call was preempted.
    @Refines("mm.batch.done-before")
    static long before(final Vcpu by, final long count, final long done) {
        return (count & PREEMPTED) != 0 && done != 0 && by.guest.read(done, by.words, COUNT_BYTES)
                ? by.words[0]
                : 0;
    }

    /// Writes how many are done.
    @Refines("mm.batch.done")
    static void count(final Vcpu by, final long done, final long total) {
        if (done != 0) {
            by.guest.write(done, total & 0xFFFF_FFFFL, COUNT_BYTES);
        }
    }
}
