// SPDX-License-Identifier: Apache-2.0
package org.provisor.impl.jit;

import org.objectweb.asm.ClassWriter;
import org.objectweb.asm.Label;
import org.objectweb.asm.MethodVisitor;
import org.objectweb.asm.Opcodes;
import org.provisor.impl.cpu.Slots;
import org.provisor.impl.ir.Widths;

import java.util.Arrays;

/// The method of a region while it is written: its locals, and the registers in them.
///
/// It is written twice. The first time nothing comes of it, but it is known afterwards which
/// registers it uses, so that each has a local the second time.
final class Bytecode {

    // Locals, besides `this`.

    static final int SLOTS = 1;
    static final int SHARED = 2;
    static final int BUDGET = 3;

    /// Which of the instructions that may fault it is at; at the start, which entry it is.
    static final int AT = 4;

    /// Whether translated code has been written to.
    static final int CHANGED = 5;

    static final int KIND = 6;
    static final int EXIT = 7;
    static final int INDEX = 8;
    static final int RFLAGS = 9;
    static final int FLAG_A = 11;
    static final int FLAG_B = 13;
    static final int FLAG_RESULT = 15;
    static final int SPACE = 17;
    static final int TARGET = 19;
    static final int ADDRESS = 21;
    static final int VALUE = 23;
    static final int FIRST_SLOT = 25;

    // What classes have as constants, by number.

    static final int READS = 0;
    static final int WRITES = 1;
    static final int EVERYWHERE = 2;
    static final int SERVICES = 3;
    static final int ATTENTION = 4;

    static final String PACKAGE = "org/provisor/impl/jit/";
    static final String SERVICES_CLASS = PACKAGE + "RegionServices";

    /// The class that is written.
    static final String OWN = PACKAGE + "Translated";

    private static final String[] CONSTANT_NAMES = {
        "reads", "writes", "everywhere", "services", "attention"
    };

    private static final String[] CONSTANT_TYPES = {
        "[J", "[J", "Ljava/lang/foreign/MemorySegment;", "L" + SERVICES_CLASS + ";", "[J",
    };

    private final int[] locals = new int[Slots.COUNT];
    private final boolean[] used = new boolean[Slots.COUNT];
    private final boolean[] written = new boolean[Slots.COUNT];

    // What is known of the registers that hold nothing between instructions.

    private final boolean[] known = new boolean[Slots.COUNT];
    private final long[] values = new long[Slots.COUNT];

    private MethodVisitor to;
    private int end = FIRST_SLOT;

    Bytecode(final MethodVisitor to) {
        this.to = to;
    }

    /// Gives a class its constants: fields that are set once, from what [RegionConstants] has.
    static void constants(final ClassWriter writer) {
        final MethodVisitor method =
                writer.visitMethod(Opcodes.ACC_STATIC, "<clinit>", "()V", null, null);
        method.visitCode();
        for (int i = 0; i < CONSTANT_NAMES.length; i++) {
            final String name = CONSTANT_NAMES[i];
            final String type = CONSTANT_TYPES[i];
            writer.visitField(
                    Opcodes.ACC_STATIC | Opcodes.ACC_FINAL | Opcodes.ACC_PRIVATE,
                    name,
                    type,
                    null,
                    null);
            method.visitMethodInsn(
                    Opcodes.INVOKESTATIC, PACKAGE + "RegionConstants", name, "()" + type, false);
            method.visitFieldInsn(Opcodes.PUTSTATIC, OWN, name, type);
        }
        method.visitInsn(Opcodes.RETURN);
        method.visitMaxs(1, 0);
        method.visitEnd();
    }

    /// Starts again, and writes to another place.
    void again(final MethodVisitor other) {
        to = other;
    }

    MethodVisitor to() {
        return to;
    }

    /// The first local behind all.
    int end() {
        return end;
    }

    boolean isUsed(final int slot) {
        return used[slot];
    }

    boolean isWritten(final int slot) {
        return written[slot];
    }

    int local(final int slot) {
        if (!used[slot]) {
            used[slot] = true;
            locals[slot] = end;
            end += 2;
        }
        return locals[slot];
    }

    // Plain instructions.

    void op(final int opcode) {
        to.visitInsn(opcode);
    }

    void jump(final int opcode, final Label label) {
        to.visitJumpInsn(opcode, label);
    }

    /// A place to jump to, where nothing is on the stack.
    void label(final Label label) {
        to.visitLabel(label);
        to.visitFrame(Opcodes.F_SAME, 0, null, 0, null);
    }

    void getLong(final int local) {
        to.visitVarInsn(Opcodes.LLOAD, local);
    }

    void putLong(final int local) {
        to.visitVarInsn(Opcodes.LSTORE, local);
    }

