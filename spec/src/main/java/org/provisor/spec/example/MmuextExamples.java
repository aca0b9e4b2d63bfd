// SPDX-License-Identifier: Apache-2.0
package org.provisor.spec.example;

import static org.provisor.spec.example.MmuextCalls.NONE_DONE;
import static org.provisor.spec.example.MmuextCalls.by;
import static org.provisor.spec.example.MmuextCalls.call;
import static org.provisor.spec.example.MmuextCalls.of;
import static org.provisor.spec.example.MmuextCalls.owner;
import static org.provisor.spec.example.MmuextCalls.unfinished;
import static org.provisor.spec.example.Scene.D1;

import io.vavr.collection.Vector;

import org.provisor.spec.abi.BatchCount;
import org.provisor.spec.abi.Domid;
import org.provisor.spec.abi.ForeignDomains;
import org.provisor.spec.abi.GuestAddress;
import org.provisor.spec.abi.Invocation.MmuextOpCall;
import org.provisor.spec.abi.MmuextCommand;
import org.provisor.spec.abi.MmuextOp;
import org.provisor.spec.state.Choices;

/// Examples of the call `mmuext_op` and of its batch.
final class MmuextExamples {

    private static final MmuextOp FLUSH = MmuextOp.of(MmuextCommand.TLB_FLUSH_LOCAL, 0);

    private static final MmuextOp UNPIN = MmuextOp.of(MmuextCommand.UNPIN_TABLE, 0x12);

    private static final String FLUSHED = "flush Local[vcpu=d1v0]";

    private MmuextExamples() {}

    static Vector<Example> all() {
        return Vector.of(
                waits(),
                onlyWaited(),
                guestCarries(),
                notThere(),
                noSuchDomain(),
                ownNumber(),
                notAllowed(),
                notAllowedDevices(),
                nothingToDo(),
                noCount(),
                countReadOnly());
    }

    private static Scene unfinishedL2() {
        return SmallScenes.pinnedL2(3)
                .list(UNPIN)
                .then(D1, MmuextCalls.event(1), Choices.preemptedAfter(0));
    }

    private static MmuextOpCall from(long list, GuestAddress done) {
        return new MmuextOpCall(
                new GuestAddress(list), new BatchCount(1), done, ForeignDomains.SELF);
    }

    private static Example waits() {
        return of(
                        "mm.mmuext/a",
                        "a call first goes on with what the vCPU left, and may get no further",
                        unfinishedL2(),
                        FLUSH)
                .observed(Choices.preemptedAfter(0))
                .answers(
                        "made again: MmuextOpCall[uops=va 10000, count=BatchCount[word=1],"
                                + " pdone=va 20000, foreigndom=ForeignDomains[word=32752]]")
                .changes("mfn 12 type: l2 x1 partial up to 2 -> l2 x1 partial up to 1");
    }

    private static Example onlyWaited() {
        return call(
                        "mm.mmuext/b",
                        "a call that only waited returns what the batch before it came to",
                        unfinishedL2(),
                        MmuextOpCall.carrying(0))
                .answers("returns 0")
                .changes(
                        "mfn 12 refs: 3 -> 1",
                        "mfn 12 type: l2 x1 partial up to 2 -> l2 x0 unchecked",
                        "d1v0 unfinished: " + unfinished(0x12, true) + " -> none");
    }

    private static Example guestCarries() {
        return call(
                        "mm.mmuext/b",
                        "a guest that makes such a call itself gets back what it says",
                        Scene.usual(),
                        MmuextOpCall.carrying(-14))
                .answers("returns -14 EFAULT");
    }

    private static Example notThere() {
        return call(
                        "mm.mmuext/c",
                        "a list in Xen's part of the addresses is refused",
                        Scene.usual(),
                        from(0xFFFF_8000_0000_0000L, Scene.DONE))
                .answers("returns -14 EFAULT");
    }

    private static Example noSuchDomain() {
        return by(D1, owner(7), "mm.mmuext/d", "there is no d7 to act for", Scene.usual(), FLUSH)
                .answers("returns -3 ESRCH");
    }

    private static Example ownNumber() {
        return by(
                        D1,
                        owner(1),
                        "mm.mmuext/d",
                        "a caller does not name itself by its number",
                        Scene.usual(),
                        FLUSH)
                .answers("returns -3 ESRCH");
    }

    private static Example notAllowed() {
        return by(
                        D1,
                        owner(2),
                        "mm.mmuext/e",
                        "a guest does not act for another guest",
                        Scene.usual(),
                        FLUSH)
                .answers("returns -1 EPERM");
    }

    private static Example notAllowedDevices() {
        return by(
                        D1,
                        ForeignDomains.of(Domid.IO),
                        "mm.mmuext/e",
                        "a guest does not act for the owner of devices",
                        Scene.usual(),
                        FLUSH)
                .answers("returns -1 EPERM");
    }

    private static Example nothingToDo() {
        return of("mm.mmuext/f", "a list of no operations is done", Scene.usual())
                .answers("returns 0")
                .owes(NONE_DONE);
    }

    private static Example noCount() {
        return call(
                        "mm.mmuext/f",
                        "a caller need not ask how many operations were done",
                        Scene.usual().list(FLUSH),
                        from(Scene.LIST.value(), GuestAddress.NULL))
                .answers("returns 0")
                .owes(FLUSHED);
    }

    private static Example countReadOnly() {
        return of(
                        "mm.mmuext/f",
                        "a count that cannot be written is not written, and nobody is told",
                        Scene.usual().with(GuestRam.empty(512).readOnly(Scene.DONE)),
                        FLUSH)
                .answers("returns 0")
                .owes(FLUSHED);
    }
}
