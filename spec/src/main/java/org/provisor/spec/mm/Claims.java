// SPDX-License-Identifier: Apache-2.0
package org.provisor.spec.mm;

import static org.provisor.spec.abi.XenErrno.EFAULT;
import static org.provisor.spec.abi.XenErrno.EINVAL;
import static org.provisor.spec.abi.XenErrno.ENOMEM;
import static org.provisor.spec.abi.XenErrno.EPERM;

import io.vavr.control.Option;

import org.provisor.spec.abi.Bitness;
import org.provisor.spec.abi.GuestBytes;
import org.provisor.spec.abi.Invocation.MemoryOpCall;
import org.provisor.spec.abi.MemoryReservation;
import org.provisor.spec.notation.Clause;
import org.provisor.spec.state.Domain;
import org.provisor.spec.state.Frame;
import org.provisor.spec.state.Machine;
import org.provisor.spec.state.Outcome;
import org.provisor.spec.state.Step;

/// Memory kept back for a domain before it is allocated.
///
/// @xen xen/common/page_alloc.c, domain_adjust_tot_pages, domain_set_outstanding_pages
public final class Claims {

    private static final Bitness BITS = Bitness.BITS_64;

    private Claims() {}

    /// A domain with `more` frames more (or fewer, if negative). What it has claimed shrinks by as
    /// many, down to none; a claim that is left grows again by what is given back.
    static Domain adjusted(Domain domain, long more) {
        long claim = domain.claim() == 0 ? 0 : Math.max(0, domain.claim() - more);
        return domain.withPages(domain.totPages() + more, claim);
    }

    /// Whether the machine has `frames` more free frames than all domains together have claimed.
    ///
    /// @xen xen/common/page_alloc.c, outstanding_claims, total_avail_pages
    @Clause("mm.claim.leaves")
    static boolean leave(Machine machine, long frames) {
        long needed = frames;
        for (Domain domain : machine.domains()) {
            needed += domain.claim();
        }
        for (Frame frame : machine.frames()) {
            if (needed <= 0) {
                return true;
            }
            needed -= frame.free() ? 1 : 0;
        }
        return needed <= 0;
    }

    /// `XENMEM_claim_pages`: sets what is kept back for a domain.
    ///
    /// | row | the reservation                   | outcome        |
    /// |-----|-----------------------------------|----------------|
    /// | a   | cannot be read                    | `EFAULT`       |
    /// | b   | points to extents                 | `EINVAL`       |
    /// | c   | has an order                      | `EINVAL`       |
    /// | d   | has flags                         | `EINVAL`       |
    /// | e   | names no domain by its identifier | `EINVAL`       |
    /// | f   | is not by a control domain        | `EPERM`        |
    /// | g   | is in order                       | {@link #stake} |
    ///
    /// `DOMID_SELF` is no identifier here. A domain that is dying can be claimed for.
    ///
    /// @xen xen/common/memory.c, do_memory_op, XENMEM_claim_pages
    @Clause(
            value = "mm.claim",
            rows = {"a", "b", "c", "d", "e", "f", "g"})
    static Outcome call(Step at, MemoryOpCall call) {
        Option<GuestBytes> bytes =
                GuestAddresses.read(at, call.arg(), MemoryReservation.LAYOUT.size(BITS));
        if (bytes.isEmpty()) {
            return Outcome.returning(at.refuse("mm.claim/a", EFAULT));
        }
        MemoryReservation wanted = MemoryReservation.fromBytes(bytes.get(), 0, BITS);
        if (!wanted.extentStart().isNull()) {
            return Outcome.returning(at.refuse("mm.claim/b", EINVAL));
        }
        if (wanted.extentOrder() != 0) {
            return Outcome.returning(at.refuse("mm.claim/c", EINVAL));
        }
        if (wanted.memFlags().word() != 0) {
            return Outcome.returning(at.refuse("mm.claim/d", EINVAL));
        }
        if (!at.machine().has(wanted.domid())) {
            return Outcome.returning(at.refuse("mm.claim/e", EINVAL));
        }
        if (!at.caller().control()) {
            return Outcome.returning(at.refuse("mm.claim/f", EPERM));
        }
        Domain domain = at.domain(wanted.domid());
        return Outcome.returning(stake(at.row("mm.claim/g"), domain, wanted.nrExtents()));
    }

    /// Keeps back what a domain lacks to have `total` frames.
    ///
    /// | row | `total`                                          | outcome                     |
    /// |-----|--------------------------------------------------|-----------------------------|
    /// | a   | is none                                          | nothing is kept back        |
    /// | b   | is some, and there is a claim already            | `EINVAL`                    |
    /// | c   | is no more than it has, or more than it may have | `EINVAL`                    |
    /// | d   | needs more than is free and not claimed          | `ENOMEM`                    |
    /// | e   | can be had                                       | the difference is kept back |
    ///
    /// Changes `domains[domain].claim`; nothing when refused.
    ///
    /// @xen xen/common/page_alloc.c, domain_set_outstanding_pages
    @Clause(
            value = "mm.claim.stake",
            rows = {"a", "b", "c", "d", "e"})
    private static Step stake(Step at, Domain domain, long total) {
        if (total == 0) {
            return at.with(domain.withPages(domain.totPages(), 0)).row("mm.claim.stake/a");
        }
        if (domain.claim() != 0) {
            return at.refuse("mm.claim.stake/b", EINVAL);
        }
        if (Long.compareUnsigned(total, domain.totPages()) <= 0
                || Long.compareUnsigned(total, domain.maxPages()) > 0) {
            return at.refuse("mm.claim.stake/c", EINVAL);
        }
        long lacking = total - domain.totPages();
        return leave(at.machine(), lacking)
                ? at.with(domain.withPages(domain.totPages(), lacking)).row("mm.claim.stake/e")
                : at.refuse("mm.claim.stake/d", ENOMEM);
    }
}
