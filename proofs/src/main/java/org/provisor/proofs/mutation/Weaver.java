// SPDX-License-Identifier: Apache-2.0
package org.provisor.proofs.mutation;

import org.objectweb.asm.ClassReader;
import org.objectweb.asm.ClassWriter;
import org.objectweb.asm.Opcodes;
import org.objectweb.asm.Type;
import org.objectweb.asm.tree.AbstractInsnNode;
import org.objectweb.asm.tree.ClassNode;
import org.objectweb.asm.tree.InsnList;
import org.objectweb.asm.tree.InsnNode;
import org.objectweb.asm.tree.JumpInsnNode;
import org.objectweb.asm.tree.LabelNode;
import org.objectweb.asm.tree.LdcInsnNode;
import org.objectweb.asm.tree.MethodInsnNode;
import org.objectweb.asm.tree.MethodNode;
import org.objectweb.asm.tree.TableSwitchInsnNode;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;

/// Puts all mutants into the rules at once: at each place the rules ask which one is switched on.
///
/// So the rules are loaded once, and compiled to machine code once, for thousands of mutants.
final class Weaver {

    private static final String SELECTED = "org/provisor/proofs/mutation/loaded/Selected";

    private final Enumerations enumerations;
    private final String annotation;
    private final List<RuleMutant> mutants = new ArrayList<>();
    private final Map<String, byte[]> classes = new TreeMap<>();

    private Weaver(Enumerations enumerations, String annotation) {
        this.enumerations = enumerations;
        this.annotation = annotation;
    }

    /// What comes of it.
    ///
    /// @param mutants in the order of their numbers
    /// @param classes those that have mutants, by name
    record Woven(List<RuleMutant> mutants, Map<String, byte[]> classes) {}

    /// All mutants of some code.
    static Woven woven(MutatedCode code) {
        List<ClassNode> all = code.all();
        Weaver weaver = new Weaver(new Enumerations(all), code.annotation());
        code.mutated(all).forEach(weaver::weave);
        return new Woven(List.copyOf(weaver.mutants), weaver.classes);
    }

    private void weave(ClassNode type) {
        for (RuleMethod method : RuleMethod.of(type, annotation)) {
            new InMethod(type, method).weave();
        }
        classes.put(type.name.replace('/', '.'), written(type));
    }

    /// What asks at a place which of its mutants is switched on.
    static InsnList asked(int first, int count) {
        InsnList asks = new InsnList();
        asks.add(new LdcInsnNode(first));
        asks.add(new LdcInsnNode(count));
        asks.add(new MethodInsnNode(Opcodes.INVOKESTATIC, SELECTED, "at", "(II)I", false));
        return asks;
    }

    static byte[] written(ClassNode type) {
        ClassWriter writer =
                new ClassWriter(ClassWriter.COMPUTE_FRAMES) {
                    @Override
                    protected ClassLoader getClassLoader() {
                        return Weaver.class.getClassLoader();
                    }
                };
        type.accept(writer);
        return writer.toByteArray();
    }

    static ClassNode read(byte[] bytes) {
        ClassNode node = new ClassNode();
        new ClassReader(bytes).accept(node, ClassReader.SKIP_FRAMES);
        return node;
    }

    /// The method that is being changed.
    private final class InMethod {

        private final MethodNode method;
        private final RuleMethod rule;
        private final MethodShape shape;
        private final Map<Operator, Integer> counts = new HashMap<>();

        InMethod(ClassNode type, RuleMethod rule) {
            method = rule.node();
            this.rule = rule;
            shape = new MethodShape(type.name, method);
        }

        void weave() {
            AbstractInsnNode[] code = shape.code();
            List<GuardPair> pairs = GuardPair.of(shape);
            List<InsnList> swapped = pairs.stream().map(pair -> pair.swapped(shape)).toList();
            List<List<Place>> places = new ArrayList<>();
            for (int i = 0; i < code.length; i++) {
                places.add(
                        shape.idle(i) ? List.of() : Alternatives.of(code[i], shape, enumerations));
            }
            for (int i = 0; i < code.length; i++) {
                if (!places.get(i).isEmpty()) {
                    put(code[i], places.get(i));
                }
            }
            for (int i = 0; i < pairs.size(); i++) {
                swap(pairs.get(i), swapped.get(i));
            }
            answer();
            stop(code);
        }

