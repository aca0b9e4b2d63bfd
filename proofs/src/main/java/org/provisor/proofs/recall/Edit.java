// SPDX-License-Identifier: Apache-2.0
package org.provisor.proofs.recall;

import org.jspecify.annotations.Nullable;
import org.objectweb.asm.Opcodes;
import org.objectweb.asm.Type;
import org.objectweb.asm.tree.AbstractInsnNode;
import org.objectweb.asm.tree.FieldInsnNode;
import org.objectweb.asm.tree.InsnList;
import org.objectweb.asm.tree.InsnNode;
import org.objectweb.asm.tree.IntInsnNode;
import org.objectweb.asm.tree.JumpInsnNode;
import org.objectweb.asm.tree.LdcInsnNode;
import org.objectweb.asm.tree.MethodInsnNode;
import org.objectweb.asm.tree.TypeInsnNode;
import org.objectweb.asm.tree.VarInsnNode;
import org.provisor.proofs.seeded.SeededException;

import java.util.ArrayList;
import java.util.List;

/// A kind of change of a method's code: where it fits, and what it makes of such a place.
sealed interface Edit {

    /// Whether an instruction is a place that this fits.
    boolean fits(AbstractInsnNode at);

    /// Changes the code at such a place.
    void make(MethodCode code, AbstractInsnNode at);

    /// The name of a method.
    ///
    /// @param type its class, without the package
    /// @param arguments the types of its arguments, without their packages, if others have its name
    record Called(String type, String method, @Nullable List<String> arguments) {

        boolean isCalled(AbstractInsnNode at) {
            return at instanceof MethodInsnNode call
                    && Implementation.simple(call.owner).equals(type)
                    && call.name.equals(method)
                    && takes(call.desc);
        }

        /// Whether a method of this descriptor can be meant.
        boolean takes(String descriptor) {
            if (arguments == null) {
                return true;
            }
            List<String> types = new ArrayList<>();
            for (Type each : Type.getArgumentTypes(descriptor)) {
                String name = each.getClassName();
                types.add(name.substring(name.lastIndexOf('.') + 1));
            }
            return types.equals(arguments);
        }

        /// The first such call of a method.
        ///
        /// @throws SeededException if there is none
        MethodInsnNode first(MethodCode code) {
            for (AbstractInsnNode at : code.instructions()) {
                if (isCalled(at)) {
                    return (MethodInsnNode) at;
                }
            }
            throw new SeededException(type + "." + method + " is not called there");
        }
    }

    /// A call is not made. Its arguments are worked out all the same.
    ///
    /// @param answer what comes of it instead; null for 0, false, nothing
    record Answer(Called called, @Nullable Long answer) implements Edit {

        @Override
        public boolean fits(AbstractInsnNode at) {
            return called.isCalled(at);
        }

        @Override
        public void make(MethodCode code, AbstractInsnNode at) {
            MethodInsnNode call = (MethodInsnNode) at;
            InsnList instead = new InsnList();
            for (Type type : MethodCode.operands(call).reversed()) {
                instead.add(MethodCode.pop(type));
            }
            Type type = Type.getReturnType(call.desc);
            if (type.getSort() != Type.VOID) {
                instead.add(MethodCode.push(type, answer == null ? 0 : answer));
            } else if (answer != null) {
                throw new SeededException(call.name + " has no answer");
            }
            code.instructions().insert(at, instead);
            code.instructions().remove(at);
        }
    }

    /// A call is not made: what comes of it is one of its arguments, counted from 1.
    record AnswerArgument(Called called, int argument) implements Edit {

        @Override
        public boolean fits(AbstractInsnNode at) {
            return called.isCalled(at);
        }

        @Override
        public void make(MethodCode code, AbstractInsnNode at) {
            MethodInsnNode call = (MethodInsnNode) at;
            InsnList instead = new InsnList();
            int[] kept = code.spill(call, instead);
            int index = place(call, argument);
            Type type = MethodCode.operands(call).get(index);
            instead.add(new VarInsnNode(type.getOpcode(Opcodes.ILOAD), kept[index]));
            code.instructions().insert(at, instead);
            code.instructions().remove(at);
        }
    }

    /// An argument of a call is another value than is worked out for it.
    record Pass(Called called, int argument, long value) implements Edit {

        @Override
        public boolean fits(AbstractInsnNode at) {
            return called.isCalled(at);
        }

        @Override
        public void make(MethodCode code, AbstractInsnNode at) {
            MethodInsnNode call = (MethodInsnNode) at;
            InsnList before = new InsnList();
            int[] kept = code.spill(call, before);
            List<Type> types = MethodCode.operands(call);
            int index = place(call, argument);
            for (int i = 0; i < kept.length; i++) {
                before.add(
                        i == index
                                ? MethodCode.push(types.get(i), value)
                                : new VarInsnNode(types.get(i).getOpcode(Opcodes.ILOAD), kept[i]));
            }
            code.instructions().insertBefore(at, before);
        }
    }

