// SPDX-License-Identifier: Apache-2.0
package org.provisor.proofs.smallworld;

import static org.provisor.proofs.smallworld.SmallWorld.CONTROL;
import static org.provisor.proofs.smallworld.SmallWorld.CONTROL_VCPU;
import static org.provisor.proofs.smallworld.SmallWorld.GUEST;
import static org.provisor.proofs.smallworld.SmallWorld.GUEST_VCPU;
import static org.provisor.proofs.smallworld.SmallWorld.SECOND_VCPU;

import org.provisor.proofs.smallworld.Action.Kind;
import org.provisor.proofs.smallworld.Action.Open;
import org.provisor.spec.abi.BatchCount;
import org.provisor.spec.abi.Bitness;
import org.provisor.spec.abi.Bytes;
import org.provisor.spec.abi.Domid;
import org.provisor.spec.abi.ForeignDomains;
import org.provisor.spec.abi.GuestAddress;
import org.provisor.spec.abi.Invocation;
import org.provisor.spec.abi.MachineAddress;
import org.provisor.spec.abi.MemoryCommand;
import org.provisor.spec.abi.MemoryExchange;
import org.provisor.spec.abi.MemoryFlags;
import org.provisor.spec.abi.MemoryOpWord;
import org.provisor.spec.abi.MemoryReservation;
import org.provisor.spec.abi.Mfn;
import org.provisor.spec.abi.MmuCommand;
import org.provisor.spec.abi.MmuUpdate;
import org.provisor.spec.abi.MmuextCommand;
import org.provisor.spec.abi.MmuextOp;
import org.provisor.spec.abi.VmAssistCommand;
import org.provisor.spec.abi.VmAssistType;
import org.provisor.spec.state.VcpuId;
import org.provisor.spec.transition.Event;
import org.provisor.spec.x86.Pte;

import java.util.ArrayList;
import java.util.List;

/// All actions of a world, made once.
final class Actions {

    private static final Bitness BITS = Bitness.BITS_64;
    private static final GuestAddress LIST = new GuestAddress(0x10000);
    private static final GuestAddress OUT_LIST = new GuestAddress(0x11000);
    private static final GuestAddress ARGUMENT = new GuestAddress(0x12000);

    private final WorldSize size;
    private final List<Action> all = new ArrayList<>();

    private Actions(final WorldSize size) {
        this.size = size;
    }

    /// The actions of a world of this size.
    static List<Action> of(final WorldSize size) {
        final Actions actions = new Actions(size);
        actions.groups();
        return List.copyOf(actions.all);
    }

    private void groups() {
        own(GUEST_VCPU);
        if (size.has(Group.SECOND)) {
            own(SECOND_VCPU);
        }
        if (size.has(Group.CONTROL)) {
            own(CONTROL_VCPU);
        }
        if (size.has(Group.FOREIGN)) {
            foreign();
        }
        if (size.has(Group.RESERVATION)) {
            claims();
        }
        if (size.has(Group.STRICT)) {
            assists();
        }
        if (size.has(Group.DEATH)) {
            all.add(
                    new Action(
                            Kind.DESTROY,
                            CONTROL_VCPU,
                            new Event.Destroy(GUEST),
                            Open.ORDER,
                            "destroy d1",
                            List.of()));
        }
    }

    /// What a vCPU does to frames of its own domain.
    private void own(final VcpuId by) {
        if (size.has(Group.PINS)) {
            pins(by, ForeignDomains.SELF, "");
        }
        if (size.has(Group.ROOTS)) {
            roots(by);
        }
        if (size.has(Group.ENTRIES)) {
            final boolean controls = by.domain().equals(CONTROL);
            updates(Kind.MMU_UPDATE, by, ForeignDomains.SELF, "", controls);
        }
        if (size.has(Group.PAGES)) {
            pages(by, ForeignDomains.SELF, "");
        }
        if (size.has(Group.RESERVATION)) {
            reservation(by, Domid.SELF, "");
        }
        nothing(by);
    }

    /// A call that does nothing but finish what the vCPU left unfinished.
    private void nothing(final VcpuId by) {
        all.add(
                Action.of(
                        Kind.FINISH,
                        by,
                        new Invocation.MmuUpdateCall(
                                LIST, new BatchCount(0), GuestAddress.NULL, ForeignDomains.SELF),
                        "mmu_update of nothing"));
    }

