// SPDX-License-Identifier: Apache-2.0
package org.provisor.spec.example;

import static org.provisor.spec.example.Scene.D1;

import org.provisor.spec.abi.BatchCount;
import org.provisor.spec.abi.Domid;
import org.provisor.spec.abi.ForeignDomains;
import org.provisor.spec.abi.Invocation.MmuextOpCall;
import org.provisor.spec.abi.MmuextCommand;
import org.provisor.spec.abi.MmuextOp;
import org.provisor.spec.state.Answer;
import org.provisor.spec.state.VcpuId;
import org.provisor.spec.transition.Event;

/// Examples that are calls of `mmuext_op`, and what comes of such calls in words.
final class MmuextCalls {

    /// No operation was done.
    static final String NONE_DONE = "write 0 at va 20000, 4 bytes";

    /// One operation was done.
    static final String ONE_DONE = "write 1 at va 20000, 4 bytes";

    private static final int OPERATION_BYTES = 24;

    private MmuextCalls() {}

    /// The first vCPU of d1 calls, for d1 itself.
    static Example of(String row, String title, Scene scene, MmuextOp... operations) {
        return by(D1, ForeignDomains.SELF, row, title, scene, operations);
    }

    /// The first vCPU of d1 calls with one operation, for d1 itself.
    static Example of(String row, String title, Scene scene, MmuextCommand command, long argument) {
        return of(row, title, scene, MmuextOp.of(command, argument));
    }

    /// A vCPU calls for a domain.
    static Example by(
            VcpuId by,
            ForeignDomains owner,
            String row,
            String title,
            Scene scene,
            MmuextOp... operations) {
        return Example.of(
                row,
                title,
                scene.list(operations),
                by,
                new Event.Call(Scene.mmuext(operations.length, owner)));
    }

    /// The first vCPU of d1 makes this call.
    static Example call(String row, String title, Scene scene, MmuextOpCall call) {
        return Example.of(row, title, scene, D1, new Event.Call(call));
    }

    /// The event of the call with the first `count` operations of the list.
    static Event event(long count) {
        return new Event.Call(Scene.mmuext(count, ForeignDomains.SELF));
    }

    /// For this domain.
    static ForeignDomains owner(int domain) {
        return ForeignDomains.of(new Domid(domain));
    }

    /// The call is to be made again: so many operations are done, so many left.
    static String again(int done, int left) {
        return Example.say(
                new Answer.Continued(
                        new MmuextOpCall(
                                Scene.LIST.plus((long) done * OPERATION_BYTES),
                                new BatchCount(left | BatchCount.MMU_UPDATE_PREEMPTED),
                                Scene.DONE,
                                ForeignDomains.SELF)));
    }

    /// All is done but for a table to be taken apart; then the call returns this.
    static String carrying(int result) {
        return Example.say(new Answer.Continued(MmuextOpCall.carrying(result)));
    }

    /// A frame of d1 that was no page table changes its type.
    static String newType(long mfn) {
        return "flush TypeChange[owner=d1, mfn=mfn " + Long.toHexString(mfn) + ", wasTable=false]";
    }

    /// What a vCPU has left to finish, that no table of the same level led to.
    static String unfinished(long mfn, boolean partial) {
        String table = "mfn " + Long.toHexString(mfn);
        return "some(unfinished[table="
                + table
                + ", container="
                + table
                + ", hascontainer=false, partial="
                + partial
                + "])";
    }
}