    /// Where an argument of a call is among what it takes off the stack.
    private static int place(MethodInsnNode call, int argument) {
        int arguments = Type.getArgumentTypes(call.desc).length;
        if (argument < 1 || argument > arguments) {
            throw new SeededException(call.name + " has no argument " + argument);
        }
        return MethodCode.operands(call).size() - arguments + argument - 1;
    }

    /// Another method is called with the same arguments.
    record CallOther(Called called, Called instead) implements Edit {

        @Override
        public boolean fits(AbstractInsnNode at) {
            return called.isCalled(at);
        }

        @Override
        public void make(MethodCode code, AbstractInsnNode at) {
            MethodInsnNode call = (MethodInsnNode) at;
            String owner = call.owner;
            call.owner = owner.substring(0, owner.lastIndexOf('/') + 1) + instead.type;
            call.name = instead.method;
        }
    }

    /// A call is made once more, with arguments worked out anew, before another.
    record Repeat(Called called, Called before) implements Edit {

        @Override
        public boolean fits(AbstractInsnNode at) {
            return called.isCalled(at);
        }

        @Override
        public void make(MethodCode code, AbstractInsnNode at) {
            InsnList copy = code.copy((MethodInsnNode) at);
            AbstractInsnNode where =
                    before.equals(called) ? code.begin((MethodInsnNode) at) : begin(code);
            code.instructions().insertBefore(where, copy);
        }

        private AbstractInsnNode begin(MethodCode code) {
            return code.begin(before.first(code));
        }
    }

    /// A statement that is a call is made before another call instead of where it is.
    record Move(Called called, Called before) implements Edit {

        @Override
        public boolean fits(AbstractInsnNode at) {
            return called.isCalled(at);
        }

        @Override
        public void make(MethodCode code, AbstractInsnNode at) {
            AbstractInsnNode where = code.begin(before.first(code));
            InsnList moved = code.cut((MethodInsnNode) at);
            code.instructions().insertBefore(where, moved);
        }
    }

    /// A `return` of a number: it goes on after it instead, or returns another.
    record Return(long value, @Nullable Long instead) implements Edit {

        @Override
        public boolean fits(AbstractInsnNode at) {
            int opcode = at.getOpcode();
            if (opcode != Opcodes.IRETURN && opcode != Opcodes.LRETURN) {
                return false;
            }
            Long returned = Constant.of(at.getPrevious());
            return returned != null && returned == value;
        }

        @Override
        public void make(MethodCode code, AbstractInsnNode at) {
            Type type = at.getOpcode() == Opcodes.IRETURN ? Type.INT_TYPE : Type.LONG_TYPE;
            if (instead != null) {
                code.instructions().set(at.getPrevious(), MethodCode.push(type, instead));
            } else {
                code.instructions().remove(at.getPrevious());
                code.instructions().remove(at);
            }
        }
    }

    /// A constant is another.
    record Constant(long value, long instead) implements Edit {

        /// The number that an instruction pushes, if it does.
        static @Nullable Long of(AbstractInsnNode at) {
            int opcode = at.getOpcode();
            if (opcode >= Opcodes.ICONST_M1 && opcode <= Opcodes.ICONST_5) {
                return (long) opcode - Opcodes.ICONST_0;
            }
            if (opcode == Opcodes.LCONST_0 || opcode == Opcodes.LCONST_1) {
                return (long) opcode - Opcodes.LCONST_0;
            }
            if (at instanceof IntInsnNode push && opcode != Opcodes.NEWARRAY) {
                return (long) push.operand;
            }
            return at instanceof LdcInsnNode push && push.cst instanceof Number number
                    ? number.longValue()
                    : null;
        }

        @Override
        public boolean fits(AbstractInsnNode at) {
            Long pushed = of(at);
            return pushed != null && pushed == value;
        }

        @Override
        public void make(MethodCode code, AbstractInsnNode at) {
            boolean wide =
                    at.getOpcode() == Opcodes.LCONST_0
                            || at.getOpcode() == Opcodes.LCONST_1
                            || (at instanceof LdcInsnNode push && push.cst instanceof Long);
            Type type = wide ? Type.LONG_TYPE : Type.INT_TYPE;
            code.instructions().set(at, MethodCode.push(type, instead));
        }
    }

    /// What becomes of a condition.
    enum Turned {
        /// It is jumped if it would not be.
        NEGATED,
        /// The same, if both sides are equal.
        IF_EQUAL,
        /// It is always jumped.
        ALWAYS,
        /// It is never jumped.
        NEVER
    }

    /// A condition is another.
    ///
    /// @param after the condition is the first after such a call, if that is said
    record Condition(@Nullable Called after, Turned turned) implements Edit {

        @Override
        public boolean fits(AbstractInsnNode at) {
            if (after == null) {
                return isCondition(at)
                        && (turned != Turned.IF_EQUAL || shifted(at.getOpcode()) >= 0);
            }
            return after.isCalled(at);
        }

