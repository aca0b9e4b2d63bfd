// SPDX-License-Identifier: Apache-2.0
package org.provisor.spec.pv;

import static org.provisor.spec.abi.XenErrno.EINVAL;

import io.vavr.control.Option;

import org.provisor.spec.abi.Invocation.SetSegmentBaseCall;
import org.provisor.spec.abi.SegmentBase;
import org.provisor.spec.notation.Clause;
import org.provisor.spec.notation.Result;
import org.provisor.spec.state.Outcome;
import org.provisor.spec.state.SegmentBases;
import org.provisor.spec.state.Step;
import org.provisor.spec.x86.LinearAddress;

/// `set_segment_base`: sets the base of FS, or of GS in one of the two modes.
///
/// @xen xen/arch/x86/pv/misc-hypercalls.c, do_set_segment_base
public final class SetSegmentBase {

    private static final int SELECTOR = 0xFFFF;

    /// The largest null selector.
    private static final int LAST_NULL = 3;

    private SetSegmentBase() {}

    /// Does the call `set_segment_base`.
    ///
    /// | row | the call                                              | outcome          |
    /// |-----|-------------------------------------------------------|------------------|
    /// | a   | names nothing that has a base                         | `EINVAL`         |
    /// | b   | sets a base that is not canonical                     | `EINVAL`         |
    /// | c   | sets the base of FS                                   | it is the base   |
    /// | d   | sets the base of GS in user mode                      | it is the base   |
    /// | e   | sets the base of GS in the kernel                     | it is the base   |
    /// | f   | loads a selector 0 to 3 into GS of user mode          | its base is 0    |
    /// | g   | loads another selector into GS of user mode           | not specified    |
    ///
    /// Of a selector the low 16 bits count. Row g depends on the descriptor; the call returns 0 in
    /// any case.
    @Clause(
            value = "pv.set-segment-base",
            rows = {"a", "b", "c", "d", "e", "f", "g"})
    public static Outcome call(Step at, SetSegmentBaseCall call) {
        Option<SegmentBase> which = SegmentBase.of(call.which());
        if (which.isEmpty()) {
            return Outcome.returning(at.refuse("pv.set-segment-base/a", EINVAL));
        }
        SegmentBases bases = at.vcpu().entry().bases();
        if (which.get() == SegmentBase.GS_USER_SEL) {
            return (call.base() & SELECTOR) > LAST_NULL
                    ? Outcome.returning(
                            at.row("pv.set-segment-base/g")
                                    .ending(new Result.Unspecified("a selector loaded into GS")))
                    : with(
                            at.row("pv.set-segment-base/f"),
                            new SegmentBases(bases.fs(), bases.gsKernel(), 0));
        }
        long base = call.base();
        if (!LinearAddress.canonical(base)) {
            return Outcome.returning(at.refuse("pv.set-segment-base/b", EINVAL));
        }
        return switch (which.get()) {
            case FS ->
                    with(
                            at.row("pv.set-segment-base/c"),
                            new SegmentBases(base, bases.gsKernel(), bases.gsUser()));
            case GS_USER ->
                    with(
                            at.row("pv.set-segment-base/d"),
                            new SegmentBases(bases.fs(), bases.gsKernel(), base));
            case GS_KERNEL ->
                    with(
                            at.row("pv.set-segment-base/e"),
                            new SegmentBases(bases.fs(), base, bases.gsUser()));
            case GS_USER_SEL -> throw new IllegalStateException("decided above");
        };
    }

    private static Outcome with(Step at, SegmentBases bases) {
        return Outcome.returning(
                at.withVcpu(at.vcpu().withEntry(at.vcpu().entry().withBases(bases))));
    }
}
