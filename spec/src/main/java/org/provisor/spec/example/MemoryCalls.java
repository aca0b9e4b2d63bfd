// SPDX-License-Identifier: Apache-2.0
package org.provisor.spec.example;

import static org.provisor.spec.example.Scene.D0;

import io.vavr.collection.Vector;

import org.provisor.spec.abi.Bitness;
import org.provisor.spec.abi.Bytes;
import org.provisor.spec.abi.Domid;
import org.provisor.spec.abi.GuestAddress;
import org.provisor.spec.abi.Invocation.MemoryOpCall;
import org.provisor.spec.abi.MemoryCommand;
import org.provisor.spec.abi.MemoryFlags;
import org.provisor.spec.abi.MemoryOpWord;
import org.provisor.spec.abi.MemoryReservation;
import org.provisor.spec.state.Answer;
import org.provisor.spec.state.Choices;
import org.provisor.spec.state.VcpuId;
import org.provisor.spec.transition.Event;

/// Examples that are calls of `memory_op`, and what comes of such calls in words.
final class MemoryCalls {

    /// Where the structure is that a call points to.
    static final GuestAddress ARG = new GuestAddress(0x30000);

    /// Where a list of frame numbers is.
    static final GuestAddress FRAMES = new GuestAddress(0x40000);

    /// An address in Xen's part.
    static final GuestAddress XENS = new GuestAddress(0xFFFF_8000_0000_0000L);

    /// The last entry of a list that a guest may name: what follows is not canonical.
    static final GuestAddress LAST = new GuestAddress((1L << 47) - 8);

    private static final Domid D9 = new Domid(9);

    private MemoryCalls() {}

    /// A domain that does not exist.
    static Domid nobody() {
        return D9;
    }

    /// The call, from the first extent on.
    static MemoryOpCall call(MemoryCommand command) {
        return new MemoryOpCall(MemoryOpWord.of(command), ARG);
    }

    /// The first vCPU of a domain makes a call, from the first extent on.
    static Example by(VcpuId by, String row, String title, Scene scene, MemoryCommand command) {
        return from(0, by, row, title, scene, command);
    }

    /// The first vCPU of a domain makes a call, from an extent on.
    static Example from(
            long extent, VcpuId by, String row, String title, Scene scene, MemoryCommand command) {
        return Example.of(row, title, scene, by, new Event.Call(call(command).from(extent)));
    }

    /// A reservation with the list {@link #FRAMES}, by the caller for itself.
    static MemoryReservation extents(long count, long order) {
        return new MemoryReservation(FRAMES, count, order, MemoryFlags.NONE, Domid.SELF);
    }

    /// The same for another domain.
    static MemoryReservation of(int domain, MemoryReservation one) {
        return new MemoryReservation(
                one.extentStart(),
                one.nrExtents(),
                one.extentOrder(),
                one.memFlags(),
                new Domid(domain));
    }

    /// The same with flags.
    static MemoryReservation with(MemoryFlags flags, MemoryReservation one) {
        return new MemoryReservation(
                one.extentStart(), one.nrExtents(), one.extentOrder(), flags, one.domid());
    }

    /// The same with another list.
    static MemoryReservation at(GuestAddress list, MemoryReservation one) {
        return new MemoryReservation(
                list, one.nrExtents(), one.extentOrder(), one.memFlags(), one.domid());
    }

    /// The memory with a reservation at {@link #ARG}.
    static Scene asking(Scene scene, MemoryReservation reservation) {
        return scene.structure(ARG, reservation.toBytes(Bitness.BITS_64));
    }

    /// The memory with numbers in the list {@link #FRAMES}.
    static Scene listing(Scene scene, long... numbers) {
        return listing(FRAMES, scene, numbers);
    }

    /// The memory with numbers in a list, each to be read on its own.
    static Scene listing(GuestAddress list, Scene scene, long... numbers) {
        Scene now = scene;
        for (int i = 0; i < numbers.length; i++) {
            now = now.structure(list.plus(8L * i), Bytes.zero(8).with(0, 8, numbers[i]));
        }
        return now;
    }

    /// The same after the first vCPU of a domain made a call with a reservation.
    static Scene after(
            VcpuId by, Scene scene, MemoryCommand command, MemoryReservation reservation) {
        return after(by, scene, command, reservation, Choices.NONE);
    }

    /// The same after such a call, as it was observed.
    static Scene after(
            VcpuId by,
            Scene scene,
            MemoryCommand command,
            MemoryReservation reservation,
            Choices choices) {
        return asking(scene, reservation).then(by, new Event.Call(call(command)), choices);
    }

    /// The same after the control domain had memory kept back for a domain, to have `total` frames.
    static Scene claimed(Scene scene, int domain, long total) {
        MemoryReservation claim = at(GuestAddress.NULL, of(domain, extents(total, 0)));
        return after(D0, scene, MemoryCommand.CLAIM_PAGES, claim);
    }

    /// The same with the guest d1 half destroyed: it is dying, and has all its frames still but for
    /// the one that Xen shares.
    static Scene dying(Scene scene) {
        return scene.then(D0, SmallScenes.DESTROY, Choices.preemptedAfter(0));
    }

    /// The call is to be made again, from an extent on.
    static String again(MemoryCommand command, long extent) {
        return Example.say(new Answer.Continued(call(command).from(extent)));
    }

    /// Free frames are a domain's now.
    static Vector<String> gained(int domain, long... frames) {
        Vector<String> lines = Vector.empty();
        for (long frame : frames) {
            String mfn = mfn(frame);
            lines =
                    lines.append(mfn + " owner: no domain -> d" + domain)
                            .append(mfn + " refs: 0 -> 1")
                            .append(mfn + " allocated: false -> true");
        }
        return lines;
    }

    /// Frames of a domain that nobody uses are free now.
    static Vector<String> freed(int domain, long... frames) {
        Vector<String> lines = Vector.empty();
        for (long frame : frames) {
            String mfn = mfn(frame);
            lines =
                    lines.append(mfn + " owner: d" + domain + " -> no domain")
                            .append(mfn + " refs: 1 -> 0")
                            .append(mfn + " allocated: true -> false");
        }
        return lines;
    }

    /// A frame without a number has this one now.
    static String numbered(long frame, long number) {
        return mfn(frame) + " m2p: ffffffffffffffff -> " + Long.toHexString(number);
    }

    /// These are all changes.
    static String[] lines(Vector<String> lines) {
        return lines.toJavaArray(String[]::new);
    }

    /// The flush for frames that come from the allocator.
    static String reused(long first, int order) {
        return "flush Reuse[first=" + mfn(first) + ", order=" + order + "]";
    }

    /// An entry of {@link #FRAMES} says where the extent is.
    static String told(int entry, long mfn) {
        return told(FRAMES, entry, mfn);
    }

    /// An entry of a list says where the extent is.
    static String told(GuestAddress list, int entry, long mfn) {
        return "write " + mfn + " at " + list.plus(8L * entry) + ", 8 bytes";
    }

    private static String mfn(long frame) {
        return "mfn " + Long.toHexString(frame);
    }
}