        private static boolean isCondition(AbstractInsnNode at) {
            return at instanceof JumpInsnNode
                    && at.getOpcode() != Opcodes.GOTO
                    && at.getOpcode() != Opcodes.JSR;
        }

        @Override
        public void make(MethodCode code, AbstractInsnNode at) {
            AbstractInsnNode where = at;
            while (!isCondition(where)) {
                where = where.getNext();
                if (where == null) {
                    throw new SeededException("there is no condition after the call");
                }
            }
            JumpInsnNode jump = (JumpInsnNode) where;
            int opcode = jump.getOpcode();
            switch (turned) {
                case NEGATED -> jump.setOpcode(negated(opcode));
                case IF_EQUAL -> jump.setOpcode(shifted(opcode));
                case ALWAYS, NEVER -> decided(code.instructions(), jump);
            }
        }

        private void decided(InsnList instructions, JumpInsnNode jump) {
            int opcode = jump.getOpcode();
            boolean two = opcode >= Opcodes.IF_ICMPEQ && opcode <= Opcodes.IF_ACMPNE;
            instructions.insertBefore(jump, new InsnNode(two ? Opcodes.POP2 : Opcodes.POP));
            if (turned == Turned.ALWAYS) {
                jump.setOpcode(Opcodes.GOTO);
            } else {
                instructions.remove(jump);
            }
        }

        private static int negated(int opcode) {
            if (opcode >= Opcodes.IFNULL) {
                return opcode == Opcodes.IFNULL ? Opcodes.IFNONNULL : Opcodes.IFNULL;
            }
            // They come in pairs, from IFEQ and IFNE on.
            return ((opcode - Opcodes.IFEQ) ^ 1) + Opcodes.IFEQ;
        }

        private static int shifted(int opcode) {
            return switch (opcode) {
                case Opcodes.IFLT -> Opcodes.IFLE;
                case Opcodes.IFLE -> Opcodes.IFLT;
                case Opcodes.IFGT -> Opcodes.IFGE;
                case Opcodes.IFGE -> Opcodes.IFGT;
                case Opcodes.IF_ICMPLT -> Opcodes.IF_ICMPLE;
                case Opcodes.IF_ICMPLE -> Opcodes.IF_ICMPLT;
                case Opcodes.IF_ICMPGT -> Opcodes.IF_ICMPGE;
                case Opcodes.IF_ICMPGE -> Opcodes.IF_ICMPGT;
                default -> -1;
            };
        }
    }

    /// In place of something else an assertion fails.
    ///
    /// @param instead what it is in place of
    record Fail(Edit instead) implements Edit {

        @Override
        public boolean fits(AbstractInsnNode at) {
            return instead.fits(at);
        }

        @Override
        public void make(MethodCode code, AbstractInsnNode at) {
            String error = "java/lang/AssertionError";
            InsnList thrown = new InsnList();
            thrown.add(new TypeInsnNode(Opcodes.NEW, error));
            thrown.add(new InsnNode(Opcodes.DUP));
            thrown.add(new MethodInsnNode(Opcodes.INVOKESPECIAL, error, "<init>", "()V", false));
            thrown.add(new InsnNode(Opcodes.ATHROW));
            code.instructions().insertBefore(at, thrown);
        }
    }

    /// A call is made that was not, before another, and its answer dropped.
    ///
    /// @param call what is called, as text
    record Insert(String call, Called before, Implementation among) implements Edit {

        @Override
        public boolean fits(AbstractInsnNode at) {
            return before.isCalled(at);
        }

        @Override
        public void make(MethodCode code, AbstractInsnNode at) {
            InsnList made = new Expressions(code, among).call(call);
            code.instructions().insertBefore(code.begin((MethodInsnNode) at), made);
        }
    }

    /// What is read of a field, or written to it, is a constant; or it is not written.
    ///
    /// @param writes whether it is about writes
    /// @param value the constant; null if it is not written
    record Field(String type, String name, boolean writes, @Nullable Long value) implements Edit {

        @Override
        public boolean fits(AbstractInsnNode at) {
            return at instanceof FieldInsnNode field
                    && Implementation.simple(field.owner).equals(type)
                    && field.name.equals(name)
                    && field.getOpcode() == (writes ? Opcodes.PUTFIELD : Opcodes.GETFIELD);
        }

        @Override
        public void make(MethodCode code, AbstractInsnNode at) {
            Type of = Type.getType(((FieldInsnNode) at).desc);
            List<AbstractInsnNode> now = new ArrayList<>();
            now.add(writes ? MethodCode.pop(of) : new InsnNode(Opcodes.POP));
            if (value != null) {
                now.add(MethodCode.push(of, value));
            } else {
                now.add(new InsnNode(Opcodes.POP));
            }
            now.forEach(each -> code.instructions().insertBefore(at, each));
            if (!writes || value == null) {
                code.instructions().remove(at);
            }
        }
    }
}
