// SPDX-License-Identifier: Apache-2.0
package org.provisor.proofs.mutation;

import org.jspecify.annotations.Nullable;
import org.objectweb.asm.Opcodes;
import org.objectweb.asm.tree.AbstractInsnNode;
import org.objectweb.asm.tree.FieldInsnNode;
import org.objectweb.asm.tree.InsnList;
import org.objectweb.asm.tree.JumpInsnNode;
import org.objectweb.asm.tree.LabelNode;
import org.objectweb.asm.tree.LdcInsnNode;
import org.objectweb.asm.tree.LineNumberNode;
import org.objectweb.asm.tree.LookupSwitchInsnNode;
import org.objectweb.asm.tree.MethodInsnNode;
import org.objectweb.asm.tree.TableSwitchInsnNode;
import org.objectweb.asm.tree.TypeInsnNode;
import org.objectweb.asm.tree.VarInsnNode;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/// Two rows of a rule one after the other, `if (...) return ...;` each, that can change places: the
/// second needs nothing that the first works out.
///
/// @param start where the first begins, in the method's instructions
/// @param middle the label at which the second begins
/// @param end the label after both
record GuardPair(int start, LabelNode middle, LabelNode end) {

    /// A guard: what follows it starts at a label.
    private record Guard(int start, int answer, LabelNode after) {}

    /// The pairs of a method.
    static List<GuardPair> of(MethodShape shape) {
        List<Guard> guards = new ArrayList<>();
        AbstractInsnNode[] code = shape.code();
        for (int i = 0; i < code.length; i++) {
            if (answers(code[i]) && !shape.idle(i)) {
                Guard guard = guard(shape, i);
                if (guard != null) {
                    guards.add(guard);
                }
            }
        }
        List<GuardPair> pairs = new ArrayList<>();
        for (int i = 0; i + 1 < guards.size(); i++) {
            Guard first = guards.get(i);
            Guard second = guards.get(i + 1);
            if (follows(shape, first, second)
                    && free(shape, first, second)
                    && !answer(shape, first).equals(answer(shape, second))) {
                pairs.add(new GuardPair(first.start, first.after, second.after));
            }
        }
        return pairs;
    }

    private static boolean answers(AbstractInsnNode at) {
        int opcode = at.getOpcode();
        return opcode >= Opcodes.IRETURN && opcode <= Opcodes.ARETURN;
    }

    private static @Nullable Guard guard(MethodShape shape, int answer) {
        AbstractInsnNode[] code = shape.code();
        Set<LabelNode> after = new HashSet<>();
        LabelNode label = null;
        for (int i = answer + 1; i < code.length && code[i].getOpcode() < 0; i++) {
            if (code[i] instanceof LabelNode each) {
                after.add(each);
                label = label == null ? each : label;
            }
        }
        int condition = answer;
        for (int i = answer; i >= 0 && !(answers(code[i]) && i < answer); i--) {
            if (code[i] instanceof JumpInsnNode jump && after.contains(jump.label)) {
                condition = i;
            }
        }
        if (label == null || condition == answer) {
            return null;
        }
        int start = condition;
        while (start > 0 && shape.depth(start) != 0) {
            start--;
            if (branches(code[start])) {
                return null;
            }
        }
        return closed(shape, start, answer, after) ? new Guard(start, answer, label) : null;
    }

    /// What a guard answers, in words; the names of rows are left out, so that rows that answer the
    /// same are equal: in which order they are looked at cannot be told.
    private static List<String> answer(MethodShape shape, Guard guard) {
        List<String> said = new ArrayList<>();
        for (int i = guard.answer; i >= guard.start && !branches(shape.code()[i]); i--) {
            AbstractInsnNode at = shape.code()[i];
            if (at.getOpcode() >= 0) {
                said.add(at.getOpcode() + " " + operand(at));
            }
        }
        return said;
    }

    private static String operand(AbstractInsnNode at) {
        return switch (at) {
            case VarInsnNode variable -> Integer.toString(variable.var);
            case MethodInsnNode call -> call.owner + "." + call.name + call.desc;
            case FieldInsnNode field -> field.owner + "." + field.name;
            case TypeInsnNode type -> type.desc;
            case LdcInsnNode ldc when !(ldc.cst instanceof String) -> ldc.cst.toString();
            default -> "";
        };
    }

    private static boolean branches(AbstractInsnNode at) {
        return at instanceof JumpInsnNode
                || at instanceof TableSwitchInsnNode
                || at instanceof LookupSwitchInsnNode;
    }

    /// Whether nothing leads out but to what is after it.
    private static boolean closed(MethodShape shape, int start, int answer, Set<LabelNode> after) {
        for (int i = start; i <= answer; i++) {
            AbstractInsnNode at = shape.code()[i];
            if (at instanceof JumpInsnNode jump) {
                int target = shape.index(jump.label);
                if (!after.contains(jump.label) && (target < start || target > answer)) {
                    return false;
                }
            } else if (branches(at) || at.getOpcode() == Opcodes.ATHROW) {
                return false;
            }
        }
        return true;
    }

    /// Whether only straight code is between two guards.
    private static boolean follows(MethodShape shape, Guard first, Guard second) {
        for (int i = first.answer + 1; i < second.start; i++) {
            if (branches(shape.code()[i]) || answers(shape.code()[i])) {
                return false;
            }
        }
        return second.start > first.answer;
    }

    /// Whether the second needs nothing of the first.
    private static boolean free(MethodShape shape, Guard first, Guard second) {
        Set<Integer> made = new HashSet<>();
        for (int i = first.start; i <= first.answer; i++) {
            if (shape.code()[i] instanceof VarInsnNode at && at.getOpcode() >= Opcodes.ISTORE) {
                made.add(at.var);
            }
        }
        for (int i = first.answer + 1; i <= second.answer; i++) {
            if (shape.code()[i] instanceof VarInsnNode at && made.contains(at.var)) {
                return false;
            }
        }
        return true;
    }

    /// The line of the second.
    int line(MethodShape shape) {
        return shape.line(middle);
    }

    /// Both in the other order, ending at the label after both; to stand where nothing falls into
    /// it.
    InsnList swapped(MethodShape shape) {
        InsnList code = new InsnList();
        LabelNode between = new LabelNode();
        LabelNode last = new LabelNode();
        copy(shape, shape.index(middle), end, between, code);
        code.add(between);
        copy(shape, start, middle, last, code);
        code.add(last);
        code.add(new JumpInsnNode(Opcodes.GOTO, end));
        return code;
    }

    /// Copies what is before a label. What leads to it leads to another instead.
    private static void copy(
            MethodShape shape, int from, LabelNode to, LabelNode instead, InsnList code) {
        int end = shape.index(to);
        Map<LabelNode, LabelNode> labels = new HashMap<>(shape.labels());
        for (int i = from; i < end; i++) {
            if (shape.code()[i] instanceof LabelNode label) {
                labels.put(label, new LabelNode());
            }
        }
        for (int i = end; i < shape.code().length && shape.code()[i].getOpcode() < 0; i++) {
            if (shape.code()[i] instanceof LabelNode label) {
                labels.put(label, instead);
            }
        }
        for (int i = from; i < end; i++) {
            AbstractInsnNode at = shape.code()[i];
            if (!(at instanceof LineNumberNode)) {
                code.add(at.clone(labels));
            }
        }
    }
}
