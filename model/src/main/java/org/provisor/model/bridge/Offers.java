// SPDX-License-Identifier: Apache-2.0
package org.provisor.model.bridge;

import io.vavr.control.Option;

import org.provisor.spec.abi.Mfn;
import org.provisor.spec.state.Contents;
import org.provisor.spec.state.Life;
import org.provisor.spec.state.Machine;
import org.provisor.spec.state.PageType;
import org.provisor.spec.state.Table;
import org.provisor.spec.state.TypeUse;

import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;

/// All calls that a model has words for, in a machine. What a call leaves to Xen to choose is
/// chosen in all ways, also in those that Xen may not.
final class Offers {

    private static final List<String> DOMAINS = List.of("Control", "Guest");
    private static final Facts NOTHING = new Facts.Builder().build();

    private final Relational model;
    private final Concern concern;
    private final Names names;
    private final Machine machine;
    private final List<Facts> calls = new ArrayList<>();
    private final String kind;

    private Offers(Relational model, Concern concern, Names names, Machine machine, String kind) {
        this.model = model;
        this.concern = concern;
        this.names = names;
        this.machine = machine;
        this.kind = kind;
    }

    /// The calls of a kind, without their answers.
    static List<Facts> of(
            Relational model, Concern concern, Names names, Machine machine, String kind) {
        Offers offers = new Offers(model, concern, names, machine, kind);
        offers.all();
        return offers.calls;
    }

    private void all() {
        for (Facts who : callers()) {
            switch (kind) {
                case "Destroy" -> calls.add(who);
                case "Increase" -> increases(who);
                case "Claim" -> claims(who);
                case "Finish" -> finishes(who);
                default -> names.frames().forEach(frame -> of(who, frame));
            }
        }
    }

    private void finishes(Facts who) {
        machine.vcpu(Names.vcpu(who.one("by", "")))
                .unfinished()
                .filter(left -> !stoppedAtThirdLevel(left.table()))
                .flatMap(left -> Option.ofOptional(names.name(left.table())))
                .forEach(table -> calls.add(with(who, "table", table)));
    }

    /// What the model of partial validation leaves out: such a table is taken apart together with
    /// the one that it stopped at, which was checked in part by itself.
    private boolean stoppedAtThirdLevel(Mfn mfn) {
        Table table = machine.frame(mfn).table();
        if (!table.partialEntry()) {
            return false;
        }
        Mfn at = table.contents().entry(table.validated()).mfn();
        TypeUse use = machine.frame(at).use();
        return use.partial() && use.type() == PageType.L3;
    }

    /// Who calls, and on whose behalf. Domains that are dying do not run.
    private List<Facts> callers() {
        List<Facts> who = new ArrayList<>();
        if (!model.hasField(kind, "by")) {
            return List.of(NOTHING);
        }
        if (concern.attempts()) {
            for (String vcpu : List.of("V0", "V1")) {
                boolean left = machine.vcpu(Names.vcpu(vcpu)).unfinished().isDefined();
                if (left == kind.equals("Finish")) {
                    who.add(new Facts.Builder().add("by", vcpu).build());
                }
            }
            return who;
        }
        for (String by : DOMAINS) {
            for (String of : DOMAINS) {
                if (machine.domain(Names.domain(by)).life() == Life.ALIVE) {
                    who.add(new Facts.Builder().add("by", by).add("of", of).build());
                }
            }
        }
        return who;
    }

    private static Facts with(Facts facts, String field, String... tuple) {
        return new Facts.Builder().addAll(facts).add(field, tuple).build();
    }

    private List<String> free() {
        return names.frames().stream()
                .filter(frame -> machine.frame(names.mfn(frame)).free())
                .toList();
    }

    private void increases(Facts who) {
        calls.add(who);
        free().forEach(frame -> calls.add(with(who, "given", frame)));
    }

    private void claims(Facts who) {
        for (int total = 0; total <= names.frames().size(); total++) {
            calls.add(with(who, "total", Integer.toString(total)));
        }
    }

    private void of(Facts who, String frame) {
        Facts call = with(who, model.hasField(kind, "table") ? "table" : "frame", frame);
        switch (kind) {
            case "Pin" -> pins(call, frame);
            case "Update" -> updates(call, frame);
            case "Exchange" -> exchanges(call, frame);
            case "Map" -> {
                calls.add(call);
                calls.add(with(call, "access", "ReadOnly"));
                calls.add(with(call, "access", "ReadWrite"));
            }
            default -> calls.add(call);
        }
    }

    private TypeUse use(String frame) {
        return machine.frame(names.mfn(frame)).use();
    }

