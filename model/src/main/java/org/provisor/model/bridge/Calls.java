// SPDX-License-Identifier: Apache-2.0
package org.provisor.model.bridge;

import org.provisor.spec.abi.BatchCount;
import org.provisor.spec.abi.Bitness;
import org.provisor.spec.abi.Bytes;
import org.provisor.spec.abi.Domid;
import org.provisor.spec.abi.ForeignDomains;
import org.provisor.spec.abi.GuestAddress;
import org.provisor.spec.abi.Invocation;
import org.provisor.spec.abi.Invocation.MemoryOpCall;
import org.provisor.spec.abi.Invocation.MmuUpdateCall;
import org.provisor.spec.abi.Invocation.MmuextOpCall;
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
import org.provisor.spec.example.GuestRam;
import org.provisor.spec.state.Answer;
import org.provisor.spec.state.Choices;
import org.provisor.spec.state.Machine;
import org.provisor.spec.state.Outcome;
import org.provisor.spec.state.Store;
import org.provisor.spec.state.VcpuId;
import org.provisor.spec.transition.Event;
import org.provisor.spec.transition.Transition;
import org.provisor.spec.x86.Pte;

import java.util.List;
import java.util.Set;
import java.util.TreeSet;

/// A call of a model as hypercalls of the specification.
///
/// Rules are not called by themselves: a call of the model is a whole hypercall, made again as long
/// as it says that it is not done. Where a model's call is one attempt, it is made once, and every
/// preemption check answers yes. A teardown is preempted right after the first frame.
final class Calls {

    private static final Bitness BITS = Bitness.BITS_64;
    private static final GuestAddress LIST = new GuestAddress(0x10000);
    private static final GuestAddress OUT_LIST = new GuestAddress(0x11000);
    private static final GuestAddress ARGUMENT = new GuestAddress(0x12000);
    private static final String WITHIN_A_FRAME = "mm.domain.relinquish-frames/a";
    private static final int MOST = 64;

    private final Machine pre;
    private final Names names;
    private final Facts call;
    private final boolean attempts;

    /// What came of a call.
    record Taken(Machine machine, String answer) {}

    private Calls(Machine pre, Names names, Facts call, boolean attempts) {
        this.pre = pre;
        this.names = names;
        this.call = call;
        this.attempts = attempts;
    }

    /// Makes a call.
    ///
    /// @param attempts whether a call is one attempt
    /// @throws NotInModel if what was chosen for Xen is not allowed
    static Taken take(Machine pre, Names names, String kind, Facts call, boolean attempts) {
        return new Calls(pre, names, call, attempts).take(kind);
    }

    /// An entry as a guest writes it.
    static Pte entry(Mfn mfn, boolean writable) {
        long flags = Pte.PRESENT | Pte.USER | Pte.ACCESSED;
        return Pte.of(mfn, flags | (writable ? Pte.WRITABLE : 0));
    }

    private Taken take(String kind) {
        return switch (kind) {
            case "Pin" -> extended(pinCommand(), frame());
            case "Unpin" -> extended(MmuextCommand.UNPIN_TABLE, frame());
            case "Update" ->
                    update(
                            frame(),
                            Names.slot(call.one("slot", "")),
                            target("to", !call.all("toWritable").isEmpty()));
            case "Map" -> map();
            case "Finish" ->
                    made(
                            new MmuUpdateCall(
                                    LIST,
                                    new BatchCount(0),
                                    GuestAddress.NULL,
                                    ForeignDomains.SELF),
                            ram());
            case "Decrease" -> reservation(MemoryCommand.DECREASE_RESERVATION);
            case "Increase" -> reservation(MemoryCommand.INCREASE_RESERVATION);
            case "Exchange" -> exchange();
            case "Claim" -> claim();
            case "Destroy" -> destroy();
            default -> throw new IllegalStateException("no call " + kind);
        };
    }

    private String by() {
        return call.one("by", call.all("access").isEmpty() ? "Guest" : "Control");
    }

    private String frame() {
        return call.one("table", call.one("frame", ""));
    }

    private GuestRam ram() {
        return GuestRam.empty(pre.profile().slots());
    }

