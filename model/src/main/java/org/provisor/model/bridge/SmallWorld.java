// SPDX-License-Identifier: Apache-2.0
package org.provisor.model.bridge;

import org.jspecify.annotations.Nullable;
import org.provisor.model.bridge.Calls.Taken;
import org.provisor.spec.abi.Domid;
import org.provisor.spec.abi.Mfn;
import org.provisor.spec.state.Domain;
import org.provisor.spec.state.Frame;
import org.provisor.spec.state.Life;
import org.provisor.spec.state.Machine;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.UUID;
import java.util.function.LongConsumer;

/// From the specification to the model: every call that the model has words for, in every machine
/// that such calls lead to, must be a transition of the model; its invariant must hold before.
///
/// The machines are found breadth first by the specification alone. The model is asked of each
/// different transition once, those that differ in the names of frames only being the same.
public final class SmallWorld {

    private final Concern concern;
    private final Relational model;
    private final Names names;
    private final long most;
    private final LongConsumer progress;

    private final Set<Machine> seen = new HashSet<>();
    private final Deque<Machine> next = new ArrayDeque<>();
    private final Set<UUID> met = new HashSet<>();
    private final Set<UUID> asked = new HashSet<>();
    private final Set<Facts> holding = new HashSet<>();
    private final List<Mismatch> wrong = new ArrayList<>();
    private long taken;
    private long refused;

    private SmallWorld(Concern concern, Relational model, long most, LongConsumer progress) {
        this.concern = concern;
        this.model = model;
        this.most = most;
        this.progress = progress;
        names = Names.of(model.frames(), List.of(), concern.tables());
    }

    /// Asks the model of all transitions of a small world, or of the first so many different ones.
    public static Bridged run(Concern concern, int frames, long most, LongConsumer progress) {
        return run(concern, concern.relational(frames), most, progress);
    }

    static Bridged run(Concern concern, Relational model, long most, LongConsumer progress) {
        long begin = System.nanoTime();
        int frames = model.frames().size();
        SmallWorld world = new SmallWorld(concern, model, most, progress);
        for (String owners : concern.owners(frames)) {
            world.found(world.start(owners));
        }
        while (world.going() && !world.next.isEmpty()) {
            world.all(world.next.removeFirst());
        }
        return new Bridged(
                concern.model(),
                Bridged.Way.TO_MODEL,
                frames,
                world.asked.size(),
                world.taken,
                world.refused,
                world.next.isEmpty() && world.going(),
                (System.nanoTime() - begin) / 1e9,
                world.wrong);
    }

    private boolean going() {
        return wrong.isEmpty() && asked.size() < most;
    }

    private Machine start(String owners) {
        Facts.Builder state = new Facts.Builder().add("stage", "Alive");
        for (int i = 0; i < owners.length(); i++) {
            String frame = names.frames().get(i);
            char owner = owners.charAt(i);
            if (owner != '-') {
                state.add("owner", frame, owner == 'c' ? "Control" : "Guest");
                state.add("live", frame).add("allocated", frame);
            }
        }
        Set<String> fields = new HashSet<>(model.stateFields());
        fields.addAll(Set.of("owner", "live", "allocated"));
        return ToMachine.of(state.build(), fields, names, concern.profile());
    }

    /// Which translations may be stale is left out: no rule of these calls looks at it but to
    /// flush.
    private void found(Machine machine) {
        Machine fresh = machine;
        for (int number = 1; number < machine.frames().size(); number++) {
            Frame frame = fresh.frames().get(number);
            fresh = fresh.with(new Mfn(number), frame.withStale(false));
        }
        if (seen.add(fresh)) {
            next.addLast(fresh);
        }
    }

