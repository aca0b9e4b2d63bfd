// SPDX-License-Identifier: Apache-2.0
package org.provisor.impl.ir;

import org.provisor.impl.cpu.Slots;
import org.provisor.impl.decode.Instruction;
import org.provisor.impl.decode.Opcode;

/// String instructions. A repeated one does one iteration and has itself carried out again, so that
/// it can be interrupted and can fault between any two.
final class StringExpander {

    private static final int UNTIL_COUNT = 0;
    private static final int WHILE_ZERO = 1;
    private static final int WHILE_NOT_ZERO = 2;

    private final Emitter emit;

    StringExpander(final Emitter emit) {
        this.emit = emit;
    }

    void movs(final Instruction in) {
        begin(in);
        source(in, MicroOps.LOAD);
        destination(in);
        store(in, Slots.T0);
        advance(in, Slots.RSI);
        advance(in, Slots.RDI);
        end(in);
    }

    void cmps(final Instruction in) {
        begin(in);
        source(in, MicroOps.LOAD);
        destination(in);
        load(in);
        emit.flags(MicroOps.SUB, size(in), Slots.T3, Slots.T0, Slots.T2, 0);
        advance(in, Slots.RSI);
        advance(in, Slots.RDI);
        end(in);
    }

    void stos(final Instruction in) {
        begin(in);
        destination(in);
        store(in, Slots.RAX);
        advance(in, Slots.RDI);
        end(in);
    }

    void lods(final Instruction in) {
        begin(in);
        source(in, MicroOps.LOAD);
        emit.move(size(in), Slots.RAX, Slots.T0);
        advance(in, Slots.RSI);
        end(in);
    }

    void scas(final Instruction in) {
        begin(in);
        destination(in);
        load(in);
        emit.flags(MicroOps.SUB, size(in), Slots.T3, Slots.RAX, Slots.T2, 0);
        advance(in, Slots.RDI);
        end(in);
    }

    private static int size(final Instruction in) {
        return Widths.size(in.bytes(in.row().operand(0)));
    }

    private static int wide(final Instruction in) {
        return Widths.size(in.addressSize());
    }

    private void begin(final Instruction in) {
        if (in.repeat() != 0) {
            emit.op(MicroOps.REPEAT_BEGIN, wide(in), Slots.RCX, Slots.RCX, 0);
        }
    }

    /// Loads from `[rsi]` into T0.
    private void source(final Instruction in, final int load) {
        emit.op(MicroOps.ZERO_EXTEND, wide(in), Slots.ADDRESS, Slots.RSI, 0);
        emit.segment(in, Slots.ADDRESS);
        emit.access(load, size(in), Slots.T0, Slots.ADDRESS, 0, 0, Emitter.sourceBits(in));
    }

    /// The address `rdi`, into T1.
    private void destination(final Instruction in) {
        emit.op(MicroOps.ZERO_EXTEND, wide(in), Slots.T1, Slots.RDI, 0);
    }

    /// Loads from there into T2.
    private void load(final Instruction in) {
        final long bits = Emitter.destinationBits(in);
        emit.access(MicroOps.LOAD, size(in), Slots.T2, Slots.T1, 0, 0, bits);
    }

    /// Stores there.
    private void store(final Instruction in, final int slot) {
        final long bits = Emitter.destinationBits(in);
        emit.access(MicroOps.STORE, size(in), 0, Slots.T1, slot, 0, bits);
    }

    private void advance(final Instruction in, final int register) {
        emit.immediate(MicroOps.ADVANCE, wide(in), register, register, 1L << size(in));
    }

    private void end(final Instruction in) {
        if (in.repeat() == 0) {
            return;
        }
        int kind = UNTIL_COUNT;
        if (in.row().repeat() == Opcode.Repeat.COUNT_AND_ZERO) {
            kind = in.repeat() == 0xf3 ? WHILE_ZERO : WHILE_NOT_ZERO;
        }
        emit.immediate(MicroOps.REPEAT_END, wide(in), Slots.RCX, 0, kind);
    }
}
