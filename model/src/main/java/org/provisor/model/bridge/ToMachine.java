// SPDX-License-Identifier: Apache-2.0
package org.provisor.model.bridge;

import static org.provisor.model.bridge.Names.CONTROL;
import static org.provisor.model.bridge.Names.GUEST;

import io.vavr.collection.HashSet;
import io.vavr.collection.Vector;
import io.vavr.control.Option;

import org.provisor.spec.abi.Domid;
import org.provisor.spec.abi.Mfn;
import org.provisor.spec.state.Contents;
import org.provisor.spec.state.Domain;
import org.provisor.spec.state.Domains;
import org.provisor.spec.state.Frame;
import org.provisor.spec.state.Frames;
import org.provisor.spec.state.Life;
import org.provisor.spec.state.Machine;
import org.provisor.spec.state.PageType;
import org.provisor.spec.state.Profile;
import org.provisor.spec.state.Table;
import org.provisor.spec.state.Teardown;
import org.provisor.spec.state.TypeUse;
import org.provisor.spec.state.Unfinished;
import org.provisor.spec.state.Validity;
import org.provisor.spec.x86.Pte;

import java.util.List;
import java.util.Set;

/// From what a model says of a state to a machine.
///
/// What the model says nothing of is as simple as can be: frames are the guest's and allocated,
/// pinned frames are level 1 tables, tables without entries are empty, idle frames have no type.
/// Every counter is the number of those who hold.
final class ToMachine {

    private static final long LIMIT = 32;

    private final Facts state;
    private final Set<String> fields;
    private final Names names;
    private final Profile profile;

    /// @param fields what the model says something of
    private ToMachine(Facts state, Set<String> fields, Names names, Profile profile) {
        this.state = state;
        this.fields = fields;
        this.names = names;
        this.profile = profile;
    }

    static Machine of(Facts state, Set<String> fields, Names names, Profile profile) {
        return new ToMachine(state, fields, names, profile).machine();
    }

    private Machine machine() {
        Vector<Frame> frames = Vector.of(Frame.MMIO);
        for (String frame : names.frames()) {
            frames = frames.append(frame(frame));
        }
        if (names.tables()) {
            for (String frame : names.frames()) {
                frames = frames.append(controlTable(frame));
            }
        }
        Domains domains = Domains.of(counted(Domain.privileged(CONTROL, LIMIT, 1), frames));
        Domain guest = counted(guest(), frames);
        if (guest.life() != Life.DEAD || guest.totPages() > 0) {
            domains = domains.with(guest);
        }
        return new Machine(profile, Frames.of(frames.toJavaArray(Frame[]::new)), domains);
    }

    private Domain counted(Domain domain, Vector<Frame> frames) {
        long owned = frames.count(frame -> frame.ownedBy(domain.id()));
        String name = domain.id().equals(GUEST) ? "Guest" : "Control";
        return domain.withPages(owned, Long.parseLong(state.of("claim", name, "0")));
    }

    private Domain guest() {
        Domain guest = Domain.guest(GUEST, LIMIT, 2);
        for (String vcpu : List.of("V0", "V1")) {
            String left = state.of("unfinished", vcpu, "");
            if (!left.isEmpty()) {
                Unfinished unfinished = Unfinished.of(names.mfn(left), state.has("untyped", vcpu));
                int number = Names.vcpu(vcpu).number();
                guest =
                        guest.withVcpu(
                                number,
                                guest.vcpus().get(number).withUnfinished(Option.some(unfinished)));
            }
        }
        if (state.has("dying", "Guest")) {
            guest = guest.withLife(Life.DYING);
        }
        return switch (state.one("stage", "Alive")) {
            case "Alive" -> guest;
            case "Fourth" -> dying(guest, Teardown.Stage.L4);
            case "Third" -> dying(guest, Teardown.Stage.L3);
            case "Second" -> dying(guest, Teardown.Stage.L2);
            default -> dying(guest, Teardown.Stage.DONE).withLife(Life.DEAD);
        };
    }

    private Domain dying(Domain guest, Teardown.Stage stage) {
        io.vavr.collection.Set<Mfn> visited = HashSet.empty();
        for (String frame : state.set("visited")) {
            visited = visited.add(names.mfn(frame));
        }
        return guest.withLife(Life.DYING).withTeardown(new Teardown(stage, visited));
    }

    private Option<Domid> owner(String frame) {
        if (fields.contains("owner")) {
            String owner = state.of("owner", frame, "");
            return owner.isEmpty() ? Option.none() : Option.some(Names.domain(owner));
        }
        return !fields.contains("live") || state.has("live", frame)
                ? Option.some(GUEST)
                : Option.none();
    }

    private Frame frame(String frame) {
        Option<Domid> owner = owner(frame);
        if (owner.isEmpty()) {
            return Frame.FREE;
        }
        boolean allocated = !fields.contains("allocated") || state.has("allocated", frame);
        long refs = (allocated ? 1 : 0) + generalHolders(frame);
        Frame plain = Frame.allocatedTo(owner.get());
        Frame held = allocated ? plain : plain.released();
        return held.withRefs(refs).withUse(use(frame));
    }

