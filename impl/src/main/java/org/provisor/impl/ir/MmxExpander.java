// SPDX-License-Identifier: Apache-2.0
package org.provisor.impl.ir;

import org.provisor.impl.cpu.Slots;
import org.provisor.impl.decode.Instruction;
import org.provisor.impl.decode.Opcode;
import org.provisor.impl.decode.OpcodeTable;
import org.provisor.impl.decode.Operand;

import java.util.List;
import java.util.Locale;

/// MMX, and the instructions of SSE that have an MMX register.
///
/// An MMX register is the significand of a register of the x87 FPU. Whatever is written to one sets
/// sign and exponent to ones, and every instruction but `emms` makes TOP 0 and no register empty.
/// The operations are those of XMM registers, on 8 bytes: where they need 16, what is left over is
/// put into the other half.
///
/// A meaning is `mmx kind operation size immediate`.
final class MmxExpander {

    private static final long ONES = 0xffff;

    /// How operands go into an operation.
    private enum Kind {
        CLEAR,
        MOVE,
        FROM_GENERAL,
        TO_GENERAL,
        FROM_XMM,
        TO_XMM,
        MASKED_STORE,
        LANES,
        SHIFT,
        /// The result's halves come from one operand each.
        PAIRS,
        /// Of the low halves of both.
        LOW,
        /// Of the high halves of both.
        HIGH,
        SHUFFLE,
        INSERT,
        EXTRACT,
        SIGNS,
        TO_SINGLES,
        TO_DOUBLES,
        OF_SINGLES,
        OF_DOUBLES
    }

    private final Emitter emit;

    /// By row.
    private final Kind[] kinds;

    private final int[] operations;
    private final int[] sizes;
    private final int[] immediates;

    MmxExpander(final Emitter emit, final OpcodeTable table) {
        this.emit = emit;
        final List<Opcode> rows = table.rows();
        kinds = new Kind[rows.size()];
        operations = new int[rows.size()];
        sizes = new int[rows.size()];
        immediates = new int[rows.size()];
    }

    /// Reads the rest of a meaning.
    ///
    /// @throws IllegalArgumentException if there is no such operation
    void enter(final int row, final String[] words) {
        kinds[row] = Kind.valueOf(words[1].toUpperCase(Locale.ROOT));
        if (words.length > 2) {
            operations[row] =
                    switch (words[2]) {
                        case "and", "or", "xor", "andn" -> MicroOps.named(words[2]);
                        default -> SimdOps.named(words[2]);
                    };
        }
        sizes[row] = words.length > 3 ? Integer.decode(words[3]) : 3;
        immediates[row] = words.length > 4 ? Integer.decode(words[4]) : 0;
    }

    void expand(final Instruction in) {
        final int row = in.row().index();
        // These use no MMX register then.
        final boolean toXmm = kinds[row] == Kind.TO_SINGLES || kinds[row] == Kind.TO_DOUBLES;
        final boolean unused = toXmm && in.isMemory();
        emit.immediate(X87Ops.READY, 0, 0, 0, unused ? 0 : 1);
        if (in.isMemory()) {
            emit.address(in);
        }
        switch (kinds[row]) {
            case CLEAR -> {
                emit.op(X87Ops.EMMS, 0, 0, 0, 0);
                return;
            }
            case MOVE -> move(in);
            case FROM_GENERAL -> {
                final Operand from = in.row().operand(1);
                final int a = emit.read(in, from, Slots.T0);
                emit.op(MicroOps.ZERO_EXTEND, Widths.size(in.bytes(from)), Slots.T1, a, 0);
                result(in.reg(), Slots.T1);
            }
            case TO_GENERAL -> emit.write(in, in.row().operand(0), register(in.reg()));
            case FROM_XMM -> result(in.reg(), Slots.xmm(in.rm()));
            case TO_XMM -> {
                emit.move(3, Slots.xmm(in.reg()), register(in.rm()));
                emit.constant(Slots.xmm(in.reg()) + 1, 0);
            }
            case MASKED_STORE -> maskedStore(in);
            case INSERT -> insert(in, sizes[row]);
            case EXTRACT -> {
                final long bit = (in.immediate() & 3) << 4;
                emit.immediate(SimdOps.EXTRACT, sizes[row], Slots.T0, register(in.rm()), bit);
                emit.move(3, in.reg(), Slots.T0);
            }
            case SIGNS -> {
                emit.move(3, Slots.V0, register(in.rm()));
                emit.constant(Slots.V0 + 1, 0);
                emit.op(SimdOps.MOVMSK, 0, Slots.T0, Slots.V0, 0);
                emit.move(3, in.reg(), Slots.T0);
            }
            case TO_SINGLES, TO_DOUBLES, OF_SINGLES, OF_DOUBLES -> convert(in, kinds[row]);
            default -> compute(in, kinds[row], operations[row], sizes[row]);
        }
        if (!unused) {
            used();
        }
    }