    /// The domain on whose behalf, as the caller has to say it.
    private Domid whom(String field) {
        String of = call.one(field, by());
        return of.equals(by()) || by().startsWith("V") ? Domid.SELF : Names.domain(of);
    }

    private MmuextCommand pinCommand() {
        return switch (call.one("level", "L1")) {
            case "L1" -> MmuextCommand.PIN_L1_TABLE;
            case "L2" -> MmuextCommand.PIN_L2_TABLE;
            default -> MmuextCommand.PIN_L3_TABLE;
        };
    }

    private Taken extended(MmuextCommand command, String table) {
        GuestRam ram = ram();
        for (List<String> offered : call.all("offered")) {
            boolean own = offered.size() == 2;
            String in = own ? table : offered.getFirst();
            String slot = offered.get(own ? 0 : 1);
            boolean writable = call.has("offeredWritable", slot);
            Pte entry = entry(names.mfn(offered.getLast()), writable);
            ram = ram.word(names.mfn(in), Names.slot(slot), entry.bits());
        }
        MmuextOp operation = MmuextOp.of(command, names.mfn(table).value());
        return made(
                new MmuextOpCall(
                        LIST, new BatchCount(1), GuestAddress.NULL, ForeignDomains.of(whom("of"))),
                ram.structure(LIST, operation.toBytes(BITS)));
    }

    private long target(String field, boolean writable) {
        String to = call.one(field, "");
        return to.isEmpty() ? 0 : entry(names.mfn(to), writable).bits();
    }

    private Taken update(String table, int slot, long entry) {
        Domid tables = whom("of");
        Domid data = whom("data");
        return update(
                names.mfn(table),
                slot,
                entry,
                tables.equals(Domid.SELF)
                        ? ForeignDomains.of(data)
                        : ForeignDomains.of(data, tables));
    }

    private Taken update(Mfn table, int slot, long entry, ForeignDomains domains) {
        MachineAddress address = MachineAddress.of(table, slot * (long) Long.BYTES);
        MmuUpdate request = MmuUpdate.of(MmuCommand.NORMAL_PT_UPDATE, address, entry);
        return made(
                new MmuUpdateCall(LIST, new BatchCount(1), GuestAddress.NULL, domains),
                ram().structure(LIST, request.toBytes(BITS)));
    }

    /// A mapping of the guest's memory in a table of the control domain.
    private Taken map() {
        String access = call.one("access", "");
        long entry =
                access.isEmpty() ? 0 : entry(names.mfn(frame()), access.equals("ReadWrite")).bits();
        ForeignDomains domains =
                access.isEmpty() ? ForeignDomains.SELF : ForeignDomains.of(Names.GUEST);
        return new Calls(pre, names, byControl(), attempts)
                .update(names.table(frame()), 0, entry, domains);
    }

    private Facts byControl() {
        return new Facts.Builder().add("by", "Control").build();
    }

    private static Bytes list(long frame) {
        return Bytes.zero(Long.BYTES).with(0, Long.BYTES, frame);
    }

    private MemoryReservation extents(GuestAddress list, long count, long order) {
        return new MemoryReservation(list, count, order, MemoryFlags.NONE, whom("of"));
    }

    private Taken memory(MemoryCommand command, GuestRam ram, Choices choices) {
        return made(new MemoryOpCall(MemoryOpWord.of(command), ARGUMENT), ram, choices);
    }

    private Taken reservation(MemoryCommand command) {
        String frame = frame();
        GuestAddress list = frame.isEmpty() ? GuestAddress.NULL : LIST;
        GuestRam ram = ram().structure(ARGUMENT, extents(list, 1, 0).toBytes(BITS));
        Taken taken =
                memory(
                        command,
                        frame.isEmpty() ? ram : ram.structure(LIST, list(names.mfn(frame).value())),
                        giving(call.set("given")));
        // These calls return how many extents are done.
        return new Taken(taken.machine(), taken.answer().equals("1") ? "Done" : "Refused");
    }

    private Choices giving(Set<String> given) {
        long[] frames = new long[given.size()];
        List<String> sorted = names.sorted(given);
        for (int i = 0; i < frames.length; i++) {
            frames[i] = names.mfn(sorted.get(i)).value();
        }
        return Choices.NONE.giving(frames);
    }

