// SPDX-License-Identifier: Apache-2.0
package org.provisor.proofs.mutation;

import org.jspecify.annotations.Nullable;
import org.objectweb.asm.Opcodes;
import org.objectweb.asm.Type;
import org.objectweb.asm.tree.AbstractInsnNode;
import org.objectweb.asm.tree.FieldInsnNode;
import org.objectweb.asm.tree.InsnList;
import org.objectweb.asm.tree.InsnNode;
import org.objectweb.asm.tree.IntInsnNode;
import org.objectweb.asm.tree.JumpInsnNode;
import org.objectweb.asm.tree.LabelNode;
import org.objectweb.asm.tree.LdcInsnNode;
import org.objectweb.asm.tree.LookupSwitchInsnNode;
import org.objectweb.asm.tree.MethodInsnNode;
import org.objectweb.asm.tree.TableSwitchInsnNode;

import java.util.ArrayList;
import java.util.List;

/// What may stand in place of one instruction.
final class Alternatives {

    private final MethodShape method;
    private final Enumerations enumerations;
    private final List<Place> found = new ArrayList<>();

    private Alternatives(MethodShape method, Enumerations enumerations) {
        this.method = method;
        this.enumerations = enumerations;
    }

    /// All that may stand in place of an instruction; most have nothing.
    static List<Place> of(AbstractInsnNode at, MethodShape method, Enumerations enumerations) {
        Alternatives made = new Alternatives(method, enumerations);
        switch (at) {
            case JumpInsnNode jump -> made.jump(jump);
            case FieldInsnNode field -> made.field(field);
            case MethodInsnNode call -> made.call(call);
            case TableSwitchInsnNode cases -> made.cases(cases, cases.labels, cases.dflt);
            case LookupSwitchInsnNode cases -> made.cases(cases, cases.labels, cases.dflt);
            default -> {
                made.constant(at);
                made.arithmetic(at);
            }
        }
        return made.found;
    }

    private void add(Operator operator, String what, AbstractInsnNode... code) {
        InsnList list = new InsnList();
        for (AbstractInsnNode each : code) {
            list.add(each);
        }
        found.add(new Place(operator, what, list));
    }

    // Branches.

    private void jump(JumpInsnNode jump) {
        int opcode = jump.getOpcode();
        if (opcode == Opcodes.GOTO || opcode == Opcodes.JSR || method.fixed(jump)) {
            return;
        }
        boolean two = opcode >= Opcodes.IF_ICMPEQ && opcode <= Opcodes.IF_ACMPNE;
        InsnNode pop = new InsnNode(two ? Opcodes.POP2 : Opcodes.POP);
        String target = "line " + method.line(jump.label);
        add(
                Operator.NEGATE,
                "goes to " + target + " where it should not",
                new JumpInsnNode(inverse(opcode), jump.label));
        add(
                Operator.ALWAYS,
                "always goes to " + target,
                pop,
                new JumpInsnNode(Opcodes.GOTO, jump.label));
        add(Operator.NEVER, "never goes to " + target, pop.clone(null));
        int boundary = boundary(opcode);
        if (boundary != opcode) {
            add(
                    Operator.BOUNDARY,
                    "goes to " + target + " one too early or too late",
                    new JumpInsnNode(boundary, jump.label));
        }
    }

    private static int inverse(int opcode) {
        if (opcode >= Opcodes.IFNULL) {
            return opcode == Opcodes.IFNULL ? Opcodes.IFNONNULL : Opcodes.IFNULL;
        }
        return ((opcode + 1) ^ 1) - 1;
    }

    private static int boundary(int opcode) {
        return switch (opcode) {
            case Opcodes.IFLT -> Opcodes.IFLE;
            case Opcodes.IFLE -> Opcodes.IFLT;
            case Opcodes.IFGT -> Opcodes.IFGE;
            case Opcodes.IFGE -> Opcodes.IFGT;
            case Opcodes.IF_ICMPLT -> Opcodes.IF_ICMPLE;
            case Opcodes.IF_ICMPLE -> Opcodes.IF_ICMPLT;
            case Opcodes.IF_ICMPGT -> Opcodes.IF_ICMPGE;
            case Opcodes.IF_ICMPGE -> Opcodes.IF_ICMPGT;
            default -> opcode;
        };
    }

