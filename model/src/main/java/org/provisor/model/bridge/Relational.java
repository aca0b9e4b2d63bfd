// SPDX-License-Identifier: Apache-2.0
package org.provisor.model.bridge;

import edu.mit.csail.sdg.alloy4.A4Reporter;
import edu.mit.csail.sdg.ast.Command;
import edu.mit.csail.sdg.ast.Decl;
import edu.mit.csail.sdg.ast.Expr;
import edu.mit.csail.sdg.ast.Sig;
import edu.mit.csail.sdg.ast.Type;
import edu.mit.csail.sdg.parser.CompModule;
import edu.mit.csail.sdg.parser.CompUtil;
import edu.mit.csail.sdg.translator.A4Options;
import edu.mit.csail.sdg.translator.A4Solution;
import edu.mit.csail.sdg.translator.TranslateAlloyToKodkod;

import kodkod.ast.Formula;
import kodkod.ast.Relation;
import kodkod.ast.visitor.AbstractCollector;
import kodkod.engine.Evaluator;
import kodkod.engine.Solution;
import kodkod.engine.Solver;
import kodkod.engine.config.Options;
import kodkod.engine.satlab.SATFactory;
import kodkod.instance.Bounds;
import kodkod.instance.Instance;
import kodkod.instance.Tuple;
import kodkod.instance.TupleSet;
import kodkod.instance.Universe;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.Iterator;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import java.util.TreeMap;

/// A model, ready to be asked of one transition at a time. The formulas are those that Alloy makes
/// of the predicates `inv` and `step`; the finder and the evaluator are Alloy's own (Kodkod).
///
/// There are two states and one call. For one thread.
final class Relational {

    private static final String PRE = "pre";
    private static final String POST = "post";
    private static final String CALL = "call";
    private static final int BITS = 5;
    private static final int SYMMETRY = 20;

    /// A transition: the state before, the call with its answer, the state after.
    ///
    /// @param kind which signature the call is of
    record Step(Facts pre, String kind, Facts call, Facts post) {}

    private final CompModule module;
    private final Formula step;
    private final Formula invariant;
    private final Formula declared;
    private final Map<String, Sig.Field> stateFields = new TreeMap<>();
    private final Map<String, Sig.Field> callFields = new TreeMap<>();
    private final Map<String, Relation> relations = new TreeMap<>();
    private final Map<String, List<String>> atoms = new TreeMap<>();
    private final List<String> kinds = new ArrayList<>();
    private final Universe universe;
    private final Options options = new Options();
    private final int frames;

    /// @param text the model
    /// @param frames how many frames there are
    Relational(String text, int frames) {
        this.frames = frames;
        CompModule first = CompUtil.parseEverything_fromString(A4Reporter.NOP, text);
        module = CompUtil.parseEverything_fromString(A4Reporter.NOP, text + scoped(first));
        A4Solution scope = scope();
        signatures();
        universe = new Universe(universe());
        step = formula(scope, "all c: Call | step[c]");
        invariant = formula(scope, "all c: Call | inv[c.pre]");
        declared = declarations(scope);
        for (Formula each : List.of(step, invariant, declared)) {
            each.accept(new Leaves()).forEach(leaf -> relations.put(leaf.name(), leaf));
        }
        options.setSolver(SATFactory.DEFAULT);
        options.setSymmetryBreaking(SYMMETRY);
        options.setBitwidth(BITS);
        options.setNoOverflow(true);
    }

    /// A scope that Alloy can translate the predicates in.
    private String scoped(CompModule first) {
        StringBuilder scope = new StringBuilder("\nrun bridge { some Call } for ");
        scope.append(BITS).append(" Int");
        for (Sig sig : first.getAllReachableUserDefinedSigs()) {
            int many = many(sig);
            if (many > 0) {
                scope.append(", exactly ").append(many).append(' ').append(name(sig.label));
            }
        }
        return scope.append('\n').toString();
    }

