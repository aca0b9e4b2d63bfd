// SPDX-License-Identifier: Apache-2.0
package org.provisor.spec.transition;

import org.provisor.spec.hypercall.Hypercalls;
import org.provisor.spec.mm.DomainDeath;
import org.provisor.spec.mm.LdtMapping;
import org.provisor.spec.mm.LdtMapping.Loaded;
import org.provisor.spec.mm.WritablePageTables;
import org.provisor.spec.mm.WritablePageTables.GuestWrite;
import org.provisor.spec.mm.WritablePageTables.Handled;
import org.provisor.spec.pv.GuestEntry;
import org.provisor.spec.state.Answer;
import org.provisor.spec.state.Choices;
import org.provisor.spec.state.GuestView;
import org.provisor.spec.state.Machine;
import org.provisor.spec.state.Outcome;
import org.provisor.spec.state.Step;
import org.provisor.spec.state.VcpuId;

/// One transition: from a machine and something that happens to the machine after it.
public final class Transition {

    private Transition() {}

    /// What comes of an event.
    ///
    /// @param pre the machine before it
    /// @param by the vCPU that causes it; it is up, and its domain lives
    /// @param event what happens
    /// @param guest what the guests offer
    /// @param choices what was observed where Xen may choose
    public static Outcome take(
            Machine pre, VcpuId by, Event event, GuestView guest, Choices choices) {
        Step at = Step.start(pre, by, guest, choices);
        if (at.caller().dying()) {
            throw new IllegalArgumentException("a vCPU of a dying domain does not run: " + by);
        }
        if (!at.vcpu().up()) {
            throw new IllegalArgumentException("a vCPU that is down does not run: " + by);
        }
        return switch (event) {
            case Event.Call(var call) -> Hypercalls.call(at, call);
            case Event.Destroy(var domain) -> {
                Step last = DomainDeath.destroy(at, domain);
                yield last.preempted() ? Outcome.again(last) : Outcome.returning(last);
            }
            case Event.LoadDescriptor(int offset) -> loaded(LdtMapping.map(at, offset));
            case Event.WriteReadOnly(var write) ->
                    handled(WritablePageTables.write(at, write), write);
            case Event.Arrive(var arrival) -> GuestEntry.arrive(at, arrival);
        };
    }

    private static Outcome handled(Handled handled, GuestWrite write) {
        return switch (handled) {
            case Handled.Emulated(Step step) -> Outcome.of(step, Answer.RESUMED);
            case Handled.CompareFailed(Step step, long found) ->
                    Outcome.of(step, new Answer.CompareFailed(found));
            case Handled.Bounced(Step step) -> Outcome.of(step, new Answer.PageFault(write.cr2()));
            case Handled.ReadFault(Step step, var address) ->
                    Outcome.of(step, new Answer.ReadFault(address));
            case Handled.NotSpecified(Step step, String reason) ->
                    Outcome.of(step, new Answer.Unspecified(reason));
        };
    }

    private static Outcome loaded(Loaded loaded) {
        return switch (loaded) {
            case Loaded.Mapped(Step step) -> Outcome.of(step, Answer.RESUMED);
            case Loaded.PageFault(Step step, var address) ->
                    Outcome.of(step, new Answer.PageFault(address));
            case Loaded.GeneralProtection(Step step, int errorCode) ->
                    Outcome.of(step, new Answer.GeneralProtection(errorCode));
        };
    }
}
