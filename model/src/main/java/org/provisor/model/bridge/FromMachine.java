// SPDX-License-Identifier: Apache-2.0
package org.provisor.model.bridge;

import static org.provisor.model.bridge.Names.CONTROL;
import static org.provisor.model.bridge.Names.GUEST;

import io.vavr.control.Option;

import org.provisor.spec.abi.Mfn;
import org.provisor.spec.state.Contents;
import org.provisor.spec.state.Domain;
import org.provisor.spec.state.Frame;
import org.provisor.spec.state.Life;
import org.provisor.spec.state.Machine;
import org.provisor.spec.state.Teardown;
import org.provisor.spec.state.TypeUse;
import org.provisor.spec.state.Unfinished;
import org.provisor.spec.state.Validity;
import org.provisor.spec.x86.Pte;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/// From a machine to what a model says of it, and to its counters, which no model has.
final class FromMachine {

    private static final List<String> SLOTS = List.of("S0", "S1");
    private static final List<String> ORDERED = List.of("First", "Last");

    private final Machine machine;
    private final Names names;
    private final List<String> slots;
    private final Facts.Builder facts = new Facts.Builder();

    private FromMachine(Machine machine, Set<String> fields, Names names) {
        this.machine = machine;
        this.names = names;
        slots = fields.contains("begun") ? ORDERED : SLOTS;
    }

    /// What a model with these fields says of a machine.
    ///
    /// @throws NotInModel if it has no words for it
    static Facts of(Machine machine, Set<String> fields, Names names) {
        FromMachine from = new FromMachine(machine, fields, names);
        fields.forEach(from::field);
        return from.facts.build();
    }

    private void field(String field) {
        switch (field) {
            case "unfinished", "untyped" -> unfinished(field);
            case "dying" -> {
                if (guest().exists(Domain::dying)) {
                    facts.add(field, "Guest");
                }
            }
            case "stage" -> facts.add(field, stage());
            case "claim" -> {
                facts.add(field, "Control", Long.toString(machine.domain(CONTROL).claim()));
                facts.add(field, "Guest", Long.toString(guest().map(Domain::claim).getOrElse(0L)));
            }
            default -> names.frames().forEach(frame -> field(field, frame));
        }
    }

    private Option<Domain> guest() {
        return machine.domains().get(GUEST);
    }

    private String stage() {
        if (guest().isEmpty() || guest().get().life() == Life.DEAD) {
            return "Over";
        }
        if (guest().get().life() == Life.ALIVE) {
            return "Alive";
        }
        return switch (guest().get().teardown().stage()) {
            case VCPUS, XEN, L4 -> "Fourth";
            case L3 -> "Third";
            case L2 -> "Second";
            case DONE -> "Over";
        };
    }

    private void unfinished(String field) {
        for (String vcpu : List.of("V0", "V1")) {
            Option<Unfinished> left = machine.vcpu(Names.vcpu(vcpu)).unfinished();
            if (left.isDefined()) {
                if (field.equals("unfinished")) {
                    facts.add(field, vcpu, named(left.get().table()));
                } else if (left.get().partial()) {
                    facts.add(field, vcpu);
                }
                if (left.get().hasContainer()) {
                    throw new NotInModel(vcpu + " has an entry's table to finish");
                }
            }
        }
    }

    private void field(String field, String name) {
        Mfn mfn = names.mfn(name);
        Frame frame = machine.frame(mfn);
        TypeUse use = frame.use();
        switch (field) {
            case "owner" -> owner(field, name, frame);
            case "live" -> {
                if (!frame.free()) {
                    facts.add(field, name);
                }
            }
            case "allocated" -> add(field, name, frame.allocated());
            case "pinned" -> add(field, name, use.pinned());
            case "type" -> {
                if (use.count() > 0) {
                    facts.add(field, name, typeName(use));
                }
            }
            case "entry" -> entries(frame, name, false);
            case "writable" -> entries(frame, name, true);
            case "partial" -> add(field, name, use.partial());
            case "begun" -> add(field, name, use.partial() && progress(frame) == 1);
            case "stopped" -> add(field, name, use.partial() && frame.table().partialEntry());
            case "apart" ->
                    add(
                            field,
                            name,
                            use.count() > 0
                                    && use.type().isPageTable()
                                    && use.validity() == Validity.UNCHECKED);
            case "mapped" -> mapped(field, name);
            case "visited" ->
                    add(
                            field,
                            name,
                            !frame.free()
                                    && guest().exists(d ->
                                            d.teardown().stage() != Teardown.Stage.DONE
                                                    && d.teardown().visited().contains(mfn)));
            default -> throw new IllegalStateException("no field " + field + " of a machine");
        }
    }

    private void add(String field, String name, boolean member) {
        if (member) {
            facts.add(field, name);
        }
    }

    private void owner(String field, String name, Frame frame) {
        if (frame.ownedBy(CONTROL)) {
            facts.add(field, name, "Control");
        } else if (frame.ownedBy(GUEST)) {
            facts.add(field, name, "Guest");
        } else if (!frame.free()) {
            throw new NotInModel(name + " is " + frame);
        }
    }

    private static int progress(Frame frame) {
        int progress = frame.table().validated();
        if (progress > 1) {
            throw new NotInModel("a check that came to " + progress);
        }
        return progress;
    }

    private static String typeName(TypeUse use) {
        return switch (use.type()) {
            case L1, L2, L3 -> use.type().name();
            case WRITABLE -> "Writable";
            case L4, NONE, SEG_DESC, SHARED ->
                    throw new NotInModel("a frame in use as " + use.type());
        };
    }

    private void entries(Frame frame, String name, boolean writable) {
        TypeUse use = frame.use();
        if (use.count() == 0 || !use.type().isPageTable() || use.validity() == Validity.UNCHECKED) {
            return;
        }
        Contents contents = frame.table().contents();
        for (int slot = 0; slot < contents.slots(); slot++) {
            Pte entry = contents.entry(slot);
            if (entry.present()) {
                if (!writable) {
                    facts.add("entry", name, slots.get(slot), named(entry.mfn()));
                } else if (entry.writable()) {
                    facts.add("writable", name, slots.get(slot));
                }
            }
        }
    }

    private void mapped(String field, String name) {
        Pte entry = machine.frame(names.table(name)).table().contents().entry(0);
        if (entry.present()) {
            facts.add(field, name, entry.writable() ? "ReadWrite" : "ReadOnly");
        }
    }

    private String named(Mfn mfn) {
        Optional<String> name = names.name(mfn);
        return name.orElseThrow(() -> new NotInModel("an entry for " + mfn));
    }

    /// The counters of a machine in words, a line for each frame and domain.
    static List<String> counters(Machine machine) {
        List<String> lines = new ArrayList<>();
        for (int number = 0; number < machine.frames().size(); number++) {
            Frame frame = machine.frames().get(number);
            lines.add(
                    new Mfn(number)
                            + ": "
                            + frame.refs()
                            + " general references, "
                            + frame.use().count()
                            + " to its type, "
                            + (frame.use().count() > 0 ? frame.table().linear() : 0)
                            + " linear");
        }
        for (Domain domain : machine.domains()) {
            lines.add(
                    domain.id()
                            + ": "
                            + domain.totPages()
                            + " frames, "
                            + domain.claim()
                            + " claimed");
        }
        return lines;
    }
}
