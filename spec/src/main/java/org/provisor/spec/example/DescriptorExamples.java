// SPDX-License-Identifier: Apache-2.0
package org.provisor.spec.example;

import static org.provisor.spec.example.DescriptorCalls.DATA_0;
import static org.provisor.spec.example.DescriptorCalls.DATA_3;
import static org.provisor.spec.example.DescriptorCalls.INTERRUPT_GATE;
import static org.provisor.spec.example.DescriptorCalls.changed;
import static org.provisor.spec.example.Scene.D1;

import io.vavr.collection.Vector;

import org.provisor.spec.abi.Invocation.UpdateDescriptorCall;
import org.provisor.spec.abi.MachineAddress;
import org.provisor.spec.abi.Mfn;
import org.provisor.spec.abi.MmuextCommand;
import org.provisor.spec.abi.SegmentDescriptor;
import org.provisor.spec.transition.Event;

/// Examples of single descriptors: which ones a guest may have, and where they may go. The guest's
/// table of global descriptors is in the frame 0x18.
final class DescriptorExamples {

    private static final SegmentDescriptor NONE = SegmentDescriptor.of(0, 0);

    private DescriptorExamples() {}

    static Vector<Example> all() {
        return refused().appendAll(gates()).appendAll(segments()).appendAll(places());
    }

    private static Scene scene() {
        return DescriptorCalls.withGdt(Scene.usual(), 512, 0x18L);
    }

    private static Example update(
            String row, String title, Scene scene, long address, SegmentDescriptor descriptor) {
        return Example.of(
                "mm.descriptor." + row,
                title,
                scene,
                D1,
                new Event.Call(new UpdateDescriptorCall(new MachineAddress(address), descriptor)));
    }

    private static long slot(long mfn, int slot) {
        return MachineAddress.of(new Mfn(mfn), slot * 8L).value();
    }

    private static Example bad(String row, String title, long address, SegmentDescriptor given) {
        return update(row, title, scene(), address, given).answers("returns -22 EINVAL");
    }

    private static Example bad(String row, String title, SegmentDescriptor given) {
        return bad(row, title, slot(0x18, 1), given);
    }

    private static Example stored(
            String row, String title, SegmentDescriptor given, SegmentDescriptor kept) {
        return update(row, title, scene(), slot(0x18, 1), given)
                .answers("returns 0")
                .changes(changed(0x18, 1, NONE, kept));
    }

    private static Vector<Example> refused() {
        return Vector.of(
                bad(
                        "update/a",
                        "a descriptor does not lie across two others",
                        slot(0x18, 1) + 4,
                        DATA_3),
                bad("update/b", "an interrupt gate stands in no table of a guest", INTERRUPT_GATE),
                bad(
                        "update/b",
                        "a harmful descriptor is not written into ordinary memory either",
                        slot(0x19, 0),
                        INTERRUPT_GATE),
                bad(
                        "update/c",
                        "a descriptor is not written to a frame of another domain",
                        slot(0x20, 0),
                        DATA_3),
                bad(
                        "update/c",
                        "a descriptor is not written to a frame that the machine has not",
                        slot(0x40, 0),
                        DATA_3));
    }

    private static SegmentDescriptor gate(int selector, long upper) {
        return SegmentDescriptor.of((long) selector << 16 | 0x1234, upper);
    }

    private static Vector<Example> gates() {
        return Vector.of(
                bad(
                        "check/f",
                        "a task state is no descriptor for a guest",
                        SegmentDescriptor.of(0x67, 0x8900)),
                bad(
                        "check/f",
                        "a local table is no descriptor for a guest: there is a call for it",
                        SegmentDescriptor.of(0xFFF, 0x8200)),
                bad("check/g", "a gate does not lead to a segment of Xen's", gate(0xe008, 0xEC00)),
                bad("check/h", "a gate has no parameters", gate(0x8, 0xEC01)),
                stored(
                        "check/i",
                        "a gate is stored with level 0, and its level in the selector",
                        gate(0x8, 0xAC00),
                        gate(0xB, 0x8C00)),
                stored(
                        "check/i",
                        "a gate may lead to the local table",
                        gate(0xe00c, 0xEC00),
                        gate(0xe00f, 0x8C00)),
                stored(
                        "check/i",
                        "a gate may lead to the last segment of a guest",
                        gate(0xdff8, 0xEC00),
                        gate(0xdffb, 0x8C00)),
                stored(
                        "check/i",
                        "a gate may lead to Xen's flat code segment for guest kernels",
                        gate(0xe033, 0x8C00),
                        gate(0xe033, 0x8C00)),
                bad(
                        "check/g",
                        "a gate leads to that segment by the one selector that Xen gives out",
                        gate(0xe030, 0xEC00)));
    }

    private static Vector<Example> segments() {
        SegmentDescriptor absent = SegmentDescriptor.of(0x8_0000, 0x6E00);
        SegmentDescriptor half = SegmentDescriptor.of(0xFFFF_8200, 0x8000);
        SegmentDescriptor code = SegmentDescriptor.of(0xFFFF, 0xAF_FA00);
        return Vector.of(
                stored("check/a", "what is not present may be anything", absent, absent),
                stored(
                        "check/d",
                        "a segment of Xen's level becomes one of the guest's",
                        DATA_0,
                        DATA_3),
                stored(
                        "check/d",
                        "code of 64 bits is harmless, and also its level 1 is raised to 3",
                        SegmentDescriptor.of(0xFFFF, 0xAF_BA00),
                        code),
                stored("check/e", "a second half of a long gate stays as it is", half, half));
    }

    private static Vector<Example> places() {
        return Vector.of(
                update(
                                "update/e",
                                "a descriptor of a table in use is changed",
                                DescriptorCalls.withGdt(
                                        DescriptorCalls.written(Scene.usual(), 0x18, 1, DATA_3),
                                        512,
                                        0x18L),
                                slot(0x18, 1),
                                NONE)
                        .answers("returns 0")
                        .changes(changed(0x18, 1, DATA_3, NONE)),
                update(
                                "update/e",
                                "a frame last used for descriptors is still one of descriptors",
                                DescriptorCalls.withGdt(scene(), 0),
                                slot(0x18, 511),
                                DATA_0)
                        .answers("returns 0")
                        .changes(changed(0x18, 511, NONE, DATA_3)),
                update(
                                "update/f",
                                "a descriptor is not written into a page table",
                                Scene.usual().mmuext(D1, MmuextCommand.PIN_L1_TABLE, 0x10),
                                slot(0x10, 0),
                                NONE)
                        .answers("returns -22 EINVAL"),
                update(
                                "update/g",
                                "a descriptor is written into memory for a table to be",
                                Scene.usual(),
                                slot(0x19, 0),
                                DATA_0)
                        .answers("returns 0")
                        .changes("mfn 19 type: none x0 unchecked -> writable x0 valid")
                        .owes(MmuextCalls.newType(0x19), "store cff3000000ffff in mfn 19[0]"),
                update(
                                "update/g",
                                "a descriptor is written into the page that Xen shares",
                                Scene.usual(),
                                slot(0x28, 0),
                                DATA_0)
                        .answers("returns 0")
                        .owes("store cff3000000ffff in mfn 28[0]"));
    }
}
