// SPDX-License-Identifier: Apache-2.0
package org.provisor.impl.mm;

import static org.provisor.impl.abi.Errno.EINVAL;

import org.provisor.impl.Refines;
import org.provisor.impl.abi.DomainIds;

/// Clears and copies whole pages that can be in use as writable.
///
/// @xen xen/arch/x86/mm.c, do_mmuext_op, MMUEXT_CLEAR_PAGE, MMUEXT_COPY_PAGE
final class WholePages {

    private WholePages() {}

    @Refines("mm.clear-page")
    static int clear(final Vcpu by, final long mfn, final int owner) {
        final Host host = by.host;
        if (owner == DomainIds.IO || !host.get(mfn, owner)) {
            return -EINVAL;
        }
        final int result = PageTypes.get(by, mfn, PageType.WRITABLE);
        if (result == 0) {
            host.memory.clear(mfn);
            PageTypes.put(by, mfn);
        }
        host.put(mfn);
        return result;
    }

    @Refines("mm.copy-page")
    static int copy(final Vcpu by, final long to, final long from, final int owner) {
        final Host host = by.host;
        if (owner == DomainIds.IO || !host.get(from, owner)) {
            return -EINVAL;
        }
        int result = -EINVAL;
        if (host.get(to, owner)) {
            result = PageTypes.get(by, to, PageType.WRITABLE);
            if (result == 0) {
                host.memory.copy(to, from);
                PageTypes.put(by, to);
            }
            host.put(to);
        }
        host.put(from);
        return result;
    }
}
