// SPDX-License-Identifier: Apache-2.0
package org.provisor.impl.ir;

import org.provisor.impl.cpu.Rflags;
import org.provisor.impl.cpu.Slots;
import org.provisor.impl.decode.Instruction;
import org.provisor.impl.decode.Opcode;
import org.provisor.impl.decode.OpcodeTable;
import org.provisor.impl.decode.Operand;

import java.util.List;

/// SSE: what works on XMM registers.
///
/// A meaning is `pattern operation size immediate`, of which all but the pattern may be missing. An
/// immediate in the instruction goes before that of the table.
final class SimdExpander {

    private static final int ALIGNMENT = 16;

    private final Emitter emit;

    /// By row.
    private final int[] operations;

    private final int[] sizes;
    private final int[] immediates;

    SimdExpander(final Emitter emit, final OpcodeTable table) {
        this.emit = emit;
        final List<Opcode> rows = table.rows();
        operations = new int[rows.size()];
        sizes = new int[rows.size()];
        immediates = new int[rows.size()];
    }

    /// Reads the rest of a meaning.
    ///
    /// @throws IllegalArgumentException if there is no such operation
    void enter(final int row, final String[] words) {
        if (words.length > 1) {
            operations[row] =
                    switch (words[1]) {
                        case "-" -> 0;
                        case "and", "or", "xor", "andn" -> MicroOps.named(words[1]);
                        default -> SimdOps.named(words[1]);
                    };
        }
        sizes[row] = words.length > 2 ? Integer.decode(words[2]) : 3;
        immediates[row] = words.length > 3 ? Integer.decode(words[3]) : 0;
    }

    void expand(final Instruction in, final Meaning meaning) {
        final int row = in.row().index();
        final int op = operations[row];
        final int size = sizes[row];
        if (meaning != Meaning.XGETBV) {
            emit.op(SimdOps.AVAILABLE, 0, 0, 0, 0);
        }
        if (in.isMemory()) {
            emit.address(in);
        }
        switch (meaning) {
            case SIMD_MOVE -> move(in);
            case SIMD_SCALAR -> scalar(in);
            case SIMD_HALF -> half(in, immediates[row]);
            case SIMD_CROSS -> {
                final int to = immediates[row];
                emit.move(3, Slots.xmm(in.reg()) + to, Slots.xmm(in.rm()) + 1 - to);
            }
            case SIMD_QUAD -> quad(in);
            case SIMD_FROM_GENERAL -> fromGeneral(in);
            case SIMD_TO_GENERAL -> emit.write(in, in.row().operand(0), Slots.xmm(in.reg()));
            case LANES -> lanes(in, op, size);
            case LANES_SHIFT -> shift(in, op, size);
            case PAIRS -> pairs(in, op, size, Slots.ZERO);
            case PAIRS_BY_XMM0 -> pairs(in, op, size, Slots.XMM);
            case SHUFFLE -> shuffle(in, op, size);
            case EXTRACT -> extract(in);
            case INSERT -> insert(in);
            case SIMD_SIGNS -> {
                emit.op(SimdOps.MOVMSK, size, Slots.T0, Slots.xmm(in.rm()), 0);
                emit.move(3, in.reg(), Slots.T0);
            }
            case SIMD_TEST -> {
                final int b = source(in, in.row().operand(1), Slots.V0);
                emit.op(SimdOps.PTEST, 3, Slots.T0, Slots.xmm(in.reg()), b);
                emit.immediate(MicroOps.FLAGS_FROM, 3, 0, Slots.T0, Rflags.STATUS);
            }
            case STRINGS_INDEX, STRINGS_MASK -> strings(in, meaning);
            default -> floatOrState(in, meaning, op);
        }
    }

    private void floatOrState(final Instruction in, final Meaning meaning, final int op) {
        switch (meaning) {
            case FLOAT -> floats(in, op);
            case FLOAT_FLAGS -> floatFlags(in, op);
            case FLOAT_TO_GENERAL -> toGeneral(in, op);
            case FLOAT_FROM_GENERAL -> integerToFloat(in, op);
            case FLOAT_CONVERT -> convert(in, op);
            case FLOAT_NARROW -> narrow(in, op);
            case FLOAT_WIDEN -> widen(in, op);
            case FLOAT_NEIGHBOURS -> neighbours(in, op);
            case FLOAT_DOT -> dot(in);
            case MASKED_STORE -> maskedStore(in);
            case LOAD_MXCSR -> {
                final int from = emit.read(in, in.row().operand(0), Slots.T0);
                emit.op(SimdOps.LDMXCSR, 2, 0, from, 0);
            }
            case STORE_MXCSR -> emit.write(in, in.row().operand(0), Slots.MXCSR);
            case FXSAVE -> state(in, SimdOps.FXSAVE);
            case FXRSTOR -> state(in, SimdOps.FXRSTOR);
            case XSAVE -> state(in, SimdOps.XSAVE);
            case XSAVEOPT -> state(in, SimdOps.XSAVEOPT);
            case XRSTOR -> state(in, SimdOps.XRSTOR);
            case XGETBV -> emit.op(SimdOps.XGETBV, 2, 0, 0, 0);
            default -> throw new IllegalArgumentException(meaning.name());
        }
    }

