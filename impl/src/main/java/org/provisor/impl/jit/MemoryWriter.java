// SPDX-License-Identifier: Apache-2.0
package org.provisor.impl.jit;

import org.objectweb.asm.Label;
import org.objectweb.asm.Opcodes;
import org.provisor.impl.cpu.FastMemory;
import org.provisor.impl.ir.MicroCode;
import org.provisor.impl.ir.MicroOps;

/// Writes accesses to memory: a look at the entry, then the access itself or a call.
///
/// Where other processors run at the same time accesses keep the order that the processor keeps:
/// only a load may be done before a store that is before it.
///
/// @sdm 3A, "Memory Ordering in P6 and More Recent Processor Families"
final class MemoryWriter {

    private static final String SEGMENT = "java/lang/foreign/MemorySegment";
    private static final String LAYOUTS = "java/lang/foreign/ValueLayout";

    private static final String FENCES = "java/lang/invoke/VarHandle";

    private final Bytecode code;

    /// Whether others see in which order memory is accessed.
    private final boolean shared;

    /// Where to go if a comparison found something else.
    private Label again = new Label();

    private boolean needsAgain;

    MemoryWriter(final Bytecode code, final boolean shared) {
        this.code = code;
        this.shared = shared;
    }

    /// Begins an instruction.
    void begin() {
        again = new Label();
        needsAgain = false;
    }

    /// Whether anything goes to [#again].
    boolean needsAgain() {
        return needsAgain;
    }

    Label again() {
        return again;
    }

    void write(final long word) {
        final int bytes = 1 << MicroCode.size(word);
        final boolean stack = (word & MicroCode.STACK) != 0;
        switch (MicroCode.op(word)) {
            case MicroOps.LOAD -> load(word, bytes, stack, Bytecode.READS, "load");
            case MicroOps.LOAD_FOR_WRITE ->
                    load(word, bytes, stack, Bytecode.WRITES, "loadForWrite");
            case MicroOps.STORE -> store(word, bytes, stack);
            case MicroOps.COMPARE_AND_STORE -> {
                code.constantObject(Bytecode.SERVICES);
                code.get(MicroCode.a(word));
                code.get(MicroCode.b(word));
                code.get(MicroCode.c(word));
                code.number(RegionServices.access(bytes, stack));
                code.service("compareAndStore", "(JJJI)I");
                compared();
            }
            default -> {
                code.constantObject(Bytecode.SERVICES);
                code.get(MicroCode.a(word));
                code.get(MicroCode.b(word));
                code.get(MicroCode.b(word) + 1);
                code.get(MicroCode.c(word));
                code.get(MicroCode.c(word) + 1);
                code.number(RegionServices.access(16, stack));
                code.service("compareAndStorePair", "(JJJJJI)I");
                compared();
            }
        }
    }

    private void compared() {
        code.op(Opcodes.DUP);
        code.putInt(Bytecode.INDEX);
        code.number(RegionServices.AGAIN);
        code.jump(Opcodes.IF_ICMPEQ, again);
        needsAgain = true;
        code.getInt(Bytecode.INDEX);
        code.getInt(Bytecode.CHANGED);
        code.op(Opcodes.IOR);
        code.putInt(Bytecode.CHANGED);
    }

    /// Jumps unless the entry of an address, which is in its local, is there.
    private void look(final int slot, final int bytes, final int entries, final Label slow) {
        code.get(slot);
        code.putLong(Bytecode.ADDRESS);
        code.getLong(Bytecode.ADDRESS);
        if (bytes > 1) {
            code.longNumber(bytes - 1);
            code.op(Opcodes.LADD);
        }
        code.number(12);
        code.op(Opcodes.LUSHR);
        code.getLong(Bytecode.SPACE);
        code.op(Opcodes.LOR);
        code.constantObject(entries);
        code.getLong(Bytecode.ADDRESS);
        code.number(11);
        code.op(Opcodes.LUSHR);
        code.op(Opcodes.L2I);
        code.number(FastMemory.MASK);
        code.op(Opcodes.IAND);
        code.op(Opcodes.DUP);
        code.putInt(Bytecode.INDEX);
        code.op(Opcodes.LALOAD);
        code.op(Opcodes.LCMP);
        code.jump(Opcodes.IFNE, slow);
    }

