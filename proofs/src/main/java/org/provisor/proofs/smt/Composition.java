// SPDX-License-Identifier: Apache-2.0
package org.provisor.proofs.smt;

import org.provisor.proofs.smt.Theory.Transition;
import org.provisor.proofs.smt.Theory.Variable;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/// Whether a step of the specification is made of transitions of the theory: from the state before,
/// transitions are taken, each only if its guards allow it, until the state after is there.
///
/// Which are tried follows the rules: what is new is taken first, recursively where a table is
/// checked; what is old is dropped then, recursively where a table is taken apart. A search that
/// ends elsewhere is no proof that there is no way.
final class Composition {

    private final Theory theory;
    private final State wanted;
    private final List<String> taken = new ArrayList<>();
    private State now;

    private Composition(Theory theory, State before, State wanted) {
        this.theory = theory;
        this.wanted = wanted;
        now = before;
    }

    /// What came of looking for a composition.
    ///
    /// @param taken the transitions' names in their order
    /// @param missing what is not as it should be at the end; empty if composed
    record Found(List<String> taken, String missing) {}

    static Found of(Theory theory, State before, State after) {
        Composition composition = new Composition(theory, before, after);
        String missing;
        try {
            composition.search();
            missing = composition.difference();
        } catch (Refused e) {
            missing = e.what;
        }
        return new Found(List.copyOf(composition.taken), missing);
    }

    private static final class Refused extends RuntimeException {

        private static final long serialVersionUID = 1L;

        private final String what;

        Refused(String what) {
            super(what, null, false, false);
            this.what = what;
        }
    }

    private void search() {
        for (int d = 0; d < now.size("Domain"); d++) {
            if (wanted.is("dying", d) && !now.is("dying", d)) {
                take("begin-death", (long) d);
            }
        }
        List<Integer> old = new ArrayList<>();
        for (int h = 0; h < now.size("Holder"); h++) {
            if (kind(h) == 0 && wanted.is("general", h) && !now.is("general", h)) {
                long frame = now.number("at", h);
                take("allocate", (long) h, frame, wanted.number("owner", (int) frame));
            }
        }
        for (int h = 0; h < now.size("Holder"); h++) {
            if (!same(h) && (kind(h) == 1 || kind(h) == 5)) {
                int k = holds(wanted, h) ? obtain(h) : -1;
                if (holds(now, h)) {
                    old.add(takeBack(h));
                }
                if (k >= 0) {
                    take("hand-over", (long) h, (long) k, now.number("target", k));
                }
            } else if (!same(h) && kind(h) == 4 && live(now, h) && live(wanted, h)) {
                old.add(store(h));
            }
        }
        old.forEach(this::release);
        for (int h = 0; h < now.size("Holder"); h++) {
            if (kind(h) == 0 && !wanted.is("general", h) && now.is("general", h)) {
                release(takeBack(h));
            }
        }
        for (int f = 0; f < now.size("Frame"); f++) {
            boolean touched =
                    now.number("count", f) == 0
                            && wanted.number("count", f) == 0
                            && wanted.number("type", f) > 0
                            && now.number("refs", f) > 0;
            if (touched && !now.get("type", f).equals(wanted.get("type", f))) {
                int k = idle();
                take("take-general", (long) k, (long) f);
                take("change-type", (long) k, (long) f, wanted.number("type", f));
                release(k);
            }
            if (now.is("stale", f) && !wanted.is("stale", f)) {
                take("flush", (long) f);
            }
        }
    }

    private long kind(int holder) {
        return now.number("kind", holder);
    }

    private static boolean holds(State state, int holder) {
        return state.is("general", holder) || state.is("typed", holder);
    }

    private boolean same(int h) {
        if (kind(h) == 4 && inUse(wanted, (int) wanted.number("at", h))) {
            boolean words =
                    now.is("present", h) == wanted.is("present", h)
                            && now.is("writable", h) == wanted.is("writable", h)
                            && now.get("target", h).equals(wanted.get("target", h));
            if (!words && inUse(now, (int) now.number("at", h))) {
                return false;
            }
        }
        return now.is("general", h) == wanted.is("general", h)
                && now.is("typed", h) == wanted.is("typed", h)
                && (!holds(now, h) || now.get("target", h).equals(wanted.get("target", h)))
                && (!now.is("typed", h) || now.get("heldAs", h).equals(wanted.get("heldAs", h)));
    }

    private static boolean inUse(State state, int frame) {
        long type = state.number("type", frame);
        return type >= 1 && type <= 4 && state.number("count", frame) > 0;
    }

    private static boolean live(State state, int entry) {
        int table = (int) state.number("at", entry);
        return inUse(state, table) && state.number("validity", table) == 2;
    }

    private int store(int entry) {
        long table = now.number("at", entry);
        long oldTarget = now.number("target", entry);
        boolean stale =
                now.is("typed", entry)
                        && now.number("heldAs", entry) == 7
                        && wanted.is("stale", (int) oldTarget);
        if (wanted.is("general", entry)) {
            int k = obtain(entry);
            boolean writable = wanted.is("writable", entry);
            take("set-entry", (long) entry, (long) k, table, oldTarget, writable, stale);
            return k;
        }
        int k = idle();
        take(
                "clear-entry",
                (long) entry,
                (long) k,
                table,
                oldTarget,
                wanted.get("target", entry),
                wanted.is("present", entry),
                wanted.is("writable", entry),
                stale);
        return k;
    }