    // Operands.

    private static boolean isWhole(final Instruction in, final Operand operand) {
        return in.bytes(operand) == ALIGNMENT;
    }

    private void align(final Instruction in, final boolean stores) {
        if (in.row().unaligned()) {
            emit.inside(in, 2 * Long.BYTES, stores);
        } else {
            emit.immediate(MicroOps.ALIGNED, 3, 0, Slots.ADDRESS, ALIGNMENT);
        }
    }

    /// Reads the operand in ModRM.rm.
    ///
    /// @param temporary a pair
    /// @return the pair that holds it; above what is read there may be anything
    private int source(final Instruction in, final Operand operand, final int temporary) {
        if (!in.isMemory()) {
            return Slots.xmm(in.rm());
        }
        if (!isWhole(in, operand)) {
            emit.memory(in, MicroOps.LOAD, Widths.size(in.bytes(operand)), temporary, 0);
            return temporary;
        }
        align(in, false);
        emit.memory(in, MicroOps.LOAD, 3, temporary, 0);
        emit.offset(3, Slots.T7, Slots.ADDRESS, Long.BYTES);
        emit.memoryAt(in, MicroOps.LOAD, temporary + 1, Slots.T7, 0);
        return temporary;
    }

    /// Stores a pair. Nothing is stored if one half cannot be.
    private void store(final Instruction in, final int pair) {
        align(in, true);
        emit.offset(3, Slots.T7, Slots.ADDRESS, Long.BYTES);
        if (in.row().unaligned()) {
            emit.memory(in, MicroOps.LOAD_FOR_WRITE, 3, Slots.T0, 0);
            emit.memoryAt(in, MicroOps.LOAD_FOR_WRITE, Slots.T0, Slots.T7, 0);
        }
        emit.memory(in, MicroOps.STORE, 3, 0, pair);
        emit.memoryAt(in, MicroOps.STORE, 0, Slots.T7, pair + 1);
    }

    /// `d = a`, pairs.
    private void movePair(final int d, final int a) {
        emit.move(3, d, a);
        emit.move(3, d + 1, a + 1);
    }

    // Moves.

    private void move(final Instruction in) {
        final Operand to = in.row().operand(0);
        if (!to.isInReg()) {
            if (in.isMemory()) {
                store(in, Slots.xmm(in.reg()));
            } else {
                movePair(Slots.xmm(in.rm()), Slots.xmm(in.reg()));
            }
            return;
        }
        movePair(Slots.xmm(in.reg()), source(in, in.row().operand(1), Slots.V0));
    }

    /// Of memory the rest of the register becomes 0, of a register it stays.
    private void scalar(final Instruction in) {
        final Operand to = in.row().operand(0);
        final int size = Widths.size(in.bytes(to));
        if (in.isMemory() && to.isInReg()) {
            emit.memory(in, MicroOps.LOAD, size, Slots.T0, 0);
            emit.move(3, Slots.xmm(in.reg()), Slots.T0);
            emit.constant(Slots.xmm(in.reg()) + 1, 0);
        } else if (in.isMemory()) {
            emit.memory(in, MicroOps.STORE, size, 0, Slots.xmm(in.reg()));
        } else {
            final int d = Slots.xmm(to.isInReg() ? in.reg() : in.rm());
            final int from = Slots.xmm(to.isInReg() ? in.rm() : in.reg());
            emit.op(SimdOps.DEPOSIT, size, d, d, from);
        }
    }

    /// 8 bytes of memory and one half.
    private void half(final Instruction in, final int half) {
        final int register = Slots.xmm(in.reg()) + half;
        if (in.row().operand(0).isInReg()) {
            emit.memory(in, MicroOps.LOAD, 3, register, 0);
        } else {
            emit.memory(in, MicroOps.STORE, 3, 0, register);
        }
    }

