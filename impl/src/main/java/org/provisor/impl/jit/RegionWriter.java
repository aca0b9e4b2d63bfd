// SPDX-License-Identifier: Apache-2.0
package org.provisor.impl.jit;

import org.jspecify.annotations.Nullable;
import org.objectweb.asm.ClassWriter;
import org.objectweb.asm.Label;
import org.objectweb.asm.MethodVisitor;
import org.objectweb.asm.Opcodes;
import org.provisor.impl.cpu.Exits;
import org.provisor.impl.cpu.Slots;
import org.provisor.impl.ir.MicroCode;
import org.provisor.impl.ir.MicroOps;
import org.provisor.impl.ir.SimdOps;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/// Writes the class of a region: a method that has registers in locals.
///
/// Each block takes its number of instructions off the budget when it is entered; blocks to which
/// one may come back look whether there is enough left for all instructions of the region, and with
/// several processors, whether another wants this one to stop. What leaves goes to one end, which
/// puts the registers back. So does what catches a fault: before it may fault, an instruction has
/// changed no register, and it has said which one it is.
final class RegionWriter {

    private static final String REGION = Bytecode.PACKAGE + "Region";
    private static final String FAULT = "org/provisor/impl/cpu/CpuFault";
    private static final String ATTENTION = "org/provisor/impl/cpu/FastMemory";
    private static final String DESCRIPTOR = "([J[JII)I";

    /// No instruction leaves more on the stack.
    private static final int MAX_STACK = 24;

    /// Loops beyond that cannot be entered where they begin.
    private static final int MOST_ENTRIES = 32;

    private final List<Block> blocks;
    private final RegionScan scan;
    private final boolean shared;
    private final Bytecode code;
    private final FlagWriter flags;
    private final MemoryWriter memory;
    private final OpWriter ops;
    private final StringWriter strings;
    private final SimdWriter simd;

    private final Map<Long, Block> byStart = new LinkedHashMap<>();
    private final Map<Exit, Label> exits = new LinkedHashMap<>();
    private final List<Long> places = new ArrayList<>();
    private final List<Integer> refunds = new ArrayList<>();
    private final List<Long> entries = new ArrayList<>();

    private Label epilogue = new Label();
    private int count;
    private int size;

    /// The block that is written behind this one.
    private @Nullable Block following;

    // Where the instruction that is being written goes.

    private @Nullable Label condition;
    private int conditionCode;
    private int conditionSlot;
    private long conditionTarget;
    private boolean jumps;
    private boolean jumpsAnywhere;
    private long jumpTarget;
    private boolean leaves;
    private int leaveReason;
    private boolean repeats;
    private @Nullable Label repeatDone;

    /// A way out.
    ///
    /// @param rip where to go on
    /// @param exit what [Region#run] returns
    private record Exit(long rip, int exit) {}

    /// @param shared whether other processors run at the same time
    RegionWriter(final List<Block> blocks, final RegionScan scan, final boolean shared) {
        this.blocks = blocks;
        this.shared = shared;
        this.scan = scan;
        code = new Bytecode(new Nowhere());
        flags = new FlagWriter(code);
        memory = new MemoryWriter(code, shared);
        ops = new OpWriter(code, flags, memory);
        strings = new StringWriter(code);
        simd = new SimdWriter(code);
        for (final Block block : blocks) {
            byStart.put(block.start, block);
            count += block.insns.size();
        }
        // Whichever edge leads backwards leads to a head of a loop, which may leave the region.
        for (final Block block : blocks.reversed()) {
            block.needsFlags = block.loopHead || alive(block, -1);
        }
    }

    /// Does nothing with what is written to it.
    private static final class Nowhere extends MethodVisitor {

        Nowhere() {
            super(Opcodes.ASM9);
        }
    }

    /// How many bytes the method has.
    int size() {
        return size;
    }

    /// How many instructions it may carry out before it looks at the budget.
    int most() {
        return count;
    }

    /// Whether one comes to an entry before long from each of its instructions.
    boolean isEntered() {
        return entries.size() < MOST_ENTRIES;
    }

    long[] entries() {
        return entries.stream().mapToLong(Long::longValue).toArray();
    }

    long[] places() {
        return places.stream().mapToLong(Long::longValue).toArray();
    }

    int[] refunds() {
        return refunds.stream().mapToInt(Integer::intValue).toArray();
    }