    private int many(Sig sig) {
        return switch (sig.label) {
            case "this/Frame" -> frames;
            case "this/State", "this/Vcpu" -> 2;
            case "this/Slot" -> sig.isAbstract == null ? 2 : 0;
            case "this/Call" -> 1;
            default -> 0;
        };
    }

    private A4Solution scope() {
        Command command = module.getAllCommands().getLast();
        A4Options with = new A4Options();
        with.solver = SATFactory.DEFAULT;
        with.noOverflow = true;
        return TranslateAlloyToKodkod.execute_command(
                A4Reporter.NOP, module.getAllReachableSigs(), command, with);
    }

    /// What there is of each signature, and which fields states and calls have.
    private void signatures() {
        for (Sig sig : module.getAllReachableUserDefinedSigs()) {
            Sig.PrimSig prim = (Sig.PrimSig) sig;
            if (!sig.label.startsWith("this/")) {
                continue;
            }
            String name = name(sig.label);
            switch (name) {
                case "State" -> atoms.put(name, List.of(PRE, POST));
                case "Call" -> atoms.put(name, List.of(CALL));
                default -> {
                    if (sig.isOne != null) {
                        atoms.put(name, List.of(name));
                    } else if (prim.children().isEmpty() && many(sig) > 0) {
                        atoms.put(name, numbered(name.charAt(0), many(sig)));
                    }
                }
            }
            boolean call = name.equals("Call") || "Call".equals(parent(prim));
            if ("Call".equals(parent(prim))) {
                kinds.add(name);
            }
            for (Sig.Field field : sig.getFields()) {
                if (name.equals("State")) {
                    stateFields.put(field.label, field);
                } else if (call && !field.label.equals(PRE) && !field.label.equals(POST)) {
                    callFields.put(name + "." + field.label, field);
                }
            }
        }
        for (Sig sig : module.getAllReachableUserDefinedSigs()) {
            Sig.PrimSig prim = (Sig.PrimSig) sig;
            String name = name(sig.label);
            if (sig.label.startsWith("this/") && !atoms.containsKey(name)) {
                List<String> all = new ArrayList<>();
                if (!"Call".equals(parent(prim))) {
                    prim.children().forEach(child -> all.addAll(of(name(child.label))));
                }
                atoms.put(name, List.copyOf(all));
            }
        }
        List<String> numbers = new ArrayList<>();
        for (int i = -(1 << (BITS - 1)); i < 1 << (BITS - 1); i++) {
            numbers.add(Integer.toString(i));
        }
        atoms.put("Int", numbers);
    }

    private static String parent(Sig.PrimSig sig) {
        return sig.parent == null ? "" : name(sig.parent.label);
    }

    private List<String> of(String sig) {
        return atoms.getOrDefault(sig, List.of());
    }

    private static List<String> numbered(char initial, int many) {
        List<String> names = new ArrayList<>();
        for (int i = 0; i < many; i++) {
            names.add(initial + Integer.toString(i));
        }
        return names;
    }

    private static String name(String label) {
        return label.substring(label.indexOf('/') + 1);
    }

    private Set<String> universe() {
        Set<String> all = new LinkedHashSet<>();
        atoms.forEach((_, names) -> all.addAll(names));
        return all;
    }

    private Formula formula(A4Solution scope, String text) {
        Expr parsed = CompUtil.parseOneExpression_fromString(module, text);
        return (Formula) TranslateAlloyToKodkod.alloy2kodkod(scope, parsed);
    }

    /// That every field is as it is declared.
    private Formula declarations(A4Solution scope) {
        List<Formula> all = new ArrayList<>();
        for (Sig sig : module.getAllReachableUserDefinedSigs()) {
            for (Sig.Field field : sig.getFields()) {
                if (sig.label.startsWith("this/")) {
                    Decl each = sig.oneOf("each");
                    Expr said = each.get().join(field).in(field.decl().expr).forAll(each);
                    all.add((Formula) TranslateAlloyToKodkod.alloy2kodkod(scope, said));
                }
            }
        }
        return Formula.and(all);
    }

