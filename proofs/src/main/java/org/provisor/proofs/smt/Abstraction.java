// SPDX-License-Identifier: Apache-2.0
package org.provisor.proofs.smt;

import io.vavr.Tuple2;
import io.vavr.control.Option;

import org.provisor.spec.abi.Domid;
import org.provisor.spec.abi.Mfn;
import org.provisor.spec.state.Domain;
import org.provisor.spec.state.Frame;
import org.provisor.spec.state.Machine;
import org.provisor.spec.state.PageType;
import org.provisor.spec.state.Unfinished;
import org.provisor.spec.state.Validity;
import org.provisor.spec.state.Vcpu;
import org.provisor.spec.x86.Pte;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/// Machines of the specification as states of the theory. Machines that are made states by the same
/// abstraction have the same frames, holders and domains, so that states can be compared.
final class Abstraction {

    /// Holders of a call on its way.
    static final int CALLS = 12;

    private static final int VCPU_PLACES = 64;

    private final Theory theory;
    private final Machine shape;
    private final List<Domid> domains = new ArrayList<>();
    private final Map<String, Integer> holders = new LinkedHashMap<>();

    /// @param machines all that will be made states; they have equally many frames and slots
    Abstraction(Theory theory, List<Machine> machines) {
        this.theory = theory;
        shape = machines.getFirst();
        domains.addAll(List.of(Domid.IO, Domid.XEN, Domid.COW, Domid.INVALID));
        for (Machine machine : machines) {
            for (Domain domain : machine.domains()) {
                Domid id = domain.id();
                if (!domains.contains(id)) {
                    domains.add(id);
                }
            }
            machine.frames()
                    .forEach(frame -> {
                        if (!domains.contains(frame.owner())) {
                            domains.add(frame.owner());
                        }
                    });
        }
        for (int frame = 0; frame < frames(); frame++) {
            for (String place : List.of("allocation", "pin", "partial", "sharing")) {
                holder(place + frame);
            }
            for (int slot = 0; slot < shape.profile().slots(); slot++) {
                if (present(machines, frame, slot)) {
                    holder(entry(frame, slot));
                }
            }
        }
        for (Machine machine : machines) {
            vcpus(machine).keySet().forEach(this::holder);
        }
        for (int call = 0; call < CALLS; call++) {
            holder("call" + call);
        }
    }

    /// Whether an entry is present in any of the machines; others never hold anything.
    private static boolean present(List<Machine> machines, int frame, int slot) {
        return machines.stream()
                .map(machine -> machine.frame(new Mfn(frame)).table().contents())
                .anyMatch(words -> words.known() && words.entry(slot).present());
    }

    private static String entry(int frame, int slot) {
        return "entry" + frame + "." + slot;
    }

    private int holder(String place) {
        return holders.computeIfAbsent(place, _ -> holders.size());
    }

    int frames() {
        return shape.frames().size();
    }

    /// The names of all holders, in their order.
    List<String> places() {
        return List.copyOf(holders.keySet());
    }

    /// A machine as a state.
    State of(Machine machine) {
        State state = new State(theory, List.of(frames(), holders.size(), domains.size()));
        for (int domain = 0; domain < domains.size(); domain++) {
            Domid id = domains.get(domain);
            boolean exists = machine.has(id);
            state.set("ordinary", domain, exists);
            state.set("pages", domain, exists ? machine.domain(id).totPages() : 0L);
            state.set("dying", domain, exists && machine.domain(id).dying());
        }
        for (int call = 0; call < CALLS; call++) {
            state.set("kind", holder("call" + call), 6L);
        }
        for (int frame = 0; frame < frames(); frame++) {
            frame(machine, frame, state);
        }
        vcpus(machine)
                .forEach((place, held) -> {
                    state.set("general", holder(place), true);
                    if (held.typed) {
                        state.set("typed", holder(place), true);
                    }
                    state.set("target", holder(place), held.mfn.value());
                    state.set("heldAs", holder(place), (long) held.type);
                });
        holders.forEach((place, number) -> {
            if (place.startsWith("vcpu")) {
                state.set("kind", number, 5L);
            }
        });
        return state;
    }