    /// The class, entered at `head`.
    byte[] write(final long head) {
        body(head);
        final ClassWriter writer = new ClassWriter(0);
        writer.visit(
                Opcodes.V21,
                Opcodes.ACC_FINAL | Opcodes.ACC_SUPER | Opcodes.ACC_SYNTHETIC,
                Bytecode.OWN,
                null,
                REGION,
                null);
        constructor(writer);
        Bytecode.constants(writer);
        final MethodVisitor method = writer.visitMethod(0, "run", DESCRIPTOR, null, null);
        code.again(method);
        method.visitCode();
        final Label start = new Label();
        final Label end = new Label();
        final Label handler = new Label();
        method.visitTryCatchBlock(start, end, handler, FAULT);
        prologue();
        method.visitLabel(start);
        final Object[] frame = code.frame();
        method.visitFrame(Opcodes.F_FULL, frame.length, frame, 0, new Object[0]);
        body(head);
        method.visitLabel(end);
        handler(handler);
        epilogue();
        final Label last = new Label();
        method.visitLabel(last);
        method.visitMaxs(MAX_STACK, code.end());
        method.visitEnd();
        size = last.getOffset();
        writer.visitEnd();
        return writer.toByteArray();
    }

    private static void constructor(final ClassWriter writer) {
        final MethodVisitor method = writer.visitMethod(0, "<init>", "()V", null, null);
        method.visitCode();
        method.visitVarInsn(Opcodes.ALOAD, 0);
        method.visitMethodInsn(Opcodes.INVOKESPECIAL, REGION, "<init>", "()V", false);
        method.visitInsn(Opcodes.RETURN);
        method.visitMaxs(1, 1);
        method.visitEnd();
    }

    private void prologue() {
        for (int local = Bytecode.CHANGED; local < Bytecode.RFLAGS; local++) {
            if (local != Bytecode.KIND) {
                code.number(0);
                code.putInt(local);
            }
        }
        shared(Region.KIND);
        code.op(Opcodes.L2I);
        code.putInt(Bytecode.KIND);
        shared(Region.FLAG_A);
        code.putLong(Bytecode.FLAG_A);
        shared(Region.FLAG_B);
        code.putLong(Bytecode.FLAG_B);
        shared(Region.FLAG_RESULT);
        code.putLong(Bytecode.FLAG_RESULT);
        shared(Region.SPACE);
        code.putLong(Bytecode.SPACE);
        slot(Slots.RFLAGS);
        code.putLong(Bytecode.RFLAGS);
        for (int local = Bytecode.TARGET; local < Bytecode.FIRST_SLOT; local += 2) {
            code.op(Opcodes.LCONST_0);
            code.putLong(local);
        }
        for (int slot = 0; slot < Slots.COUNT; slot++) {
            if (code.isUsed(slot)) {
                if (Bytecode.isTemporary(slot)) {
                    code.op(Opcodes.LCONST_0);
                } else {
                    slot(slot);
                }
                code.putLong(code.local(slot));
            }
        }
    }

    private void shared(final int word) {
        code.getReference(Bytecode.SHARED);
        code.number(word);
        code.op(Opcodes.LALOAD);
    }

    private void slot(final int slot) {
        code.getReference(Bytecode.SLOTS);
        code.number(slot);
        code.op(Opcodes.LALOAD);
    }

    private void handler(final Label handler) {
        code.to().visitLabel(handler);
        code.to().visitFrame(Opcodes.F_SAME1, 0, null, 1, new Object[] {FAULT});
        code.op(Opcodes.POP);
        code.getReference(0);
        code.getInt(Bytecode.AT);
        region("place", "(I)J");
        code.putLong(Bytecode.TARGET);
        code.getReference(0);
        code.getInt(Bytecode.AT);
        region("refund", "(I)I");
        code.getInt(Bytecode.BUDGET);
        code.op(Opcodes.IADD);
        code.putInt(Bytecode.BUDGET);
        code.number(Exits.EXCEPTION);
        code.putInt(Bytecode.EXIT);
    }

    private void region(final String name, final String descriptor) {
        code.to().visitMethodInsn(Opcodes.INVOKEVIRTUAL, REGION, name, descriptor, false);
    }

    /// Puts back what is in locals.
    private void epilogue() {
        code.label(epilogue);
        for (int slot = 0; slot < Slots.COUNT; slot++) {
            if (code.isWritten(slot) && !Bytecode.isTemporary(slot)) {
                toSlot(slot, code.local(slot));
            }
        }
        toSlot(Slots.RFLAGS, Bytecode.RFLAGS);
        toSlot(Slots.RIP, Bytecode.TARGET);
        intToShared(Region.KIND, Bytecode.KIND);
        toShared(Region.FLAG_A, Bytecode.FLAG_A);
        toShared(Region.FLAG_B, Bytecode.FLAG_B);
        toShared(Region.FLAG_RESULT, Bytecode.FLAG_RESULT);
        intToShared(Region.BUDGET, Bytecode.BUDGET);
        code.getInt(Bytecode.EXIT);
        code.op(Opcodes.IRETURN);
    }

