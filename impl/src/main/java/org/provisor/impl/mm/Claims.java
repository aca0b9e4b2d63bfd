// SPDX-License-Identifier: Apache-2.0
package org.provisor.impl.mm;

import static org.provisor.impl.abi.Errno.EFAULT;
import static org.provisor.impl.abi.Errno.EINVAL;
import static org.provisor.impl.abi.Errno.ENOMEM;
import static org.provisor.impl.abi.Errno.EPERM;

import org.provisor.impl.Refines;
import org.provisor.impl.abi.ReservationLayout;

/// `XENMEM_claim_pages`: memory kept back for a domain before it is allocated.
///
/// @xen xen/common/memory.c, do_memory_op, XENMEM_claim_pages
/// @xen xen/common/page_alloc.c, domain_set_outstanding_pages
final class Claims {

    private Claims() {}

    /// The call.
    ///
    /// @param arg where the reservation is; its list, order and flags are to be zero
    /// @return 0 or a negated error number
    @Refines("mm.claim")
    static long call(final Vcpu by, final long arg) {
        final long[] words = by.words;
        if (!CallerMemory.read(by, arg, words, ReservationLayout.BYTES)) {
            return -EFAULT;
        }
        if (ReservationLayout.list(words, 0) != 0
                || ReservationLayout.order(words, 0) != 0
                || ReservationLayout.flags(words, 0) != 0) {
            return -EINVAL;
        }
        final Domain domain = by.host.domain(ReservationLayout.domain(words, 0));
        if (domain == null) {
            return -EINVAL;
        }
        if (!by.domain.control) {
            return -EPERM;
        }
        domain.lockPages();
        final int result = stake(by.host, domain, ReservationLayout.extents(words, 0));
        domain.unlockPages();
        return result;
    }

    /// Keeps back what a domain lacks to have `total` frames. A claim on a domain that has just
    /// gone would never end.
    @Refines({"mm.claim.stake", "mm.claim.leaves"})
    private static int stake(final Host host, final Domain domain, final long total) {
        if (host.domain(domain.id) != domain) {
            return -EINVAL;
        }
        if (total == 0) {
            host.setClaim(domain, 0);
            return 0;
        }
        if (domain.claim != 0
                || Long.compareUnsigned(total, domain.totPages) <= 0
                || Long.compareUnsigned(total, domain.maxPages) > 0) {
            return -EINVAL;
        }
        final long lacking = total - domain.totPages;
        if (!host.allocator.tryClaim(lacking)) {
            return -ENOMEM;
        }
        domain.claim = lacking;
        return 0;
    }
}