    private static final class Leaves extends AbstractCollector<Relation> {

        Leaves() {
            super(new HashSet<>());
        }

        @Override
        protected Set<Relation> newSet() {
            return new HashSet<>();
        }

        @Override
        public Set<Relation> visit(Relation relation) {
            return cache(relation, Set.of(relation));
        }
    }

    /// The names of the frames.
    List<String> frames() {
        return of("Frame");
    }

    /// The names of the slots.
    List<String> slots() {
        return of("Slot");
    }

    /// The names of anything else.
    List<String> all(String sig) {
        return of(sig);
    }

    /// The kinds of calls.
    List<String> kinds() {
        return kinds;
    }

    /// The names of the fields of a state.
    Set<String> stateFields() {
        return stateFields.keySet();
    }

    /// Whether calls of a kind have a field of this name.
    boolean hasField(String kind, String field) {
        return callFields.containsKey(kind + "." + field)
                || callFields.containsKey("Call." + field);
    }

    /// Whether the model says that this can happen.
    boolean holds(Step taken) {
        return new Evaluator(instance(taken), options).evaluate(step);
    }

    /// Whether the invariant holds in the state before.
    boolean invariant(Step taken) {
        return new Evaluator(instance(taken), options).evaluate(invariant);
    }

    private Instance instance(Step taken) {
        Instance instance = new Instance(universe);
        relations.forEach((name, relation) ->
                instance.add(relation, exactly(taken.kind(), name, relation.arity(), taken)));
        for (String number : of("Int")) {
            instance.add(Integer.parseInt(number), universe.factory().setOf(number));
        }
        return instance;
    }

    private TupleSet exactly(String kind, String label, int arity, Step taken) {
        Optional<TupleSet> known = fixed(kind, label);
        if (known.isPresent()) {
            return known.get();
        }
        TupleSet tuples = universe.factory().noneOf(arity);
        String field = label.substring(label.indexOf('.') + 1);
        if (label.startsWith("this/State.")) {
            add(tuples, PRE, taken.pre().all(field));
            add(tuples, POST, taken.post().all(field));
        } else {
            add(tuples, CALL, taken.call().all(field));
        }
        return tuples;
    }

    private void add(TupleSet to, String first, Set<List<String>> tuples) {
        for (List<String> tuple : tuples) {
            List<Object> whole = new ArrayList<>();
            whole.add(first);
            whole.addAll(tuple);
            to.add(universe.factory().tuple(whole));
        }
    }

    /// What is the same in all transitions by a call of this kind.
    private Optional<TupleSet> fixed(String kind, String label) {
        String name = name(label);
        if (name.equals("Call.pre")) {
            return Optional.of(universe.factory().setOf(universe.factory().tuple(CALL, PRE)));
        }
        if (name.equals("Call.post")) {
            return Optional.of(universe.factory().setOf(universe.factory().tuple(CALL, POST)));
        }
        if (kinds.contains(name)) {
            return Optional.of(
                    name.equals(kind)
                            ? universe.factory().setOf(CALL)
                            : universe.factory().noneOf(1));
        }
        int dot = name.indexOf('.');
        if (dot < 0) {
            return Optional.of(universe.factory().setOf(of(name).toArray()));
        }
        String sig = name.substring(0, dot);
        return kinds.contains(sig) && !sig.equals(kind)
                ? Optional.of(universe.factory().noneOf(arity(label)))
                : Optional.empty();
    }

    private int arity(String label) {
        return relation(label).arity();
    }

    private Relation relation(String label) {
        Relation found = relations.get(label);
        if (found == null) {
            throw new IllegalStateException("no relation " + label);
        }
        return found;
    }