    private void intToShared(final int index, final int local) {
        code.getReference(Bytecode.SHARED);
        code.number(index);
        code.getInt(local);
        code.op(Opcodes.I2L);
        code.op(Opcodes.LASTORE);
    }

    private void toSlot(final int slot, final int local) {
        code.getReference(Bytecode.SLOTS);
        code.number(slot);
        code.getLong(local);
        code.op(Opcodes.LASTORE);
    }

    private void toShared(final int word, final int local) {
        code.getReference(Bytecode.SHARED);
        code.number(word);
        code.getLong(local);
        code.op(Opcodes.LASTORE);
    }

    // Blocks.

    private void body(final long head) {
        exits.clear();
        places.clear();
        refunds.clear();
        epilogue = new Label();
        for (final Block block : blocks) {
            block.clear();
        }
        enter(head);
        for (int i = 0; i < blocks.size(); i++) {
            following = i + 1 < blocks.size() ? blocks.get(i + 1) : null;
            block(blocks.get(i));
        }
        exits.forEach((exit, label) -> {
            code.label(label);
            code.longNumber(exit.rip());
            code.putLong(Bytecode.TARGET);
            if (exit.exit() != Region.CONTINUE) {
                code.number(exit.exit());
                code.putInt(Bytecode.EXIT);
            }
            code.jump(Opcodes.GOTO, epilogue);
        });
    }

    /// Goes to the entry that was asked for: the head, a place where an indirect branch or a return
    /// goes to, or the head of a loop, where one may have left because the budget was spent.
    private void enter(final long head) {
        entries.clear();
        entries.add(head);
        for (final Block block : blocks) {
            if ((block.indirect || block.loopHead)
                    && block.start != head
                    && entries.size() < MOST_ENTRIES) {
                entries.add(block.start);
            }
        }
        if (entries.size() == 1) {
            if (blocks.getFirst().start == head) {
                reach(blocks.getFirst(), LazyFlags.UNKNOWN);
            } else {
                goTo(head, LazyFlags.UNKNOWN);
            }
            return;
        }
        final Label[] labels = new Label[entries.size()];
        for (int i = 0; i < labels.length; i++) {
            labels[i] = way(entries.get(i), LazyFlags.UNKNOWN);
        }
        code.getInt(Bytecode.AT);
        code.to().visitTableSwitchInsn(0, labels.length - 1, labels[0], labels);
    }

    private void block(final Block block) {
        code.label(block.label);
        code.forget();
        simd.begin();
        flags.setKind(block.loopHead || !block.reached ? LazyFlags.UNKNOWN : block.kind);
        if (block.loopHead) {
            code.getInt(Bytecode.BUDGET);
            code.number(count);
            code.jump(Opcodes.IF_ICMPLT, exit(block.start, Region.CONTINUE));
            if (shared) {
                code.constantObject(Bytecode.ATTENTION);
                code.to()
                        .visitMethodInsn(
                                Opcodes.INVOKESTATIC, ATTENTION, "isDisturbed", "([J)Z", true);
                code.jump(Opcodes.IFNE, exit(block.start, Region.CONTINUE));
            }
        }
        final int instructions = block.insns.size();
        code.to().visitIincInsn(Bytecode.BUDGET, -instructions);
        for (int i = 0; i < instructions; i++) {
            final Insn insn = block.insns.get(i);
            insn(insn, instructions - i, alive(block, i));
            if (i + 1 < instructions && insn.stores) {
                leaveIfChanged(insn.next, instructions - i - 1);
            }
        }
        end(block.last());
    }

    /// Whether somebody may see the flags that are set by an instruction of a block, or before its
    /// first, -1.
    private boolean alive(final Block block, final int at) {
        if (at >= 0 && block.insns.get(at).stores) {
            return true;
        }
        for (int i = at + 1; i < block.insns.size(); i++) {
            final Insn insn = block.insns.get(i);
            if (insn.stops || insn.readsFlags) {
                return true;
            }
            if (insn.setsFlags) {
                return false;
            }
        }
        final Insn last = block.last();
        if (last.indirect || (!last.away && needsFlags(last.next))) {
            return true;
        }
        for (final long target : last.targets) {
            if (needsFlags(target)) {
                return true;
            }
        }
        return false;
    }