    private void quad(final Instruction in) {
        final boolean toRegister = in.row().operand(0).isInReg();
        if (in.isMemory() && !toRegister) {
            emit.memory(in, MicroOps.STORE, 3, 0, Slots.xmm(in.reg()));
            return;
        }
        final int d = Slots.xmm(toRegister ? in.reg() : in.rm());
        final int from =
                toRegister ? source(in, in.row().operand(1), Slots.V0) : Slots.xmm(in.reg());
        emit.move(3, d, from);
        emit.constant(d + 1, 0);
    }

    private void fromGeneral(final Instruction in) {
        final Operand from = in.row().operand(1);
        final int a = emit.read(in, from, Slots.T0);
        emit.op(MicroOps.ZERO_EXTEND, Widths.size(in.bytes(from)), Slots.xmm(in.reg()), a, 0);
        emit.constant(Slots.xmm(in.reg()) + 1, 0);
    }

    /// One lane, zero-extended.
    private void extract(final Instruction in) {
        final Operand to = in.row().operand(0);
        final int size = sizes[in.row().index()];
        final int from = in.row().operand(1).isInRm() ? in.rm() : in.reg();
        final int bit = (int) in.immediate() << (size + 3) & 0x7f;
        emit.immediate(
                SimdOps.EXTRACT, size, Slots.T0, Slots.xmm(from) + bit / Long.SIZE, bit & 63);
        if (Emitter.isMemory(in, to)) {
            emit.memory(in, MicroOps.STORE, size, 0, Slots.T0);
        } else {
            emit.move(3, Emitter.register(in, to), Slots.T0);
        }
    }

    private void insert(final Instruction in) {
        final int size = sizes[in.row().index()];
        final int from = emit.read(in, in.row().operand(1), Slots.T0);
        final int bit = (int) in.immediate() << (size + 3) & 0x7f;
        final int d = Slots.xmm(in.reg()) + bit / Long.SIZE;
        emit.binary(SimdOps.DEPOSIT, size, d, d, from, bit & 63);
    }

    // Integers.

    private void lanes(final Instruction in, final int op, final int size) {
        final int d = Slots.xmm(in.reg());
        final int b = source(in, in.row().operand(1), Slots.V0);
        emit.op(op, size, d, d, b);
        emit.op(op, size, d + 1, d + 1, b + 1);
    }

    /// By the low 8 bytes of a register or memory, which may be the register itself.
    private void shift(final Instruction in, final int op, final int size) {
        final Operand by = in.row().operand(1);
        final boolean immediate = by.kind() == Operand.Kind.IMMEDIATE;
        final int d = Slots.xmm(immediate ? in.rm() : in.reg());
        int count = Slots.T0;
        if (immediate) {
            emit.constant(Slots.T0, in.immediate());
        } else {
            count = source(in, by, Slots.V0);
        }
        emit.op(op, size, d + 1, d + 1, count);
        emit.op(op, size, d, d, count);
    }

    private long immediate(final Instruction in) {
        return in.row().operands().getLast().kind() == Operand.Kind.IMMEDIATE
                ? in.immediate()
                : immediates[in.row().index()];
    }

    private void pairs(final Instruction in, final int op, final int size, final int mask) {
        final Operand second = in.row().operand(1);
        long immediate = immediate(in);
        if (second.kind() == Operand.Kind.IMMEDIATE) {
            final int register = Slots.xmm(in.rm());
            emit.pair(op, size, register, register, register, mask, immediate);
            return;
        }
        if (op == SimdOps.INSERTPS && in.isMemory()) {
            immediate &= 0x3f;
        }
        final int d = Slots.xmm(in.reg());
        emit.pair(op, size, d, d, source(in, second, Slots.V0), mask, immediate);
    }

    /// Of the second operand alone.
    private void shuffle(final Instruction in, final int op, final int size) {
        final int b = source(in, in.row().operand(1), Slots.V0);
        emit.pair(op, size, Slots.xmm(in.reg()), b, b, Slots.ZERO, immediate(in));
    }

    private void strings(final Instruction in, final Meaning meaning) {
        final boolean explicit = in.row().mnemonic().charAt(4) == 'e';
        final int b = source(in, in.row().operand(1), Slots.V0);
        final long how = in.immediate() | (explicit ? 0 : Strings.IMPLICIT);
        if (explicit) {
            final int op = in.isWide() ? MicroOps.MOVE : MicroOps.SIGN_EXTEND;
            final int size = in.isWide() ? 3 : 2;
            emit.op(op, size, Slots.T2, Slots.RAX, 0);
            emit.op(op, size, Slots.T3, Slots.RDX, 0);
        }
        emit.pair(SimdOps.STRINGS, 3, Slots.T0, Slots.xmm(in.reg()), b, Slots.T2, how);
        if (meaning == Meaning.STRINGS_INDEX) {
            emit.immediate(SimdOps.STRING_INDEX, 3, Slots.RCX, Slots.T0, in.immediate());
        } else {
            emit.move(3, Slots.V1, Slots.T0);
            final int from = Slots.V1;
            emit.pair(SimdOps.STRING_MASK, 3, Slots.XMM, from, from, Slots.ZERO, in.immediate());
        }
        emit.immediate(MicroOps.FLAGS_FROM, 3, 0, Slots.T1, Rflags.STATUS);
    }

