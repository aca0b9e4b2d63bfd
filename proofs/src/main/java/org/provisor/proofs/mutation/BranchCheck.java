// SPDX-License-Identifier: Apache-2.0
package org.provisor.proofs.mutation;

import org.objectweb.asm.Opcodes;
import org.objectweb.asm.tree.AbstractInsnNode;
import org.objectweb.asm.tree.ClassNode;
import org.objectweb.asm.tree.InsnList;
import org.objectweb.asm.tree.InsnNode;
import org.objectweb.asm.tree.JumpInsnNode;
import org.objectweb.asm.tree.LabelNode;
import org.objectweb.asm.tree.MethodNode;
import org.provisor.proofs.mutation.MutatedRules.Prepared;
import org.provisor.proofs.seeded.SeededException;
import org.provisor.proofs.seeded.SeededLoader;
import org.provisor.proofs.seeded.Target;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/// Whether each branch of the rules is seen to go both ways: each guard true and false, the body of
/// each loop entered and passed by. A branch that only complains of what cannot happen is none.
public final class BranchCheck {

    /// A way that a branch goes.
    ///
    /// @param id `PageTypes.put/branch-3-taken` or `-passed`: the third branch of the method is
    ///   taken, or the code goes on after it
    /// @param number of its place
    /// @param clause the clause that the method states or helps with
    /// @param line of the source
    /// @param what where it goes, in a few words
    public record Way(String id, int number, String clause, int line, String what) {}

    /// What was seen.
    ///
    /// @param prepared what was run
    /// @param ways all ways
    /// @param unseen those that nothing went, and for which there is no reason
    /// @param excused those that nothing went, with the reason
    /// @param needless reasons for a way that something went, or that there is not
    public record Seen(
            Prepared prepared,
            List<Way> ways,
            List<Way> unseen,
            Map<String, String> excused,
            List<String> needless) {}

    private final List<Way> ways = new ArrayList<>();
    private final Map<String, byte[]> classes = new TreeMap<>();
    private final Map<String, String> reasons;

    public BranchCheck() {
        this(Reasons.oneWay());
    }

    /// The same with other reasons, by way.
    BranchCheck(Map<String, String> reasons) {
        this.reasons = reasons;
        for (ClassNode type : MutatedCode.SPEC.mutated(MutatedCode.SPEC.all())) {
            RuleMethod.of(type, MutatedCode.SPEC.annotation())
                    .forEach(method -> watch(type, method));
            classes.put(type.name.replace('/', '.'), Weaver.written(type));
        }
    }

    private void watch(ClassNode type, RuleMethod rule) {
        MethodNode method = rule.node();
        MethodShape shape = new MethodShape(type.name, method);
        InsnList taken = new InsnList();
        int count = 0;
        for (int i = 0; i < shape.code().length; i++) {
            AbstractInsnNode at = shape.code()[i];
            if (at instanceof JumpInsnNode jump
                    && at.getOpcode() != Opcodes.GOTO
                    && !shape.idle(i)
                    && !shape.fixed(jump)) {
                count++;
                String id = rule.type() + "." + rule.name() + "/branch-" + count;
                String line = "line " + shape.line(jump.label);
                LabelNode there = new LabelNode();
                taken.add(there);
                taken.add(noted(way(rule, id + "-taken", shape.line(at), "goes to " + line)));
                taken.add(new JumpInsnNode(Opcodes.GOTO, jump.label));
                method.instructions.insert(
                        at,
                        noted(way(rule, id + "-passed", shape.line(at), "does not go to " + line)));
                jump.label = there;
            }
        }
        method.instructions.add(taken);
    }

    private int way(RuleMethod rule, String id, int line, String what) {
        int number = ways.size();
        ways.add(new Way(id, number, rule.clause(), line, what));
        return number;
    }

    private static InsnList noted(int number) {
        InsnList code = Weaver.asked(number, 1);
        code.add(new InsnNode(Opcodes.POP));
        return code;
    }

    /// Runs the worked examples, kept traces and a campaign, and sees which ways they go.
    ///
    /// @param traces programs that were kept, by name
    /// @param seed what the campaign makes its programs up from
    /// @param steps how many steps it has; none if 0
    /// @throws SeededException if something is wrong with the rules
    public Seen run(Map<String, String> traces, long seed, long steps) {
        MutatedRules rules =
                SeededLoader.load(
                        Target.SPECIFICATION, classes, MutatedRules.class, MutationJudge.LOADED);
        Prepared prepared = rules.prepare(new TreeMap<>(traces), seed, steps);
        if (!prepared.wrong().isEmpty()) {
            throw new SeededException("the rules do not pass: " + prepared.wrong().getFirst());
        }
        List<Way> unseen = new ArrayList<>();
        Map<String, String> excused = new TreeMap<>();
        Map<String, String> left = new TreeMap<>(reasons);
        for (Way way : ways) {
            if (!rules.executed(way.number())) {
                String reason = left.remove(way.id());
                if (reason == null) {
                    unseen.add(way);
                } else {
                    excused.put(way.id(), reason);
                }
            }
        }
        return new Seen(prepared, List.copyOf(ways), unseen, excused, List.copyOf(left.keySet()));
    }
}
