// SPDX-License-Identifier: Apache-2.0
package org.provisor.impl.mm;

import static org.provisor.impl.abi.Errno.EFAULT;
import static org.provisor.impl.abi.Errno.EINVAL;
import static org.provisor.impl.abi.Errno.ENOMEM;
import static org.provisor.impl.abi.Errno.EPERM;
import static org.provisor.impl.abi.Errno.ESRCH;

import org.provisor.impl.Refines;
import org.provisor.impl.abi.HypercallNumbers;
import org.provisor.impl.abi.MemoryOps;
import org.provisor.impl.abi.ReservationLayout;
import org.provisor.impl.trace.TraceEvent;

/// `XENMEM_exchange`: frames of a domain for others, in extents of another size or from another
/// part of memory. It is done in chunks: as many extents of the smaller size as make up one of the
/// larger.
///
/// Frames on their way are in lists that go through the frame table: those stolen from the domain,
/// and the first of each extent allocated for it.
///
/// Each vCPU has one of these, for the call that it makes.
///
/// @xen xen/common/memory.c, memory_exchange
final class Exchange {

    /// Among results of a chunk: the domain is dying, and got nothing for what it gave.
    private static final int LOST = 1;

    private final Vcpu by;

    // What the guest asks for.

    /// Where the structure is.
    private long arg;

    private long inList;
    private long inExtents;
    private int inOrder;
    private long outList;
    private long outExtents;
    private int outOrder;
    private int frameBits;

    /// log2 of the extents given in a chunk, and of those wanted.
    private int inChunk;

    private int outChunk;

    // The chunk under way.

    private long lastStolen;
    private long stolen;
    private long lastTaken;

    Exchange(final Vcpu by) {
        this.by = by;
    }

    /// The call.
    ///
    /// @param structure where the exchange is
    /// @return what stands in `rax`
    @Refines("mm.exchange")
    long call(final long structure) {
        final long[] words = by.words;
        if (!CallerMemory.read(by, structure, words, ReservationLayout.EXCHANGE_BYTES)) {
            return -EFAULT;
        }
        arg = structure;
        final long done = ReservationLayout.exchanged(words);
        final int flags = ReservationLayout.flags(words, ReservationLayout.OUT);
        final int named = ReservationLayout.domain(words, ReservationLayout.IN);
        final long largest =
                Math.max(
                        ReservationLayout.order(words, ReservationLayout.IN),
                        ReservationLayout.order(words, ReservationLayout.OUT));
        if (largest > MemoryLimits.maxOrder(by)) {
            return counted(done, -EPERM);
        }
        take(words);
        if (named != ReservationLayout.domain(words, ReservationLayout.OUT) || !fit(done)) {
            return counted(done, -EINVAL);
        }
        if (done == inExtents) {
            return 0;
        }
        if (!ExtentList.ok(inList, done, inExtents)
                || !ExtentList.ok(outList, (done >>> inChunk) << outChunk, outExtents)) {
            return counted(done, -EFAULT);
        }
        frameBits =
                MemoryLimits.atNode(
                        by, flags, MemoryLimits.frameBits(MemoryOps.addressBits(flags)));
        if (frameBits < 0) {
            return counted(done, frameBits);
        }
        final Domain domain = MemoryOp.domain(by, named);
        if (domain == null) {
            return counted(done, -ESRCH);
        }
        return by.domain.mayActOn(domain.id) ? chunks(domain, done) : counted(done, -EPERM);
    }

    private void take(final long[] words) {
        inList = ReservationLayout.list(words, ReservationLayout.IN);
        inExtents = ReservationLayout.extents(words, ReservationLayout.IN);
        inOrder = (int) ReservationLayout.order(words, ReservationLayout.IN);
        outList = ReservationLayout.list(words, ReservationLayout.OUT);
        outExtents = ReservationLayout.extents(words, ReservationLayout.OUT);
        outOrder = (int) ReservationLayout.order(words, ReservationLayout.OUT);
        inChunk = Math.max(outOrder - inOrder, 0);
        outChunk = Math.max(inOrder - outOrder, 0);
    }

    /// Whether both sides have as many frames, in numbers that 64 bits hold, and no more is done
    /// than there is.
    @Refines("mm.exchange.fit")
    private boolean fit(final long done) {
        return Long.compareUnsigned(done, inExtents) <= 0
                && Long.compareUnsigned(inExtents, -1L >>> inOrder) <= 0
                && Long.compareUnsigned(outExtents, -1L >>> outOrder) <= 0
                && inExtents << inOrder == outExtents << outOrder;
    }