    private boolean needsFlags(final long rip) {
        final Block block = byStart.get(rip);
        return block == null || block.needsFlags;
    }

    private void leaveIfChanged(final long rip, final int refund) {
        final Label same = new Label();
        code.getInt(Bytecode.CHANGED);
        code.jump(Opcodes.IFEQ, same);
        if (refund != 0) {
            code.to().visitIincInsn(Bytecode.BUDGET, refund);
        }
        code.jump(Opcodes.GOTO, exit(rip, Region.CONTINUE));
        code.label(same);
    }

    private Label exit(final long rip, final int exit) {
        return exits.computeIfAbsent(new Exit(rip, exit), key -> new Label());
    }

    /// Notes of what kind the flags are when a block is entered by one of its ways.
    private static void reach(final Block block, final int kind) {
        block.kind = block.reached && block.kind != kind ? LazyFlags.UNKNOWN : kind;
        block.reached = true;
    }

    /// Where one goes on at an address.
    private Label way(final long rip, final int kind) {
        final Block block = byStart.get(rip);
        if (block == null) {
            return exit(rip, scan.isUntranslated(rip) ? Region.INTERPRET : Region.CONTINUE);
        }
        reach(block, kind);
        return block.label;
    }

    private void goTo(final long rip, final int kind) {
        final Label label = way(rip, kind);
        if (following == null || following.start != rip) {
            code.jump(Opcodes.GOTO, label);
        }
    }

    // Instructions.

    private void insn(final Insn insn, final int left, final boolean alive) {
        code.forget();
        code.know(Slots.NEXT, insn.next);
        memory.begin();
        condition = null;
        conditionCode = -1;
        jumps = false;
        jumpsAnywhere = false;
        leaves = false;
        repeats = false;
        repeatDone = null;
        if (insn.stops) {
            code.number(places.size());
            code.putInt(Bytecode.AT);
            places.add(insn.rip);
            refunds.add(left);
        }
        for (int i = 0; i < insn.words.length; i++) {
            i += op(insn, i, alive);
        }
        if (memory.needsAgain()) {
            again(insn, left);
        }
    }

    /// What goes on if another processor was first: the interpreter takes the instruction.
    private void again(final Insn insn, final int left) {
        final Label past = new Label();
        code.jump(Opcodes.GOTO, past);
        code.label(memory.again());
        code.to().visitIincInsn(Bytecode.BUDGET, left);
        code.jump(Opcodes.GOTO, exit(insn.rip, Region.INTERPRET));
        code.label(past);
    }

    /// @return how many more micro-operations have been dealt with
    private int op(final Insn insn, final int at, final boolean alive) {
        final long word = insn.words[at];
        final long immediate = insn.immediates[at];
        switch (MicroCode.op(word)) {
            case MicroOps.CONDITION -> {
                if (at + 1 < insn.words.length) {
                    final long next = insn.words[at + 1];
                    final boolean used = MicroCode.c(next) == MicroCode.d(word);
                    if (used && MicroCode.op(next) == MicroOps.JUMP_IF) {
                        conditionCode = (int) immediate;
                        conditionTarget = insn.next + insn.immediates[at + 1];
                        condition = new Label();
                        return 1;
                    }
                    if (used && MicroCode.op(next) == MicroOps.SELECT) {
                        ops.selectIf((int) immediate, next);
                        return 1;
                    }
                }
                ops.write(word, immediate, alive);
            }
            case MicroOps.JUMP -> jump(MicroCode.a(word));
            case MicroOps.JUMP_BY -> {
                jumps = true;
                jumpTarget = insn.next + immediate;
            }
            case MicroOps.JUMP_IF -> {
                condition = new Label();
                conditionSlot = MicroCode.c(word);
                conditionTarget = insn.next + immediate;
            }
            case MicroOps.REPEAT_BEGIN -> {
                repeatDone = new Label();
                code.get(MicroCode.a(word));
                code.mask(MicroCode.size(word));
                code.op(Opcodes.LCONST_0);
                code.op(Opcodes.LCMP);
                code.jump(Opcodes.IFEQ, repeatDone);
                strings.bulk(insn, count);
            }
            case MicroOps.REPEAT_END -> repeat(insn, word, immediate);
            case MicroOps.LEAVE -> {
                leaves = true;
                leaveReason = (int) immediate;
            }
            default -> {
                if (MicroCode.op(word) >= SimdOps.FIRST) {
                    simd.write(word, immediate);
                } else {
                    ops.write(word, immediate, alive);
                }
            }
        }
        return 0;
    }

