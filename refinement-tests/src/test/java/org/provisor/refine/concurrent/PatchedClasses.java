// SPDX-License-Identifier: Apache-2.0
package org.provisor.refine.concurrent;

import java.lang.classfile.ClassFile;
import java.lang.classfile.ClassModel;
import java.lang.classfile.CodeBuilder;
import java.lang.classfile.Label;
import java.lang.classfile.MethodModel;
import java.lang.constant.ClassDesc;
import java.lang.constant.ConstantDescs;
import java.lang.constant.MethodTypeDesc;
import java.util.Map;
import java.util.Objects;
import java.util.function.Consumer;

/// Other bodies for some methods of the frame table: errors that only show when two threads meet.
final class PatchedClasses extends TurnTakingClasses {

    private static final String FRAME_TABLE = "org.provisor.impl.mm.FrameTable";
    private static final ClassDesc TABLE = ClassDesc.of(FRAME_TABLE);
    private static final ClassDesc VAR_HANDLE = ClassDesc.of("java.lang.invoke.VarHandle");
    private static final ClassDesc LONGS = ConstantDescs.CD_long.arrayType();
    private static final ClassDesc VOID = ConstantDescs.CD_void;
    private static final ClassDesc INT = ConstantDescs.CD_int;
    private static final ClassDesc LONG = ConstantDescs.CD_long;

    private static final long REFERENCES = (1L << 57) - 1;
    private static final long VALIDATED = 1L << 58;

    private final Map<String, Consumer<CodeBuilder>> bodies;

    private PatchedClasses(final Map<String, Consumer<CodeBuilder>> bodies) {
        this.bodies = bodies;
    }

    /// The type word is compared and exchanged in two steps.
    static PatchedClasses withoutAtomicTypes() {
        return new PatchedClasses(Map.of("replaceType", PatchedClasses::replaceType));
    }

    /// A general reference is dropped in two steps.
    static PatchedClasses withoutAtomicDrop() {
        return new PatchedClasses(Map.of("dropped", PatchedClasses::dropped));
    }

    /// The lock of a table keeps nobody out.
    static PatchedClasses withoutLock() {
        return new PatchedClasses(
                Map.of("lock", PatchedClasses::lock, "unlock", PatchedClasses::unlock));
    }

    @Override
    protected byte[] changed(final String name, final byte[] bytes) {
        return name.equals(FRAME_TABLE) ? patched(bytes) : bytes;
    }

    private byte[] patched(final byte[] bytes) {
        final ClassFile file = ClassFile.of();
        final ClassModel model = file.parse(bytes);
        return file.transformClass(
                model,
                (builder, element) -> {
                    if (element instanceof MethodModel method && has(method)) {
                        builder.withMethodBody(
                                method.methodName(),
                                method.methodType(),
                                method.flags().flagsMask(),
                                body(method));
                    } else {
                        builder.with(element);
                    }
                });
    }

    private boolean has(final MethodModel method) {
        return bodies.containsKey(method.methodName().stringValue());
    }

    private Consumer<CodeBuilder> body(final MethodModel method) {
        return Objects.requireNonNull(bodies.get(method.methodName().stringValue()));
    }

    /// long replaceType(long mfn, long seen, long now)
    private static void replaceType(final CodeBuilder code) {
        final Label end = code.newLabel();
        code.aload(0).lload(1).invokevirtual(TABLE, "type", MethodTypeDesc.of(LONG, LONG));
        code.lstore(7).lload(7).lload(3).lcmp().ifne(end);
        code.aload(0).lload(1).lload(5);
        code.invokevirtual(TABLE, "setType", MethodTypeDesc.of(VOID, LONG, LONG));
        code.labelBinding(end).lload(7).lreturn();
    }

    /// boolean dropped(long mfn)
    private static void dropped(final CodeBuilder code) {
        code.aload(0).lload(1).invokevirtual(TABLE, "count", MethodTypeDesc.of(LONG, LONG));
        code.lstore(3);
        word(code, "counts");
        code.lload(3).lconst_1().lsub();
        code.invokevirtual(VAR_HANDLE, "setVolatile", MethodTypeDesc.of(VOID, LONGS, INT, LONG));
        code.lload(3).loadConstant(REFERENCES).land().lconst_1().lcmp();
        returnIfZero(code);
    }

    /// boolean lock(long mfn)
    private static void lock(final CodeBuilder code) {
        final Label free = code.newLabel();
        code.aload(0).lload(1).invokevirtual(TABLE, "type", MethodTypeDesc.of(LONG, LONG));
        code.loadConstant(VALIDATED).land().lconst_0().lcmp().ifne(free);
        code.iconst_0().ireturn();
        code.labelBinding(free);
        add(code, 1L);
        code.iconst_1().ireturn();
    }

    /// void unlock(long mfn)
    private static void unlock(final CodeBuilder code) {
        add(code, -1L);
        code.return_();
    }

    private static void add(final CodeBuilder code, final long more) {
        word(code, "types");
        code.loadConstant(more);
        code.invokevirtual(VAR_HANDLE, "getAndAdd", MethodTypeDesc.of(LONG, LONGS, INT, LONG));
        code.pop2();
    }

    /// The handle, an array of the table and the frame's index.
    private static void word(final CodeBuilder code, final String array) {
        code.getstatic(TABLE, "LONGS", VAR_HANDLE);
        code.aload(0).getfield(TABLE, array, LONGS).lload(1).l2i();
    }

    private static void returnIfZero(final CodeBuilder code) {
        final Label zero = code.newLabel();
        code.ifeq(zero).iconst_0().ireturn().labelBinding(zero).iconst_1().ireturn();
    }
}
