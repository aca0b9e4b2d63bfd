// SPDX-License-Identifier: Apache-2.0
package org.provisor.proofs.mcdc;

import org.jspecify.annotations.Nullable;
import org.objectweb.asm.Opcodes;
import org.objectweb.asm.Type;
import org.objectweb.asm.tree.AbstractInsnNode;
import org.objectweb.asm.tree.FieldInsnNode;
import org.objectweb.asm.tree.InsnNode;
import org.objectweb.asm.tree.IntInsnNode;
import org.objectweb.asm.tree.InvokeDynamicInsnNode;
import org.objectweb.asm.tree.JumpInsnNode;
import org.objectweb.asm.tree.LdcInsnNode;
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

import java.util.HashMap;
import java.util.Map;
import java.util.Objects;
import java.util.StringJoiner;

/// What a condition asks, read from the code: for people, who know it by its like.
final class Words {

    private static final String UNKNOWN = "...";

    private static final int DEEPEST = 5;

    private final MethodNode method;
    private final @Nullable Frame<SourceValue>[] frames;
    private final Map<AbstractInsnNode, Integer> indices = new HashMap<>();

    /// @param owner the class, by its internal name
    Words(String owner, MethodNode method) {
        this.method = method;
        for (AbstractInsnNode at : method.instructions) {
            indices.put(at, indices.size());
        }
        try {
            frames =
                    new Analyzer<>(
                                    new SourceInterpreter(Opcodes.ASM9) {
                                        // What was loaded, rather than where it came from.
                                        @Override
                                        public SourceValue copyOperation(
                                                AbstractInsnNode insn, SourceValue value) {
                                            return insn.getOpcode() >= Opcodes.DUP
                                                            && insn.getOpcode() <= Opcodes.DUP2_X2
                                                    ? value
                                                    : super.copyOperation(insn, value);
                                        }
                                    })
                            .analyze(owner, method);
        } catch (AnalyzerException e) {
            throw new IllegalStateException(owner + "." + method.name, e);
        }
    }

    /// Whether control comes to an instruction.
    boolean reached(AbstractInsnNode at) {
        return frame(at) != null;
    }

    /// Where an instruction stood when the method was built.
    private int index(AbstractInsnNode at) {
        return Objects.requireNonNull(indices.get(at));
    }

    private @Nullable Frame<SourceValue> frame(AbstractInsnNode at) {
        return frames[index(at)];
    }

    /// What is asked by a conditional jump; it is true if [#holdsWhenTaken] says so.
    String condition(JumpInsnNode jump) {
        return switch (jump.getOpcode()) {
            case Opcodes.IFEQ, Opcodes.IFNE -> truth(jump);
            case Opcodes.IFLT, Opcodes.IFGE -> difference(jump, "<");
            case Opcodes.IFGT, Opcodes.IFLE -> difference(jump, ">");
            case Opcodes.IF_ICMPEQ, Opcodes.IF_ICMPNE, Opcodes.IF_ACMPEQ, Opcodes.IF_ACMPNE ->
                    operand(jump, 1) + " == " + operand(jump, 0);
            case Opcodes.IF_ICMPLT, Opcodes.IF_ICMPGE ->
                    operand(jump, 1) + " < " + operand(jump, 0);
            case Opcodes.IF_ICMPGT, Opcodes.IF_ICMPLE ->
                    operand(jump, 1) + " > " + operand(jump, 0);
            default -> operand(jump, 0) + " == null";
        };
    }

    /// Whether what [#condition] says is true when the jump is taken.
    boolean holdsWhenTaken(JumpInsnNode jump) {
        return switch (jump.getOpcode()) {
            case Opcodes.IFEQ, Opcodes.IFNE -> isTruth(jump) == (jump.getOpcode() == Opcodes.IFNE);
            case Opcodes.IFLT,
                    Opcodes.IFGT,
                    Opcodes.IF_ICMPEQ,
                    Opcodes.IF_ACMPEQ,
                    Opcodes.IF_ICMPLT,
                    Opcodes.IF_ICMPGT,
                    Opcodes.IFNULL ->
                    true;
            default -> false;
        };
    }

    private String truth(JumpInsnNode jump) {
        return isTruth(jump) ? operand(jump, 0) : difference(jump, "==");
    }

    /// Whether a truth value is tested, and not a number for being 0.
    private boolean isTruth(JumpInsnNode jump) {
        AbstractInsnNode from = source(jump, 0);
        return switch (from) {
            case null -> true;
            case MethodInsnNode call -> call.desc.endsWith(")Z");
            case InvokeDynamicInsnNode call -> call.desc.endsWith(")Z");
            case FieldInsnNode field -> field.desc.equals("Z");
            case VarInsnNode load -> {
                LocalVariableNode variable = variable(load);
                yield variable == null || variable.desc.equals("Z");
            }
            case TypeInsnNode type -> type.getOpcode() == Opcodes.INSTANCEOF;
            default -> false;
        };
    }

