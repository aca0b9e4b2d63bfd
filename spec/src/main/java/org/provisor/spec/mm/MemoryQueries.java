// SPDX-License-Identifier: Apache-2.0
package org.provisor.spec.mm;

import static org.provisor.spec.abi.XenErrno.EFAULT;
import static org.provisor.spec.abi.XenErrno.EPERM;
import static org.provisor.spec.abi.XenErrno.ESRCH;

import io.vavr.control.Option;

import org.provisor.spec.abi.Bitness;
import org.provisor.spec.abi.Domid;
import org.provisor.spec.abi.GuestBytes;
import org.provisor.spec.abi.Invocation.MemoryOpCall;
import org.provisor.spec.abi.MemoryDomain;
import org.provisor.spec.notation.Clause;
import org.provisor.spec.notation.Result;
import org.provisor.spec.state.Outcome;
import org.provisor.spec.state.Step;

/// How much memory there is: of the machine, and of a domain.
///
/// @xen xen/common/memory.c, do_memory_op
public final class MemoryQueries {

    private static final Bitness BITS = Bitness.BITS_64;

    /// What is asked of a domain.
    enum Question {
        CURRENT_RESERVATION,
        MAXIMUM_RESERVATION,
        MAXIMUM_GPFN
    }

    private MemoryQueries() {}

    /// `XENMEM_maximum_ram_page`: tells the number of the machine's last frame, and one more.
    /// Anybody may ask.
    @Clause("mm.query.ram")
    static Outcome maximumRamPage(Step at) {
        return Outcome.returning(at, at.machine().frames().size());
    }

    /// Tells of a domain's memory: `XENMEM_current_reservation`, `XENMEM_maximum_reservation` and
    /// `XENMEM_maximum_gpfn`.
    ///
    /// | row | the question                                | outcome                           |
    /// |-----|---------------------------------------------|-----------------------------------|
    /// | a   | cannot be read                              | `EFAULT`                          |
    /// | b   | is about a domain that does not exist       | `ESRCH`                           |
    /// | c   | is about one that the caller may not act on | `EPERM`                           |
    /// | d   | is how many frames it has                   | those shared with Xen not counted |
    /// | e   | is how many it may have                     | the limit                         |
    /// | f   | is its highest frame number                 | one less than it says, or zero    |
    ///
    /// In row f what the domain has written into the page that it shares with Xen is believed.
    ///
    /// @xen xen/arch/x86/mm.c, domain_get_maximum_gpfn
    @Clause(
            value = "mm.query.domain",
            rows = {"a", "b", "c", "d", "e", "f"})
    static Outcome ofDomain(Step at, MemoryOpCall call, Question question) {
        Option<GuestBytes> bytes =
                GuestAddresses.read(at, call.arg(), MemoryDomain.LAYOUT.size(BITS));
        if (bytes.isEmpty()) {
            return Outcome.returning(at.refuse("mm.query.domain/a", EFAULT));
        }
        Option<Domid> domain =
                MemoryOp.domain(at, MemoryDomain.fromBytes(bytes.get(), 0, BITS).domid());
        if (domain.isEmpty()) {
            return Outcome.returning(at.refuse("mm.query.domain/b", ESRCH));
        }
        if (!at.caller().mayActOn(domain.get())) {
            return Outcome.returning(at.refuse("mm.query.domain/c", EPERM));
        }
        return switch (question) {
            case CURRENT_RESERVATION ->
                    Outcome.returning(
                            at.row("mm.query.domain/d"), at.domain(domain.get()).totPages());
            case MAXIMUM_RESERVATION ->
                    Outcome.returning(
                            at.row("mm.query.domain/e"), at.domain(domain.get()).maxPages());
            case MAXIMUM_GPFN -> {
                long said = at.guest().maxPfn(domain.get());
                yield Outcome.returning(at.row("mm.query.domain/f"), said == 0 ? 0 : said - 1);
            }
        };
    }

    /// `XENMEM_machine_memory_map`: tells the machine's own map.
    ///
    /// | row | the caller           | outcome       |
    /// |-----|----------------------|---------------|
    /// | a   | is no control domain | `EPERM`       |
    /// | b   | is one               | not specified |
    @Clause(
            value = "mm.memory-map.machine",
            rows = {"a", "b"})
    static Outcome machineMap(Step at) {
        return at.caller().control()
                ? Outcome.returning(
                        at.ending(new Result.Unspecified("the machine's own memory map"))
                                .row("mm.memory-map.machine/b"))
                : Outcome.returning(at.refuse("mm.memory-map.machine/a", EPERM));
    }
}