    /// All 16 bytes have to be there, also those that are not stored: the manual leaves that open.
    private void maskedStore(final Instruction in) {
        final int wide = Widths.size(in.addressSize());
        emit.op(MicroOps.ZERO_EXTEND, wide, Slots.ADDRESS, Slots.RDI, 0);
        emit.segment(in, Slots.ADDRESS);
        emit.offset(3, Slots.T7, Slots.ADDRESS, Long.BYTES);
        final long bits = Emitter.sourceBits(in);
        emit.access(MicroOps.LOAD_FOR_WRITE, 3, Slots.T0, Slots.ADDRESS, 0, 0, bits);
        emit.access(MicroOps.LOAD_FOR_WRITE, 3, Slots.T0, Slots.T7, 0, 0, bits);
        final int b = Slots.xmm(in.reg());
        emit.access(SimdOps.STORE_MASKED, 3, 0, Slots.ADDRESS, b, Slots.xmm(in.rm()), bits);
    }

    private void state(final Instruction in, final int op) {
        emit.memory(in, op, in.isWide() ? 3 : in.is64() ? 2 : 1, 0, 0);
    }

    // Floating point: results first, then exceptions, then the register.

    private void floats(final Instruction in, final int op) {
        final Operand to = in.row().operand(0);
        final int d = Slots.xmm(in.reg());
        final int b = source(in, in.row().operand(1), Slots.V0);
        final long immediate = immediate(in);
        switch (to.size()) {
            case SS -> one(op, SimdOps.SINGLE, d, b, immediate);
            case SD -> one(op, SimdOps.DOUBLE, d, b, immediate);
            case PS -> both(op, op, SimdOps.SINGLES, d, d, b, immediate);
            default -> {
                final boolean mixed = op == SimdOps.FADDSUB;
                final int first = mixed ? SimdOps.FSUB : op;
                final int second = mixed ? SimdOps.FADD : op;
                both(first, second, SimdOps.DOUBLE, d, d, b, immediate);
            }
        }
    }

    private void raise() {
        emit.op(SimdOps.RAISE, 0, 0, 0, 0);
    }

    private void one(final int op, final int kind, final int d, final int b, final long immediate) {
        emit.binary(op, kind, Slots.V1, d, b, immediate);
        raise();
        emit.move(3, d, Slots.V1);
    }

    private void both(
            final int first,
            final int second,
            final int kind,
            final int d,
            final int a,
            final int b,
            final long immediate) {
        emit.binary(first, kind, Slots.V1, a, b, immediate);
        emit.binary(second, kind, Slots.V1 + 1, a + 1, b + 1, immediate);
        raise();
        movePair(d, Slots.V1);
    }

    private static int kind(final Operand operand) {
        return operand.size() == Operand.Size.SS ? SimdOps.SINGLE : SimdOps.DOUBLE;
    }

    private void floatFlags(final Instruction in, final int op) {
        final int b = source(in, in.row().operand(1), Slots.V0);
        final int a = Slots.xmm(in.reg());
        emit.binary(op, kind(in.row().operand(0)), Slots.T0, a, b, immediate(in));
        raise();
        emit.immediate(MicroOps.FLAGS_FROM, 3, 0, Slots.T0, Rflags.STATUS);
    }

    private void toGeneral(final Instruction in, final int op) {
        final Operand from = in.row().operand(1);
        final int to = in.isWide() ? SimdOps.FTOLONG : op;
        final int b = source(in, from, Slots.V0);
        emit.binary(to, kind(from), Slots.T0, Slots.ZERO, b, immediate(in));
        raise();
        emit.move(3, in.reg(), Slots.T0);
    }

    private void integerToFloat(final Instruction in, final int op) {
        final int b = emit.read(in, in.row().operand(1), Slots.T0);
        final int from = in.isWide() ? SimdOps.FOFLONG : op;
        one(from, kind(in.row().operand(0)), Slots.xmm(in.reg()), b, 0);
    }