    private String difference(JumpInsnNode jump, String relation) {
        AbstractInsnNode from = source(jump, 0);
        return from != null && from.getOpcode() == Opcodes.LCMP
                ? operand(from, 1) + " " + relation + " " + operand(from, 0)
                : operand(jump, 0) + " " + relation + " 0";
    }

    private @Nullable AbstractInsnNode source(AbstractInsnNode at, int below) {
        Frame<SourceValue> frame = frame(at);
        if (frame == null || frame.getStackSize() <= below) {
            return null;
        }
        SourceValue value = frame.getStack(frame.getStackSize() - 1 - below);
        return value.insns.size() == 1 ? value.insns.iterator().next() : null;
    }

    private String operand(AbstractInsnNode at, int below) {
        return operand(at, below, 0);
    }

    private String operand(AbstractInsnNode at, int below, int depth) {
        AbstractInsnNode from = source(at, below);
        return from == null || depth > DEEPEST ? UNKNOWN : text(from, depth + 1);
    }

    private String text(AbstractInsnNode at, int depth) {
        return switch (at) {
            case VarInsnNode load -> {
                LocalVariableNode variable = variable(load);
                yield variable == null ? UNKNOWN : variable.name;
            }
            case FieldInsnNode field ->
                    at.getOpcode() == Opcodes.GETSTATIC
                            ? field.name
                            : of(operand(at, 0, depth)) + field.name;
            case MethodInsnNode call -> call(call, depth);
            case LdcInsnNode constant when constant.cst instanceof Long number && number > 9 ->
                    "0x" + Long.toHexString(number);
            case LdcInsnNode constant -> constant.cst.toString();
            case IntInsnNode push -> String.valueOf(push.operand);
            case TypeInsnNode type when at.getOpcode() == Opcodes.INSTANCEOF ->
                    operand(at, 0, depth) + " instanceof " + simple(type.desc);
            case TypeInsnNode _ when at.getOpcode() == Opcodes.CHECKCAST -> operand(at, 0, depth);
            case InsnNode _ -> simple(at, depth);
            default -> UNKNOWN;
        };
    }

    private static String of(String object) {
        return object.equals("this") ? "" : object + ".";
    }

    private String call(MethodInsnNode call, int depth) {
        int count = Type.getArgumentCount(call.desc);
        StringJoiner arguments = new StringJoiner(", ", "(", ")");
        for (int i = count - 1; i >= 0; i--) {
            arguments.add(operand(call, i, depth));
        }
        String object =
                call.getOpcode() == Opcodes.INVOKESTATIC
                        ? simple(call.owner) + "."
                        : of(operand(call, count, depth));
        return object + call.name + arguments;
    }

    private String simple(AbstractInsnNode at, int depth) {
        int opcode = at.getOpcode();
        if (opcode >= Opcodes.ICONST_M1 && opcode <= Opcodes.ICONST_5) {
            return String.valueOf(opcode - Opcodes.ICONST_0);
        }
        return switch (opcode) {
            case Opcodes.ACONST_NULL -> "null";
            case Opcodes.LCONST_0 -> "0";
            case Opcodes.LCONST_1 -> "1";
            case Opcodes.I2L, Opcodes.L2I, Opcodes.I2B, Opcodes.I2S, Opcodes.I2C ->
                    operand(at, 0, depth);
            case Opcodes.IADD, Opcodes.LADD -> both(at, "+", depth);
            case Opcodes.ISUB, Opcodes.LSUB -> both(at, "-", depth);
            case Opcodes.IAND, Opcodes.LAND -> both(at, "&", depth);
            case Opcodes.IOR, Opcodes.LOR -> both(at, "|", depth);
            case Opcodes.IXOR, Opcodes.LXOR -> both(at, "^", depth);
            case Opcodes.ISHL, Opcodes.LSHL -> both(at, "<<", depth);
            case Opcodes.IUSHR, Opcodes.LUSHR -> both(at, ">>>", depth);
            case Opcodes.ARRAYLENGTH -> operand(at, 0, depth) + ".length";
            default -> UNKNOWN;
        };
    }

    private String both(AbstractInsnNode at, String operator, int depth) {
        return "(" + operand(at, 1, depth) + " " + operator + " " + operand(at, 0, depth) + ")";
    }

    private @Nullable LocalVariableNode variable(VarInsnNode load) {
        if (method.localVariables == null) {
            return null;
        }
        int at = index(load);
        for (LocalVariableNode each : method.localVariables) {
            if (each.index == load.var && index(each.start) <= at + 1 && at < index(each.end)) {
                return each;
            }
        }
        return null;
    }

    private static String simple(String internal) {
        return internal.substring(
                Math.max(internal.lastIndexOf('/'), internal.lastIndexOf('$')) + 1);
    }
}
