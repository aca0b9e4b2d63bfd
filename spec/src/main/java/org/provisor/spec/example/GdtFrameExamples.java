// SPDX-License-Identifier: Apache-2.0
package org.provisor.spec.example;

import static org.provisor.spec.example.DescriptorCalls.DATA_0;
import static org.provisor.spec.example.DescriptorCalls.DATA_3;
import static org.provisor.spec.example.DescriptorCalls.INTERRUPT_GATE;
import static org.provisor.spec.example.DescriptorCalls.LOADED;
import static org.provisor.spec.example.DescriptorCalls.gdt;
import static org.provisor.spec.example.DescriptorCalls.listing;
import static org.provisor.spec.example.DescriptorCalls.table;
import static org.provisor.spec.example.DescriptorCalls.withGdt;
import static org.provisor.spec.example.DescriptorCalls.written;
import static org.provisor.spec.example.MmuextCalls.newType;
import static org.provisor.spec.example.Scene.D1;

import io.vavr.collection.Vector;

import org.provisor.spec.abi.MmuextCommand;
import org.provisor.spec.abi.SegmentDescriptor;
import org.provisor.spec.state.VcpuId;

/// Examples of which frames can be in a global descriptor table.
final class GdtFrameExamples {

    private static final SegmentDescriptor NONE = SegmentDescriptor.of(0, 0);

    private static final String NO_TABLE = table(0, "");

    private GdtFrameExamples() {}

    static Vector<Example> all() {
        return Vector.of(
                secondRefused(),
                somebodyElses(),
                inUse(),
                mapped(),
                corrected(),
                harmful(),
                formerTable());
    }

    private static Example set(String row, String title, Scene scene, long entries) {
        return Example.of("mm." + row, title, scene, D1, DescriptorCalls.setGdt(entries));
    }

    private static Example refused(String row, String title, Scene scene) {
        return set(row, title, scene, 1).answers("returns -22 EINVAL");
    }

    private static Example secondRefused() {
        return set(
                        "gdt.set/c",
                        "a vCPU keeps its table where one frame of the new one is not to be held",
                        listing(withGdt(Scene.usual(), 1, 0x1aL), 0x18L, 0x40L),
                        513)
                .answers("returns -22 EINVAL")
                .changes("mfn 18 type: none x0 unchecked -> segdesc x0 valid")
                .owes(newType(0x18));
    }

    private static Example somebodyElses() {
        return refused(
                "gdt.hold/a",
                "a frame of another domain is no table",
                listing(Scene.usual(), 0x20L));
    }

    private static Example inUse() {
        return refused(
                "gdt.hold/b",
                "a page table is not a table of descriptors as well",
                listing(Scene.usual().mmuext(D1, MmuextCommand.PIN_L1_TABLE, 0x10), 0x10L));
    }

    private static Example mapped() {
        Scene mapping =
                Scene.usual()
                        .entry(0x10, 0, Scene.writable(0x18))
                        .mmuext(D1, MmuextCommand.PIN_L1_TABLE, 0x10);
        return refused(
                "gdt.hold/b",
                "a frame that the guest can write is no table of descriptors",
                listing(mapping, 0x18L));
    }

    private static Example corrected() {
        return set(
                        "validate.descriptors/a",
                        "descriptors of Xen's level are the guest's before the processor sees them",
                        listing(
                                written(written(Scene.usual(), 0x18, 1, DATA_0), 0x18, 511, DATA_0),
                                0x18L),
                        1)
                .answers("returns 0")
                .changes(
                        "mfn 18 refs: 1 -> 2",
                        "mfn 18 type: none x0 unchecked -> segdesc x1 valid",
                        DescriptorCalls.changed(0x18, 1, NONE, DATA_3),
                        DescriptorCalls.changed(0x18, 511, NONE, DATA_3),
                        gdt(NO_TABLE, table(1, "mfn 18")))
                .owes(newType(0x18), LOADED);
    }

    private static Example harmful() {
        return refused(
                        "validate.descriptors/b",
                        "a harmful descriptor makes a frame no table, even behind the table's end",
                        listing(written(Scene.usual(), 0x18, 511, INTERRUPT_GATE), 0x18L))
                .owes(newType(0x18));
    }

    /// The calling vCPU has a table to finish that the other vCPU has finished since. Loaded as
    /// descriptors in vain, the frame is not taken for that table.
    private static Example formerTable() {
        VcpuId other = new VcpuId(D1.domain(), 1);
        Scene finished =
                Scene.usual()
                        .entry(0x12, 5, Scene.writable(0x20))
                        .mmuext(D1, MmuextCommand.PIN_L2_TABLE, 0x12)
                        .mmuext(other, MmuextCommand.PIN_L2_TABLE, 0x12)
                        .mmuext(other, MmuextCommand.TLB_FLUSH_LOCAL, 0);
        return set(
                        "validate/d",
                        "descriptors that were the caller's table to finish leave nothing partial",
                        listing(written(finished, 0x12, 0, INTERRUPT_GATE), 0x12L),
                        1)
                .answers("returns -22 EINVAL")
                .changes("mfn 12 type: l2 x0 unchecked -> none x0 unchecked")
                .owes("flush TypeChange[owner=d1, mfn=mfn 12, wasTable=true]");
    }
}