    private void pins(Facts call, String frame) {
        if (!model.hasField(kind, "level")) {
            contents(call, frame);
            return;
        }
        for (String level : model.all("Type")) {
            if (level.startsWith("L")) {
                Facts pin = with(call, "level", level);
                boolean empty =
                        concern == Concern.PAGE_TYPES ? level.equals("L2") : level.equals("L1");
                if (empty || !model.hasField(kind, "offered")) {
                    calls.add(pin);
                } else {
                    contents(pin, frame);
                }
            }
        }
    }

    /// What the frame may hold, if it has no type.
    private void contents(Facts call, String frame) {
        if (concern.attempts() && use(frame).partial()) {
            Contents words = machine.frame(names.mfn(frame)).table().contents();
            Mfn target = words.entry(machine.frame(names.mfn(frame)).table().validated()).mfn();
            below(call, names.name(target).orElse(""));
        } else if (use(frame).count() > 0) {
            calls.add(call);
        } else {
            for (Facts offered : fillings()) {
                if (concern.attempts()) {
                    below(words(call, frame, offered), offered.of("offered", "First", ""));
                } else {
                    calls.add(new Facts.Builder().addAll(call).addAll(offered).build());
                }
            }
        }
    }

    /// What the table that a level 3 table leads to may hold; only one is looked at in an attempt.
    private void below(Facts call, String frame) {
        if (!call.has("level", "L3") || frame.isEmpty() || call.has("table", frame)) {
            calls.add(call);
            return;
        }
        for (Facts offered : use(frame).count() > 0 ? List.of(NOTHING) : fillings()) {
            calls.add(words(call, frame, offered));
        }
    }

    private static Facts words(Facts call, String frame, Facts offered) {
        Facts.Builder all = new Facts.Builder().addAll(call);
        for (List<String> entry : offered.all("offered")) {
            all.add("offered", frame, entry.get(0), entry.get(1));
        }
        return all.build();
    }

    private List<Facts> fillings() {
        List<Facts> all = List.of(NOTHING);
        for (String slot : model.slots()) {
            List<Facts> more = new ArrayList<>(all);
            for (Facts begun : all) {
                for (String target : names.frames()) {
                    Facts entry = with(begun, "offered", slot, target);
                    more.add(entry);
                    if (model.hasField(kind, "offeredWritable")) {
                        more.add(with(entry, "offeredWritable", slot));
                    }
                }
            }
            all = more;
        }
        return all;
    }

    private void updates(Facts call, String frame) {
        boolean l2 = use(frame).count() > 0 && use(frame).type() == PageType.L2;
        if (concern == Concern.PAGE_TYPES ? l2 : concern == Concern.LINEAR_TABLES && !l2) {
            return;
        }
        for (String slot : model.slots()) {
            for (String data : model.hasField(kind, "data") ? DOMAINS : List.of("")) {
                Facts.Builder at = new Facts.Builder().addAll(call).add("slot", slot);
                Facts update = data.isEmpty() ? at.build() : at.add("data", data).build();
                calls.add(update);
                for (String to : names.frames()) {
                    calls.add(with(update, "to", to));
                    if (model.hasField(kind, "toWritable")) {
                        calls.add(with(with(update, "to", to), "toWritable", slot));
                    }
                }
            }
        }
    }

    private void exchanges(Facts call, String frame) {
        int at = names.frames().indexOf(frame);
        exchanges(call, 1);
        if (at + 1 < names.frames().size()) {
            exchanges(with(call, "second", names.frames().get(at + 1)), 2);
        }
    }

    private void exchanges(Facts call, int many) {
        calls.add(call);
        List<String> free = free();
        for (int i = 0; i < free.size(); i++) {
            Facts one = with(call, "given", free.get(i));
            if (many == 1) {
                calls.add(one);
            } else {
                for (int j = i + 1; j < free.size(); j++) {
                    calls.add(with(one, "given", free.get(j)));
                }
            }
        }
    }

    /// Whether a refusal makes what was chosen meaningless.
    static boolean meaningless(Facts call, String answer) {
        return answer.equals("Refused") && !call.all("given").isEmpty();
    }

    /// The frame that a teardown visits next, lowest number first.
    static String visited(Facts pre, Names names) {
        Set<String> live = new TreeSet<>(pre.set("live"));
        Set<String> left = new TreeSet<>(live);
        left.removeAll(pre.set("visited"));
        boolean here = !pre.one("stage", "").equals("Alive") && !left.isEmpty();
        return names.sorted(here ? left : live).getFirst();
    }
}