    /// Between the formats.
    private void convert(final Instruction in, final int op) {
        final Operand from = in.row().operand(1);
        final int d = Slots.xmm(in.reg());
        final int b = source(in, from, Slots.V0);
        emit.binary(op, kind(from), Slots.T0, d, b, 0);
        raise();
        emit.op(SimdOps.DEPOSIT, Widths.size(in.bytes(in.row().operand(0))), d, d, Slots.T0);
    }

    /// Two doubles to what has half the size.
    private void narrow(final Instruction in, final int op) {
        final int b = source(in, in.row().operand(1), Slots.V0);
        final long immediate = immediate(in);
        emit.binary(op, SimdOps.DOUBLE, Slots.T0, Slots.ZERO, b, immediate);
        emit.binary(op, SimdOps.DOUBLE, Slots.T1, Slots.ZERO, b + 1, immediate);
        raise();
        final int d = Slots.xmm(in.reg());
        emit.binary(SimdOps.DEPOSIT, 2, d, Slots.T0, Slots.T1, 32);
        emit.constant(d + 1, 0);
    }

    /// To two doubles from what has half the size.
    private void widen(final Instruction in, final int op) {
        final int b = source(in, in.row().operand(1), Slots.V0);
        final int kind = op == SimdOps.FWIDEN ? SimdOps.SINGLE : SimdOps.DOUBLE;
        emit.immediate(SimdOps.EXTRACT, 2, Slots.T0, b, 32);
        emit.binary(op, kind, Slots.V1, Slots.ZERO, b, 0);
        emit.binary(op, kind, Slots.V1 + 1, Slots.ZERO, Slots.T0, 0);
        raise();
        movePair(Slots.xmm(in.reg()), Slots.V1);
    }

    /// `op` of neighbours of the first operand, then of the second.
    private void neighbours(final Instruction in, final int op) {
        final int d = Slots.xmm(in.reg());
        final int b = source(in, in.row().operand(1), Slots.V0);
        final boolean singles = in.row().operand(0).size() == Operand.Size.PS;
        final int shuffle = singles ? SimdOps.SHUFPS : SimdOps.SHUFPD;
        emit.pair(shuffle, 3, Slots.V2, d, b, Slots.ZERO, singles ? 0x88 : 0);
        emit.pair(shuffle, 3, Slots.V3, d, b, Slots.ZERO, singles ? 0xdd : 3);
        both(op, op, singles ? SimdOps.SINGLES : SimdOps.DOUBLE, d, Slots.V2, Slots.V3, 0);
    }

    /// Products that the immediate's high bits choose, their sum to where its low bits say.
    ///
    /// @sdm 2, "DPPS—Dot Product of Packed Single Precision Floating-Point Values"
    private void dot(final Instruction in) {
        final int d = Slots.xmm(in.reg());
        final int b = source(in, in.row().operand(1), Slots.V0);
        final boolean singles = in.row().operand(0).size() == Operand.Size.PS;
        final int kind = singles ? SimdOps.SINGLES : SimdOps.DOUBLE;
        final int lane = singles ? 2 : 3;
        final long from = in.immediate() >> 4;
        // What is not chosen is 0 times 0, and has no exceptions.
        emit.constant(Slots.V1, 0);
        emit.constant(Slots.V1 + 1, 0);
        emit.pair(SimdOps.BLEND, lane, Slots.V2, Slots.V1, d, Slots.ZERO, from);
        emit.pair(SimdOps.BLEND, lane, Slots.V3, Slots.V1, b, Slots.ZERO, from);
        emit.op(SimdOps.FMUL, kind, Slots.V2, Slots.V2, Slots.V3);
        emit.op(SimdOps.FMUL, kind, Slots.V2 + 1, Slots.V2 + 1, Slots.V3 + 1);
        raise();
        final int shuffle = singles ? SimdOps.SHUFPS : SimdOps.SHUFPD;
        final int sums = singles ? 2 : 1;
        for (int i = 0; i < sums; i++) {
            final int neighbour = !singles ? 1 : i == 0 ? 0xb1 : 0x4e;
            emit.pair(shuffle, 3, Slots.V3, Slots.V2, Slots.V2, Slots.ZERO, neighbour);
            emit.op(SimdOps.FADD, kind, Slots.V2, Slots.V2, Slots.V3);
            emit.op(SimdOps.FADD, kind, Slots.V2 + 1, Slots.V2 + 1, Slots.V3 + 1);
            raise();
        }
        emit.pair(shuffle, 3, Slots.V2, Slots.V2, Slots.V2, Slots.ZERO, 0);
        emit.pair(SimdOps.BLEND, lane, d, Slots.V1, Slots.V2, Slots.ZERO, in.immediate());
    }
}
