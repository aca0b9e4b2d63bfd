// SPDX-License-Identifier: Apache-2.0
package org.provisor.impl.ir;

import org.provisor.impl.cpu.Rflags;
import org.provisor.impl.cpu.Slots;
import org.provisor.impl.decode.Instruction;
import org.provisor.impl.decode.Operand;

/// `push`, `pop` and their like. The stack pointer moves once nothing can fault any more.
final class StackExpander {

    private static final int LEVELS = 31;

    /// How many registers `pusha` pushes.
    private static final int REGISTERS = 8;

    private final Emitter emit;

    StackExpander(final Emitter emit) {
        this.emit = emit;
    }

    /// Stores below the stack pointer, which moves.
    void push(final int size, final int slot) {
        emit.stackAddress(Slots.T7, Slots.RSP, -(1 << size));
        emit.stack(MicroOps.STORE, size, 0, Slots.T7, slot);
        emit.setStack(Slots.T7);
    }

    void push(final Instruction in) {
        if (in.isMemory()) {
            emit.address(in);
        }
        push(Widths.size(in.operandSize()), emit.read(in, in.row().operand(0), Slots.T0));
    }

    /// An address that uses the stack pointer uses the one after.
    ///
    /// @sdm 2, "POP—Pop a Value from the Stack"
    void pop(final Instruction in) {
        final Operand to = in.row().operand(0);
        final int bytes = in.operandSize();
        final int size = Widths.size(bytes);
        load(size, Slots.T0);
        if (in.isMemory()) {
            final int moved = in.base() == Slots.RSP ? bytes : 0;
            emit.addressWithoutSegment(in, in.displacement() + moved);
            emit.segment(in, Slots.ADDRESS);
            emit.write(in, to, Slots.T0);
        }
        emit.moveStack(Slots.RSP, bytes);
        if (!in.isMemory()) {
            emit.write(in, to, Slots.T0);
        }
    }

    void pushf(final Instruction in) {
        emit.constant(Slots.T1, ~(long) (Rflags.RF | Rflags.VM));
        emit.op(MicroOps.AND, 3, Slots.T0, Slots.RFLAGS, Slots.T1);
        push(Widths.size(in.operandSize()), Slots.T0);
    }

    void popf(final Instruction in) {
        final int size = Widths.size(in.operandSize());
        load(size, Slots.T0);
        emit.op(MicroOps.POPF, size, 0, Slots.T0, 0);
        emit.moveStack(Slots.RSP, in.operandSize());
    }

    /// Loads what is at the top.
    void load(final int size, final int d) {
        emit.stack(MicroOps.LOAD, size, d, emit.onStack(Slots.RSP, Slots.T7), 0);
    }

    /// @sdm 2, "ENTER—Make Stack Frame for Procedure Parameters"
    void enter(final Instruction in) {
        final int bytes = in.operandSize();
        final int size = Widths.size(bytes);
        final int level = (int) in.secondImmediate() & LEVELS;
        emit.move(3, Slots.T4, Slots.RSP);
        enterPush(size, Slots.RBP);
        // Of the stack pointer, what does not count too.
        emit.copyStack(Slots.T5, Slots.T4);
        for (int i = 1; i < level; i++) {
            emit.stackAddress(Slots.T1, Slots.RBP, -(long) i * bytes);
            emit.stack(MicroOps.LOAD, size, Slots.T0, Slots.T1, 0);
            enterPush(size, Slots.T0);
        }
        if (level > 0) {
            enterPush(size, Slots.T5);
        }
        emit.stackAddress(Slots.T4, Slots.T4, -in.immediate());
        // The processor makes sure of the new top of the stack.
        emit.stack(MicroOps.LOAD_FOR_WRITE, size, Slots.T0, Slots.T4, 0);
        emit.move(size, Slots.RBP, Slots.T5);
        emit.setStack(Slots.T4);
    }

    private void enterPush(final int size, final int slot) {
        emit.stackAddress(Slots.T4, Slots.T4, -(1 << size));
        emit.stack(MicroOps.STORE, size, 0, Slots.T4, slot);
    }

    void leave(final Instruction in) {
        final int bytes = in.operandSize();
        final int size = Widths.size(bytes);
        emit.stack(MicroOps.LOAD, size, Slots.T0, emit.onStack(Slots.RBP, Slots.T7), 0);
        emit.moveStack(Slots.RBP, bytes);
        emit.move(size, Slots.RBP, Slots.T0);
    }

    /// All eight general registers, of which the stack pointer is as it was before.
    ///
    /// @sdm 2, "PUSHA/PUSHAD—Push All General-Purpose Registers"
    void pushAll(final Instruction in) {
        final int bytes = in.operandSize();
        final int size = Widths.size(bytes);
        for (int i = 0; i < REGISTERS; i++) {
            emit.stackAddress(Slots.T7, Slots.RSP, -(long) (i + 1) * bytes);
            emit.stack(MicroOps.STORE, size, 0, Slots.T7, i);
        }
        emit.setStack(Slots.T7);
    }

    /// All of them but the stack pointer, the value for which is not looked at.
    ///
    /// @sdm 2, "POPA/POPAD—Pop All General-Purpose Registers"
    void popAll(final Instruction in) {
        final int bytes = in.operandSize();
        final int size = Widths.size(bytes);
        int temporary = Slots.T0;
        for (int i = REGISTERS - 1; i >= 0; i--) {
            if (i != Slots.RSP) {
                emit.stackAddress(Slots.T7, Slots.RSP, (long) (REGISTERS - 1 - i) * bytes);
                emit.stack(MicroOps.LOAD, size, temporary++, Slots.T7, 0);
            }
        }
        temporary = Slots.T0;
        for (int i = REGISTERS - 1; i >= 0; i--) {
            if (i != Slots.RSP) {
                emit.move(size, i, temporary++);
            }
        }
        emit.moveStack(Slots.RSP, (long) REGISTERS * bytes);
    }
}
