// SPDX-License-Identifier: Apache-2.0
package org.provisor.refine.concurrent;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.lang.classfile.ClassFile;
import java.lang.classfile.ClassModel;
import java.lang.classfile.ClassTransform;
import java.lang.classfile.CodeBuilder;
import java.lang.classfile.CodeElement;
import java.lang.classfile.FieldModel;
import java.lang.classfile.MethodModel;
import java.lang.classfile.Opcode;
import java.lang.classfile.instruction.ArrayLoadInstruction;
import java.lang.classfile.instruction.ArrayStoreInstruction;
import java.lang.classfile.instruction.FieldInstruction;
import java.lang.classfile.instruction.InvokeInstruction;
import java.lang.classfile.instruction.MonitorInstruction;
import java.lang.constant.ClassDesc;
import java.lang.constant.ConstantDescs;
import java.lang.constant.MethodTypeDesc;
import java.lang.reflect.AccessFlag;
import java.util.HashSet;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/// Puts into a class of the implementation what has threads take [Turns]: calls before each access
/// to what threads share, and in place of what they wait by.
///
///     accesses through variable handles, atomic objects, volatile fields      Turns.point
///     words of the machine's memory                                           Turns.word
///     elements of the frame table's arrays that are read or written plainly   Turns.point
///     Thread.yield, Thread.onSpinWait                                         Turns.pause
///     synchronized                                                            Turns.enter, exit
///
/// Turns pass at these points only. That a processor may have two accesses to memory seen in
/// another order does not show.
public final class SwitchPoints {

    /// Where the classes are that need points.
    public static final String PACKAGES = "org.provisor.impl.";

    private static final String ROOT = "org/provisor/impl/";
    private static final String FRAME_TABLE = ROOT + "mm/FrameTable";
    private static final String MEMORY = ROOT + "memory/MachineMemory";
    private static final String TRACE = ROOT + "trace/";

    private static final String ATOMICS = "java/util/concurrent/atomic/";
    private static final String HANDLE = "java/lang/invoke/VarHandle";

    private static final ClassDesc TURNS = ClassDesc.of("org.provisor.refine.concurrent.Turns");
    private static final MethodTypeDesc NOTHING = MethodTypeDesc.of(ConstantDescs.CD_void);
    private static final MethodTypeDesc OF_LOCK =
            MethodTypeDesc.of(ConstantDescs.CD_void, ConstantDescs.CD_Object);

    /// The volatile fields of classes, by the internal name of the class.
    private static final ConcurrentHashMap<String, Set<String>> VOLATILES =
            new ConcurrentHashMap<>();

    private SwitchPoints() {}

    /// The class with the points in it.
    public static byte[] in(byte[] bytes) {
        ClassFile file = ClassFile.of();
        ClassModel model = file.parse(bytes);
        String name = model.thisClass().asInternalName();
        if (name.startsWith(TRACE)) {
            return bytes;
        }
        return file.transformClass(
                model,
                ClassTransform.transformingMethodBodies(
                        SwitchPoints::shares, (code, element) -> put(name, code, element)));
    }

    /// While an object is made, nobody shares it.
    private static boolean shares(MethodModel method) {
        return !method.methodName().equalsString(ConstantDescs.INIT_NAME)
                && !method.methodName().equalsString(ConstantDescs.CLASS_INIT_NAME);
    }

    private static void put(String name, CodeBuilder code, CodeElement element) {
        switch (element) {
            case InvokeInstruction call -> invoke(name, code, call);
            case FieldInstruction field -> {
                if (isVolatile(field)) {
                    point(code);
                }
                code.with(element);
            }
            case MonitorInstruction monitor -> {
                boolean enters = monitor.opcode() == Opcode.MONITORENTER;
                code.invokestatic(TURNS, enters ? "enter" : "exit", OF_LOCK);
            }
            case ArrayLoadInstruction _, ArrayStoreInstruction _ -> {
                if (name.equals(FRAME_TABLE)) {
                    point(code);
                }
                code.with(element);
            }
            default -> code.with(element);
        }
    }

    private static void invoke(String name, CodeBuilder code, InvokeInstruction call) {
        String owner = call.owner().asInternalName();
        boolean waits = call.name().equalsString("yield") || call.name().equalsString("onSpinWait");
        if (owner.equals("java/lang/Thread") && waits) {
            code.invokestatic(TURNS, "pause", NOTHING);
            return;
        }
        if (owner.equals(HANDLE) && name.equals(MEMORY)) {
            code.invokestatic(TURNS, "word", NOTHING);
        } else if (owner.equals(HANDLE) || owner.startsWith(ATOMICS)) {
            point(code);
        }
        code.with(call);
    }

    private static void point(CodeBuilder code) {
        code.invokestatic(TURNS, "point", NOTHING);
    }

    private static boolean isVolatile(FieldInstruction field) {
        String owner = field.owner().asInternalName();
        return owner.startsWith(ROOT)
                && VOLATILES
                        .computeIfAbsent(owner, SwitchPoints::volatiles)
                        .contains(field.name().stringValue());
    }

    private static Set<String> volatiles(String owner) {
        Set<String> names = new HashSet<>();
        for (FieldModel field : ClassFile.of().parse(built(owner)).fields()) {
            if (field.flags().has(AccessFlag.VOLATILE)) {
                names.add(field.fieldName().stringValue());
            }
        }
        return names;
    }

    /// A class as it was built, by its internal name.
    private static byte[] built(String name) {
        try (InputStream in =
                SwitchPoints.class.getClassLoader().getResourceAsStream(name + ".class")) {
            if (in == null) {
                throw new IllegalStateException("there is no class " + name);
            }
            return in.readAllBytes();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