    @Refines("mm.exchange.chunks")
    private long chunks(final Domain domain, final long done) {
        final long first = done >>> inChunk;
        final long end = inExtents >>> inChunk;
        for (long chunk = first; chunk != end; chunk++) {
            if (chunk != first && by.preemption.due()) {
                by.trace.record(TraceEvent.PREEMPTED, HypercallNumbers.MEMORY_OP, chunk);
                return count(chunk << inChunk)
                        ? by.again(HypercallNumbers.MEMORY_OP, MemoryOps.EXCHANGE, arg, 0, 0)
                        : -EFAULT;
            }
            final int result = chunk(domain, chunk);
            if (result != 0) {
                return counted(chunk << inChunk, result == LOST ? 0 : result);
            }
        }
        return counted(inExtents, 0);
    }

    /// Counts how many extents have been given, and ends the call.
    private long counted(final long done, final int result) {
        return count(done) ? result : -EFAULT;
    }

    @Refines("mm.exchange.count")
    private boolean count(final long done) {
        return CallerMemory.write(by, arg + ReservationLayout.EXCHANGED_OFFSET, done, Long.BYTES);
    }

    /// Exchanges a chunk: the frames given are stolen, those wanted are allocated, and only then
    /// are the first freed and the second the domain's. What the domain has claimed does not help
    /// it.
    ///
    /// @return 0, [#LOST], or a negated error number
    @Refines("mm.exchange.chunk")
    private int chunk(final Domain domain, final long chunk) {
        final Host host = by.host;
        int result = steal(domain, chunk);
        if (result == 0) {
            result = allocate();
        }
        if (result != 0) {
            DomainFrames.restore(host, domain, lastStolen, stolen);
            return result;
        }
        DomainFrames.free(host, lastStolen);
        return give(domain, chunk << outChunk);
    }

    private int steal(final Domain domain, final long chunk) {
        final Host host = by.host;
        lastStolen = DomainFrames.NONE;
        stolen = 0;
        for (long i = 0; i < 1L << inChunk; i++) {
            if (!ExtentList.read(by, inList, (chunk << inChunk) + i)) {
                return -EFAULT;
            }
            final long first = by.words[0];
            for (long mfn = first; mfn != first + (1L << inOrder); mfn++) {
                if (!host.frames.exists(mfn) || !DomainFrames.steal(host, domain, mfn)) {
                    return -EINVAL;
                }
                host.frames.append(mfn, lastStolen);
                lastStolen = mfn;
                stolen++;
            }
        }
        return 0;
    }

    private int allocate() {
        lastTaken = DomainFrames.NONE;
        for (long i = 0; i < 1L << outChunk; i++) {
            final long first = DomainFrames.allocate(by, outOrder, frameBits, 0);
            if (first == DomainFrames.NONE) {
                freeTaken();
                return -ENOMEM;
            }
            by.host.frames.append(first, lastTaken);
            lastTaken = first;
        }
        return 0;
    }

    private void freeTaken() {
        long first = lastTaken;
        while (first != DomainFrames.NONE) {
            final long next = by.host.frames.next(first);
            by.host.frames.forget(first);
            by.host.allocator.free(first, 1L << outOrder);
            first = next;
        }
    }

    /// Gives the domain the extents, the one allocated last first. An extent whose entry cannot be
    /// read gets no number.
    ///
    /// @param begin the entry of the first
    /// @return 0, [#LOST] if the domain is dying, or -[org.provisor.impl.abi.Errno#EFAULT] if an
    ///   entry could not be read or written: the extents are the domain's all the same
    @Refines("mm.exchange.given")
    private int give(final Domain domain, final long begin) {
        int result = 0;
        long index = begin;
        while (lastTaken != DomainFrames.NONE) {
            final boolean read = ExtentList.read(by, outList, index);
            final long gfn = by.words[0];
            final long first = lastTaken;
            final long next = by.host.frames.next(first);
            if (!DomainFrames.give(by.host, domain, first, outOrder, read, gfn)) {
                return lost(domain, begin + (1L << outChunk) - index);
            }
            lastTaken = next;
            if (!read || !ExtentList.write(by, outList, index, first)) {
                result = -EFAULT;
            }
            index++;
        }
        return result;
    }

    /// A dying domain gets no more extents, and no longer counts what it gave for them.
    @Refines("mm.exchange.lost")
    private int lost(final Domain domain, final long extents) {
        freeTaken();
        DomainFrames.uncount(by.host, domain, extents << outOrder);
        return LOST;
    }
}
