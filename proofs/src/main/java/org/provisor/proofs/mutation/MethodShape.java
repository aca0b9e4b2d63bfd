// SPDX-License-Identifier: Apache-2.0
package org.provisor.proofs.mutation;

import org.jspecify.annotations.Nullable;
import org.objectweb.asm.Opcodes;
import org.objectweb.asm.Type;
import org.objectweb.asm.tree.AbstractInsnNode;
import org.objectweb.asm.tree.FieldInsnNode;
import org.objectweb.asm.tree.InsnNode;
import org.objectweb.asm.tree.IntInsnNode;
import org.objectweb.asm.tree.JumpInsnNode;
import org.objectweb.asm.tree.LabelNode;
import org.objectweb.asm.tree.LdcInsnNode;
import org.objectweb.asm.tree.LineNumberNode;
import org.objectweb.asm.tree.LocalVariableNode;
import org.objectweb.asm.tree.MethodInsnNode;
import org.objectweb.asm.tree.MethodNode;
import org.objectweb.asm.tree.TypeInsnNode;
import org.objectweb.asm.tree.VarInsnNode;
import org.objectweb.asm.tree.analysis.Analyzer;
import org.objectweb.asm.tree.analysis.AnalyzerException;
import org.objectweb.asm.tree.analysis.Frame;
import org.objectweb.asm.tree.analysis.SourceInterpreter;
import org.objectweb.asm.tree.analysis.SourceValue;

import java.util.BitSet;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Objects;
import java.util.Set;

/// What is known of a method as it was built: lines, what each value is used as, and what is there
/// only to complain of what cannot happen.
final class MethodShape {

    private final MethodNode method;
    private final AbstractInsnNode[] code;
    private final @Nullable Frame<SourceValue>[] frames;
    private final Map<AbstractInsnNode, Type> consumed = new HashMap<>();
    private final BitSet complaints = new BitSet();
    private final Map<LabelNode, LabelNode> labels = new HashMap<>();
    private final Map<AbstractInsnNode, Integer> indices = new HashMap<>();

    /// @param owner the class, by its internal name
    MethodShape(String owner, MethodNode method) {
        this.method = method;
        code = method.instructions.toArray();
        for (int i = 0; i < code.length; i++) {
            indices.put(code[i], i);
        }
        try {
            frames = new Analyzer<>(new SourceInterpreter()).analyze(owner, method);
        } catch (AnalyzerException e) {
            throw new IllegalStateException(owner + "." + method.name, e);
        }
        for (AbstractInsnNode at : code) {
            if (at instanceof LabelNode label) {
                labels.put(label, label);
            }
        }
        complaints();
        for (int i = 0; i < code.length; i++) {
            Frame<SourceValue> frame = frames[i];
            if (frame != null) {
                consume(i, code[i], frame);
            }
        }
    }

    /// The instructions, in order.
    AbstractInsnNode[] code() {
        return code;
    }

    /// How many values are on the stack before an instruction; -1 if nothing leads to it.
    int depth(int at) {
        Frame<SourceValue> frame = frames[at];
        return frame == null ? -1 : frame.getStackSize();
    }

    /// Where an instruction stood when the method was built.
    int index(AbstractInsnNode at) {
        return Objects.requireNonNull(indices.get(at));
    }

    /// Whether an instruction stood there when the method was built.
    boolean has(AbstractInsnNode at) {
        return indices.containsKey(at);
    }

    /// Every label as itself.
    Map<LabelNode, LabelNode> labels() {
        return labels;
    }

    /// Whether nothing leads to an instruction, or only something that cannot happen.
    boolean idle(int at) {
        return frames[at] == null || complaints.get(at);
    }

    /// The line of the source that an instruction is made from.
    int line(AbstractInsnNode at) {
        int line = 0;
        boolean passed = false;
        for (AbstractInsnNode each : code) {
            passed |= each.equals(at);
            if (each instanceof LineNumberNode number) {
                line = number.line;
                if (passed) {
                    return line;
                }
            } else if (passed && each.getOpcode() >= 0) {
                return line;
            }
        }
        return line;
    }

    /// As what a value is used that an instruction pushes, if it is used as a number or as a truth
    /// value that means something; otherwise null.
    @Nullable Type consumed(AbstractInsnNode at) {
        return consumed.get(at);
    }

    /// Whether the last two arguments of a call are the same constant, or the same variable.
    boolean same(MethodInsnNode call) {
        Frame<SourceValue> frame = frames[index(call)];
        if (frame == null) {
            return true;
        }
        int top = frame.getStackSize() - 1;
        AbstractInsnNode first = only(frame.getStack(top - 1));
        AbstractInsnNode second = only(frame.getStack(top));
        if (first == null || second == null || first.getOpcode() != second.getOpcode()) {
            return false;
        }
        return switch (first) {
            case InsnNode _ -> first.getOpcode() <= Opcodes.DCONST_1;
            case IntInsnNode push -> push.operand == ((IntInsnNode) second).operand;
            case LdcInsnNode ldc -> ldc.cst.equals(((LdcInsnNode) second).cst);
            case VarInsnNode load -> load.var == ((VarInsnNode) second).var;
            default -> false;
        };
    }

    private static @Nullable AbstractInsnNode only(SourceValue value) {
        return value.insns.size() == 1 ? value.insns.iterator().next() : null;
    }

