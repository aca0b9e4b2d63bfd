// SPDX-License-Identifier: Apache-2.0
package org.provisor.impl.ir;

import org.provisor.impl.cpu.Rflags;
import org.provisor.impl.cpu.Slots;
import org.provisor.impl.decode.Instruction;
import org.provisor.impl.decode.Operand;

/// `push`, `pop` and their like. The stack pointer moves once nothing can fault any more.
final class StackExpander {

    private static final int LEVELS = 31;

    private final Emitter emit;

    StackExpander(final Emitter emit) {
        this.emit = emit;
    }

    /// Stores below the stack pointer, which moves.
    void push(final int size, final int slot) {
        emit.offset(3, Slots.T7, Slots.RSP, -(1 << size));
        emit.stack(MicroOps.STORE, size, 0, Slots.T7, slot);
        emit.move(3, Slots.RSP, Slots.T7);
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
        emit.stack(MicroOps.LOAD, size, Slots.T0, Slots.RSP, 0);
        if (in.isMemory()) {
            final int moved = in.base() == Slots.RSP ? bytes : 0;
            emit.addressWithoutSegment(in, in.displacement() + moved);
            emit.segment(in, Slots.ADDRESS);
            emit.write(in, to, Slots.T0);
        }
        emit.offset(3, Slots.RSP, Slots.RSP, bytes);
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
        emit.stack(MicroOps.LOAD, size, Slots.T0, Slots.RSP, 0);
        emit.op(MicroOps.POPF, size, 0, Slots.T0, 0);
        emit.offset(3, Slots.RSP, Slots.RSP, in.operandSize());
    }

    /// @sdm 2, "ENTER—Make Stack Frame for Procedure Parameters"
    void enter(final Instruction in) {
        final int bytes = in.operandSize();
        final int size = Widths.size(bytes);
        final int level = (int) in.secondImmediate() & LEVELS;
        emit.move(3, Slots.T4, Slots.RSP);
        enterPush(size, Slots.RBP);
        emit.move(3, Slots.T5, Slots.T4);
        for (int i = 1; i < level; i++) {
            emit.offset(3, Slots.T1, Slots.RBP, -(long) i * bytes);
            emit.stack(MicroOps.LOAD, size, Slots.T0, Slots.T1, 0);
            enterPush(size, Slots.T0);
        }
        if (level > 0) {
            enterPush(size, Slots.T5);
        }
        emit.offset(3, Slots.T4, Slots.T4, -in.immediate());
        // The processor makes sure of the new top of the stack.
        emit.stack(MicroOps.LOAD_FOR_WRITE, size, Slots.T0, Slots.T4, 0);
        emit.move(size, Slots.RBP, Slots.T5);
        emit.move(3, Slots.RSP, Slots.T4);
    }

    private void enterPush(final int size, final int slot) {
        emit.offset(3, Slots.T4, Slots.T4, -(1 << size));
        emit.stack(MicroOps.STORE, size, 0, Slots.T4, slot);
    }

    void leave(final Instruction in) {
        final int bytes = in.operandSize();
        final int size = Widths.size(bytes);
        emit.stack(MicroOps.LOAD, size, Slots.T0, Slots.RBP, 0);
        emit.offset(3, Slots.RSP, Slots.RBP, bytes);
        emit.move(size, Slots.RBP, Slots.T0);
    }
}
