// SPDX-License-Identifier: Apache-2.0
package org.provisor.spec.example;

import io.vavr.collection.Vector;

import org.provisor.spec.abi.Bitness;
import org.provisor.spec.abi.FrameList;
import org.provisor.spec.abi.GuestAddress;
import org.provisor.spec.abi.Invocation.SetGdtCall;
import org.provisor.spec.abi.Mfn;
import org.provisor.spec.abi.SegmentDescriptor;
import org.provisor.spec.transition.Event;
import org.provisor.spec.x86.Pte;

import java.util.Locale;

/// Descriptors, and tables of them, in words.
final class DescriptorCalls {

    /// Where the list of a table's frames is.
    static final GuestAddress FRAMES = new GuestAddress(0x60000);

    /// All of memory as data, of Xen's level 0.
    static final SegmentDescriptor DATA_0 = SegmentDescriptor.of(0xFFFF, 0xCF_9300);

    /// The same of the guest's level 3.
    static final SegmentDescriptor DATA_3 = SegmentDescriptor.of(0xFFFF, 0xCF_F300);

    /// An interrupt gate.
    static final SegmentDescriptor INTERRUPT_GATE = SegmentDescriptor.of(0x8_0000, 0xEE00);

    /// The processor has loaded the table.
    static final String LOADED = "flush Local[vcpu=d1v0]";

    private DescriptorCalls() {}

    /// The same with a descriptor written into a frame by its owner.
    static Scene written(Scene scene, long mfn, int slot, SegmentDescriptor descriptor) {
        return scene.with(scene.ram().word(new Mfn(mfn), slot, descriptor.raw()));
    }

    /// The call for a table of so many descriptors.
    static Event setGdt(long entries) {
        return new Event.Call(new SetGdtCall(FRAMES, entries));
    }

    /// The memory with the list of a table's frames.
    static Scene listing(Scene scene, Long... frames) {
        return scene.structure(FRAMES, FrameList.toBytes(Vector.of(frames), Bitness.BITS_64));
    }

    /// The first vCPU of d1 has a table of so many descriptors in these frames.
    static Scene withGdt(Scene scene, long entries, Long... frames) {
        return listing(scene, frames).then(Scene.D1, setGdt(entries));
    }

    /// A descriptor has changed. It is said as a page-table entry with the same bits.
    static String changed(long mfn, int slot, SegmentDescriptor before, SegmentDescriptor after) {
        return "mfn "
                + Long.toHexString(mfn)
                + "["
                + slot
                + "]: "
                + said(before)
                + " -> "
                + said(after);
    }

    private static String said(SegmentDescriptor descriptor) {
        return new Pte(descriptor.raw()).toString().toLowerCase(Locale.ROOT);
    }

    /// The table of the first vCPU of d1 has changed.
    static String gdt(String before, String after) {
        return "d1v0 gdt: globaltable[" + before + "] -> globaltable[" + after + "]";
    }

    /// A table with these frames.
    static String table(int entries, String frames) {
        return "entries=" + entries + ", frames=vector(" + frames + ")";
    }
}