    private void cases(AbstractInsnNode original, List<LabelNode> labels, LabelNode other) {
        boolean open = !method.asserts(other);
        for (int i = 0; i < labels.size(); i++) {
            LabelNode instead = open ? other : labels.get((i + 1) % labels.size());
            if (instead.equals(labels.get(i))) {
                continue;
            }
            AbstractInsnNode changed = original.clone(method.labels());
            (changed instanceof TableSwitchInsnNode table
                            ? table.labels
                            : ((LookupSwitchInsnNode) changed).labels)
                    .set(i, instead);
            add(
                    Operator.CASE,
                    "what is for line "
                            + method.line(labels.get(i))
                            + " goes to line "
                            + method.line(instead),
                    changed);
        }
    }

    // Numbers and constants.

    private void constant(AbstractInsnNode at) {
        Number value = number(at);
        Type type = method.consumed(at);
        if (value == null || type == null) {
            return;
        }
        if (type.getSort() == Type.BOOLEAN) {
            add(
                    Operator.FLIP,
                    value.intValue() == 0 ? "true, not false" : "false, not true",
                    new InsnNode(value.intValue() == 0 ? Opcodes.ICONST_1 : Opcodes.ICONST_0));
        } else {
            add(Operator.MORE, "one more than " + value, pushed(value, 1));
            add(Operator.LESS, "one less than " + value, pushed(value, -1));
        }
    }

    private static LdcInsnNode pushed(Number value, int plus) {
        return value instanceof Long
                ? new LdcInsnNode(value.longValue() + plus)
                : new LdcInsnNode(value.intValue() + plus);
    }

    private static @Nullable Number number(AbstractInsnNode at) {
        int opcode = at.getOpcode();
        if (opcode >= Opcodes.ICONST_M1 && opcode <= Opcodes.ICONST_5) {
            return opcode - Opcodes.ICONST_0;
        }
        if (opcode == Opcodes.LCONST_0 || opcode == Opcodes.LCONST_1) {
            return (long) (opcode - Opcodes.LCONST_0);
        }
        if (at instanceof IntInsnNode push && opcode != Opcodes.NEWARRAY) {
            return push.operand;
        }
        return at instanceof LdcInsnNode ldc
                        && (ldc.cst instanceof Integer || ldc.cst instanceof Long)
                ? (Number) ldc.cst
                : null;
    }

    private void field(FieldInsnNode field) {
        if (field.getOpcode() != Opcodes.GETSTATIC) {
            return;
        }
        String other = enumerations.next(field.owner, field.name);
        if (other != null && field.desc.equals("L" + field.owner + ";")) {
            add(
                    field.owner.endsWith("/XenErrno") ? Operator.ERRNO : Operator.CONSTANT,
                    other + ", not " + field.name,
                    new FieldInsnNode(Opcodes.GETSTATIC, field.owner, other, field.desc));
        }
    }

