// SPDX-License-Identifier: Apache-2.0
package org.provisor.proofs.mcdc;

import org.objectweb.asm.Opcodes;
import org.objectweb.asm.tree.AbstractInsnNode;
import org.objectweb.asm.tree.JumpInsnNode;
import org.objectweb.asm.tree.LabelNode;
import org.objectweb.asm.tree.LineNumberNode;
import org.objectweb.asm.tree.LookupSwitchInsnNode;
import org.objectweb.asm.tree.MethodInsnNode;
import org.objectweb.asm.tree.MethodNode;
import org.objectweb.asm.tree.TableSwitchInsnNode;
import org.objectweb.asm.tree.TryCatchBlockNode;
import org.objectweb.asm.tree.TypeInsnNode;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/// Where control goes in a method. A place is the index of an instruction that does something: what
/// only goes elsewhere stands for where it goes.
final class Flow {

    /// That control comes from elsewhere than a conditional jump.
    private static final int ELSEWHERE = -1;

    private final AbstractInsnNode[] code;
    private final int[] lines;
    private final Map<AbstractInsnNode, Integer> indices = new HashMap<>();
    private final Map<Integer, Set<Integer>> sources = new HashMap<>();

    Flow(MethodNode method) {
        code = method.instructions.toArray();
        lines = new int[code.length];
        int line = 0;
        for (int i = 0; i < code.length; i++) {
            indices.put(code[i], i);
            if (code[i] instanceof LineNumberNode number) {
                line = number.line;
            }
            lines[i] = line;
        }
        from(ELSEWHERE, real(0));
        for (int i = 0; i < code.length; i++) {
            follow(i);
        }
        for (TryCatchBlockNode each : method.tryCatchBlocks) {
            from(ELSEWHERE, place(each.handler));
        }
    }

    private void follow(int i) {
        AbstractInsnNode at = code[i];
        if (isCondition(i)) {
            from(i, taken(i));
            from(i, passed(i));
        } else if (isSwitch(at)) {
            targets(at).forEach(label -> from(ELSEWHERE, place(label)));
        } else if (at.getOpcode() >= 0 && !leaves(at.getOpcode()) && !constant(i) && !isFixed(i)) {
            from(ELSEWHERE, real(i + 1));
        }
    }

    private void from(int source, int place) {
        sources.computeIfAbsent(place, _ -> new HashSet<>()).add(source);
    }

    AbstractInsnNode at(int index) {
        return code[index];
    }

    int length() {
        return code.length;
    }

    int line(int index) {
        return lines[index];
    }

    /// Where the code goes on from an index.
    private int real(int from) {
        int i = from;
        for (int steps = 0; i < code.length && steps <= code.length; steps++) {
            if (code[i].getOpcode() == Opcodes.GOTO) {
                i = index(((JumpInsnNode) code[i]).label);
            } else if (code[i].getOpcode() < 0 || constant(i)) {
                i++;
            } else if (isFixed(i)) {
                i = passes(i) ? i + 1 : index(((JumpInsnNode) code[i]).label);
            } else {
                break;
            }
        }
        return i;
    }

    int place(LabelNode label) {
        return real(index(label));
    }

    private int index(AbstractInsnNode at) {
        return indices.getOrDefault(at, code.length);
    }

    /// Where a condition goes if it jumps.
    int taken(int jump) {
        return place(((JumpInsnNode) code[jump]).label);
    }

    /// Where it goes if it does not.
    int passed(int jump) {
        return real(jump + 1);
    }

    /// Whether control comes to a place only from these conditions.
    boolean onlyFrom(int place, List<Integer> jumps) {
        return jumps.containsAll(sources.getOrDefault(place, Set.of(ELSEWHERE)));
    }

    boolean isCondition(int index) {
        int opcode = code[index].getOpcode();
        boolean jumps =
                (opcode >= Opcodes.IFEQ && opcode <= Opcodes.IF_ACMPNE)
                        || opcode == Opcodes.IFNULL
                        || opcode == Opcodes.IFNONNULL;
        return jumps && !isFixed(index);
    }

    /// Whether a jump is there for the verifier only: it tests a constant.
    private boolean isFixed(int index) {
        int opcode = code[index].getOpcode();
        return (opcode == Opcodes.IFEQ || opcode == Opcodes.IFNE)
                && index > 0
                && isConstant(code[index - 1].getOpcode());
    }