    /// A call that holds what a holder is to hold.
    private int obtain(int holder) {
        int k = idle();
        int frame = (int) wanted.number("target", holder);
        take("take-general", (long) k, (long) frame);
        if (wanted.is("typed", holder)) {
            obtainType(k, frame, wanted.number("heldAs", holder));
        }
        return k;
    }

    private void obtainType(int k, int frame, long type) {
        boolean validated = now.number("validity", frame) == 2;
        boolean as = now.number("type", frame) == type;
        if (now.number("count", frame) > 0) {
            take("take-type", (long) k, (long) frame, type);
        } else if (as && validated && type > 4) {
            take("take-type-again", (long) k, (long) frame, type);
        } else {
            for (int e = 0; e < now.size("Holder") && type <= 4; e++) {
                if (kind(e) == 4 && now.number("at", e) == frame) {
                    take(
                            "guest-write",
                            (long) e,
                            wanted.get("target", e),
                            wanted.is("present", e),
                            wanted.is("writable", e));
                }
            }
            take("change-type", (long) k, (long) frame, type);
            if (type <= 5) {
                check(k, frame);
            }
        }
    }

    private void check(int k, int table) {
        for (int e = 0; e < now.size("Holder"); e++) {
            boolean ours = kind(e) == 4 && now.number("at", e) == table;
            if (ours && wanted.is("general", e) && !now.is("general", e)) {
                int has = obtain(e);
                take("check-entry", (long) e, (long) has, (long) table);
            }
        }
        take("validate", (long) k, (long) table);
    }

    private int takeBack(int holder) {
        int k = idle();
        take("take-back", (long) holder, (long) k, now.number("target", holder));
        return k;
    }

    /// Drops what a call holds.
    private void release(int k) {
        if (!holds(now, k)) {
            return;
        }
        long frame = now.number("target", k);
        int f = (int) frame;
        if (now.is("typed", k)) {
            if (now.number("count", f) > 1) {
                take("drop-type", (long) k, frame);
            } else {
                if (inUse(now, f)) {
                    takeApart(k, f);
                }
                take("drop-last-type", (long) k, frame);
            }
        }
        if (now.number("refs", f) > 1) {
            take("drop-general", (long) k, frame);
        } else if (now.is("special", f)) {
            take("keep-special", (long) k, frame);
        } else {
            take("free", (long) k, frame, now.number("owner", f));
        }
    }

    private void takeApart(int k, int table) {
        if (now.number("validity", table) == 2) {
            take("begin-teardown", (long) k, (long) table);
        }
        for (int e = 0; e < now.size("Holder"); e++) {
            if (kind(e) == 4 && now.number("at", e) == table && now.is("general", e)) {
                int has = idle();
                long target = now.number("target", e);
                boolean stale =
                        now.is("typed", e)
                                && now.number("heldAs", e) == 7
                                && wanted.is("stale", (int) target);
                take("drop-entry", (long) e, (long) has, (long) table, target, stale);
                release(has);
            }
        }
    }

    private int idle() {
        for (int h = 0; h < now.size("Holder"); h++) {
            if (kind(h) == 6 && !holds(now, h)) {
                return h;
            }
        }
        throw new Refused("too many references at once");
    }

    private void take(String name, Object... values) {
        Transition transition = theory.named(name);
        Map<String, Object> arguments = new HashMap<>();
        List<Variable> parameters = transition.parameters();
        for (int i = 0; i < parameters.size(); i++) {
            arguments.put(parameters.get(i).name(), values[i]);
        }
        List<String> forbids = now.forbids(transition, arguments);
        if (!forbids.isEmpty()) {
            throw new Refused(name + " " + arguments + " is forbidden by " + forbids);
        }
        now = now.after(transition, arguments);
        taken.add(name);
    }

    /// Where the state is not as wanted, in what a state after says.
    private String difference() {
        for (Theory.Function function : theory.functions()) {
            for (int i = 0; i < now.size(function.from()); i++) {
                if (!function.rigid()
                        && !now.get(function.name(), i).equals(wanted.get(function.name(), i))
                        && matters(function.name(), i)) {
                    return function.name()
                            + " "
                            + i
                            + " is "
                            + now.get(function.name(), i)
                            + ", not "
                            + wanted.get(function.name(), i);
                }
            }
        }
        return "";
    }

    private boolean matters(String function, int argument) {
        return switch (function) {
            case "heldAs" -> wanted.is("typed", argument);
            case "target" ->
                    holds(wanted, argument)
                            || (kind(argument) == 4
                                    && wanted.is("present", argument)
                                    && inUse(wanted, (int) wanted.number("at", argument)));
            case "present", "writable" -> inUse(wanted, (int) wanted.number("at", argument));
            case "owner" -> wanted.is("owned", argument);
            default -> true;
        };
    }
}
