// SPDX-License-Identifier: Apache-2.0
package org.provisor.spec.example;

import io.vavr.collection.Vector;

import org.provisor.spec.abi.BatchCount;
import org.provisor.spec.abi.Bitness;
import org.provisor.spec.abi.Bytes;
import org.provisor.spec.abi.Domid;
import org.provisor.spec.abi.ForeignDomains;
import org.provisor.spec.abi.GuestAddress;
import org.provisor.spec.abi.Invocation;
import org.provisor.spec.abi.MachineAddress;
import org.provisor.spec.abi.Mfn;
import org.provisor.spec.abi.MmuCommand;
import org.provisor.spec.abi.MmuUpdate;
import org.provisor.spec.abi.MmuextCommand;
import org.provisor.spec.abi.MmuextOp;
import org.provisor.spec.state.Choices;
import org.provisor.spec.state.Domain;
import org.provisor.spec.state.Domains;
import org.provisor.spec.state.Frame;
import org.provisor.spec.state.Frames;
import org.provisor.spec.state.Machine;
import org.provisor.spec.state.Outcome;
import org.provisor.spec.state.Profile;
import org.provisor.spec.state.Store;
import org.provisor.spec.state.VcpuId;
import org.provisor.spec.transition.Event;
import org.provisor.spec.transition.Transition;
import org.provisor.spec.x86.Pte;

/// A machine together with its guests' memory, to which things happen one after the other.
///
/// @param machine the machine
/// @param ram what its guests have in memory
/// @param last what came of the last thing that happened
public record Scene(Machine machine, GuestRam ram, Vector<Outcome> last) {

    /// Where {@link #mmuUpdate} and {@link #mmuext} put their lists.
    public static final GuestAddress LIST = new GuestAddress(0x10000);

    /// Where they have the count of what was done written.
    public static final GuestAddress DONE = new GuestAddress(0x20000);

    /// The first vCPU of the control domain.
    public static final VcpuId D0 = new VcpuId(new Domid(0), 0);

    /// The first vCPU of the first guest.
    public static final VcpuId D1 = new VcpuId(new Domid(1), 0);

    /// The first vCPU of the second guest.
    public static final VcpuId D2 = new VcpuId(new Domid(2), 0);

    /// A machine of so many free frames and no domain.
    public static Scene of(Profile profile, int frames) {
        return new Scene(
                new Machine(profile, Frames.fill(frames, Frame.FREE), Domains.NONE),
                GuestRam.empty(profile.slots()),
                Vector.empty());
    }

    /// The machine of most examples: 64 frames. Frame 0 is a device's, frame 1 Xen's own; the
    /// control domain d0 has 0x8 to 0xf, the guest d1 0x10 to 0x1f, the guest d2 0x20 to 0x27;
    /// frame 0x28 is shared by Xen with d1; from 0x30 on all are free. Every domain may have 32
    /// frames and has two vCPUs, none of them set up.
    public static Scene usual() {
        return of(Profile.XEN_4_17, 64)
                .frame(0, Frame.MMIO)
                .frame(1, Frame.XEN)
                .domain(Domain.privileged(new Domid(0), 32, 2), 0x8, 0xf)
                .domain(Domain.guest(new Domid(1), 32, 2), 0x10, 0x1f)
                .domain(Domain.guest(new Domid(2), 32, 2), 0x20, 0x27)
                .frame(0x28, Frame.sharedWith(new Domid(1)));
    }

    /// The same with one frame replaced.
    public Scene frame(long mfn, Frame frame) {
        return with(machine.with(new Mfn(mfn), frame));
    }

    /// The same with one frame changed to have been referred to or held to its type so often:
    /// states that only very many calls lead to.
    public Scene counts(long mfn, long refs, long typeCount) {
        Frame frame = machine.frame(new Mfn(mfn));
        return frame(mfn, frame.withRefs(refs).withUse(frame.use().withCount(typeCount)));
    }