    private void frame(Machine machine, int number, State state) {
        Frame frame = machine.frame(new Mfn(number));
        boolean device = frame.ownedBy(Domid.IO);
        state.set("device", number, device);
        state.set("owned", number, !frame.ownedBy(Domid.INVALID) || frame.special());
        state.set("owner", number, (long) domains.indexOf(frame.owner()));
        state.set("special", number, frame.special());
        state.set("refs", number, frame.refs());
        state.set("count", number, frame.use().count());
        state.set("type", number, (long) code(frame.use().type()));
        state.set("validity", number, (long) code(frame.use().validity()));
        state.set("stale", number, frame.stale());
        boolean shared = device || (frame.special() && !frame.ownedBy(Domid.XEN));
        own(state, "allocation", 0, number, frame.allocated(), false, 0);
        int type = code(frame.use().type());
        own(state, "pin", 1, number, frame.use().pinned(), frame.use().pinned(), type);
        own(state, "partial", 2, number, frame.use().partial(), frame.use().partial(), type);
        own(state, "sharing", 3, number, false, shared, 7);
        for (int slot = 0; slot < machine.profile().slots(); slot++) {
            Integer entry = holders.get(entry(number, slot));
            if (entry == null) {
                continue;
            }
            state.set("kind", entry, 4L);
            state.set("at", entry, (long) number);
            if (frame.use().type().isPageTable() && frame.use().count() > 0) {
                entry(machine, number, slot, entry, state);
            }
        }
    }

    private void own(
            State state, String place, int kind, int frame, boolean refers, boolean types, int as) {
        int holder = holder(place + frame);
        state.set("kind", holder, (long) kind);
        state.set("at", holder, (long) frame);
        state.set("target", holder, (long) frame);
        state.set("general", holder, refers);
        state.set("typed", holder, types);
        state.set("heldAs", holder, (long) as);
    }

    private static void entry(Machine machine, int number, int slot, int entry, State state) {
        Frame table = machine.frame(new Mfn(number));
        int level = table.use().type().level();
        Pte word = table.table().contents().entry(slot);
        boolean xens = level == 4 && machine.profile().isXenSlot(slot);
        if (!word.present() || !machine.has(word.mfn()) || xens) {
            return;
        }
        Frame target = machine.frame(word.mfn());
        state.set("present", entry, true);
        state.set("writable", entry, word.writable());
        state.set("target", entry, word.mfn().value());
        boolean counts = !target.ownedBy(Domid.IO) && (level == 1 || word.mfn().value() != number);
        Validity validity = table.use().validity();
        int done =
                validity == Validity.VALIDATED
                        ? machine.profile().slots()
                        : validity == Validity.PARTIAL ? table.table().validated() : 0;
        if (counts && slot < done) {
            state.set("general", entry, true);
            state.set("typed", entry, level > 1 || word.writable());
            boolean linear = target.use().type() == table.use().type();
            state.set("heldAs", entry, level == 1 ? 7L : linear ? (long) level : level - 1L);
        } else if (slot == done && table.use().partial() && table.table().partialEntry()) {
            state.set("general", entry, true);
        }
    }

    /// What a place of a vCPU holds.
    private record Held(Mfn mfn, boolean typed, int type) {}

    private static Map<String, Held> vcpus(Machine machine) {
        Map<String, Held> all = new LinkedHashMap<>();
        for (Domain domain : machine.domains()) {
            for (int number = 0; number < domain.vcpus().size(); number++) {
                Vcpu vcpu = domain.vcpus().get(number);
                String place = "vcpu" + domain.id().value() + "." + number + ".";
                root(all, place + "root", vcpu.root());
                root(all, place + "user", vcpu.userRoot());
                for (int i = 0; i < Math.min(VCPU_PLACES, vcpu.gdt().frames().size()); i++) {
                    all.put(place + "gdt" + i, new Held(vcpu.gdt().frames().get(i), true, 5));
                }
                for (Tuple2<Integer, Mfn> page : vcpu.ldt().mapped()) {
                    all.put(place + "ldt" + page._1, new Held(page._2, true, 5));
                }
                if (vcpu.unfinished().isDefined()) {
                    Unfinished left = vcpu.unfinished().get();
                    int type = code(machine.frame(left.table()).use().type());
                    all.put(place + "left", new Held(left.table(), !left.partial(), type));
                }
            }
        }
        return all;
    }

    private static void root(Map<String, Held> all, String place, Option<Mfn> root) {
        root.forEach(mfn -> all.put(place, new Held(mfn, true, 4)));
    }

    private static int code(PageType type) {
        return switch (type) {
            case NONE -> 0;
            case L1 -> 1;
            case L2 -> 2;
            case L3 -> 3;
            case L4 -> 4;
            case SEG_DESC -> 5;
            case SHARED -> 6;
            case WRITABLE -> 7;
        };
    }

    private static int code(Validity validity) {
        return switch (validity) {
            case UNCHECKED -> 0;
            case PARTIAL -> 1;
            case VALIDATED -> 2;
        };
    }
}
