// SPDX-License-Identifier: Apache-2.0
package org.provisor.impl.ir;

import org.provisor.impl.cpu.Slots;
import org.provisor.impl.decode.Instruction;
import org.provisor.impl.decode.Operand;

/// What goes on elsewhere.
final class BranchExpander {

    private final Emitter emit;

    BranchExpander(final Emitter emit) {
        this.emit = emit;
    }

    void jcc(final Instruction in) {
        emit.immediate(MicroOps.CONDITION, 3, Slots.T0, 0, in.condition());
        emit.jumpIf(Slots.T0, in.immediate());
    }

    void jmp(final Instruction in) {
        if (in.row().operand(0).kind() == Operand.Kind.RELATIVE) {
            emit.immediate(MicroOps.JUMP_BY, emit.branchSize(), 0, 0, in.immediate());
        } else {
            emit.op(MicroOps.JUMP, emit.branchSize(), 0, target(in), 0);
        }
    }

    private int target(final Instruction in) {
        if (in.isMemory()) {
            emit.address(in);
        }
        return emit.read(in, in.row().operand(0), Slots.T0);
    }

    /// The return address is stored before anything changes; the address jumped to is checked
    /// before.
    void call(final Instruction in) {
        final boolean relative = in.row().operand(0).kind() == Operand.Kind.RELATIVE;
        final int target = relative ? Slots.T0 : target(in);
        if (relative) {
            emit.offset(3, Slots.T0, Slots.NEXT, in.immediate());
        }
        final int size = emit.branchSize();
        emit.move(3, Slots.T1, target);
        emit.op(MicroOps.CANONICAL, size, 0, Slots.T1, 0);
        emit.stackAddress(Slots.T7, Slots.RSP, -(1L << size));
        emit.stack(MicroOps.STORE, size, 0, Slots.T7, Slots.NEXT);
        emit.setStack(Slots.T7);
        emit.op(MicroOps.JUMP, size, 0, Slots.T1, 0);
    }

    void ret(final Instruction in) {
        final int size = emit.branchSize();
        emit.stack(MicroOps.LOAD, size, Slots.T0, emit.onStack(Slots.RSP, Slots.T7), 0);
        emit.op(MicroOps.JUMP, size, 0, Slots.T0, 0);
        final long more = in.row().operands().isEmpty() ? 0 : in.immediate();
        emit.moveStack(Slots.RSP, (1L << size) + more);
    }

    void loop(final Instruction in, final Meaning meaning) {
        final int size = Widths.size(in.addressSize());
        emit.offset(size, Slots.T1, Slots.RCX, -1);
        emit.op(MicroOps.NONZERO, size, Slots.T0, Slots.T1, 0);
        if (meaning != Meaning.LOOP) {
            final int condition = meaning == Meaning.LOOPE ? 4 : 5;
            emit.immediate(MicroOps.CONDITION, 3, Slots.T2, 0, condition);
            emit.op(MicroOps.BOTH, 3, Slots.T0, Slots.T0, Slots.T2);
        }
        emit.jumpIf(Slots.T0, in.immediate());
        emit.move(size, Slots.RCX, Slots.T1);
    }

    void jrcxz(final Instruction in) {
        final int size = Widths.size(in.addressSize());
        emit.op(MicroOps.EQUAL, size, Slots.T0, Slots.RCX, Slots.ZERO);
        emit.jumpIf(Slots.T0, in.immediate());
    }
}