    private void arithmetic(AbstractInsnNode at) {
        int opcode = at.getOpcode();
        int other =
                switch (opcode) {
                    case Opcodes.IADD -> Opcodes.ISUB;
                    case Opcodes.ISUB -> Opcodes.IADD;
                    case Opcodes.LADD -> Opcodes.LSUB;
                    case Opcodes.LSUB -> Opcodes.LADD;
                    case Opcodes.IMUL -> Opcodes.IDIV;
                    case Opcodes.IDIV, Opcodes.IREM -> Opcodes.IMUL;
                    case Opcodes.LMUL -> Opcodes.LDIV;
                    case Opcodes.LDIV, Opcodes.LREM -> Opcodes.LMUL;
                    case Opcodes.IAND, Opcodes.IXOR -> Opcodes.IOR;
                    case Opcodes.IOR -> Opcodes.IAND;
                    case Opcodes.LAND, Opcodes.LXOR -> Opcodes.LOR;
                    case Opcodes.LOR -> Opcodes.LAND;
                    case Opcodes.ISHL -> Opcodes.ISHR;
                    case Opcodes.ISHR, Opcodes.IUSHR -> Opcodes.ISHL;
                    case Opcodes.LSHL -> Opcodes.LSHR;
                    case Opcodes.LSHR, Opcodes.LUSHR -> Opcodes.LSHL;
                    default -> -1;
                };
        if (other >= 0) {
            add(Operator.ARITHMETIC, name(other) + ", not " + name(opcode), new InsnNode(other));
        } else if (opcode == Opcodes.INEG || opcode == Opcodes.LNEG) {
            add(Operator.ARITHMETIC, "not negated", new InsnNode(Opcodes.NOP));
        }
    }

    private static String name(int opcode) {
        return switch (opcode) {
            case Opcodes.IADD, Opcodes.LADD -> "+";
            case Opcodes.ISUB, Opcodes.LSUB -> "-";
            case Opcodes.IMUL, Opcodes.LMUL -> "*";
            case Opcodes.IDIV, Opcodes.LDIV -> "/";
            case Opcodes.IREM, Opcodes.LREM -> "%";
            case Opcodes.IAND, Opcodes.LAND -> "&";
            case Opcodes.IOR, Opcodes.LOR -> "|";
            case Opcodes.IXOR, Opcodes.LXOR -> "^";
            case Opcodes.ISHL, Opcodes.LSHL -> "<<";
            case Opcodes.ISHR, Opcodes.LSHR -> ">>";
            default -> ">>>";
        };
    }

    // Calls.

    private void call(MethodInsnNode call) {
        Type[] arguments = Type.getArgumentTypes(call.desc);
        Type result = Type.getReturnType(call.desc);
        boolean isStatic = call.getOpcode() == Opcodes.INVOKESTATIC;
        boolean ours = call.owner.startsWith("org/provisor/");
        int first = isStatic ? 1 : 0;
        Type kept =
                !isStatic
                        ? Type.getObjectType(call.owner)
                        : arguments.length > 0 ? arguments[0] : Type.VOID_TYPE;
        // A row's name says what decided; it decides nothing itself.
        if (result.getSort() == Type.OBJECT
                && result.equals(kept)
                && !call.name.equals("row")
                && (ours || call.owner.startsWith("io/vavr/"))) {
            InsnList code = new InsnList();
            for (int i = arguments.length - 1; i >= first; i--) {
                code.add(new InsnNode(arguments[i].getSize() == 2 ? Opcodes.POP2 : Opcodes.POP));
            }
            found.add(new Place(Operator.DROP, "without " + call.name, code));
        }
        if (result.getSort() == Type.BOOLEAN && method.returned(call)) {
            InsnList code = new InsnList();
            code.add(call.clone(method.labels()));
            code.add(new InsnNode(Opcodes.ICONST_1));
            code.add(new InsnNode(Opcodes.IXOR));
            found.add(new Place(Operator.NOT, "not " + call.name, code));
        }
        int last = arguments.length - 1;
        if (ours && last > 0 && arguments[last].equals(arguments[last - 1]) && !method.same(call)) {
            InsnList code = new InsnList();
            if (arguments[last].getSize() == 2) {
                code.add(new InsnNode(Opcodes.DUP2_X2));
                code.add(new InsnNode(Opcodes.POP2));
            } else {
                code.add(new InsnNode(Opcodes.SWAP));
            }
            code.add(call.clone(method.labels()));
            found.add(new Place(Operator.SWAP, "the last two of " + name(call), code));
        }
    }

    private static String name(MethodInsnNode call) {
        return call.name.equals("<init>")
                ? call.owner.substring(call.owner.lastIndexOf('/') + 1).replace('$', '.')
                : call.name;
    }
}
