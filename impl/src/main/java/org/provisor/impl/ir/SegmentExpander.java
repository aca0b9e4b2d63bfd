// SPDX-License-Identifier: Apache-2.0
package org.provisor.impl.ir;

import org.provisor.impl.cpu.DescriptorTables;
import org.provisor.impl.cpu.Rflags;
import org.provisor.impl.cpu.Slots;
import org.provisor.impl.decode.Instruction;

/// Instructions that name segments: moves of selectors, what goes on in another segment, and those
/// that tell what segments there are.
final class SegmentExpander {

    private static final int SELECTOR = 1;

    private final Emitter emit;
    private final StackExpander stack;

    SegmentExpander(final Emitter emit, final StackExpander stack) {
        this.emit = emit;
        this.stack = stack;
    }

    private void selector(final int d, final int register) {
        emit.immediate(SegmentOps.SELECTOR, 3, d, 0, register);
    }

    private void load(final int register, final int from) {
        emit.immediate(SegmentOps.LOAD_SEGMENT, SELECTOR, 0, from, register);
    }

    private void write(final Instruction in, final int from) {
        if (in.isMemory()) {
            emit.address(in);
        }
        emit.write(in, in.row().operand(0), from);
    }

    void moveFrom(final Instruction in) {
        if (in.reg() % 8 >= Segments.COUNT) {
            emit.op(MicroOps.UNDEFINED, 0, 0, 0, 0);
            return;
        }
        selector(Slots.T0, in.reg() % 8);
        write(in, Slots.T0);
    }

    void moveTo(final Instruction in) {
        final int register = in.reg() % 8;
        if (register >= Segments.COUNT || register == Segments.CS) {
            emit.op(MicroOps.UNDEFINED, 0, 0, 0, 0);
            return;
        }
        if (in.isMemory()) {
            emit.address(in);
        }
        load(register, emit.read(in, in.row().operand(1), Slots.T0));
    }

    void push(final Instruction in) {
        selector(Slots.T0, named(in));
        stack.push(Widths.size(in.operandSize()), Slots.T0);
    }

    void pop(final Instruction in) {
        final int size = Widths.size(in.operandSize());
        stack.load(size, Slots.T0);
        load(named(in), Slots.T0);
        emit.moveStack(Slots.RSP, in.operandSize());
    }

    private static int named(final Instruction in) {
        return switch (in.row().operand(0).kind()) {
            case ES -> Segments.ES;
            case CS -> Segments.CS;
            case SS -> Segments.SS;
            case DS -> Segments.DS;
            case FS -> Segments.FS;
            default -> Segments.GS;
        };
    }

    /// An address and a selector behind it in memory, or in the instruction, into T0 and T1.
    private void loadFar(final Instruction in) {
        if (!in.isMemory()) {
            final long mask = Widths.mask(Widths.size(in.operandSize()));
            emit.constant(Slots.T0, in.immediate() & mask);
            emit.constant(Slots.T1, in.secondImmediate());
            return;
        }
        emit.address(in);
        emit.memory(in, MicroOps.LOAD, Widths.size(in.operandSize()), Slots.T0, 0);
        emit.offset(3, Slots.T6, Slots.ADDRESS, in.operandSize());
        emit.memoryAt(in, MicroOps.LOAD, SELECTOR, Slots.T1, Slots.T6, 0);
    }

    /// `lss`, `lfs`, `lgs`, `les`, `lds`.
    void loadPointer(final Instruction in, final int register) {
        loadFar(in);
        load(register, Slots.T1);
        emit.move(Widths.size(in.operandSize()), in.reg(), Slots.T0);
    }

    private void check(final boolean returns) {
        emit.binary(SegmentOps.FAR_CHECK, 3, 0, Slots.T0, Slots.T1, returns ? 1 : 0);
    }

    private void jump() {
        emit.op(SegmentOps.FAR_JUMP, 3, 0, Slots.T0, Slots.T1);
    }

    void jumpFar(final Instruction in) {
        loadFar(in);
        check(false);
        jump();
    }

    void callFar(final Instruction in) {
        loadFar(in);
        check(false);
        emit.op(SegmentOps.FAR_PUSH, Widths.size(in.operandSize()), 0, Slots.NEXT, Slots.T1);
        jump();
    }

