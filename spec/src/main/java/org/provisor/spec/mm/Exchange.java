// SPDX-License-Identifier: Apache-2.0
package org.provisor.spec.mm;

import static org.provisor.spec.abi.XenErrno.EFAULT;
import static org.provisor.spec.abi.XenErrno.EINVAL;
import static org.provisor.spec.abi.XenErrno.EPERM;
import static org.provisor.spec.abi.XenErrno.ESRCH;

import io.vavr.control.Option;

import org.provisor.spec.abi.Bitness;
import org.provisor.spec.abi.Domid;
import org.provisor.spec.abi.GuestBytes;
import org.provisor.spec.abi.Invocation.MemoryOpCall;
import org.provisor.spec.abi.MemoryExchange;
import org.provisor.spec.abi.MemoryReservation;
import org.provisor.spec.mm.MemoryLimits.Limited;
import org.provisor.spec.mm.MemoryLimits.Limits;
import org.provisor.spec.notation.Clause;
import org.provisor.spec.state.Outcome;
import org.provisor.spec.state.Step;

/// `XENMEM_exchange`: frames of a domain for others, in extents of another size or from another
/// part of memory.
///
/// The work is done in chunks: as many extents of the smaller size as make up one of the larger.
/// How many extents have been given stands in the structure, and a preempted call finds it there.
///
/// @xen xen/common/memory.c, memory_exchange
public final class Exchange {

    private static final Bitness BITS = Bitness.BITS_64;

    /// What is to be exchanged.
    ///
    /// @param domain whose frames
    /// @param in extents to give
    /// @param out extents wanted
    /// @param inOrder log2 of the extents given in a chunk
    /// @param outOrder log2 of the extents wanted in a chunk
    /// @param limits which frames will do
    record Chunks(
            Domid domain,
            MemoryReservation in,
            MemoryReservation out,
            int inOrder,
            int outOrder,
            Limits limits) {}

    private Exchange() {}

    /// Does the call `XENMEM_exchange`.
    ///
    /// | row | the structure                                                 | outcome        |
    /// |-----|---------------------------------------------------------------|----------------|
    /// | a   | cannot be read                                                | `EFAULT`       |
    /// | b   | has an order that the caller may not ask for                  | `EPERM`        |
    /// | c   | has sizes that do not fit each other, or two domains          | `EINVAL`       |
    /// | d   | has nothing left to exchange                                  | success        |
    /// | e   | has a list that may not be, from the first extent not done on | `EFAULT`       |
    /// | f   | names a node that the caller may not name                     | `EINVAL`       |
    /// | g   | is for a domain that does not exist                           | `ESRCH`        |
    /// | h   | is for one that the caller may not act on                     | `EPERM`        |
    /// | i   | is in order                                                   | chunk by chunk |
    ///
    /// In rows b, c, e to h the count in the structure is written again as it is; in row d it is
    /// not. Of the flags only those of the extents wanted matter, and of them only the address
    /// limit and the node.
    @Clause(
            value = "mm.exchange",
            rows = {"a", "b", "c", "d", "e", "f", "g", "h", "i"},
            covers = {"EXC-1"})
    static Outcome call(Step at, MemoryOpCall call) {
        Option<GuestBytes> bytes =
                GuestAddresses.read(at, call.arg(), MemoryExchange.LAYOUT.size(BITS));
        if (bytes.isEmpty()) {
            return Outcome.returning(at.refuse("mm.exchange/a", EFAULT));
        }
        MemoryExchange asked = MemoryExchange.fromBytes(bytes.get(), 0, BITS);
        MemoryReservation in = asked.in();
        MemoryReservation out = asked.out();
        long done = asked.nrExchanged();
        if (Math.max(in.extentOrder(), out.extentOrder()) > MemoryLimits.maxOrder(at)) {
            return ExchangeChunks.counted(at.refuse("mm.exchange/b", EPERM), call, done);
        }
        if (!fit(asked)) {
            return ExchangeChunks.counted(at.refuse("mm.exchange/c", EINVAL), call, done);
        }
        if (done == in.nrExtents()) {
            return Outcome.returning(at.row("mm.exchange/d"), 0);
        }
        int inOrder = (int) Math.max(out.extentOrder() - in.extentOrder(), 0);
        int outOrder = (int) Math.max(in.extentOrder() - out.extentOrder(), 0);
        if (!ExtentList.ok(in.extentStart(), done, in.nrExtents())
                || !ExtentList.ok(
                        out.extentStart(), (done >>> inOrder) << outOrder, out.nrExtents())) {
            return ExchangeChunks.counted(at.refuse("mm.exchange/e", EFAULT), call, done);
        }
        int bits = MemoryLimits.frameBits(out.memFlags().addressBits());
        Limited allowed = MemoryLimits.node(at, out.memFlags(), bits);
        if (allowed.step().failed()) {
            return ExchangeChunks.counted(allowed.step().row("mm.exchange/f"), call, done);
        }
        Step known = allowed.step();
        Option<Domid> domain = MemoryOp.domain(known, in.domid());
        if (domain.isEmpty()) {
            return ExchangeChunks.counted(known.refuse("mm.exchange/g", ESRCH), call, done);
        }
        if (!known.caller().mayActOn(domain.get())) {
            return ExchangeChunks.counted(known.refuse("mm.exchange/h", EPERM), call, done);
        }
        Chunks all = new Chunks(domain.get(), in, out, inOrder, outOrder, allowed.limits());
        return ExchangeChunks.all(known.row("mm.exchange/i"), call, all, done);
    }

    /// Whether the sizes fit: no more is done than there is, both sides have as many frames, in
    /// numbers that 64 bits hold, and one domain.
    @Clause(
            value = "mm.exchange.fit",
            covers = {"EXC-1"})
    private static boolean fit(MemoryExchange asked) {
        MemoryReservation in = asked.in();
        MemoryReservation out = asked.out();
        int inOrder = (int) in.extentOrder();
        int outOrder = (int) out.extentOrder();
        return Long.compareUnsigned(asked.nrExchanged(), in.nrExtents()) <= 0
                && in.domid().equals(out.domid())
                && Long.compareUnsigned(in.nrExtents(), -1L >>> inOrder) <= 0
                && Long.compareUnsigned(out.nrExtents(), -1L >>> outOrder) <= 0
                && (in.nrExtents() << inOrder) == (out.nrExtents() << outOrder);
    }
}
