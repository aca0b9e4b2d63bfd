// SPDX-License-Identifier: Apache-2.0
package org.provisor.spec.mm;

import static org.provisor.spec.abi.XenErrno.EINVAL;
import static org.provisor.spec.abi.XenErrno.EPERM;
import static org.provisor.spec.abi.XenErrno.ESRCH;

import org.provisor.spec.abi.Domid;
import org.provisor.spec.abi.Mfn;
import org.provisor.spec.notation.Clause;
import org.provisor.spec.notation.Result;
import org.provisor.spec.state.Domain;
import org.provisor.spec.state.Frame;
import org.provisor.spec.state.Life;
import org.provisor.spec.state.Machine;
import org.provisor.spec.state.Step;
import org.provisor.spec.state.Teardown;
import org.provisor.spec.state.Teardown.Stage;
import org.provisor.spec.state.VcpuId;

/// What becomes of a domain's memory when it dies: everything it holds is let go, frame by frame,
/// and can be interrupted after each.
///
/// @xen xen/common/domain.c, domain_kill
/// @xen xen/arch/x86/domain.c, domain_relinquish_resources
public final class DomainDeath {

    private DomainDeath() {}

    /// Destroys a domain, on behalf of the calling vCPU.
    ///
    /// | row | the domain                          | outcome                                         |
    /// |-----|-------------------------------------|-------------------------------------------------|
    /// | a   | does not exist                      | `ESRCH`                                         |
    /// | b   | is not the caller's to destroy      | `EPERM`                                         |
    /// | c   | is the caller's own                 | `EINVAL`                                        |
    /// | d   | is alive                            | dying from now on, without a claim; then as e   |
    /// | e   | is dying                            | its teardown goes on                            |
    /// | f   | is dead                             | nothing is left to do                           |
    ///
    /// @xen xen/common/domctl.c, XEN_DOMCTL_destroydomain
    @Clause(
            value = "mm.domain.destroy",
            rows = {"a", "b", "c", "d", "e", "f"},
            covers = {"PA-6"})
    public static Step destroy(Step at, Domid id) {
        if (!at.machine().has(id)) {
            return at.refuse("mm.domain.destroy/a", ESRCH);
        }
        if (!at.caller().control()) {
            return at.refuse("mm.domain.destroy/b", EPERM);
        }
        if (id.equals(at.by().domain())) {
            return at.refuse("mm.domain.destroy/c", EINVAL);
        }
        Domain domain = at.domain(id);
        return switch (domain.life()) {
            case ALIVE ->
                    relinquish(
                            at.with(domain.withLife(Life.DYING).withPages(domain.totPages(), 0))
                                    .row("mm.domain.destroy/d"),
                            id);
            case DYING -> relinquish(at.row("mm.domain.destroy/e"), id);
            case DEAD -> at.row("mm.domain.destroy/f");
        };
    }

    /// Takes the stages of the teardown in their order, until preempted.
    ///
    /// | row | the stage                            | outcome                                        |
    /// |-----|--------------------------------------|------------------------------------------------|
    /// | a   | is preempted                         | preempted; it goes on from there               |
    /// | b   | was the last                         | dead; gone with its last frame                 |
    ///
    /// @xen xen/arch/x86/domain.c, domain_relinquish_resources
    @Clause(
            value = "mm.domain.relinquish",
            rows = {"a", "b"},
            covers = {"PA-6"})
    private static Step relinquish(Step start, Domid id) {
        Step at = start;
        Stage stage = at.domain(id).teardown().stage();
        while (stage != Stage.DONE) {
            at =
                    switch (stage) {
                        case VCPUS -> vcpus(at, id);
                        case XEN -> frames(at, id, true, 0);
                        case L4 -> frames(at, id, false, 4);
                        case L3 -> frames(at, id, false, 3);
                        case L2, DONE -> frames(at, id, false, 2);
                    };
            if (at.failed()) {
                return at.row("mm.domain.relinquish/a");
            }
            Teardown next = at.domain(id).teardown().next();
            at = at.with(at.domain(id).withTeardown(next));
            stage = next.stage();
        }
        Step dead = at.with(at.domain(id).withLife(Life.DEAD)).row("mm.domain.relinquish/b");
        return goneIfEmpty(dead, dead.domain(id));
    }

