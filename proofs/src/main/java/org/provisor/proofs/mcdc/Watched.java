// SPDX-License-Identifier: Apache-2.0
package org.provisor.proofs.mcdc;

import org.objectweb.asm.ClassReader;
import org.objectweb.asm.ClassWriter;
import org.objectweb.asm.Opcodes;
import org.objectweb.asm.tree.AbstractInsnNode;
import org.objectweb.asm.tree.ClassNode;
import org.objectweb.asm.tree.InsnList;
import org.objectweb.asm.tree.InsnNode;
import org.objectweb.asm.tree.JumpInsnNode;
import org.objectweb.asm.tree.LabelNode;
import org.objectweb.asm.tree.LdcInsnNode;
import org.objectweb.asm.tree.LookupSwitchInsnNode;
import org.objectweb.asm.tree.MethodInsnNode;
import org.objectweb.asm.tree.MethodNode;
import org.objectweb.asm.tree.TableSwitchInsnNode;
import org.objectweb.asm.tree.VarInsnNode;

import java.util.ArrayList;
import java.util.BitSet;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;

/// Classes in which each decision notes how it was evaluated.
///
/// The conditions of an evaluation under way are kept in a variable of the method, so that a
/// condition may call what comes to the same decision.
final class Watched {

    private static final String SEEN = "org/provisor/proofs/mcdc/loaded/Seen";

    private final List<Decision> decisions = new ArrayList<>();
    private final List<String> complaints = new ArrayList<>();
    private final Map<String, byte[]> classes = new TreeMap<>();

    /// All decisions, in the order of their numbers.
    List<Decision> decisions() {
        return List.copyOf(decisions);
    }

    /// The decisions that only complain of what cannot happen, which are not watched, as
    /// `spec/PageTypes.put, line 139`.
    List<String> complaints() {
        return List.copyOf(complaints);
    }

    /// The classes, by name.
    Map<String, byte[]> classes() {
        return Map.copyOf(classes);
    }

    /// Has a class watched.
    ///
    /// @param module what its decisions are said to be in
    void add(String module, byte[] bytes) {
        ClassNode type = new ClassNode();
        new ClassReader(bytes).accept(type, ClassReader.SKIP_FRAMES);
        if ((type.access & Opcodes.ACC_SYNTHETIC) != 0) {
            return;
        }
        int before = decisions.size();
        Set<String> names = new HashSet<>();
        for (MethodNode method : type.methods) {
            if ((method.access & Opcodes.ACC_BRIDGE) == 0 && method.instructions.size() > 0) {
                new InMethod(module, type, method, names).watch();
            }
        }
        if (decisions.size() > before) {
            classes.put(type.name.replace('/', '.'), written(type));
        }
    }

    private static byte[] written(ClassNode type) {
        ClassWriter writer =
                new ClassWriter(ClassWriter.COMPUTE_FRAMES) {
                    @Override
                    protected ClassLoader getClassLoader() {
                        return Watched.class.getClassLoader();
                    }
                };
        type.accept(writer);
        return writer.toByteArray();
    }

    /// The method that is being changed.
    private final class InMethod {

        private final MethodNode method;
        private final String name;
        private final String source;
        private final Flow flow;
        private final Words words;
        private final InsnList aside = new InsnList();
        private int count;

        InMethod(String module, ClassNode type, MethodNode method, Set<String> names) {
            this.method = method;
            String path = type.name.substring(0, type.name.lastIndexOf('/') + 1);
            source = path + type.sourceFile;
            name =
                    module
                            + "/"
                            + type.name.substring(path.length()).replace('$', '.')
                            + "."
                            + unique(method.name, names);
            flow = new Flow(method);
            words = new Words(type.name, method);
        }

        private static String unique(String written, Set<String> names) {
            String base =
                    written.startsWith("lambda$")
                            ? written.split("\\$")[1] + ".lambda"
                            : written.equals("<init>")
                                    ? "new"
                                    : written.equals("<clinit>") ? "static" : written;
            String name = base;
            for (int i = 2; !names.add(name); i++) {
                name = base + "-" + i;
            }
            return name;
        }

        void watch() {
            BitSet idle = new BitSet();
            List<Integer> switches = new ArrayList<>();
            for (int i = 0; i < flow.length(); i++) {
                if (!words.reached(flow.at(i))) {
                    idle.set(i);
                } else if (Flow.isSwitch(flow.at(i))) {
                    switches.add(i);
                }
            }
            Map<Integer, Runnable> changes = new TreeMap<>();
            for (Region region : Region.all(flow, idle)) {
                if (flow.complains(region.whenFalse()) || flow.complains(region.whenTrue())) {
                    complaints.add(name + ", line " + flow.line(region.jumps().getFirst()));
                } else {
                    Decision decision = decision(region);
                    int first = region.jumps().getFirst();
                    changes.put(first, () -> put(region, decision));
                }
            }
            for (int each : switches) {
                Map<Integer, Integer> ways = ways(flow.at(each));
                if (ways.size() > 1) {
                    Decision decision = decision(each, ways);
                    changes.put(each, () -> put(flow.at(each), ways, decision));
                }
            }
            changes.values().forEach(Runnable::run);
            method.instructions.add(aside);
        }

