// SPDX-License-Identifier: Apache-2.0
package org.provisor.impl.mm;

import static org.provisor.impl.abi.Errno.EFAULT;
import static org.provisor.impl.abi.Errno.EINVAL;
import static org.provisor.impl.abi.Errno.ENOSYS;
import static org.provisor.impl.abi.Errno.EPERM;
import static org.provisor.impl.abi.Errno.ESRCH;

import org.provisor.impl.Refines;
import org.provisor.impl.abi.MemoryMapLayout;

/// The memory map that a domain is given: where a machine's memory would be, for its kernel to
/// read. Xen keeps it and makes nothing of it.
///
/// @xen xen/arch/x86/mm.c, arch_memory_op
final class MemoryMaps {

    /// The most ranges that a map may have.
    static final int MAX_RANGES = 1024;

    private MemoryMaps() {}

    /// `XENMEM_memory_map`: the first ranges of the caller's own map, as many as there is room for.
    @Refines("mm.memory-map.get")
    static long get(final Vcpu by, final long arg) {
        if (!CallerMemory.read(by, arg, by.words, MemoryMapLayout.BYTES)) {
            return -EFAULT;
        }
        final long room = MemoryMapLayout.entries(by.words, 0);
        final long buffer = MemoryMapLayout.buffer(by.words, 0);
        final int ranges = copied(by.domain, by.memoryMap);
        if (ranges == 0) {
            return -ENOSYS;
        }
        final int count = (int) Math.min(room, ranges);
        if (!CallerMemory.writable(by, buffer, count * MemoryMapLayout.RANGE_BYTES)) {
            return -EFAULT;
        }
        for (int i = 0; i < count; i++) {
            if (!write(by, buffer + (long) i * MemoryMapLayout.RANGE_BYTES, 3 * i)) {
                return -EFAULT;
            }
        }
        return CallerMemory.writable(by, arg, MemoryMapLayout.BYTES)
                        && CallerMemory.write(by, arg, count, Integer.BYTES)
                ? 0
                : -EFAULT;
    }

    private static int copied(final Domain domain, final long[] to) {
        domain.lockPages();
        final int ranges = domain.memoryMapRanges;
        System.arraycopy(domain.memoryMap, 0, to, 0, 3 * ranges);
        domain.unlockPages();
        return ranges;
    }

    private static boolean write(final Vcpu by, final long to, final int at) {
        final long[] map = by.memoryMap;
        final long size = to + MemoryMapLayout.RANGE_SIZE;
        final long type = to + MemoryMapLayout.RANGE_TYPE;
        return by.guest.write(to, map[at], Long.BYTES)
                && by.guest.write(size, map[at + 1], Long.BYTES)
                && by.guest.write(type, map[at + 2], Integer.BYTES);
    }

    /// `XENMEM_set_memory_map`: gives a domain a map, whatever is in it.
    @Refines("mm.memory-map.set")
    static long set(final Vcpu by, final long arg) {
        final long[] words = by.words;
        if (!CallerMemory.read(by, arg, words, MemoryMapLayout.FOREIGN_BYTES)) {
            return -EFAULT;
        }
        final long count = MemoryMapLayout.entries(words, MemoryMapLayout.FOREIGN_MAP);
        final long buffer = MemoryMapLayout.buffer(words, MemoryMapLayout.FOREIGN_MAP);
        if (count > MAX_RANGES) {
            return -EINVAL;
        }
        final Domain domain = MemoryOp.domain(by, (int) words[0] & 0xFFFF);
        if (domain == null) {
            return -ESRCH;
        }
        if (!by.domain.mayActOn(domain.id)) {
            return -EPERM;
        }
        final int bytes = (int) count * MemoryMapLayout.RANGE_BYTES;
        if (!CallerMemory.read(by, buffer, by.memoryMap, bytes)) {
            return -EFAULT;
        }
        keep(domain, by.memoryMap, (int) count);
        return 0;
    }

    private static void keep(final Domain domain, final long[] from, final int ranges) {
        domain.lockPages();
        for (int i = 0; i < ranges; i++) {
            final int at = i * MemoryMapLayout.RANGE_BYTES;
            domain.memoryMap[3 * i] = MemoryMapLayout.eight(from, at);
            domain.memoryMap[3 * i + 1] =
                    MemoryMapLayout.eight(from, at + MemoryMapLayout.RANGE_SIZE);
            domain.memoryMap[3 * i + 2] =
                    MemoryMapLayout.four(from, at + MemoryMapLayout.RANGE_TYPE);
        }
        domain.memoryMapRanges = ranges;
        domain.unlockPages();
    }
}