    /// A pair is one extent of two frames, for two of one.
    private Taken exchange() {
        int pair = call.set("second").isEmpty() ? 0 : 1;
        GuestRam ram =
                ram().structure(
                                ARGUMENT,
                                new MemoryExchange(
                                                extents(LIST, 1, pair),
                                                extents(OUT_LIST, 1L << pair, 0),
                                                0)
                                        .toBytes(BITS))
                        .structure(LIST, list(names.mfn(frame()).value()))
                        .structure(OUT_LIST, list(-1))
                        .structure(OUT_LIST.plus(Long.BYTES), list(-1));
        Set<String> given = new TreeSet<>(call.set("given"));
        if (given.isEmpty()) {
            given.addAll(free(pair));
        }
        return named(memory(MemoryCommand.EXCHANGE, ram, giving(given)));
    }

    /// What the allocator gives before it has nothing any more.
    private List<String> free(int most) {
        return names.frames().stream()
                .filter(frame -> pre.frame(names.mfn(frame)).free())
                .limit(most)
                .toList();
    }

    private Taken claim() {
        MemoryReservation claim =
                new MemoryReservation(
                        GuestAddress.NULL,
                        Long.parseLong(call.one("total", "0")),
                        0,
                        MemoryFlags.NONE,
                        Names.domain(call.one("of", "")));
        return named(
                memory(
                        MemoryCommand.CLAIM_PAGES,
                        ram().structure(ARGUMENT, claim.toBytes(BITS)),
                        Choices.NONE));
    }

    /// Patience is as much as the first frame takes: the first stop that is not within a frame.
    private Taken destroy() {
        VcpuId by = Names.vcpu("Control");
        Event event = new Event.Destroy(Names.GUEST);
        for (int patience = 0; patience < MOST; patience++) {
            Outcome outcome =
                    Transition.take(pre, by, event, ram(), Choices.preemptedAfter(patience));
            if (!outcome.rows().contains(WITHIN_A_FRAME)) {
                return named(taken(outcome));
            }
        }
        throw new NotInModel("a frame that takes more than " + MOST + " checks");
    }

    private Taken made(Invocation call, GuestRam ram) {
        return named(made(call, ram, Choices.NONE));
    }

    /// Makes a call until it is done, or once if that is what the model's call is.
    private Taken made(Invocation first, GuestRam memory, Choices chosen) {
        VcpuId who = Names.vcpu(by());
        Choices choices = attempts ? Choices.preemptedAfter(0) : chosen;
        Outcome outcome = Transition.take(pre, who, new Event.Call(first), memory, choices);
        GuestRam ram = memory;
        for (int i = 0; outcome.answer() instanceof Answer.Continued(var again); i++) {
            if (attempts) {
                return taken(outcome);
            }
            if (i == MOST) {
                throw new NotInModel("a call that is not done after " + MOST + " attempts");
            }
            for (Store store : outcome.stores()) {
                ram = ram.after(store);
            }
            outcome =
                    Transition.take(
                            outcome.machine(), who, new Event.Call(again), ram, Choices.NONE);
        }
        return taken(outcome);
    }

    private static Taken taken(Outcome outcome) {
        return new Taken(
                outcome.machine(),
                switch (outcome.answer()) {
                    case Answer.Returned(long value) -> Long.toString(value);
                    case Answer.Again _ -> "Again";
                    case Answer.Continued(MmuextOpCall c) when c.carriesResult() ->
                            Integer.toString(c.foreigndom().result());
                    case Answer.Continued(MmuUpdateCall c) when c.carriesResult() ->
                            Integer.toString(c.foreigndom().result());
                    case Answer.Continued _ -> "Again";
                    default -> throw new NotInModel("the answer " + outcome.answer());
                });
    }

    private static Taken named(Taken taken) {
        return switch (taken.answer()) {
            case "0" -> new Taken(taken.machine(), "Done");
            case "Again" -> taken;
            default -> new Taken(taken.machine(), "Refused");
        };
    }
}