    /// Where it comes before a fault, the processor keeps it all the same.
    private void used() {
        emit.op(X87Ops.MMX, 0, 0, 0, 0);
    }

    private static int register(final int number) {
        return Slots.mmx(number & 7);
    }

    /// Writes a register.
    private void result(final int number, final int slot) {
        emit.move(3, register(number), slot);
        emit.constant(register(number) + 1, ONES);
    }

    /// Reads the operand in ModRM.rm.
    private int source(final Instruction in) {
        if (!in.isMemory()) {
            return register(in.rm());
        }
        for (final Operand operand : in.row().operands()) {
            if (operand.isInRm()) {
                emit.memory(in, MicroOps.LOAD, Widths.size(in.bytes(operand)), Slots.T0, 0);
            }
        }
        return Slots.T0;
    }

    private void move(final Instruction in) {
        if (in.row().operand(0).isInReg()) {
            result(in.reg(), source(in));
        } else if (in.isMemory()) {
            emit.memory(in, MicroOps.STORE, 3, 0, register(in.reg()));
        } else {
            result(in.rm(), register(in.reg()));
        }
    }

    private void compute(final Instruction in, final Kind kind, final int op, final int size) {
        final boolean byImmediate = in.row().operand(1).kind() == Operand.Kind.IMMEDIATE;
        final int number = byImmediate ? in.rm() : in.reg();
        final int a = register(number);
        if (byImmediate) {
            emit.constant(Slots.T0, in.immediate());
        }
        final int b = byImmediate ? Slots.T0 : source(in);
        switch (kind) {
            case LANES, SHIFT -> {
                emit.op(op, size, Slots.T1, a, b);
                result(number, Slots.T1);
                return;
            }
            case SHUFFLE -> pair(op, size, b, b, b, b, in.immediate());
            case LOW, HIGH -> pair(op, size, a, a, b, b, 0);
            default -> {
                if (op == SimdOps.PALIGNR) {
                    pair(op, size, Slots.ZERO, Slots.ZERO, b, a, in.immediate());
                } else if (op == SimdOps.PSHUFB) {
                    pair(op, size, a, a, b, b, 0);
                } else {
                    pair(op, size, a, b, b, b, 0);
                }
            }
        }
        result(number, kind == Kind.HIGH ? Slots.V3 + 1 : Slots.V3);
    }

    /// An operation on 16 bytes, into V3.
    private void pair(
            final int op,
            final int size,
            final int aLow,
            final int aHigh,
            final int bLow,
            final int bHigh,
            final long immediate) {
        emit.move(3, Slots.V1, aLow);
        emit.move(3, Slots.V1 + 1, aHigh);
        emit.move(3, Slots.V2, bLow);
        emit.move(3, Slots.V2 + 1, bHigh);
        emit.pair(op, size, Slots.V3, Slots.V1, Slots.V2, Slots.ZERO, immediate);
    }

