// SPDX-License-Identifier: Apache-2.0
package org.provisor.spec.example;

import static org.provisor.spec.example.Scene.D1;
import static org.provisor.spec.example.Trees.NONE_DONE;
import static org.provisor.spec.example.Trees.ONE_DONE;

import io.vavr.collection.Vector;

import org.provisor.spec.abi.Invocation.UpdateDescriptorCall;
import org.provisor.spec.abi.MachineAddress;
import org.provisor.spec.abi.Mfn;
import org.provisor.spec.abi.MmuextCommand;
import org.provisor.spec.abi.MmuextOp;
import org.provisor.spec.abi.SegmentDescriptor;
import org.provisor.spec.transition.Event;
import org.provisor.spec.x86.Pte;

/// Examples of where a local table may be, and of where a gate may lead.
final class TableOfDescriptorsExamples {

    private TableOfDescriptorsExamples() {}

    static Vector<Example> all() {
        Scene set = LdtExamples.set(Scene.usual(), 0x1000, 1);
        return Vector.of(
                idle(),
                sets("b", "a local table does not start at an odd address", Scene.usual(), 0x1001)
                        .answers("returns -22 EINVAL")
                        .owes(NONE_DONE),
                sets("e", "a table as long somewhere else is another table", set, 0x2000)
                        .answers("returns 0")
                        .changes(
                                LdtExamples.changed(
                                        LdtExamples.ldt(0x1000, 1, ""),
                                        LdtExamples.ldt(0x2000, 1, "")))
                        .owes(ONE_DONE),
                Example.of(
                                "mm.descriptor.check/g",
                                "that the caller asks for level 3 makes no segment of Xen's its"
                                        + " own",
                                Scene.usual(),
                                D1,
                                new Event.Call(
                                        new UpdateDescriptorCall(
                                                MachineAddress.of(new Mfn(0x18), 8),
                                                SegmentDescriptor.of(0xe00b_1234L, 0xEC00))))
                        .answers("returns -22 EINVAL"));
    }

    /// Nobody uses the table any more: its frame may become ordinary memory again.
    private static Example idle() {
        Scene scene = DescriptorCalls.withGdt(DescriptorCalls.withGdt(Scene.usual(), 1, 0x18L), 0);
        return Trees.request(
                        "mm.mmu-update.entry/i",
                        "what was a table of descriptors is written to like other memory",
                        scene,
                        Trees.set(0x18, 3, Pte.EMPTY))
                .answers("returns 0")
                .changes("mfn 18 type: segdesc x0 valid -> writable x0 valid")
                .owes(
                        "flush TypeChange[owner=d1, mfn=mfn 18, wasTable=false]",
                        ONE_DONE,
                        "store 0 in mfn 18[3]");
    }

    private static Example sets(String row, String title, Scene scene, long base) {
        return MmuextCalls.of(
                "mm.ldt.set/" + row, title, scene, MmuextOp.of(MmuextCommand.SET_LDT, base, 1));
    }
}