    private void jump(final int a) {
        jumps = true;
        if (code.isKnown(a)) {
            jumpTarget = code.known(a);
            return;
        }
        jumpsAnywhere = true;
        code.get(a);
        code.putLong(Bytecode.TARGET);
        ops.canonical(a);
    }

    private void repeat(final Insn insn, final long word, final long kind) {
        repeats = true;
        final int size = MicroCode.size(word);
        final int d = MicroCode.d(word);
        final Label done = repeatDone == null ? new Label() : repeatDone;
        repeatDone = done;
        code.get(d);
        code.op(Opcodes.LCONST_1);
        code.op(Opcodes.LSUB);
        code.put(d, size);
        if (kind != 0) {
            flags.jumpIf(kind == 1 ? 5 : 4, done);
        }
        code.get(d);
        code.mask(size);
        code.op(Opcodes.LCONST_0);
        code.op(Opcodes.LCMP);
        code.jump(Opcodes.IFEQ, done);
        if (insn.stores) {
            leaveIfChanged(insn.rip, 0);
        }
        code.jump(Opcodes.GOTO, way(insn.rip, LazyFlags.UNKNOWN));
        code.label(done);
    }

    // Ends of blocks.

    private void end(final Insn insn) {
        final int kind = repeats ? LazyFlags.UNKNOWN : flags.kind();
        if (leaves) {
            code.to().visitIincInsn(Bytecode.BUDGET, 1);
            code.jump(Opcodes.GOTO, exit(insn.next, leaveReason));
            return;
        }
        if (condition != null) {
            branch(insn, kind);
            return;
        }
        if (jumpsAnywhere) {
            anywhere(insn, kind);
            return;
        }
        final long to = jumps ? jumpTarget : insn.next;
        if (insn.stores) {
            leaveIfChanged(to, 0);
        }
        goTo(to, kind);
    }

    private void branch(final Insn insn, final int kind) {
        final Label taken = way(conditionTarget, kind);
        if (conditionCode >= 0) {
            flags.jumpIf(conditionCode, taken);
        } else {
            code.get(conditionSlot);
            code.op(Opcodes.LCONST_0);
            code.op(Opcodes.LCMP);
            code.jump(Opcodes.IFNE, taken);
        }
        goTo(insn.next, kind);
    }

    private void anywhere(final Insn insn, final int kind) {
        if (insn.stores) {
            code.getInt(Bytecode.CHANGED);
            code.jump(Opcodes.IFNE, epilogue);
        }
        final List<Block> known = new ArrayList<>();
        for (final Block block : blocks) {
            if (isTarget(insn, block)) {
                known.add(block);
            }
        }
        if (known.isEmpty()) {
            code.jump(Opcodes.GOTO, epilogue);
            return;
        }
        final long base = blocks.getFirst().start;
        code.getLong(Bytecode.TARGET);
        code.longNumber(base);
        code.op(Opcodes.LSUB);
        code.putLong(Bytecode.VALUE);
        code.getLong(Bytecode.VALUE);
        code.number(16);
        code.op(Opcodes.LUSHR);
        code.op(Opcodes.LCONST_0);
        code.op(Opcodes.LCMP);
        code.jump(Opcodes.IFNE, epilogue);
        final int[] keys = new int[known.size()];
        final Label[] labels = new Label[known.size()];
        for (int i = 0; i < keys.length; i++) {
            keys[i] = (int) (known.get(i).start - base);
            labels[i] = new Label();
        }
        code.getLong(Bytecode.VALUE);
        code.op(Opcodes.L2I);
        code.to().visitLookupSwitchInsn(epilogue, keys, labels);
        for (int i = 0; i < keys.length; i++) {
            // HotSpot notices loops by jumps that go back, and does not look at switches.
            code.label(labels[i]);
            code.jump(Opcodes.GOTO, way(known.get(i).start, kind));
        }
    }

    /// Whether an indirect branch may go to a block: where it has been seen to go, or for a return,
    /// behind any call.
    private boolean isTarget(final Insn insn, final Block block) {
        if (insn.call || insn.targets.length > 0) {
            for (final long target : insn.targets) {
                if (target == block.start && !(insn.call && target == insn.next)) {
                    return true;
                }
            }
            return false;
        }
        return isReturnSite(block.start);
    }

    private boolean isReturnSite(final long rip) {
        for (final Block block : blocks) {
            if (block.last().call && block.last().next == rip) {
                return true;
            }
        }
        return false;
    }
}