    /// The same with a domain that owns the frames from `first` to `last`.
    public Scene domain(Domain domain, long first, long last) {
        Machine now = machine.with(domain.withPages(last - first + 1, 0));
        for (long mfn = first; mfn <= last; mfn++) {
            now = now.with(new Mfn(mfn), Frame.allocatedTo(domain.id()));
        }
        return with(now);
    }

    /// The same with a domain replaced.
    public Scene domain(Domain domain) {
        return with(machine.with(domain));
    }

    /// The same with another machine.
    public Scene with(Machine now) {
        return new Scene(now, ram, last);
    }

    /// The same with other memory.
    public Scene with(GuestRam now) {
        return new Scene(machine, now, last);
    }

    /// The same with an entry written into a frame by its owner.
    public Scene entry(long table, int slot, Pte entry) {
        return with(ram.word(new Mfn(table), slot, entry.bits()));
    }

    /// The same with a structure at an address.
    public Scene structure(GuestAddress at, Bytes bytes) {
        return with(ram.structure(at, bytes));
    }

    /// The same after something happened, as it was observed.
    public Scene then(VcpuId by, Event event, Choices choices) {
        Outcome outcome = Transition.take(machine, by, event, ram, choices);
        GuestRam now = ram;
        for (Store store : outcome.stores()) {
            now = now.after(store);
        }
        return new Scene(outcome.machine(), now, Vector.of(outcome));
    }

    /// The same after something happened without preemption.
    public Scene then(VcpuId by, Event event) {
        return then(by, event, Choices.NONE);
    }

    /// The same after a call without preemption.
    public Scene call(VcpuId by, Invocation call) {
        return then(by, new Event.Call(call), Choices.NONE);
    }

    /// The memory with a list of requests at {@link #LIST}.
    public Scene list(MmuUpdate... requests) {
        GuestAddress at = LIST;
        GuestRam now = ram;
        for (MmuUpdate request : requests) {
            Bytes bytes = request.toBytes(Bitness.BITS_64);
            now = now.structure(at, bytes);
            at = at.plus(bytes.size());
        }
        return with(now);
    }

    /// The memory with a list of operations at {@link #LIST}.
    public Scene list(MmuextOp... operations) {
        GuestAddress at = LIST;
        GuestRam now = ram;
        for (MmuextOp operation : operations) {
            Bytes bytes = operation.toBytes(Bitness.BITS_64);
            now = now.structure(at, bytes);
            at = at.plus(bytes.size());
        }
        return with(now);
    }

    /// The same after one operation of `mmuext_op` for the caller, without preemption.
    public Scene mmuext(VcpuId by, MmuextCommand command, long arg1) {
        return list(MmuextOp.of(command, arg1)).call(by, mmuext(1, ForeignDomains.SELF));
    }

    /// The same after one entry of a table changed by `mmu_update` for the caller.
    public Scene mmuUpdate(VcpuId by, long table, int slot, Pte entry) {
        return list(update(MmuCommand.NORMAL_PT_UPDATE, table, slot, entry))
                .call(by, mmuUpdate(1, ForeignDomains.SELF));
    }

    /// The request to change one entry of a table.
    public static MmuUpdate update(MmuCommand command, long table, int slot, Pte entry) {
        return MmuUpdate.of(command, MachineAddress.of(new Mfn(table), slot * 8L), entry.bits());
    }

    /// The call with the first `count` requests of the list.
    public static Invocation.MmuUpdateCall mmuUpdate(long count, ForeignDomains domains) {
        return new Invocation.MmuUpdateCall(LIST, new BatchCount(count), DONE, domains);
    }

    /// The call with the first `count` operations of the list.
    public static Invocation.MmuextOpCall mmuext(long count, ForeignDomains domains) {
        return new Invocation.MmuextOpCall(LIST, new BatchCount(count), DONE, domains);
    }

    /// A present entry that allows reading, for user and kernel.
    public static Pte readOnly(long mfn) {
        return Pte.of(new Mfn(mfn), Pte.PRESENT | Pte.USER | Pte.ACCESSED);
    }

    /// A present entry that allows writing, for user and kernel.
    public static Pte writable(long mfn) {
        return readOnly(mfn).with(Pte.WRITABLE);
    }
}