    private TypeUse use(String frame) {
        String type = type(frame);
        if (type.isEmpty()) {
            return TypeUse.NONE;
        }
        boolean partial = state.has("partial", frame);
        boolean apart = state.has("apart", frame);
        Validity validity =
                partial ? Validity.PARTIAL : apart ? Validity.UNCHECKED : Validity.VALIDATED;
        PageType is = pageType(type);
        return new TypeUse(
                is,
                false,
                typeHolders(frame),
                validity,
                state.has("pinned", frame),
                is.isPageTable() ? table(frame, is, partial, apart) : Table.NONE);
    }

    private String type(String frame) {
        if (!fields.contains("type")) {
            return state.has("pinned", frame) ? "L1" : "";
        }
        return state.of("type", frame, "");
    }

    static PageType pageType(String name) {
        return switch (name) {
            case "L1" -> PageType.L1;
            case "L2" -> PageType.L2;
            case "L3" -> PageType.L3;
            case "Writable" -> PageType.WRITABLE;
            default -> throw new IllegalArgumentException("no type " + name);
        };
    }

    private Table table(String frame, PageType type, boolean partial, boolean apart) {
        Contents contents = Contents.zero(profile.slots());
        for (List<String> entry : state.all("entry")) {
            if (entry.getFirst().equals(frame)) {
                boolean writable = state.has("writable", frame, entry.get(1));
                long word =
                        Calls.entry(names.mfn(entry.get(2)), writable).bits()
                                | (type == PageType.L1 ? Pte.GLOBAL : 0);
                contents = contents.with(Names.slot(entry.get(1)), word);
            }
        }
        int progress = partial ? (state.has("begun", frame) ? 1 : 0) : apart ? profile.slots() : 0;
        Table table = Table.fresh(contents).at(progress, state.has("stopped", frame));
        return table.withLinear(linear(frame));
    }

    /// The entry of a table at which a check or a teardown goes on.
    private String next(String frame) {
        return state.has("begun", frame) ? "Last" : "First";
    }

    /// Whether an entry holds anything.
    private boolean holds(List<String> entry) {
        String table = entry.getFirst();
        boolean self = table.equals(entry.get(2)) && !type(table).equals("L1");
        boolean checked =
                !state.has("partial", table)
                        || (state.has("begun", table) && entry.get(1).equals("First"));
        return checked && !self && !state.has("apart", table);
    }

    private long generalHolders(String frame) {
        long holders = state.has("pinned", frame) ? 1 : 0;
        holders += state.has("partial", frame) ? 1 : 0;
        for (List<String> entry : state.all("entry")) {
            boolean named = entry.get(2).equals(frame);
            boolean stopped =
                    state.has("stopped", entry.getFirst())
                            && next(entry.getFirst()).equals(entry.get(1));
            holders += named && (holds(entry) || stopped) ? 1 : 0;
        }
        for (List<String> left : state.all("unfinished")) {
            holders += left.get(1).equals(frame) ? 1 : 0;
        }
        return holders + (state.of("mapped", frame, "").isEmpty() ? 0 : 1);
    }

    private long typeHolders(String frame) {
        long holders = state.has("pinned", frame) ? 1 : 0;
        holders += state.has("partial", frame) ? 1 : 0;
        for (List<String> entry : state.all("entry")) {
            boolean typed =
                    !type(entry.getFirst()).equals("L1")
                            || state.has("writable", entry.getFirst(), entry.get(1));
            holders += entry.get(2).equals(frame) && holds(entry) && typed ? 1 : 0;
        }
        for (List<String> left : state.all("unfinished")) {
            boolean typed = !state.has("untyped", left.getFirst());
            holders += left.get(1).equals(frame) && typed ? 1 : 0;
        }
        return holders + (state.has("mapped", frame, "ReadWrite") ? 1 : 0);
    }

    private int linear(String frame) {
        int own = 0;
        int uses = 0;
        for (List<String> entry : state.all("entry")) {
            String table = entry.getFirst();
            String target = entry.get(2);
            if (holds(entry) && !type(table).equals("L1") && type(table).equals(type(target))) {
                own += table.equals(frame) ? 1 : 0;
                uses += target.equals(frame) ? 1 : 0;
            }
        }
        return own - uses;
    }

    /// The control domain's table that may map a frame.
    private Frame controlTable(String frame) {
        Contents contents = Contents.zero(profile.slots());
        String access = state.of("mapped", frame, "");
        if (!access.isEmpty()) {
            Pte entry = Calls.entry(names.mfn(frame), access.equals("ReadWrite"));
            contents = contents.with(0, entry.bits() | Pte.GLOBAL);
        }
        TypeUse use =
                new TypeUse(PageType.L1, false, 1, Validity.VALIDATED, true, Table.fresh(contents));
        return Frame.allocatedTo(CONTROL).withRefs(2).withUse(use);
    }
}