    /// Whether the answer of a call is the method's answer.
    boolean returned(AbstractInsnNode call) {
        AbstractInsnNode next = next(call);
        return next != null && next.getOpcode() == Opcodes.IRETURN;
    }

    /// Whether what stands at a label only complains.
    boolean asserts(LabelNode label) {
        return complains(next(label));
    }

    /// Whether a branch always goes the same way: it is there for the verifier.
    boolean fixed(JumpInsnNode jump) {
        Frame<SourceValue> frame = frames[index(jump)];
        if (frame == null || jump.getOpcode() > Opcodes.IFNE) {
            return false;
        }
        return frame.getStack(frame.getStackSize() - 1).insns.stream()
                .allMatch(from ->
                        from.getOpcode() >= Opcodes.ICONST_M1
                                && from.getOpcode() <= Opcodes.ICONST_5);
    }

    private boolean complains(@Nullable AbstractInsnNode at) {
        return at != null && complaints.get(index(at));
    }

    static @Nullable AbstractInsnNode next(AbstractInsnNode at) {
        AbstractInsnNode next = at.getNext();
        while (next != null && next.getOpcode() < 0) {
            next = next.getNext();
        }
        return next;
    }

    /// Where an exception is made and thrown, and the condition under which it is.
    private void complaints() {
        for (int i = 0; i < code.length; i++) {
            if (code[i].getOpcode() == Opcodes.NEW
                    && code[i] instanceof TypeInsnNode made
                    && (made.desc.endsWith("Exception") || made.desc.endsWith("Error"))) {
                int end = i;
                while (end + 1 < code.length && code[end].getOpcode() != Opcodes.ATHROW) {
                    end++;
                }
                complaints.set(condition(i, end), end + 1);
            }
        }
    }

    /// Where the condition begins under which what is at `start` throws at `end`.
    private int condition(int start, int end) {
        Set<LabelNode> near = new HashSet<>(labelsAround(start - 1, -1));
        near.addAll(labelsAround(end + 1, 1));
        int begin = start;
        for (int i = start - 1; i >= 0 && !ends(code[i]); i--) {
            if (code[i] instanceof JumpInsnNode jump) {
                if (!near.contains(jump.label)) {
                    return begin;
                }
                begin = i;
            }
        }
        while (begin < start && begin > 0 && depth(begin) > 0) {
            begin--;
        }
        return begin;
    }

    private Set<LabelNode> labelsAround(int from, int step) {
        Set<LabelNode> found = new HashSet<>();
        for (int i = from; i >= 0 && i < code.length && code[i].getOpcode() < 0; i += step) {
            if (code[i] instanceof LabelNode label) {
                found.add(label);
            }
        }
        return found;
    }

    /// Whether an instruction ends a statement.
    private static boolean ends(AbstractInsnNode at) {
        int opcode = at.getOpcode();
        return opcode == Opcodes.GOTO
                || opcode == Opcodes.ATHROW
                || opcode == Opcodes.IINC
                || (opcode >= Opcodes.ISTORE && opcode <= Opcodes.ASTORE)
                || (opcode >= Opcodes.TABLESWITCH && opcode <= Opcodes.RETURN);
    }

    private void consume(int index, AbstractInsnNode at, Frame<SourceValue> frame) {
        int opcode = at.getOpcode();
        switch (at) {
            case MethodInsnNode call -> {
                Type[] types = Type.getArgumentTypes(call.desc);
                for (int i = 0; i < types.length; i++) {
                    use(frame, types.length - 1 - i, types[i]);
                }
            }
            case FieldInsnNode field when opcode == Opcodes.PUTFIELD ->
                    use(frame, 0, Type.getType(field.desc));
            case VarInsnNode store when opcode == Opcodes.ISTORE || opcode == Opcodes.LSTORE -> {
                Type type = variable(store.var, index + 1);
                if (type != null) {
                    use(frame, 0, type);
                }
            }
            case JumpInsnNode _ when opcode >= Opcodes.IF_ICMPEQ && opcode <= Opcodes.IF_ICMPLE -> {
                use(frame, 0, Type.INT_TYPE);
                use(frame, 1, Type.INT_TYPE);
            }
            default -> {
                if (opcode == Opcodes.IRETURN || opcode == Opcodes.LRETURN) {
                    use(frame, 0, Type.getReturnType(method.desc));
                } else if ((opcode >= Opcodes.IADD && opcode <= Opcodes.LXOR)
                        || opcode == Opcodes.LCMP) {
                    use(frame, 0, Type.INT_TYPE);
                    if (opcode != Opcodes.INEG && opcode != Opcodes.LNEG) {
                        use(frame, 1, Type.INT_TYPE);
                    }
                } else if (opcode == Opcodes.I2L || opcode == Opcodes.L2I) {
                    use(frame, 0, Type.INT_TYPE);
                }
            }
        }
    }

    private void use(Frame<SourceValue> frame, int below, Type type) {
        for (AbstractInsnNode from : frame.getStack(frame.getStackSize() - 1 - below).insns) {
            if (!complaints.get(index(from))) {
                consumed.put(from, type);
            }
        }
    }

    private @Nullable Type variable(int number, int from) {
        if (method.localVariables == null) {
            return null;
        }
        for (LocalVariableNode each : method.localVariables) {
            if (each.index == number && index(each.start) <= from + 1 && from < index(each.end)) {
                return Type.getType(each.desc);
            }
        }
        return null;
    }
}