    /// What the control domain does to frames of the guest.
    private void foreign() {
        final ForeignDomains guests = ForeignDomains.of(GUEST);
        if (size.has(Group.PINS)) {
            pins(CONTROL_VCPU, guests, " of d1");
        }
        if (size.has(Group.ENTRIES)) {
            final Kind kind = Kind.MMU_UPDATE_FOREIGN;
            final ForeignDomains both = ForeignDomains.of(GUEST, GUEST);
            updates(kind, CONTROL_VCPU, both, ", tables and data of d1", false);
            final ForeignDomains tables = ForeignDomains.of(Domid.SELF, GUEST);
            updates(kind, CONTROL_VCPU, tables, ", tables of d1", false);
            if (size.has(Group.CONTROL)) {
                updates(kind, CONTROL_VCPU, guests, ", data of d1", true);
            }
        }
        if (size.has(Group.PAGES)) {
            pages(CONTROL_VCPU, guests, " of d1");
        }
        if (size.has(Group.RESERVATION)) {
            reservation(CONTROL_VCPU, GUEST, " for d1");
        }
        if (!size.has(Group.CONTROL)) {
            nothing(CONTROL_VCPU);
        }
    }

    private void roots(final VcpuId by) {
        for (int frame = 1; frame <= size.frames(); frame++) {
            mmuext(Kind.NEW_BASEPTR, by, MmuextCommand.NEW_BASEPTR, frame, "new_baseptr #" + frame);
        }
        for (int frame = 0; frame <= size.frames(); frame++) {
            mmuext(
                    Kind.NEW_USER_BASEPTR,
                    by,
                    MmuextCommand.NEW_USER_BASEPTR,
                    frame,
                    "new_user_baseptr " + (frame == 0 ? "0" : "#" + frame));
        }
    }

    private void pins(final VcpuId by, final ForeignDomains domains, final String whose) {
        final MmuextCommand[] commands = {
            MmuextCommand.PIN_L1_TABLE,
            MmuextCommand.PIN_L2_TABLE,
            MmuextCommand.PIN_L3_TABLE,
            MmuextCommand.PIN_L4_TABLE
        };
        for (int frame = 1; frame <= size.frames(); frame++) {
            for (int level = 1; level <= size.levels(); level++) {
                final String text = "pin #" + frame + " as l" + level + whose;
                final MmuextOp operation = MmuextOp.of(commands[level - 1], frame);
                all.add(mmuext(Kind.PIN, by, operation, domains, text));
            }
            final MmuextOp operation = MmuextOp.of(MmuextCommand.UNPIN_TABLE, frame);
            all.add(mmuext(Kind.UNPIN, by, operation, domains, "unpin #" + frame + whose));
        }
    }

    private void pages(final VcpuId by, final ForeignDomains domains, final String whose) {
        for (int frame = 1; frame <= size.frames(); frame++) {
            final MmuextOp clear = MmuextOp.of(MmuextCommand.CLEAR_PAGE, frame);
            all.add(mmuext(Kind.CLEAR_PAGE, by, clear, domains, "clear_page #" + frame + whose));
            for (int from = 1; from <= size.frames(); from++) {
                final MmuextOp copy = MmuextOp.of(MmuextCommand.COPY_PAGE, frame, from);
                final String text = "copy_page #" + from + " to #" + frame + whose;
                all.add(mmuext(Kind.COPY_PAGE, by, copy, domains, text));
            }
        }
    }

    private void mmuext(
            final Kind kind,
            final VcpuId by,
            final MmuextCommand command,
            final int frame,
            final String text) {
        all.add(mmuext(kind, by, MmuextOp.of(command, frame), ForeignDomains.SELF, text));
    }

    private static Action mmuext(
            final Kind kind,
            final VcpuId by,
            final MmuextOp operation,
            final ForeignDomains domains,
            final String text) {
        final Invocation call =
                new Invocation.MmuextOpCall(LIST, new BatchCount(1), GuestAddress.NULL, domains);
        return Action.of(kind, by, call, text).with(LIST, operation.toBytes(BITS));
    }