    private void all(Machine pre) {
        Facts before = FromMachine.of(pre, model.stateFields(), names);
        for (String kind : model.kinds()) {
            for (Facts call : Offers.of(model, concern, names, pre, kind)) {
                if (going()) {
                    one(pre, before, kind, call);
                }
            }
        }
        if (concern.dies()) {
            found(pre.with(pre.domain(Names.GUEST).withLife(Life.DYING)));
        }
        if (concern == Concern.TEARDOWN) {
            lives(pre);
        }
    }

    private void one(Machine pre, Facts before, String kind, Facts call) {
        Taken came = taken(pre, kind, call);
        if (came == null || Offers.meaningless(call, came.answer())) {
            return;
        }
        taken++;
        found(came.machine());
        Facts.Builder said = new Facts.Builder().addAll(call).add("answer", came.answer());
        if (kind.equals("Destroy") && came.answer().equals("Again")) {
            said.add("frame", Offers.visited(before, names));
        }
        Facts after;
        try {
            after = FromMachine.of(came.machine(), model.stateFields(), names);
        } catch (NotInModel e) {
            Facts none = new Facts.Builder().build();
            wrong(
                    new Relational.Step(before, kind, said.build(), none),
                    "a machine without words",
                    e);
            return;
        }
        Relational.Step step = new Relational.Step(before, kind, said.build(), after);
        if (met.add(Keys.of(step)) && asked.add(Keys.anyNames(step, names.frames()))) {
            refused += came.answer().equals("Refused") ? 1 : 0;
            ask(step, came.machine());
            progress.accept(asked.size());
        }
    }

    private void ask(Relational.Step step, Machine post) {
        if (holding.add(step.pre()) && !model.invariant(step)) {
            wrong(step, "the model's invariant does not hold", null);
        } else if (!model.holds(step)) {
            wrong(step, "no transition of the model", null);
        } else {
            List<String> counters = FromMachine.counters(post);
            Machine counted =
                    ToMachine.of(step.post(), model.stateFields(), names, concern.profile());
            if (!counters.equals(FromMachine.counters(counted))) {
                wrong.add(
                        new Mismatch(
                                concern.model(),
                                "a counter is not the number of holders",
                                step,
                                String.join("\n", counters)));
            }
        }
    }

    private void wrong(Relational.Step step, String what, @Nullable Exception why) {
        wrong.add(new Mismatch(concern.model(), what, step, why == null ? null : why.toString()));
    }

    /// What comes of a call, or null if what was chosen for Xen is not allowed.
    private @Nullable Taken taken(Machine pre, String kind, Facts call) {
        try {
            return Calls.take(pre, names, kind, call, concern.attempts());
        } catch (NotInModel e) {
            if (!call.all("given").isEmpty()
                    || kind.equals("Increase")
                    || kind.equals("Exchange")) {
                return null;
            }
            throw e;
        }
    }

    /// The life of a guest before it dies, which is not part of the model: it pins and unpins
    /// tables and changes entries.
    private void lives(Machine pre) {
        Domain guest = pre.domains().get(new Domid(1)).getOrNull();
        if (guest == null || guest.life() != Life.ALIVE) {
            return;
        }
        for (String frame : names.frames()) {
            if (!pre.frame(names.mfn(frame)).ownedBy(Names.GUEST)) {
                continue;
            }
            Facts table = new Facts.Builder().add("table", frame).build();
            live(pre, "Unpin", table);
            for (String level : List.of("L1", "L2")) {
                live(pre, "Pin", new Facts.Builder().addAll(table).add("level", level).build());
            }
            if (pre.frame(names.mfn(frame)).use().type().level() != 2) {
                continue;
            }
            for (String slot : model.slots()) {
                Facts at = new Facts.Builder().addAll(table).add("slot", slot).build();
                live(pre, "Update", at);
                for (String to : names.frames()) {
                    live(pre, "Update", new Facts.Builder().addAll(at).add("to", to).build());
                }
            }
        }
    }

    private void live(Machine pre, String kind, Facts call) {
        found(Calls.take(pre, names, kind, call, false).machine());
    }
}