    /// Transitions by calls of a kind, from states in which the invariant holds. Part of the state
    /// before is chosen at random, so that they are not all alike; within that choice each comes
    /// once, but for those that differ in names only.
    ///
    /// @param all whether nothing is chosen
    /// @param refused whether the call may be refused
    Iterator<Step> transitions(String kind, Random random, boolean all, boolean refused) {
        Bounds bounds = new Bounds(universe);
        relations.forEach((label, relation) -> {
            Optional<TupleSet> known = fixed(kind, label);
            if (known.isPresent()) {
                bounds.boundExactly(relation, known.get());
            } else {
                TupleSet upper = upper(label);
                TupleSet lower = universe.factory().noneOf(relation.arity());
                if (!all && label.startsWith("this/State.")) {
                    choose(upper, lower, random);
                }
                if (!refused && name(label).equals("Call.answer")) {
                    upper.remove(universe.factory().tuple(CALL, "Refused"));
                }
                bounds.bound(relation, lower, upper);
            }
        });
        for (String number : of("Int")) {
            bounds.boundExactly(Integer.parseInt(number), universe.factory().setOf(number));
        }
        Iterator<Solution> solutions =
                new Solver(options).solveAll(declared.and(invariant).and(step), bounds);
        return new Iterator<>() {
            private Solution next = solutions.next();

            @Override
            public boolean hasNext() {
                return next.sat();
            }

            @Override
            public Step next() {
                Step found = read(kind, next.instance());
                next = solutions.next();
                return found;
            }
        };
    }

    /// Fixes about a third of what the state before says. Of a number it only says what it is not.
    private void choose(TupleSet upper, TupleSet lower, Random random) {
        int arity = upper.arity();
        List<Tuple> tuples = new ArrayList<>(upper);
        for (Tuple tuple : tuples) {
            if (tuple.atom(0).equals(PRE)) {
                int drawn = random.nextInt(arity > 3 ? 24 : 9);
                boolean number = of("Int").contains(tuple.atom(arity - 1).toString());
                if (drawn == 0 && !number) {
                    lower.add(tuple);
                } else if (drawn == 1 || drawn == 2) {
                    upper.remove(tuple);
                }
            }
        }
    }

    private TupleSet upper(String label) {
        String name = name(label);
        Sig.Field field =
                name.startsWith("State.")
                        ? stateFields.get(name.substring("State.".length()))
                        : callFields.get(name);
        if (field == null) {
            throw new IllegalStateException("no field " + label);
        }
        TupleSet all = universe.factory().noneOf(field.type().arity());
        for (Type.ProductType product : field.type()) {
            List<List<String>> columns = new ArrayList<>();
            for (int i = 0; i < product.arity(); i++) {
                String sig = name(product.get(i).label);
                columns.add(kinds.contains(sig) ? List.of(CALL) : of(sig));
            }
            fill(all, columns, new ArrayList<>());
        }
        return all;
    }

    private void fill(TupleSet all, List<List<String>> columns, List<Object> begun) {
        if (begun.size() == columns.size()) {
            all.add(universe.factory().tuple(begun));
            return;
        }
        for (String atom : columns.get(begun.size())) {
            begun.add(atom);
            fill(all, columns, begun);
            begun.removeLast();
        }
    }

    private Step read(String kind, Instance instance) {
        Facts.Builder pre = new Facts.Builder();
        Facts.Builder post = new Facts.Builder();
        Facts.Builder call = new Facts.Builder();
        for (Map.Entry<String, Relation> each : relations.entrySet()) {
            String name = name(each.getKey());
            int dot = name.indexOf('.');
            if (dot < 0 || name.equals("Call.pre") || name.equals("Call.post")) {
                continue;
            }
            String field = name.substring(dot + 1);
            for (Tuple tuple : instance.tuples(each.getValue())) {
                List<String> rest = new ArrayList<>();
                for (int i = 1; i < tuple.arity(); i++) {
                    rest.add(tuple.atom(i).toString());
                }
                switch (tuple.atom(0).toString()) {
                    case PRE -> pre.add(field, List.copyOf(rest));
                    case POST -> post.add(field, List.copyOf(rest));
                    default -> call.add(field, List.copyOf(rest));
                }
            }
        }
        return new Step(pre.build(), kind, call.build(), post.build());
    }
}