    /// Leaves the memory, how the value lies in it, and where on the stack.
    private void place(final int bytes, final int entries) {
        code.constantObject(Bytecode.EVERYWHERE);
        code.to()
                .visitFieldInsn(
                        Opcodes.GETSTATIC,
                        LAYOUTS,
                        switch (bytes) {
                            case 1 -> "JAVA_BYTE";
                            case 2 -> "JAVA_SHORT_UNALIGNED";
                            case 4 -> "JAVA_INT_UNALIGNED";
                            default -> "JAVA_LONG_UNALIGNED";
                        },
                        layout(bytes));
        code.constantObject(entries);
        code.getInt(Bytecode.INDEX);
        code.op(Opcodes.ICONST_1);
        code.op(Opcodes.IADD);
        code.op(Opcodes.LALOAD);
        code.getLong(Bytecode.ADDRESS);
        code.op(Opcodes.LADD);
    }

    private static String layout(final int bytes) {
        return "L"
                + LAYOUTS
                + switch (bytes) {
                    case 1 -> "$OfByte;";
                    case 2 -> "$OfShort;";
                    case 4 -> "$OfInt;";
                    default -> "$OfLong;";
                };
    }

    private static String type(final int bytes) {
        return switch (bytes) {
            case 1 -> "B";
            case 2 -> "S";
            case 4 -> "I";
            default -> "J";
        };
    }

    /// Lets nothing be done before what is before here. With one processor nobody looks on.
    void fence() {
        order("fullFence");
    }

    /// For the host's processor this is a matter of what HotSpot makes of it: it does the rest.
    private void order(final String fence) {
        if (shared) {
            code.to().visitMethodInsn(Opcodes.INVOKESTATIC, FENCES, fence, "()V", false);
        }
    }

    private void access(final String name, final String descriptor) {
        code.to().visitMethodInsn(Opcodes.INVOKEINTERFACE, SEGMENT, name, descriptor, true);
    }

    private void load(
            final long word,
            final int bytes,
            final boolean stack,
            final int entries,
            final String service) {
        final Label slow = new Label();
        final Label end = new Label();
        final int d = MicroCode.d(word);
        look(MicroCode.a(word), bytes, entries, slow);
        place(bytes, entries);
        access("get", "(" + layout(bytes) + "J)" + type(bytes));
        // Loads are done before whatever is behind them.
        order("acquireFence");
        if (bytes < 8) {
            code.op(Opcodes.I2L);
            code.mask(MicroCode.size(word));
        }
        code.put(d);
        code.jump(Opcodes.GOTO, end);
        code.label(slow);
        code.constantObject(Bytecode.SERVICES);
        code.getLong(Bytecode.ADDRESS);
        code.number(RegionServices.access(bytes, stack));
        code.service(service, "(JI)J");
        code.put(d);
        code.label(end);
    }

    private void store(final long word, final int bytes, final boolean stack) {
        final Label slow = new Label();
        final Label end = new Label();
        final int b = MicroCode.b(word);
        look(MicroCode.a(word), bytes, Bytecode.WRITES, slow);
        place(bytes, Bytecode.WRITES);
        code.get(b);
        switch (bytes) {
            case 1 -> {
                code.op(Opcodes.L2I);
                code.op(Opcodes.I2B);
            }
            case 2 -> {
                code.op(Opcodes.L2I);
                code.op(Opcodes.I2S);
            }
            case 4 -> code.op(Opcodes.L2I);
            default -> {}
        }
        // Stores are done behind whatever is before them; only loads overtake them.
        order("releaseFence");
        access("set", "(" + layout(bytes) + "J" + type(bytes) + ")V");
        code.jump(Opcodes.GOTO, end);
        code.label(slow);
        code.constantObject(Bytecode.SERVICES);
        code.getLong(Bytecode.ADDRESS);
        code.get(b);
        code.number(RegionServices.access(bytes, stack));
        code.service("store", "(JJI)I");
        code.getInt(Bytecode.CHANGED);
        code.op(Opcodes.IOR);
        code.putInt(Bytecode.CHANGED);
        code.label(end);
    }
}
