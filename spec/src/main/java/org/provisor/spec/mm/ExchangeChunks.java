// SPDX-License-Identifier: Apache-2.0
package org.provisor.spec.mm;

import static org.provisor.spec.abi.XenErrno.EFAULT;

import org.provisor.spec.abi.Bitness;
import org.provisor.spec.abi.GuestAddress;
import org.provisor.spec.abi.Invocation.MemoryOpCall;
import org.provisor.spec.abi.MemoryExchange;
import org.provisor.spec.mm.Exchange.Chunks;
import org.provisor.spec.notation.Clause;
import org.provisor.spec.notation.Result;
import org.provisor.spec.state.Outcome;
import org.provisor.spec.state.Step;

/// The chunks of an exchange that is in order, and the count of what is done.
///
/// @xen xen/common/memory.c, memory_exchange
public final class ExchangeChunks {

    private static final Bitness BITS = Bitness.BITS_64;

    private ExchangeChunks() {}

    /// Exchanges the chunks in their order, each an atomic element.
    ///
    /// | row | at a chunk                                          | outcome                      |
    /// |-----|-----------------------------------------------------|------------------------------|
    /// | a   | the preemption check says yes, but not at the first | counted; made again as it is |
    /// | b   | it fails                                            | count without it; its error  |
    /// | c   | the domain is dying                                 | count without it; success    |
    /// | d   | none is left                                        | counted; success             |
    ///
    /// A count that is not a whole number of chunks is rounded down: the chunk is done from its
    /// start.
    @Clause(
            value = "mm.exchange.chunks",
            rows = {"a", "b", "c", "d"},
            covers = {"EXC-1", "CNT-1"})
    static Outcome all(Step begin, MemoryOpCall call, Chunks all, long done) {
        long first = done >>> all.inOrder();
        long end = all.in().nrExtents() >>> all.inOrder();
        Step at = begin;
        for (long chunk = first; chunk != end; chunk++) {
            if (chunk != first) {
                if (at.preemptionDue()) {
                    Step stopped = at.row("mm.exchange.chunks/a");
                    Step counted = count(stopped, call.arg(), chunk << all.inOrder());
                    return counted.failed()
                            ? Outcome.returning(counted)
                            : Outcome.continuing(counted, call);
                }
                at = at.checked();
            }
            at = ExchangeChunk.one(at, all, chunk);
            if (at.result() instanceof Result.NotAllowed) {
                return Outcome.returning(at);
            }
            if (at.failed() || at.domain(all.domain()).dying()) {
                return counted(
                        at.row(at.failed() ? "mm.exchange.chunks/b" : "mm.exchange.chunks/c"),
                        call,
                        chunk << all.inOrder());
            }
        }
        return counted(at.row("mm.exchange.chunks/d"), call, all.in().nrExtents());
    }

    /// Counts how many extents have been given, and ends the call.
    static Outcome counted(Step at, MemoryOpCall call, long done) {
        return Outcome.returning(count(at, call.arg(), done));
    }

    /// Writes how many extents have been given.
    ///
    /// | row | the field         | outcome                           |
    /// |-----|-------------------|-----------------------------------|
    /// | a   | cannot be written | `EFAULT`, whatever the result was |
    /// | b   | can be written    | written; the result stays         |
    @Clause(
            value = "mm.exchange.count",
            rows = {"a", "b"},
            covers = {"EXC-1"})
    private static Step count(Step at, GuestAddress structure, long done) {
        GuestAddress field = MemoryExchange.LAYOUT.address(structure, "nr_exchanged", BITS);
        return ExtentList.writable(at, field, BITS.wordSize())
                ? at.reply(field, BITS.wordSize(), done).row("mm.exchange.count/b")
                : at.refuse("mm.exchange.count/a", EFAULT);
    }
}