        private Decision added(int line, List<Decision.Condition> conditions, boolean isSwitch) {
            count++;
            Decision decision =
                    new Decision(
                            name + "/decision-" + count,
                            decisions.size(),
                            source,
                            line,
                            conditions,
                            isSwitch);
            decisions.add(decision);
            return decision;
        }

        private Decision decision(Region region) {
            List<Decision.Condition> conditions = new ArrayList<>();
            for (int at : region.jumps()) {
                JumpInsnNode jump = (JumpInsnNode) flow.at(at);
                int taken = region.at(flow.taken(at));
                int passed = region.at(flow.passed(at));
                boolean whenTaken = words.holdsWhenTaken(jump);
                conditions.add(
                        new Decision.Condition(
                                flow.line(at),
                                words.condition(jump),
                                whenTaken ? passed : taken,
                                whenTaken ? taken : passed));
            }
            return added(flow.line(region.jumps().getFirst()), conditions, false);
        }

        /// The places to which a switch goes, numbered; not those that only complain.
        private Map<Integer, Integer> ways(AbstractInsnNode at) {
            Map<Integer, Integer> ways = new LinkedHashMap<>();
            for (LabelNode label : Flow.targets(at)) {
                int place = flow.place(label);
                if (!flow.complains(place)) {
                    ways.putIfAbsent(place, ways.size());
                }
            }
            return ways;
        }

        private Decision decision(int at, Map<Integer, Integer> ways) {
            List<Decision.Condition> conditions = new ArrayList<>();
            for (int place : ways.keySet()) {
                int line = flow.line(place);
                conditions.add(
                        new Decision.Condition(
                                line, "goes to line " + line, Decision.FALSE, Decision.TRUE));
            }
            return added(flow.line(at), conditions, true);
        }

        private void put(AbstractInsnNode at, Map<Integer, Integer> ways, Decision decision) {
            Map<LabelNode, LabelNode> stubs = new HashMap<>();
            for (LabelNode label : Flow.targets(at)) {
                Integer way = ways.get(flow.place(label));
                stubs.computeIfAbsent(label, _ -> way == null ? label : stub(way, label, decision));
            }
            switch (at) {
                case TableSwitchInsnNode table -> {
                    table.labels.replaceAll(stubs::get);
                    table.dflt = stubs.get(table.dflt);
                }
                case LookupSwitchInsnNode lookup -> {
                    lookup.labels.replaceAll(stubs::get);
                    lookup.dflt = stubs.get(lookup.dflt);
                }
                default -> throw new IllegalArgumentException("no switch");
            }
        }

        private LabelNode stub(int way, LabelNode to, Decision decision) {
            LabelNode stub = new LabelNode();
            aside.add(stub);
            aside.add(new LdcInsnNode(way));
            noted(aside, decision);
            aside.add(new JumpInsnNode(Opcodes.GOTO, to));
            return stub;
        }

        private void put(Region region, Decision decision) {
            int variable = method.maxLocals;
            if (region.jumps().size() > 1) {
                method.maxLocals++;
            }
            for (int i = 0; i < region.jumps().size(); i++) {
                int at = region.jumps().get(i);
                JumpInsnNode jump = (JumpInsnNode) flow.at(at);
                boolean whenTaken = words.holdsWhenTaken(jump);
                Edge taken = new Edge(decision, i, whenTaken, variable);
                Edge passed = new Edge(decision, i, !whenTaken, variable);
                LabelNode stub = new LabelNode();
                aside.add(stub);
                taken.follow(aside);
                aside.add(new JumpInsnNode(Opcodes.GOTO, jump.label));
                InsnList after = new InsnList();
                passed.follow(after);
                method.instructions.insert(jump, after);
                jump.label = stub;
            }
        }
    }

    private static void noted(InsnList code, Decision decision) {
        code.add(new LdcInsnNode(decision.number()));
        code.add(new MethodInsnNode(Opcodes.INVOKESTATIC, SEEN, "evaluated", "(II)V", false));
    }

    /// What comes of a condition.
    ///
    /// @param variable in which those before it are kept
    private record Edge(Decision decision, int index, boolean value, int variable) {

        /// Keeps the condition, or notes the evaluation if it ends with it.
        void follow(InsnList code) {
            Decision.Condition condition = decision.conditions().get(index);
            int next = value ? condition.whenTrue() : condition.whenFalse();
            int bits = Evaluation.bits(index, value);
            if (next == Decision.TRUE) {
                bits |= Integer.MIN_VALUE;
            }
            code.add(new LdcInsnNode(bits));
            if (index > 0) {
                code.add(new VarInsnNode(Opcodes.ILOAD, variable));
                code.add(new InsnNode(Opcodes.IOR));
            }
            if (next < 0) {
                noted(code, decision);
            } else {
                code.add(new VarInsnNode(Opcodes.ISTORE, variable));
            }
        }
    }
}
