// SPDX-License-Identifier: Apache-2.0
package org.provisor.proofs.recall;

import org.objectweb.asm.Opcodes;
import org.objectweb.asm.Type;
import org.objectweb.asm.tree.AbstractInsnNode;
import org.objectweb.asm.tree.InsnList;
import org.objectweb.asm.tree.InsnNode;
import org.objectweb.asm.tree.JumpInsnNode;
import org.objectweb.asm.tree.LabelNode;
import org.objectweb.asm.tree.LdcInsnNode;
import org.objectweb.asm.tree.LocalVariableNode;
import org.objectweb.asm.tree.MethodInsnNode;
import org.objectweb.asm.tree.MethodNode;
import org.objectweb.asm.tree.VarInsnNode;
import org.objectweb.asm.tree.analysis.Analyzer;
import org.objectweb.asm.tree.analysis.AnalyzerException;
import org.objectweb.asm.tree.analysis.BasicInterpreter;
import org.objectweb.asm.tree.analysis.Frame;
import org.provisor.proofs.seeded.SeededException;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/// The code of a method, for edits.
final class MethodCode {

    private final String owner;
    private final MethodNode method;

    /// @param owner the class, by its internal name
    MethodCode(String owner, MethodNode method) {
        this.owner = owner;
        this.method = method;
    }

    InsnList instructions() {
        return method.instructions;
    }

    String owner() {
        return owner;
    }

    /// A variable of the source by its name, `this` included.
    ///
    /// @throws SeededException if there is not one of that name
    LocalVariableNode variable(String name) {
        List<LocalVariableNode> named =
                method.localVariables.stream().filter(each -> each.name.equals(name)).toList();
        if (named.size() != 1) {
            throw new SeededException(
                    "there are " + named.size() + " variables '" + name + "', not 1");
        }
        return named.getFirst();
    }

    /// What pushes a number of a type; `null` is 0.
    static AbstractInsnNode push(Type type, long value) {
        return switch (type.getSort()) {
            case Type.LONG -> new LdcInsnNode(value);
            case Type.OBJECT, Type.ARRAY -> new InsnNode(Opcodes.ACONST_NULL);
            default -> new LdcInsnNode((int) value);
        };
    }

    static InsnNode pop(Type type) {
        return new InsnNode(type.getSize() == 2 ? Opcodes.POP2 : Opcodes.POP);
    }

    /// Takes what a call would be given off the stack, and keeps it in new variables.
    ///
    /// @return the variables: first the object if there is one, then the arguments
    int[] spill(MethodInsnNode call, InsnList to) {
        List<Type> types = operands(call);
        int[] variables = new int[types.size()];
        for (int i = types.size() - 1; i >= 0; i--) {
            variables[i] = method.maxLocals;
            method.maxLocals += types.get(i).getSize();
            to.add(new VarInsnNode(types.get(i).getOpcode(Opcodes.ISTORE), variables[i]));
        }
        return variables;
    }

    /// What a call takes off the stack, the deepest first.
    static List<Type> operands(MethodInsnNode call) {
        List<Type> types = new ArrayList<>(List.of(Type.getArgumentTypes(call.desc)));
        if (call.getOpcode() != Opcodes.INVOKESTATIC) {
            types.addFirst(Type.getObjectType(call.owner));
        }
        return types;
    }

    /// Where the expression begins that a call is the end of: where the stack is empty.
    ///
    /// @throws SeededException if there is a choice within it
    AbstractInsnNode begin(MethodInsnNode call) {
        Frame<?>[] frames = frames();
        AbstractInsnNode at = call;
        while (stack(frames, at) != 0) {
            at = at.getPrevious();
            if (at instanceof JumpInsnNode) {
                throw new SeededException("there is a choice in what is handed to " + call.name);
            }
        }
        return at;
    }

    /// A copy of the expression that a call is the end of, its answer dropped.
    @SuppressWarnings("ReferenceEquality") // instructions have no other
    InsnList copy(MethodInsnNode call) {
        InsnList copy = new InsnList();
        Map<LabelNode, LabelNode> none = new HashMap<>();
        AbstractInsnNode at = begin(call);
        while (true) {
            if (at.getOpcode() >= 0) {
                copy.add(at.clone(none));
            }
            if (at == call) {
                break;
            }
            at = at.getNext();
        }
        Type answer = Type.getReturnType(call.desc);
        if (answer.getSort() != Type.VOID) {
            copy.add(pop(answer));
        }
        return copy;
    }

    /// The instructions of the statement that a call is, with nothing before or after it.
    ///
    /// @throws SeededException if something is made of its answer
    @SuppressWarnings("ReferenceEquality") // instructions have no other
    InsnList cut(MethodInsnNode call) {
        AbstractInsnNode from = begin(call);
        AbstractInsnNode last = call;
        if (Type.getReturnType(call.desc).getSort() != Type.VOID) {
            last = call.getNext();
            if (last.getOpcode() != Opcodes.POP && last.getOpcode() != Opcodes.POP2) {
                throw new SeededException("something is made of the answer of " + call.name);
            }
        }
        InsnList cut = new InsnList();
        AbstractInsnNode at = from;
        boolean more = true;
        while (more) {
            more = at != last;
            AbstractInsnNode next = at.getNext();
            if (at.getOpcode() >= 0) {
                method.instructions.remove(at);
                cut.add(at);
            }
            at = next;
        }
        return cut;
    }

    private int stack(Frame<?>[] frames, AbstractInsnNode at) {
        Frame<?> frame = frames[method.instructions.indexOf(at)];
        return frame == null ? 0 : frame.getStackSize();
    }

    private Frame<?>[] frames() {
        try {
            return new Analyzer<>(new BasicInterpreter()).analyzeAndComputeMaxs(owner, method);
        } catch (AnalyzerException e) {
            throw new SeededException("its code cannot be followed: " + e.getMessage());
        }
    }
}
