// SPDX-License-Identifier: Apache-2.0
package org.provisor.spec.mm;

import static org.provisor.spec.abi.XenErrno.ENOSYS;
import static org.provisor.spec.abi.XenErrno.EOPNOTSUPP;
import static org.provisor.spec.abi.XenErrno.EPERM;

import io.vavr.control.Option;

import org.provisor.spec.abi.Domid;
import org.provisor.spec.abi.MmuextCommand;
import org.provisor.spec.abi.MmuextOp;
import org.provisor.spec.notation.Clause;
import org.provisor.spec.state.PageType;
import org.provisor.spec.state.Step;

/// One operation of `mmuext_op`: an atomic element of the batch.
///
/// @xen xen/arch/x86/mm.c, do_mmuext_op, the loop
public final class MmuextOperation {

    private MmuextOperation() {}

    /// Does one operation for `owner`.
    ///
    /// | row | the command                                          | outcome                          |
    /// |-----|------------------------------------------------------|----------------------------------|
    /// | a   | is unknown                                           | `ENOSYS`                         |
    /// | b   | marks or unmarks a superpage                         | `EOPNOTSUPP`                     |
    /// | c   | pins or unpins                                       | as {@link Pinning} says          |
    /// | d   | clears or copies a page                              | as {@link WholePages} says       |
    /// | e   | is any other, for somebody else than the caller      | `EPERM`                          |
    /// | f   | changes a root                                       | as {@link BasePointers} says     |
    /// | g   | flushes                                              | as {@link TlbOperations} says    |
    /// | h   | sets the local descriptor table                      | as {@link LdtMapping} says       |
    @Clause(
            value = "mm.mmuext.operation",
            rows = {"a", "b", "c", "d", "e", "f", "g", "h"})
    static Step one(Step at, MmuextOp operation, Domid owner) {
        Option<MmuextCommand> command = operation.command();
        if (command.isEmpty()) {
            return at.refuse("mm.mmuext.operation/a", ENOSYS);
        }
        boolean own = owner.equals(at.by().domain());
        return switch (command.get()) {
            case MARK_SUPER, UNMARK_SUPER -> at.refuse("mm.mmuext.operation/b", EOPNOTSUPP);
            case PIN_L1_TABLE -> pin(at, operation, PageType.L1, owner);
            case PIN_L2_TABLE -> pin(at, operation, PageType.L2, owner);
            case PIN_L3_TABLE -> pin(at, operation, PageType.L3, owner);
            case PIN_L4_TABLE -> pin(at, operation, PageType.L4, owner);
            case UNPIN_TABLE ->
                    Pinning.unpin(at.row("mm.mmuext.operation/c"), operation.mfn(), owner);
            case CLEAR_PAGE ->
                    WholePages.clear(at.row("mm.mmuext.operation/d"), operation.mfn(), owner);
            case COPY_PAGE ->
                    WholePages.copy(
                            at.row("mm.mmuext.operation/d"),
                            operation.mfn(),
                            operation.srcMfn(),
                            owner);
            case NEW_BASEPTR,
                    NEW_USER_BASEPTR,
                    SET_LDT,
                    TLB_FLUSH_LOCAL,
                    TLB_FLUSH_MULTI,
                    TLB_FLUSH_ALL,
                    INVLPG_LOCAL,
                    INVLPG_MULTI,
                    INVLPG_ALL,
                    FLUSH_CACHE,
                    FLUSH_CACHE_GLOBAL ->
                    own
                            ? ofCaller(at, operation, command.get())
                            : at.refuse("mm.mmuext.operation/e", EPERM);
        };
    }

    private static Step pin(Step at, MmuextOp operation, PageType type, Domid owner) {
        return Pinning.pin(at.row("mm.mmuext.operation/c"), operation.mfn(), type, owner);
    }

    private static Step ofCaller(Step at, MmuextOp operation, MmuextCommand command) {
        return switch (command) {
            case NEW_BASEPTR ->
                    BasePointers.kernel(at.row("mm.mmuext.operation/f"), operation.mfn());
            case NEW_USER_BASEPTR ->
                    BasePointers.user(at.row("mm.mmuext.operation/f"), operation.mfn());
            case SET_LDT ->
                    LdtMapping.set(
                            at.row("mm.mmuext.operation/h"),
                            operation.linearAddr(),
                            operation.nrEnts());
            case TLB_FLUSH_LOCAL,
                    TLB_FLUSH_MULTI,
                    TLB_FLUSH_ALL,
                    INVLPG_LOCAL,
                    INVLPG_MULTI,
                    INVLPG_ALL,
                    FLUSH_CACHE,
                    FLUSH_CACHE_GLOBAL ->
                    TlbOperations.one(at.row("mm.mmuext.operation/g"), operation, command);
            case PIN_L1_TABLE,
                    PIN_L2_TABLE,
                    PIN_L3_TABLE,
                    PIN_L4_TABLE,
                    UNPIN_TABLE,
                    CLEAR_PAGE,
                    COPY_PAGE,
                    MARK_SUPER,
                    UNMARK_SUPER ->
                    throw new IllegalStateException("not only for the caller: " + command);
        };
    }
}
