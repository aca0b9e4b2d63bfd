// SPDX-License-Identifier: Apache-2.0
package org.provisor.proofs.book;

import org.provisor.spec.abi.Domid;
import org.provisor.spec.abi.Mfn;
import org.provisor.spec.state.Domain;
import org.provisor.spec.state.Frame;
import org.provisor.spec.state.Machine;
import org.provisor.spec.state.TypeUse;
import org.provisor.spec.state.Vcpu;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/// The states of something in the machine, and where a diagram has them.
///
/// @param id the diagram's, within the page
/// @param title what it is of
/// @param intro a sentence or two
/// @param places the states, each with where it is drawn
/// @param states reads the state of each such thing in a machine, by its name there
record LifeCycle(String id, String title, String intro, Map<String, Place> places, States states) {

    /// Where a state is drawn, in columns and rows.
    record Place(double column, double row) {}

    /// Reads states.
    interface States {

        /// The state of each thing, by its name.
        Map<Object, String> in(Machine machine);
    }

    /// All of them.
    static List<LifeCycle> all() {
        return List.of(
                new LifeCycle(
                        "type",
                        "What a frame is used for",
                        "The type of a frame, and whether it is held to it. A frame that nobody"
                            + " holds to its type keeps it until it gets another. A table is"
                            + " unfinished while its check, or its taking apart, was preempted.",
                        places(
                                "no type",
                                1.5,
                                0,
                                "writable",
                                0,
                                1,
                                "writable, idle",
                                0,
                                3.2,
                                "descriptors",
                                1,
                                1.2,
                                "descriptors, idle",
                                1,
                                2.2,
                                "table",
                                2,
                                1.7,
                                "table, unfinished",
                                3,
                                1,
                                "table, idle",
                                3,
                                3.2),
                        machine -> frames(machine, false)),
                new LifeCycle(
                        "owner",
                        "Whose a frame is",
                        "A frame is its owner's by one reference, the allocation. When that is"
                                + " given up while others refer to the frame, it stays where it is"
                                + " until the last of them lets go.",
                        places(
                                "free",
                                0,
                                1,
                                "a domain's",
                                1.4,
                                0,
                                "given up, held",
                                2.8,
                                1,
                                "shared with Xen",
                                1.4,
                                1,
                                "nobody's, held",
                                1.4,
                                2,
                                "a dying domain's",
                                2.8,
                                0,
                                "a dying domain's, given up, held",
                                2.8,
                                2),
                        machine -> frames(machine, true)),
                new LifeCycle(
                        "domain",
                        "A domain's end",
                        "A domain that is destroyed gives up its memory step by step; what others"
                                + " still refer to keeps its name in the machine.",
                        places("alive", 0, 0, "dying", 1, 1, "dead", 2, 0, "gone", 3, 1),
                        LifeCycle::domains),
                new LifeCycle(
                        "roots",
                        "The roots of a vCPU",
                        "The root tables that a vCPU runs on, of its kernel and of its user mode,"
                            + " and whether it has to finish first with a table that was let go.",
                        places(
                                "no root",
                                0,
                                1,
                                "kernel's root",
                                1.5,
                                0,
                                "both roots",
                                3,
                                1,
                                "user's root",
                                1.5,
                                1,
                                "no root, a table unfinished",
                                0,
                                2.2,
                                "kernel's root, a table unfinished",
                                1.5,
                                2.2,
                                "user's root, a table unfinished",
                                3,
                                2.2,
                                "both roots, a table unfinished",
                                3,
                                3.2),
                        LifeCycle::vcpus));
    }

    /// @param places a state, its column and its row, and so on
    private static Map<String, Place> places(Object... places) {
        Map<String, Place> map = new LinkedHashMap<>();
        for (int i = 0; i < places.length; i += 3) {
            map.put(
                    (String) places[i],
                    new Place(
                            ((Number) places[i + 1]).doubleValue(),
                            ((Number) places[i + 2]).doubleValue()));
        }
        return map;
    }

    private static Map<Object, String> frames(Machine machine, boolean owners) {
        Map<Object, String> states = new LinkedHashMap<>();
        int number = 0;
        for (Frame frame : machine.frames()) {
            Mfn mfn = new Mfn(number++);
            if (!frame.owner().equals(Domid.XEN) && !frame.owner().equals(Domid.IO)) {
                states.put(mfn, owners ? owner(machine, frame) : type(frame.use()));
            }
        }
        return states;
    }

    private static String type(TypeUse use) {
        boolean idle = use.count() == 0;
        return switch (use.type()) {
            case NONE -> "no type";
            case WRITABLE, SHARED -> idle ? "writable, idle" : "writable";
            case SEG_DESC -> idle ? "descriptors, idle" : "descriptors";
            case L1, L2, L3, L4 ->
                    use.partial() || (!idle && !use.validated())
                            ? "table, unfinished"
                            : idle ? "table, idle" : "table";
        };
    }

    private static String owner(Machine machine, Frame frame) {
        if (frame.free()) {
            return "free";
        }
        if (frame.owner().equals(Domid.INVALID)) {
            return "nobody's, held";
        }
        boolean dying = machine.domains().get(frame.owner()).forAll(Domain::dying);
        if (dying) {
            return frame.allocated() ? "a dying domain's" : "a dying domain's, given up, held";
        }
        if (!frame.allocated()) {
            return "given up, held";
        }
        return frame.special() ? "shared with Xen" : "a domain's";
    }

    private static Map<Object, String> domains(Machine machine) {
        Map<Object, String> states = new TreeMap<>();
        machine.domains()
                .forEach(domain ->
                        states.put(
                                domain.id().value(),
                                switch (domain.life()) {
                                    case ALIVE -> "alive";
                                    case DYING -> "dying";
                                    case DEAD -> "dead";
                                }));
        return states;
    }

    private static Map<Object, String> vcpus(Machine machine) {
        Map<Object, String> states = new LinkedHashMap<>();
        machine.domains()
                .forEach(domain -> {
                    for (int i = 0; i < domain.vcpus().size(); i++) {
                        states.put(domain.id().value() + "v" + i, roots(domain.vcpus().get(i)));
                    }
                });
        return states;
    }

    private static String roots(Vcpu vcpu) {
        boolean kernel = vcpu.root().isDefined();
        boolean user = vcpu.userRoot().isDefined();
        String roots =
                kernel ? user ? "both roots" : "kernel's root" : user ? "user's root" : "no root";
        return vcpu.unfinished().isDefined() ? roots + ", a table unfinished" : roots;
    }

    /// The state that something has which is not there any more; empty if that is none of these.
    String whenGone() {
        return places.containsKey("gone") ? "gone" : "";
    }
}