    /// Lets go of what the vCPUs run on: unfinished tables, roots, then descriptor tables.
    ///
    /// | row | letting go of                        | outcome                                        |
    /// |-----|--------------------------------------|------------------------------------------------|
    /// | a   | a root is preempted                  | preempted; it goes on from there               |
    /// | b   | everything comes to its end          | the stage is done                              |
    ///
    /// @xen xen/arch/x86/mm.c, vcpu_destroy_pagetables
    @Clause(
            value = "mm.domain.relinquish-vcpus",
            rows = {"a", "b"},
            covers = {"PA-6"})
    private static Step vcpus(Step start, Domid id) {
        Step at = start;
        int count = at.domain(id).vcpus().size();
        for (int number = 0; number < count; number++) {
            at = VcpuRoots.drop(at, new VcpuId(id, number));
            if (at.failed()) {
                return at.row("mm.domain.relinquish-vcpus/a");
            }
        }
        for (int number = 0; number < count; number++) {
            VcpuId who = new VcpuId(id, number);
            at = DescriptorTables.destroyGdt(LdtMapping.destroy(at, who).step(), who);
        }
        return at.row("mm.domain.relinquish-vcpus/b");
    }

    /// Visits all frames of a kind, lowest number first, with a preemption check after each.
    ///
    /// | row | after a frame                              | outcome                                  |
    /// |-----|--------------------------------------------|------------------------------------------|
    /// | a   | its teardown was preempted                 | preempted; it is visited again           |
    /// | b   | the preemption check answers yes           | preempted; the next is visited next      |
    /// | c   | none is left                               | the stage is done                        |
    ///
    /// A frame that cannot be referred to once more is passed over. Real Xen's order is that of a
    /// list; no guest can tell.
    ///
    /// @xen xen/arch/x86/domain.c, relinquish_memory
    @Clause(
            value = "mm.domain.relinquish-frames",
            rows = {"a", "b", "c"},
            covers = {"PA-6", "CNT-1"})
    private static Step frames(Step start, Domid id, boolean special, int level) {
        Step at = start;
        for (int number = 0; number < at.machine().frames().size(); number++) {
            Mfn mfn = new Mfn(number);
            Frame frame = at.frame(mfn);
            if (!frame.ownedBy(id)
                    || frame.special() != special
                    || frame.refs() == 0
                    || at.domain(id).teardown().visited().contains(mfn)) {
                continue;
            }
            if (!References.canBeReferredTo(frame)) {
                at = at.with(at.domain(id).withTeardown(at.domain(id).teardown().visiting(mfn)));
                continue;
            }
            at = FrameRelease.visit(at, mfn, level);
            if (at.failed()) {
                return at.row("mm.domain.relinquish-frames/a");
            }
            at = at.with(at.domain(id).withTeardown(at.domain(id).teardown().visiting(mfn)));
            if (at.preemptionDue()) {
                return at.ending(Result.PREEMPTED).row("mm.domain.relinquish-frames/b");
            }
            at = at.checked();
        }
        return at.row("mm.domain.relinquish-frames/c");
    }

    /// A dead domain that nobody holds a frame of is gone, and with it the frames that Xen shared.
    ///
    /// @xen xen/common/domain.c, complete_domain_destroy
    static Step goneIfEmpty(Step at, Domain domain) {
        if (domain.life() != Life.DEAD || domain.totPages() != 0) {
            return at.with(domain);
        }
        Machine machine = at.machine();
        for (int number = 0; number < machine.frames().size(); number++) {
            Mfn mfn = new Mfn(number);
            Frame frame = machine.frame(mfn);
            if (frame.ownedBy(domain.id())) {
                if (frame.refs() > 0) {
                    return at.with(domain);
                }
                machine = machine.with(mfn, Frame.FREE);
            }
        }
        return at.with(machine.without(domain.id()));
    }
}
