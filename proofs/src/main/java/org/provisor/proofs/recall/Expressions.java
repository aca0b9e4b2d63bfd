// SPDX-License-Identifier: Apache-2.0
package org.provisor.proofs.recall;

import org.jspecify.annotations.Nullable;
import org.objectweb.asm.Opcodes;
import org.objectweb.asm.Type;
import org.objectweb.asm.tree.ClassNode;
import org.objectweb.asm.tree.FieldInsnNode;
import org.objectweb.asm.tree.FieldNode;
import org.objectweb.asm.tree.InsnList;
import org.objectweb.asm.tree.LocalVariableNode;
import org.objectweb.asm.tree.MethodInsnNode;
import org.objectweb.asm.tree.MethodNode;
import org.objectweb.asm.tree.VarInsnNode;
import org.provisor.proofs.seeded.SeededException;

import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/// Calls as text, for a method's code: `by.host.put(mfn)`, `Pinning.unpin(this.by, mfn, 0)`. What
/// is handed to them are numbers, variables of the method, and fields of what these hold.
final class Expressions {

    private static final Pattern CALL = Pattern.compile("([\\w.$]+)\\.(\\w+)\\(([^)]*)\\)");

    private final MethodCode code;
    private final Implementation implementation;

    Expressions(MethodCode code, Implementation implementation) {
        this.code = code;
        this.implementation = implementation;
    }

    /// The code of a call, its answer dropped.
    ///
    /// @throws SeededException if there is no such call
    InsnList call(String text) {
        Matcher is = CALL.matcher(text);
        if (!is.matches()) {
            throw new SeededException("'" + text + "' is no call");
        }
        String on = is.group(1);
        String name = is.group(2);
        List<String> arguments =
                is.group(3).isBlank() ? List.of() : List.of(is.group(3).split(", *"));
        InsnList made = new InsnList();
        ClassNode type = implementation.named(on);
        boolean fixed = type != null;
        if (type == null) {
            type = implementation.type(path(on, made).getInternalName());
        }
        if (type == null) {
            throw new SeededException("'" + on + "' is nothing of the implementation");
        }
        MethodNode method = method(type, name, arguments.size(), fixed);
        Type[] types = Type.getArgumentTypes(method.desc);
        for (int i = 0; i < types.length; i++) {
            argument(arguments.get(i), types[i], made);
        }
        made.add(
                new MethodInsnNode(
                        opcode(type, method),
                        type.name,
                        method.name,
                        method.desc,
                        isInterface(type)));
        Type answer = Type.getReturnType(method.desc);
        if (answer.getSort() != Type.VOID) {
            made.add(MethodCode.pop(answer));
        }
        return made;
    }

    private static int opcode(ClassNode type, MethodNode method) {
        if ((method.access & Opcodes.ACC_STATIC) != 0) {
            return Opcodes.INVOKESTATIC;
        }
        return isInterface(type) ? Opcodes.INVOKEINTERFACE : Opcodes.INVOKEVIRTUAL;
    }

    private static boolean isInterface(ClassNode type) {
        return (type.access & Opcodes.ACC_INTERFACE) != 0;
    }

    private static MethodNode method(ClassNode type, String name, int arguments, boolean fixed) {
        List<MethodNode> methods =
                type.methods.stream()
                        .filter(each -> each.name.equals(name))
                        .filter(each -> (each.access & Opcodes.ACC_STATIC) != 0 == fixed)
                        .filter(each -> Type.getArgumentTypes(each.desc).length == arguments)
                        .toList();
        if (methods.size() != 1) {
            throw new SeededException(
                    "there are " + methods.size() + " methods " + name + " to call, not 1");
        }
        return methods.getFirst();
    }

    private void argument(String text, Type type, InsnList made) {
        if (text.matches("-?\\d+|true|false|null")) {
            long value =
                    text.matches("-?\\d+") ? Long.parseLong(text) : text.equals("true") ? 1 : 0;
            made.add(MethodCode.push(type, value));
        } else if (!path(text, made).equals(type)) {
            throw new SeededException("'" + text + "' is no " + type.getClassName());
        }
    }

    /// Pushes what a variable holds, or a field of it, or a field of that.
    ///
    /// @return its type
    private Type path(String text, InsnList made) {
        String[] names = text.split("\\.");
        LocalVariableNode variable = code.variable(names[0]);
        Type type = Type.getType(variable.desc);
        made.add(new VarInsnNode(type.getOpcode(Opcodes.ILOAD), variable.index));
        for (int i = 1; i < names.length; i++) {
            FieldNode field = field(type, names[i]);
            if (field == null) {
                throw new SeededException(
                        "there is no field " + names[i] + " of " + type.getClassName());
            }
            made.add(
                    new FieldInsnNode(
                            Opcodes.GETFIELD, type.getInternalName(), field.name, field.desc));
            type = Type.getType(field.desc);
        }
        return type;
    }

    private @Nullable FieldNode field(Type type, String name) {
        ClassNode node =
                type.getSort() == Type.OBJECT ? implementation.type(type.getInternalName()) : null;
        return node == null
                ? null
                : node.fields.stream()
                        .filter(each -> each.name.equals(name))
                        .findFirst()
                        .orElse(null);
    }
}
