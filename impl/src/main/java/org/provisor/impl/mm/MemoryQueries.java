// SPDX-License-Identifier: Apache-2.0
package org.provisor.impl.mm;

import static org.provisor.impl.abi.Errno.EFAULT;
import static org.provisor.impl.abi.Errno.ENOSYS;
import static org.provisor.impl.abi.Errno.EPERM;
import static org.provisor.impl.abi.Errno.ESRCH;

import org.provisor.impl.Refines;
import org.provisor.impl.abi.MemoryOps;
import org.provisor.impl.abi.SharedInfoLayout;
import org.provisor.impl.bits.Addresses;
import org.provisor.impl.memory.FrameAllocator;

/// How much memory there is: of the machine, and of a domain.
///
/// @xen xen/common/memory.c, do_memory_op
final class MemoryQueries {

    /// `struct xen_memory_domain` is a domain's identifier.
    private static final int DOMAIN_BYTES = 2;

    private MemoryQueries() {}

    /// `XENMEM_maximum_ram_page`: the number of the machine's last frame, and one more.
    @Refines("mm.query.ram")
    static long maximumRamPage(final Vcpu by) {
        return by.host.frames.size();
    }

    /// `XENMEM_current_reservation`, `XENMEM_maximum_reservation`, `XENMEM_maximum_gpfn`.
    @Refines("mm.query.domain")
    static long ofDomain(final Vcpu by, final int command, final long arg) {
        if (!CallerMemory.read(by, arg, by.words, DOMAIN_BYTES)) {
            return -EFAULT;
        }
        final Domain domain = MemoryOp.domain(by, (int) by.words[0]);
        if (domain == null) {
            return -ESRCH;
        }
        if (!by.domain.mayActOn(domain.id)) {
            return -EPERM;
        }
        return switch (command) {
            case MemoryOps.CURRENT_RESERVATION -> domain.totPages;
            case MemoryOps.MAXIMUM_RESERVATION -> domain.maxPages;
            default -> maximumGpfn(by.host, domain);
        };
    }

    /// What the domain has written into the page that it shares with Xen is believed.
    ///
    /// @xen xen/arch/x86/mm.c, domain_get_maximum_gpfn
    private static long maximumGpfn(final Host host, final Domain domain) {
        final long page = domain.sharedInfo;
        if (page == FrameAllocator.NONE) {
            return 0;
        }
        final long numbered =
                host.memory.word((page << Addresses.PAGE_SHIFT) + SharedInfoLayout.MAX_PFN);
        return numbered == 0 ? 0 : numbered - 1;
    }

    /// `XENMEM_machine_memory_map`: nobody is shown the machine's own map yet.
    @Refines("mm.memory-map.machine")
    static long machineMap(final Vcpu by) {
        return by.domain.control ? -ENOSYS : -EPERM;
    }
}