    void getInt(final int local) {
        to.visitVarInsn(Opcodes.ILOAD, local);
    }

    void putInt(final int local) {
        to.visitVarInsn(Opcodes.ISTORE, local);
    }

    void getReference(final int local) {
        to.visitVarInsn(Opcodes.ALOAD, local);
    }

    void number(final int value) {
        if (value >= -1 && value <= 5) {
            op(Opcodes.ICONST_0 + value);
        } else if (value == (byte) value) {
            to.visitIntInsn(Opcodes.BIPUSH, value);
        } else if (value == (short) value) {
            to.visitIntInsn(Opcodes.SIPUSH, value);
        } else {
            to.visitLdcInsn(value);
        }
    }

    void longNumber(final long value) {
        if (value == 0) {
            op(Opcodes.LCONST_0);
        } else if (value == 1) {
            op(Opcodes.LCONST_1);
        } else if (value == (short) value) {
            number((int) value);
            op(Opcodes.I2L);
        } else {
            to.visitLdcInsn(value);
        }
    }

    void constantObject(final int number) {
        to.visitFieldInsn(Opcodes.GETSTATIC, OWN, CONSTANT_NAMES[number], CONSTANT_TYPES[number]);
    }

    void call(final String owner, final String name, final String descriptor) {
        to.visitMethodInsn(Opcodes.INVOKESTATIC, owner, name, descriptor, false);
    }

    /// Calls one of [RegionServices], which is below the arguments on the stack.
    void service(final String name, final String descriptor) {
        to.visitMethodInsn(Opcodes.INVOKEVIRTUAL, SERVICES_CLASS, name, descriptor, false);
    }

    /// Calls one of [RegionServices] that has no arguments, unless 0 is on the stack, an int.
    void serviceUnlessZero(final String name) {
        final Label fine = new Label();
        jump(Opcodes.IFEQ, fine);
        constantObject(SERVICES);
        service(name, "()V");
        label(fine);
    }

    // Registers.

    /// Nothing is known of temporaries any more.
    void forget() {
        Arrays.fill(known, false);
    }

    boolean isKnown(final int slot) {
        return slot == Slots.ZERO || known[slot];
    }

    long known(final int slot) {
        return slot == Slots.ZERO ? 0 : values[slot];
    }

    /// Of a temporary.
    void know(final int slot, final long value) {
        known[slot] = true;
        values[slot] = value;
    }

    static boolean isTemporary(final int slot) {
        return (slot >= Slots.NEXT && slot <= Slots.T7)
                || (slot >= Slots.V0 && slot <= Slots.V3 + 1);
    }

    void get(final int slot) {
        if (isKnown(slot)) {
            longNumber(known(slot));
        } else if (slot == Slots.RFLAGS) {
            getLong(RFLAGS);
        } else if (slot == Slots.MXCSR) {
            getReference(SLOTS);
            number(slot);
            op(Opcodes.LALOAD);
        } else {
            getLong(local(slot));
        }
    }

    /// Puts all 8 bytes.
    void put(final int slot) {
        known[slot] = false;
        written[slot] = true;
        putLong(local(slot));
    }

    /// Puts a constant, all 8 bytes.
    void putConstant(final int slot, final long value) {
        if (isTemporary(slot)) {
            know(slot, value);
        } else {
            longNumber(value);
            put(slot);
        }
    }

    /// Puts what an instruction of that size writes.
    ///
    /// @see Widths#merge
    void put(final int slot, final int size) {
        switch (size) {
            case 3 -> {}
            case 2 -> mask(2);
            default -> {
                mask(size);
                get(slot);
                longNumber(~Widths.mask(size));
                op(Opcodes.LAND);
                op(Opcodes.LOR);
            }
        }
        put(slot);
    }

    void mask(final int size) {
        if (size < 3) {
            longNumber(Widths.mask(size));
            op(Opcodes.LAND);
        }
    }

    void signExtend(final int size) {
        if (size == 3) {
            return;
        }
        op(Opcodes.L2I);
        if (size == 0) {
            op(Opcodes.I2B);
        } else if (size == 1) {
            op(Opcodes.I2S);
        }
        op(Opcodes.I2L);
    }

    /// What a method's locals are once all have been set.
    Object[] frame() {
        final Object[] frame = new Object[9 + (end - RFLAGS) / 2];
        frame[0] = PACKAGE + "Region";
        frame[SLOTS] = "[J";
        frame[SHARED] = "[J";
        Arrays.fill(frame, BUDGET, RFLAGS, Opcodes.INTEGER);
        Arrays.fill(frame, RFLAGS, frame.length, Opcodes.LONG);
        return frame;
    }
}