    private void insert(final Instruction in, final int size) {
        final int from = emit.read(in, in.row().operand(1), Slots.T0);
        final int d = register(in.reg());
        final long bit = (in.immediate() & 3) << 4;
        emit.binary(SimdOps.DEPOSIT, size, Slots.T1, d, from, bit);
        result(in.reg(), Slots.T1);
    }

    /// All 8 bytes have to be there, also those that are not stored.
    private void maskedStore(final Instruction in) {
        final int wide = Widths.size(in.addressSize());
        emit.op(MicroOps.ZERO_EXTEND, wide, Slots.ADDRESS, Slots.RDI, 0);
        emit.segment(in, Slots.ADDRESS);
        used();
        final long bits = Emitter.sourceBits(in);
        emit.access(MicroOps.LOAD_FOR_WRITE, 3, Slots.T0, Slots.ADDRESS, 0, 0, bits);
        emit.move(3, Slots.V0, register(in.reg()));
        emit.move(3, Slots.V1, register(in.rm()));
        emit.constant(Slots.V1 + 1, 0);
        emit.access(SimdOps.STORE_MASKED, 3, 0, Slots.ADDRESS, Slots.V0, Slots.V1, bits);
    }

    private void convert(final Instruction in, final Kind kind) {
        final int op = operations[in.row().index()];
        final long immediate = immediates[in.row().index()];
        switch (kind) {
            case TO_SINGLES -> {
                final int b = source(in);
                emit.binary(op, SimdOps.SINGLES, Slots.V1, Slots.ZERO, b, immediate);
                if (!in.isMemory()) {
                    used();
                }
                emit.op(SimdOps.RAISE, 0, 0, 0, 0);
                emit.move(3, Slots.xmm(in.reg()), Slots.V1);
            }
            case TO_DOUBLES -> {
                final int b = source(in);
                emit.immediate(SimdOps.EXTRACT, 2, Slots.T1, b, 32);
                emit.binary(op, SimdOps.DOUBLE, Slots.V1, Slots.ZERO, b, immediate);
                emit.binary(op, SimdOps.DOUBLE, Slots.V1 + 1, Slots.ZERO, Slots.T1, immediate);
                emit.move(3, Slots.xmm(in.reg()), Slots.V1);
                emit.move(3, Slots.xmm(in.reg()) + 1, Slots.V1 + 1);
            }
            case OF_SINGLES -> {
                final int b = in.isMemory() ? source(in) : Slots.xmm(in.rm());
                emit.binary(op, SimdOps.SINGLES, Slots.V1, Slots.ZERO, b, immediate);
                used();
                emit.op(SimdOps.RAISE, 0, 0, 0, 0);
                result(in.reg(), Slots.V1);
            }
            default -> ofDoubles(in, op, immediate);
        }
    }

    private void ofDoubles(final Instruction in, final int op, final long immediate) {
        int b = Slots.xmm(in.rm());
        if (in.isMemory()) {
            b = Slots.V0;
            emit.immediate(MicroOps.ALIGNED, 3, 0, Slots.ADDRESS, 2 * Long.BYTES);
            emit.memory(in, MicroOps.LOAD, 3, Slots.V0, 0);
            emit.offset(3, Slots.T7, Slots.ADDRESS, Long.BYTES);
            emit.memoryAt(in, MicroOps.LOAD, Slots.V0 + 1, Slots.T7, 0);
        }
        emit.binary(op, SimdOps.DOUBLE, Slots.T0, Slots.ZERO, b, immediate);
        emit.binary(op, SimdOps.DOUBLE, Slots.T1, Slots.ZERO, b + 1, immediate);
        used();
        emit.op(SimdOps.RAISE, 0, 0, 0, 0);
        emit.binary(SimdOps.DEPOSIT, 2, Slots.V1, Slots.T0, Slots.T1, 32);
        result(in.reg(), Slots.V1);
    }
}