    /// Every entry into every slot of every frame: none, any frame read-only or writable, and one
    /// with a flag that the tables' owner may not set. That one leads to the table itself, so that
    /// renumbering frames makes no difference to it.
    private void updates(
            final Kind kind,
            final VcpuId by,
            final ForeignDomains domains,
            final String whose,
            final boolean controls) {
        final long forbidden = controls ? Pte.GLOBAL : Pte.PAGE_SIZE;
        for (int frame = 1; frame <= size.frames(); frame++) {
            for (int slot = 0; slot < size.slots(); slot++) {
                final String place = "mmu_update #" + frame + "[" + slot + "] = ";
                update(kind, by, domains, frame, slot, 0, place + "nothing" + whose);
                for (int target = 1; target <= size.frames(); target++) {
                    final long readOnly = Entries.of(target, false);
                    final long writable = Entries.of(target, true);
                    final String to = place + "#" + target;
                    update(kind, by, domains, frame, slot, readOnly, to + " ro" + whose);
                    update(kind, by, domains, frame, slot, writable, to + " rw" + whose);
                }
                final long odd = Entries.of(frame, false) | forbidden;
                final String flag = controls ? " ro with G" : " ro with PS";
                update(kind, by, domains, frame, slot, odd, place + "#" + frame + flag + whose);
            }
        }
    }

    private void update(
            final Kind kind,
            final VcpuId by,
            final ForeignDomains domains,
            final int frame,
            final int slot,
            final long entry,
            final String text) {
        final MachineAddress address = MachineAddress.of(new Mfn(frame), slot * (long) Long.BYTES);
        final MmuUpdate request = MmuUpdate.of(MmuCommand.NORMAL_PT_UPDATE, address, entry);
        final Invocation call =
                new Invocation.MmuUpdateCall(LIST, new BatchCount(1), GuestAddress.NULL, domains);
        all.add(Action.of(kind, by, call, text).with(LIST, request.toBytes(BITS)));
    }

    private void reservation(final VcpuId by, final Domid whom, final String text) {
        final Open open =
                by.domain().equals(CONTROL) && !whom.equals(GUEST)
                        ? Open.FRAME_FOR_CONTROL
                        : Open.FRAME_FOR_GUEST;
        final MemoryReservation one = extents(GuestAddress.NULL, whom);
        all.add(
                memory(
                                Kind.INCREASE,
                                by,
                                MemoryCommand.INCREASE_RESERVATION,
                                "increase_reservation" + text)
                        .with(ARGUMENT, one.toBytes(BITS))
                        .choosing(open));
        for (int frame = 1; frame <= size.frames(); frame++) {
            all.add(
                    memory(
                                    Kind.DECREASE,
                                    by,
                                    MemoryCommand.DECREASE_RESERVATION,
                                    "decrease_reservation #" + frame + text)
                            .with(ARGUMENT, extents(LIST, whom).toBytes(BITS))
                            .with(LIST, list(frame)));
            final MemoryExchange exchange =
                    new MemoryExchange(extents(LIST, whom), extents(OUT_LIST, whom), 0);
            all.add(
                    memory(Kind.EXCHANGE, by, MemoryCommand.EXCHANGE, "exchange #" + frame + text)
                            .with(ARGUMENT, exchange.toBytes(BITS))
                            .with(LIST, list(frame))
                            .with(OUT_LIST, list(-1))
                            .choosing(Open.FRAME_IN_EXCHANGE));
        }
    }

    private void claims() {
        for (int total = 0; total <= size.frames(); total++) {
            final MemoryReservation claim =
                    new MemoryReservation(GuestAddress.NULL, total, 0, MemoryFlags.NONE, GUEST);
            all.add(
                    memory(
                                    Kind.CLAIM,
                                    CONTROL_VCPU,
                                    MemoryCommand.CLAIM_PAGES,
                                    "claim_pages " + total + " for d1")
                            .with(ARGUMENT, claim.toBytes(BITS)));
        }
    }

    private static MemoryReservation extents(final GuestAddress list, final Domid whom) {
        return new MemoryReservation(list, 1, 0, MemoryFlags.NONE, whom);
    }

    private static Bytes list(final long frame) {
        return Bytes.zero(Long.BYTES).with(0, Long.BYTES, frame);
    }

    private static Action memory(
            final Kind kind, final VcpuId by, final MemoryCommand command, final String text) {
        return Action.of(
                kind, by, new Invocation.MemoryOpCall(MemoryOpWord.of(command), ARGUMENT), text);
    }

    private void assists() {
        for (final VmAssistCommand command : VmAssistCommand.values()) {
            final Invocation call =
                    new Invocation.VmAssistCall(command.number(), VmAssistType.M2P_STRICT.number());
            final String text = "vm_assist " + command.xenName() + " m2p_strict";
            all.add(Action.of(Kind.ASSIST, GUEST_VCPU, call, text));
        }
    }
}
