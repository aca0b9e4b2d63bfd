// SPDX-License-Identifier: Apache-2.0
package org.provisor.spec.mm;

import static org.provisor.spec.abi.XenErrno.EACCES;
import static org.provisor.spec.abi.XenErrno.EINVAL;

import io.vavr.collection.Vector;
import io.vavr.control.Option;

import org.provisor.spec.abi.Domid;
import org.provisor.spec.abi.GuestAddress;
import org.provisor.spec.abi.MmuextCommand;
import org.provisor.spec.abi.MmuextOp;
import org.provisor.spec.notation.Clause;
import org.provisor.spec.state.Flush;
import org.provisor.spec.state.Step;
import org.provisor.spec.x86.LinearAddress;

/// Flushes that a guest asks for.
///
/// @xen xen/arch/x86/mm.c, do_mmuext_op, MMUEXT_TLB_FLUSH_LOCAL to MMUEXT_FLUSH_CACHE_GLOBAL
public final class TlbOperations {

    private TlbOperations() {}

    static Step one(Step at, MmuextOp operation, MmuextCommand command) {
        return switch (command) {
            case TLB_FLUSH_LOCAL, TLB_FLUSH_ALL, TLB_FLUSH_MULTI -> all(at, operation, command);
            case INVLPG_LOCAL, INVLPG_ALL, INVLPG_MULTI ->
                    one(at, operation, command, at.by().domain());
            case FLUSH_CACHE, FLUSH_CACHE_GLOBAL ->
                    dataCaches(at, command == MmuextCommand.FLUSH_CACHE_GLOBAL);
            default -> throw new IllegalStateException("no flush: " + command);
        };
    }

    /// Flushes all translations.
    ///
    /// | row | of                                      | outcome                                     |
    /// |-----|-----------------------------------------|---------------------------------------------|
    /// | a   | the calling vCPU                        | its processor's                             |
    /// | b   | the domain                              | those of all processors it has run on       |
    /// | c   | some vCPUs, the list cannot be read     | `EINVAL`                                    |
    /// | d   | some vCPUs                              | those of their processors                   |
    @Clause(
            value = "mm.tlb.flush",
            rows = {"a", "b", "c", "d"},
            covers = {"TLB-1"})
    private static Step all(Step at, MmuextOp operation, MmuextCommand command) {
        if (command == MmuextCommand.TLB_FLUSH_LOCAL) {
            return at.flush(new Flush.Local(at.by())).row("mm.tlb.flush/a");
        }
        if (command == MmuextCommand.TLB_FLUSH_ALL) {
            return at.flush(new Flush.Domain(at.by().domain())).row("mm.tlb.flush/b");
        }
        Option<Vector<Integer>> vcpus = VcpuBitmap.read(at, operation.vcpumask());
        return vcpus.isEmpty()
                ? at.refuse("mm.tlb.flush/c", EINVAL)
                : at.flush(new Flush.Vcpus(at.by().domain(), vcpus.get())).row("mm.tlb.flush/d");
    }

    /// Flushes the translation of one linear address.
    ///
    /// | row | of                                           | outcome                                |
    /// |-----|----------------------------------------------|----------------------------------------|
    /// | a   | the calling vCPU, not a canonical address    | nothing                                |
    /// | b   | the calling vCPU                             | its processor's                        |
    /// | c   | the domain, an address that no guest may name | nothing                               |
    /// | d   | the domain                                   | those of all processors it has run on  |
    /// | e   | some vCPUs, the list cannot be read          | `EINVAL`                               |
    /// | f   | some vCPUs, an address that no guest may name | nothing                               |
    /// | g   | some vCPUs                                   | those of their processors              |
    @Clause(
            value = "mm.tlb.invalidate-page",
            rows = {"a", "b", "c", "d", "e", "f", "g"},
            covers = {"TLB-1"})
    private static Step one(Step at, MmuextOp operation, MmuextCommand command, Domid own) {
        GuestAddress linear = operation.linearAddr();
        if (command == MmuextCommand.INVLPG_LOCAL) {
            return LinearAddress.canonical(linear.value())
                    ? at.flush(new Flush.PageLocal(at.by(), linear.value()))
                            .row("mm.tlb.invalidate-page/b")
                    : at.row("mm.tlb.invalidate-page/a");
        }
        if (command == MmuextCommand.INVLPG_ALL) {
            return GuestAddresses.ok(linear)
                    ? at.flush(new Flush.PageDomain(own, linear.value()))
                            .row("mm.tlb.invalidate-page/d")
                    : at.row("mm.tlb.invalidate-page/c");
        }
        Option<Vector<Integer>> vcpus = VcpuBitmap.read(at, operation.vcpumask());
        if (vcpus.isEmpty()) {
            return at.refuse("mm.tlb.invalidate-page/e", EINVAL);
        }
        return GuestAddresses.ok(linear)
                ? at.flush(new Flush.PageVcpus(own, vcpus.get(), linear.value()))
                        .row("mm.tlb.invalidate-page/g")
                : at.row("mm.tlb.invalidate-page/f");
    }

    /// Writes the data caches back.
    ///
    /// | row | the caller                                      | outcome            |
    /// |-----|-------------------------------------------------|--------------------|
    /// | a   | has no devices, here                            | `EACCES`           |
    /// | b   | has no devices, everywhere                      | `EINVAL`           |
    /// | c   | has devices                                     | written back       |
    @Clause(
            value = "mm.cache.flush",
            rows = {"a", "b", "c"},
            covers = {"TLB-2"})
    private static Step dataCaches(Step at, boolean everywhere) {
        if (at.caller().io().mayFlushCaches()) {
            return at.flush(new Flush.DataCaches(everywhere)).row("mm.cache.flush/c");
        }
        return everywhere
                ? at.refuse("mm.cache.flush/b", EINVAL)
                : at.refuse("mm.cache.flush/a", EACCES);
    }
}