        private void mutant(int number, int place, int line, Operator operator, String what) {
            int count = counts.merge(operator, 1, Integer::sum);
            mutants.add(
                    new RuleMutant(
                            rule.type() + "." + rule.name() + "/" + operator + "-" + count,
                            number,
                            place,
                            rule.clause(),
                            rule.type(),
                            rule.name(),
                            line,
                            operator,
                            what));
        }

        private void put(AbstractInsnNode at, List<Place> places) {
            int first = mutants.size();
            LabelNode original = new LabelNode();
            LabelNode end = new LabelNode();
            LabelNode[] starts = new LabelNode[places.size()];
            Arrays.setAll(starts, _ -> new LabelNode());
            InsnList code = asked(first, places.size());
            code.add(new TableSwitchInsnNode(1, places.size(), original, starts));
            for (int i = 0; i < places.size(); i++) {
                Place place = places.get(i);
                mutant(mutants.size(), first, shape.line(at), place.operator(), place.what());
                code.add(starts[i]);
                code.add(place.code());
                code.add(new JumpInsnNode(Opcodes.GOTO, end));
            }
            code.add(original);
            method.instructions.insertBefore(at, code);
            method.instructions.insert(at, end);
        }

        private void swap(GuardPair pair, InsnList swapped) {
            int number = mutants.size();
            mutant(
                    number,
                    number,
                    pair.line(shape),
                    Operator.REORDER,
                    "before what begins on line " + shape.line(shape.code()[pair.start()]));
            LabelNode other = new LabelNode();
            InsnList asks = asked(number, 1);
            asks.add(new JumpInsnNode(Opcodes.IFNE, other));
            AbstractInsnNode start = shape.code()[pair.start()];
            // What asks at the start itself comes after this.
            AbstractInsnNode before = start;
            while (before.getPrevious() != null && !shape.has(before.getPrevious())) {
                before = before.getPrevious();
            }
            method.instructions.insertBefore(before, asks);
            method.instructions.add(other);
            method.instructions.add(swapped);
        }

        /// A predicate is always true, or never; a measure is always 0.
        private void answer() {
            Type result = Type.getReturnType(method.desc);
            int push =
                    switch (result.getSort()) {
                        case Type.BOOLEAN, Type.INT -> Opcodes.ICONST_0;
                        case Type.LONG -> Opcodes.LCONST_0;
                        default -> -1;
                    };
            if (push < 0) {
                return;
            }
            answer(push, result, result.getSort() == Type.BOOLEAN ? "always false" : "always 0");
            if (result.getSort() == Type.BOOLEAN) {
                answer(Opcodes.ICONST_1, result, "always true");
            }
        }

        private void answer(int push, Type result, String what) {
            int number = mutants.size();
            mutant(number, number, shape.line(shape.code()[0]), Operator.ANSWER, what);
            LabelNode original = new LabelNode();
            InsnList code = asked(number, 1);
            code.add(new JumpInsnNode(Opcodes.IFEQ, original));
            code.add(new InsnNode(push));
            code.add(new InsnNode(result.getOpcode(Opcodes.IRETURN)));
            code.add(original);
            method.instructions.insert(code);
        }

        /// Where the code begins and where it goes back to, it asks whether it has gone on too
        /// long.
        private void stop(AbstractInsnNode[] original) {
            Set<LabelNode> back = new HashSet<>();
            for (int i = 0; i < original.length; i++) {
                if (original[i] instanceof JumpInsnNode jump
                        && shape.index(jump.label) < i
                        && back.add(jump.label)) {
                    method.instructions.insert(jump.label, step());
                }
            }
            method.instructions.insert(step());
        }

        private MethodInsnNode step() {
            return new MethodInsnNode(Opcodes.INVOKESTATIC, SELECTED, "step", "()V", false);
        }
    }
}
