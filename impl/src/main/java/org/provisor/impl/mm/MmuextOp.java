// SPDX-License-Identifier: Apache-2.0
package org.provisor.impl.mm;

import static org.provisor.impl.abi.Errno.EACCES;
import static org.provisor.impl.abi.Errno.EFAULT;
import static org.provisor.impl.abi.Errno.EINVAL;
import static org.provisor.impl.abi.Errno.ENOSYS;
import static org.provisor.impl.abi.Errno.EOPNOTSUPP;
import static org.provisor.impl.abi.Errno.EPERM;
import static org.provisor.impl.abi.Errno.ERESTART;
import static org.provisor.impl.abi.Errno.ESRCH;

import org.provisor.impl.Refines;
import org.provisor.impl.abi.HypercallNumbers;
import org.provisor.impl.bits.Addresses;

/// `mmuext_op`: pins, roots, flushes, whole pages.
///
/// @xen xen/arch/x86/mm.c, do_mmuext_op
public final class MmuextOp {

    private static final int OPERATION_BYTES = 24;

    private static final int PIN_L1_TABLE = 0;
    private static final int PIN_L4_TABLE = 3;
    private static final int UNPIN_TABLE = 4;
    private static final int NEW_BASEPTR = 5;
    private static final int TLB_FLUSH_LOCAL = 6;
    private static final int INVLPG_LOCAL = 7;
    private static final int TLB_FLUSH_MULTI = 8;
    private static final int INVLPG_MULTI = 9;
    private static final int TLB_FLUSH_ALL = 10;
    private static final int INVLPG_ALL = 11;
    private static final int FLUSH_CACHE = 12;
    private static final int SET_LDT = 13;
    private static final int NEW_USER_BASEPTR = 15;
    private static final int CLEAR_PAGE = 16;
    private static final int COPY_PAGE = 17;
    private static final int FLUSH_CACHE_GLOBAL = 18;
    private static final int MARK_SUPER = 19;
    private static final int UNMARK_SUPER = 20;

    private MmuextOp() {}

    /// The call.
    ///
    /// @param count 32 bits
    /// @param foreign 32 bits, of which the lower half says whose frames
    @Refines("mm.mmuext")
    public static long call(
            final Vcpu by, final long list, final long count, final long done, final long foreign) {
        if (UnfinishedTeardown.finish(by, by) != 0) {
            return by.again(HypercallNumbers.MMUEXT_OP, list, count, done, foreign);
        }
        if (Batch.carriesResult(list, count)) {
            return (int) foreign;
        }
        final long before = Batch.before(by, count, done);
        if (!Batch.listOk(list)) {
            return -EFAULT;
        }
        final int owner = ForeignOwner.resolve(by, (int) foreign & 0xFFFF);
        if (owner == ForeignOwner.NOBODY) {
            return -ESRCH;
        }
        if (!by.domain.mayActOn(owner)) {
            return -EPERM;
        }
        return operations(by, list, count, done, foreign, before, owner);
    }

    @Refines("mm.mmuext.batch")
    private static long operations(
            final Vcpu by,
            final long list,
            final long count,
            final long done,
            final long foreign,
            final long before,
            final int owner) {
        final long requests = Batch.requests(count);
        final long[] words = by.words;
        int result = 0;
        long index = 0;
        while (index < requests) {
            if (by.oldTable != Vcpu.NONE || (index > 0 && by.preemption.due())) {
                result = -ERESTART;
                break;
            }
            if (!by.guest.read(list + index * OPERATION_BYTES, words, OPERATION_BYTES)) {
                result = -EFAULT;
                break;
            }
            result = operation(by, words[0] & 0xFFFF_FFFFL, words[1], words[2], owner);
            if (result != 0) {
                break;
            }
            index++;
        }
        Batch.count(by, done, before + index);
        if (result == -ERESTART) {
            return by.again(
                    HypercallNumbers.MMUEXT_OP,
                    list + index * OPERATION_BYTES,
                    requests - index | Batch.PREEMPTED,
                    done,
                    foreign);
        }
        return by.oldTable == Vcpu.NONE
                ? result
                : by.again(
                        HypercallNumbers.MMUEXT_OP, 0, Batch.PREEMPTED, 0, result & 0xFFFF_FFFFL);
    }

    @Refines("mm.mmuext.operation")
    private static int operation(
            final Vcpu by, final long command, final long a, final long b, final int owner) {
        if (command > UNMARK_SUPER || command == 14) {
            return -ENOSYS;
        }
        if (command >= MARK_SUPER) {
            return -EOPNOTSUPP;
        }
        if (command <= PIN_L4_TABLE) {
            return Pinning.pin(by, a, (int) command - PIN_L1_TABLE + PageType.L1, owner);
        }
        if (command == UNPIN_TABLE) {
            return Pinning.unpin(by, a, owner);
        }
        if (command == CLEAR_PAGE) {
            return WholePages.clear(by, a, owner);
        }
        if (command == COPY_PAGE) {
            return WholePages.copy(by, a, b, owner);
        }
        return owner == by.domain.id ? ofCaller(by, (int) command, a, b) : -EPERM;
    }

    private static int ofCaller(final Vcpu by, final int command, final long a, final long b) {
        return switch (command) {
            case NEW_BASEPTR -> BasePointers.kernel(by, by, a);
            case NEW_USER_BASEPTR -> BasePointers.user(by, by, a);
            case SET_LDT -> LdtMapping.set(by, a, b & 0xFFFF_FFFFL);
            case TLB_FLUSH_LOCAL, TLB_FLUSH_ALL, TLB_FLUSH_MULTI -> flush(by, command, b);
            case INVLPG_LOCAL, INVLPG_ALL, INVLPG_MULTI -> flushPage(by, command, a, b);
            case FLUSH_CACHE, FLUSH_CACHE_GLOBAL -> flushCaches(by, command == FLUSH_CACHE_GLOBAL);
            default -> -ENOSYS;
        };
    }

    @Refines("mm.tlb.flush")
    private static int flush(final Vcpu by, final int command, final long bitmap) {
        final long processors =
                switch (command) {
                    case TLB_FLUSH_LOCAL -> 1L << by.processor;
                    case TLB_FLUSH_ALL -> by.domain.dirtyProcessors;
                    default -> VcpuBitmap.processors(by, bitmap);
                };
        if (processors == VcpuBitmap.UNREADABLE) {
            return -EINVAL;
        }
        by.host.clock.flush(processors);
        return 0;
    }

    @Refines("mm.tlb.invalidate-page")
    private static int flushPage(
            final Vcpu by, final int command, final long linear, final long bitmap) {
        if (command == INVLPG_LOCAL) {
            if (Addresses.canonical(linear)) {
                by.host.clock.flushPage(1L << by.processor, linear);
            }
            return 0;
        }
        final long processors =
                command == INVLPG_ALL
                        ? by.domain.dirtyProcessors
                        : VcpuBitmap.processors(by, bitmap);
        if (processors == VcpuBitmap.UNREADABLE) {
            return -EINVAL;
        }
        if (Addresses.ofGuest(linear)) {
            by.host.clock.flushPage(processors, linear);
        }
        return 0;
    }

    @Refines("mm.cache.flush")
    private static int flushCaches(final Vcpu by, final boolean everywhere) {
        if (!by.domain.mayFlushCaches()) {
            return everywhere ? -EINVAL : -EACCES;
        }
        by.host.clock.flushCaches(everywhere ? by.host.clock.all() : 1L << by.processor);
        return 0;
    }
}