    /// Loads what is so many operands up the stack. Which comes first shows where nothing can be
    /// read; it is as on a processor of AMD's.
    private void up(final Instruction in, final int d, final int number) {
        emit.stackAddress(Slots.T7, Slots.RSP, (long) number * in.operandSize());
        emit.stack(MicroOps.LOAD, Widths.size(in.operandSize()), d, Slots.T7, 0);
    }

    void returnFar(final Instruction in) {
        up(in, Slots.T1, 1);
        up(in, Slots.T0, 0);
        check(true);
        emit.moveStack(Slots.RSP, 2L * in.operandSize());
        jump();
        if (!in.row().operands().isEmpty()) {
            emit.immediate(SegmentOps.RELEASE, 3, 0, 0, in.immediate());
        }
    }

    /// @sdm 2, "IRET/IRETD/IRETQ—Interrupt Return"
    void iret(final Instruction in) {
        emit.constant(Slots.T5, Rflags.NT);
        emit.op(MicroOps.AND, 3, Slots.T0, Slots.RFLAGS, Slots.T5);
        emit.immediate(MicroOps.ALIGNED, 3, 0, Slots.T0, 2L * Rflags.NT);
        up(in, Slots.T2, 2);
        up(in, Slots.T1, 1);
        up(in, Slots.T0, 0);
        if (in.is64()) {
            up(in, Slots.T3, 3);
            up(in, Slots.T4, 4);
        }
        check(true);
        if (in.is64()) {
            load(Segments.SS, Slots.T4);
        }
        final int size = Widths.size(in.operandSize());
        emit.op(SegmentOps.IRET_FLAGS, size, 0, Slots.T2, 0);
        if (in.is64()) {
            emit.move(3, Slots.RSP, Slots.T3);
        } else {
            emit.moveStack(Slots.RSP, 3L * in.operandSize());
        }
        jump();
    }

    /// `sgdt`, `sidt`: 2 bytes of limit, 8 of base; outside of 64-bit mode 4.
    void storeTable(final Instruction in, final int base) {
        emit.address(in);
        final int limit =
                base == DescriptorTables.GDT_BASE
                        ? DescriptorTables.GDT_LIMIT
                        : DescriptorTables.IDT_LIMIT;
        emit.offset(3, Slots.T6, Slots.ADDRESS, 2);
        final int size = in.is64() ? 3 : 2;
        emit.memoryAt(in, MicroOps.LOAD_FOR_WRITE, size, Slots.T2, Slots.T6, 0);
        emit.immediate(SegmentOps.TABLE_REGISTER, 3, Slots.T0, 0, limit);
        emit.immediate(SegmentOps.TABLE_REGISTER, 3, Slots.T1, 0, base);
        emit.memory(in, MicroOps.STORE, SELECTOR, 0, Slots.T0);
        emit.memoryAt(in, MicroOps.STORE, size, 0, Slots.T6, Slots.T1);
    }

    /// `sldt`, `str`, `smsw`.
    void storeRegister(final Instruction in, final int which) {
        emit.immediate(SegmentOps.TABLE_REGISTER, 3, Slots.T0, 0, which);
        write(in, Slots.T0);
    }

    /// `lar`, `lsl`, `verr`, `verw`: 2 bytes of a register or memory.
    void look(final Instruction in, final int op) {
        if (in.isMemory()) {
            emit.address(in);
        }
        final boolean writes = in.row().operands().size() == 2;
        final int from = emit.read(in, in.row().operand(writes ? 1 : 0), Slots.T0);
        final int to = writes ? in.reg() : 0;
        emit.op(op, Widths.size(in.operandSize()), to, from, 0);
    }

    /// Which register or table a row is about.
    static int detail(final String word) {
        return switch (word) {
            case "es" -> Segments.ES;
            case "ds" -> Segments.DS;
            case "ss" -> Segments.SS;
            case "fs" -> Segments.FS;
            case "gs" -> Segments.GS;
            case "gdt" -> DescriptorTables.GDT_BASE;
            case "idt" -> DescriptorTables.IDT_BASE;
            case "ldt" -> DescriptorTables.LOCAL_TABLE;
            case "task" -> DescriptorTables.TASK;
            case "status" -> DescriptorTables.MACHINE_STATUS;
            default -> SegmentOps.named(word);
        };
    }
}
