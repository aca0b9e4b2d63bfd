// SPDX-License-Identifier: Apache-2.0
package org.provisor.spec.pv;

import static org.provisor.spec.abi.XenErrno.EFAULT;
import static org.provisor.spec.abi.XenErrno.EINVAL;

import io.vavr.collection.HashMap;
import io.vavr.control.Option;

import org.provisor.spec.abi.Bitness;
import org.provisor.spec.abi.FlatSelectors;
import org.provisor.spec.abi.GuestBytes;
import org.provisor.spec.abi.Invocation.SetTrapTableCall;
import org.provisor.spec.abi.TrapInfo;
import org.provisor.spec.mm.GuestAddresses;
import org.provisor.spec.notation.Clause;
import org.provisor.spec.state.KernelEntry;
import org.provisor.spec.state.Outcome;
import org.provisor.spec.state.Step;
import org.provisor.spec.state.TrapHandler;
import org.provisor.spec.x86.LinearAddress;

/// `set_trap_table`: says which handlers the vectors of the calling vCPU have.
///
/// @xen xen/arch/x86/pv/callback.c, do_set_trap_table
public final class TrapTable {

    private static final Bitness BITS = Bitness.BITS_64;

    private TrapTable() {}

    /// Does the call `set_trap_table`: entry after entry.
    ///
    /// | row | the call                                         | outcome                          |
    /// |-----|--------------------------------------------------|----------------------------------|
    /// | a   | has no table                                     | no vector has a handler any more |
    /// | b   | comes to an entry that cannot be read            | `EFAULT`                         |
    /// | c   | comes to an entry with the address 0             | done                             |
    /// | d   | comes to an entry that is refused                | `EINVAL`                         |
    /// | e   | is preempted after an entry                      | goes on with the next one        |
    ///
    /// The entries before stay in force, whatever becomes of the others; vectors that no entry
    /// names keep their handlers. Nothing says how long a table may be: the last of several entries
    /// of one vector counts. Asked whether to stop after each entry, that is, always with progress.
    @Clause(
            value = "pv.set-trap-table",
            rows = {"a", "b", "c", "d", "e"})
    public static Outcome call(Step start, SetTrapTableCall call) {
        if (call.traps().isNull()) {
            KernelEntry without = start.vcpu().entry().withHandlers(HashMap.empty());
            Step cleared = start.withVcpu(start.vcpu().withEntry(without));
            return Outcome.returning(cleared.row("pv.set-trap-table/a"));
        }
        Step at = start;
        SetTrapTableCall rest = call;
        while (true) {
            Option<GuestBytes> bytes =
                    GuestAddresses.read(at, rest.traps(), TrapInfo.LAYOUT.size(BITS));
            if (bytes.isEmpty()) {
                return Outcome.returning(at.refuse("pv.set-trap-table/b", EFAULT));
            }
            TrapInfo info = TrapInfo.fromBytes(bytes.get(), 0, BITS);
            if (info.address().isNull()) {
                return Outcome.returning(at.row("pv.set-trap-table/c"));
            }
            at = entry(at, info);
            if (at.failed()) {
                return Outcome.returning(at.row("pv.set-trap-table/d"));
            }
            rest = rest.next(BITS);
            if (at.preemptionDue()) {
                return Outcome.continuing(at.row("pv.set-trap-table/e"), rest);
            }
            at = at.checked();
        }
    }

    /// Takes over one entry.
    ///
    /// | row | the address      | outcome                                                |
    /// |-----|------------------|--------------------------------------------------------|
    /// | a   | is not canonical | `EINVAL`                                               |
    /// | b   | is canonical     | the vector's handler; its selector gets privilege 3    |
    ///
    /// Any vector can have a handler, also one that no exception and no instruction leads to, and
    /// any address, also one of Xen's: the kernel finds out when it is entered there.
    @Clause(
            value = "pv.set-trap-table.entry",
            rows = {"a", "b"})
    private static Step entry(Step at, TrapInfo info) {
        if (!LinearAddress.canonical(info.address().value())) {
            return at.refuse("pv.set-trap-table.entry/a", EINVAL);
        }
        TrapHandler handler =
                new TrapHandler(
                        info.flags(), info.cs() | FlatSelectors.RPL, info.address().value());
        KernelEntry entry = at.vcpu().entry();
        KernelEntry now = entry.withHandlers(entry.handlers().put(info.vector(), handler));
        return at.withVcpu(at.vcpu().withEntry(now)).row("pv.set-trap-table.entry/b");
    }
}
