// SPDX-License-Identifier: Apache-2.0
package org.provisor.impl.mm;

import static org.provisor.impl.abi.Errno.EACCES;
import static org.provisor.impl.abi.Errno.EDOM;
import static org.provisor.impl.abi.Errno.EFAULT;
import static org.provisor.impl.abi.Errno.ENOSYS;
import static org.provisor.impl.abi.Errno.EOPNOTSUPP;
import static org.provisor.impl.abi.Errno.ESRCH;

import org.provisor.impl.Refines;
import org.provisor.impl.abi.MemoryOps;

/// The calls that change a physmap. Paravirtual domains have none, and there are no others: all are
/// refused.
///
/// The structures start with the domain's identifier, in 2 bytes.
///
/// @xen xen/common/memory.c, do_memory_op, xatp_permission_check
final class PhysmapCalls {

    /// `struct xen_add_to_physmap`: the space is in the upper half of the first word.
    private static final int ADD_BYTES = 24;

    /// `struct xen_add_to_physmap_batch`: the space is in the 2 bytes after the domain.
    private static final int ADD_BATCH_BYTES = 32;

    /// `struct xen_remove_from_physmap`.
    private static final int REMOVE_BYTES = 16;

    /// The extents of a call that comes again are counted in 16 bits.
    private static final int START_BITS = 16;

    private PhysmapCalls() {}

    /// `XENMEM_add_to_physmap`.
    @Refines("mm.physmap.add-one")
    static long addOne(final Vcpu by, final long start, final long arg) {
        if (start >>> START_BITS != 0) {
            return -EDOM;
        }
        if (!CallerMemory.read(by, arg, by.words, ADD_BYTES)) {
            return -EFAULT;
        }
        final int space = (int) (by.words[0] >>> 32);
        return space == MemoryOps.SPACE_GMFN_FOREIGN ? -ENOSYS : refused(by);
    }

    /// `XENMEM_add_to_physmap_batch`.
    @Refines("mm.physmap.add-batch")
    static long addBatch(final Vcpu by, final long start, final long arg) {
        if (start >>> START_BITS != 0) {
            return -EDOM;
        }
        if (!CallerMemory.read(by, arg, by.words, ADD_BATCH_BYTES)) {
            return -EFAULT;
        }
        final int space = (int) (by.words[0] >>> 16) & 0xFFFF;
        return space == MemoryOps.SPACE_GMFN_RANGE ? -EOPNOTSUPP : refused(by);
    }

    /// `XENMEM_remove_from_physmap`.
    @Refines("mm.physmap.remove")
    static long remove(final Vcpu by, final long arg) {
        return CallerMemory.read(by, arg, by.words, REMOVE_BYTES) ? refused(by) : -EFAULT;
    }

    private static long refused(final Vcpu by) {
        return MemoryOp.domain(by, (int) by.words[0] & 0xFFFF) == null ? -ESRCH : -EACCES;
    }
}