    /// Whether what is loaded here is only tested by such a jump.
    private boolean constant(int index) {
        return isConstant(code[index].getOpcode()) && index + 1 < code.length && isFixed(index + 1);
    }

    private boolean passes(int jump) {
        boolean zero = code[jump - 1].getOpcode() == Opcodes.ICONST_0;
        return zero == (code[jump].getOpcode() == Opcodes.IFNE);
    }

    private static boolean isConstant(int opcode) {
        return opcode == Opcodes.ICONST_0 || opcode == Opcodes.ICONST_1;
    }

    static boolean isSwitch(AbstractInsnNode at) {
        return at instanceof TableSwitchInsnNode || at instanceof LookupSwitchInsnNode;
    }

    /// Where a switch goes, the default last.
    static List<LabelNode> targets(AbstractInsnNode at) {
        List<LabelNode> labels = new ArrayList<>();
        switch (at) {
            case TableSwitchInsnNode table -> {
                labels.addAll(table.labels);
                labels.add(table.dflt);
            }
            case LookupSwitchInsnNode lookup -> {
                labels.addAll(lookup.labels);
                labels.add(lookup.dflt);
            }
            default -> throw new IllegalArgumentException("no switch");
        }
        return labels;
    }

    /// The condition that is evaluated from a place on with nothing else done; -1 if there is none.
    ///
    /// @param free whether a line of the source may begin at the place
    int condition(int place, boolean free) {
        if (!free && begins(place)) {
            return -1;
        }
        for (int i = place; i < code.length; i++) {
            if (i > place && code[i] instanceof LabelNode && joined(i)) {
                return -1;
            }
            if (isCondition(i)) {
                return i;
            }
            if (code[i].getOpcode() >= 0 && !constant(i) && !isFixed(i) && ends(i)) {
                return -1;
            }
        }
        return -1;
    }

    /// Whether control comes to a label from elsewhere than from right before it.
    private boolean joined(int label) {
        for (AbstractInsnNode at : code) {
            boolean jumps = at instanceof JumpInsnNode jump && jump.label.equals(code[label]);
            if (jumps || (isSwitch(at) && targets(at).contains((LabelNode) code[label]))) {
                return true;
            }
        }
        return false;
    }

    /// Whether a statement begins at a place: a new line, and not with what is called there.
    private boolean begins(int place) {
        if (place >= code.length || code[place] instanceof MethodInsnNode) {
            return false;
        }
        for (int i = place - 1; i >= 0 && code[i].getOpcode() < 0; i--) {
            if (code[i] instanceof LineNumberNode) {
                return true;
            }
        }
        return false;
    }

    /// Whether an instruction does something, rather than to evaluate an expression.
    private boolean ends(int index) {
        AbstractInsnNode at = code[index];
        int opcode = at.getOpcode();
        if (opcode >= Opcodes.ISTORE && opcode <= Opcodes.ASTORE) {
            int before = before(index);
            return before != Opcodes.CHECKCAST && before != Opcodes.DUP && before != Opcodes.DUP2;
        }
        return leaves(opcode)
                || opcode == Opcodes.IINC
                || opcode == Opcodes.POP
                || opcode == Opcodes.POP2
                || opcode == Opcodes.PUTFIELD
                || opcode == Opcodes.PUTSTATIC
                || (opcode >= Opcodes.IASTORE && opcode <= Opcodes.SASTORE)
                || (at instanceof MethodInsnNode call
                        && call.desc.endsWith(")V")
                        && !call.name.equals("<init>"));
    }

    private int before(int index) {
        int i = index - 1;
        while (i >= 0 && code[i].getOpcode() < 0) {
            i--;
        }
        return i < 0 ? -1 : code[i].getOpcode();
    }

    /// Whether the code does not go on after such an instruction, or not only there.
    private static boolean leaves(int opcode) {
        return opcode == Opcodes.GOTO
                || opcode == Opcodes.ATHROW
                || (opcode >= Opcodes.TABLESWITCH && opcode <= Opcodes.RETURN);
    }

    /// Whether what stands at a place only complains of what cannot happen.
    boolean complains(int place) {
        for (int i = place; i < code.length; i++) {
            AbstractInsnNode at = code[i];
            if (at instanceof TypeInsnNode made
                    && at.getOpcode() == Opcodes.NEW
                    && (made.desc.endsWith("Exception") || made.desc.endsWith("Error"))) {
                return true;
            }
            if (at.getOpcode() >= 0 && (isCondition(i) || ends(i))) {
                return false;
            }
        }
        return false;
    }
}
