// SPDX-License-Identifier: Apache-2.0
package org.provisor.impl.ir;

import org.provisor.impl.cpu.Exits;
import org.provisor.impl.cpu.Rflags;
import org.provisor.impl.cpu.Slots;
import org.provisor.impl.cpu.Vectors;
import org.provisor.impl.decode.Instruction;
import org.provisor.impl.decode.Opcode;
import org.provisor.impl.decode.OpcodeTable;
import org.provisor.impl.decode.Operand;

import java.util.List;
import java.util.Locale;

/// Turns an instruction into micro-operations. One thread uses it at a time.
///
/// An instruction that faults has changed no register: whatever can fault comes before the first
/// change of a register or flag. What is loaded, changed and stored again is loaded for writing, so
/// that the store cannot fault.
public final class Expander {

    private final MicroCode code = new MicroCode();

    private final Emitter emit = new Emitter(code);
    private final StackExpander stack = new StackExpander(emit);
    private final StringExpander strings = new StringExpander(emit);
    private final BranchExpander branches = new BranchExpander(emit);
    private final SegmentExpander segments = new SegmentExpander(emit, stack);
    private final SimdExpander simd;
    private final X87Expander x87;
    private final MmxExpander mmx;

    /// By row.
    private final Meaning[] meanings;

    /// By row: a micro-operation, or a reason to leave.
    private final int[] details;

    public Expander(final OpcodeTable table) {
        final List<Opcode> rows = table.rows();
        meanings = new Meaning[rows.size()];
        details = new int[rows.size()];
        simd = new SimdExpander(emit, table);
        x87 = new X87Expander(emit, table);
        mmx = new MmxExpander(emit, table);
        for (int i = 0; i < meanings.length; i++) {
            final String[] words = rows.get(i).meaning().split(" ");
            meanings[i] = Meaning.valueOf(words[0].toUpperCase(Locale.ROOT));
            if (X87Expander.is(meanings[i])) {
                x87.enter(i, meanings[i], words);
            } else if (meanings[i] == Meaning.MMX) {
                mmx.enter(i, words);
            } else if (isSimd(meanings[i])) {
                simd.enter(i, words);
            } else {
                details[i] = words.length == 1 ? 0 : detail(meanings[i], words[1]);
            }
        }
    }

    private static boolean isSimd(final Meaning meaning) {
        return meaning.compareTo(Meaning.SIMD_MOVE) >= 0 && meaning != Meaning.LEAVE;
    }

    private static int detail(final Meaning meaning, final String word) {
        return switch (meaning) {
            case LEAVE -> reason(word);
            case FLAG -> word.charAt(2) == 'd' ? Rflags.DF : Rflags.CF;
            case SEGMENT_BASE -> word.contains("fs") ? Slots.FS_BASE : Slots.GS_BASE;
            case SEGMENT_POINTER, STORE_TABLE, STORE_REGISTER, LOOK -> SegmentExpander.detail(word);
            case EXTEND -> word.equals("sx") ? MicroOps.SIGN_EXTEND : MicroOps.ZERO_EXTEND;
            default ->
                    MicroOps.named(
                            word.equals("imul") && meaning == Meaning.MULTIPLY ? "multiply" : word);
        };
    }

    private static int reason(final String word) {
        return switch (word) {
            case "int3" -> Exits.BREAKPOINT;
            case "int" -> Exits.INTERRUPT;
            case "int1" -> Exits.DEBUG_TRAP;
            case "syscall" -> Exits.SYSCALL;
            case "sysenter" -> Exits.SYSENTER;
            case "cpuid" -> Exits.CPUID;
            case "rdtsc" -> Exits.RDTSC;
            case "rdtscp" -> Exits.RDTSCP;
            case "rdpmc" -> Exits.RDPMC;
            case "rdrand" -> Exits.RDRAND;
            case "rdseed" -> Exits.RDSEED;
            case "hlt" -> Exits.HALT;
            case "privileged" -> Exits.PRIVILEGED;
            case "unsupported" -> Exits.UNSUPPORTED;
            default -> throw new IllegalArgumentException("nothing leaves for " + word);
        };
    }

    /// The micro-operations of one instruction. They hold until the next call.
    public MicroCode expand(final Instruction in) {
        code.clear();
        emit.begin(in);
        final Opcode row = in.row();
        final int detail = details[row.index()];
        if (row.privilege() < 3) {
            emit.op(MicroOps.PRIVILEGED, 0, 0, 0, 0);
        }
        switch (meanings[row.index()]) {
            case ALU -> alu(in, detail);
            case COMPARE -> compare(in, detail);
            case UNARY -> unary(in, detail);
            case WIDE -> wide(in, detail);
            case MULTIPLY -> multiply(in, detail);
            case DIVIDE -> divide(in, detail);
            case SHIFT -> shift(in, detail);
            case DOUBLE_SHIFT -> doubleShift(in, detail);
            case BIT_TEST -> bitTest(in, detail);
            case SCAN, COUNT -> source(in, detail);
            case BSWAP -> bswap(in);
            case CRC32 -> crc32(in);
            case BMI -> bmi(in, detail, true);
            case BMI_PLAIN -> bmi(in, detail, false);
            case MULX -> mulx(in);
            case CARRY_ADD -> carryAdd(in, detail);
            case MOV -> mov(in);
            case EXTEND -> extend(in, detail);
            case CMOV -> cmov(in);
            case SETCC -> setcc(in);
            case LEA -> lea(in);
            case XCHG -> xchg(in);
            case XADD -> xadd(in);
            case CMPXCHG -> cmpxchg(in);
            case CMPXCHG_PAIR -> cmpxchgPair(in);
            case MOVBE -> movbe(in);
            case CBW -> cbw(in);
            case CWD -> cwd(in);
            case XLAT -> xlat(in);
            case PUSH -> stack.push(in);
            case POP -> stack.pop(in);
            case PUSHF -> stack.pushf(in);
            case POPF -> stack.popf(in);
            case ENTER -> stack.enter(in);
            case LEAVE_FRAME -> stack.leave(in);
            case JCC -> branches.jcc(in);
            case JMP -> branches.jmp(in);
            case CALL -> branches.call(in);
            case RET -> branches.ret(in);
            case LOOP, LOOPE, LOOPNE -> branches.loop(in, meanings[row.index()]);
            case JRCXZ -> branches.jrcxz(in);
            case MOVS -> strings.movs(in);
            case CMPS -> strings.cmps(in);
            case STOS -> strings.stos(in);
            case LODS -> strings.lods(in);
            case SCAS -> strings.scas(in);
            case FLAG -> flag(row, detail);
            case SAHF -> sahf();
            case LAHF -> lahf();
            case NOP -> {}
            case FENCE -> emit.op(MicroOps.FENCE, 0, 0, 0, 0);
            case TOUCH -> touch(in);
            case SEGMENT_BASE -> segmentBase(in, detail);
            case SEGMENT_FROM -> segments.moveFrom(in);
            case SEGMENT_TO -> segments.moveTo(in);
            case SEGMENT_PUSH -> segments.push(in);
            case SEGMENT_POP -> segments.pop(in);
            case SEGMENT_POINTER -> segments.loadPointer(in, detail);
            case JMP_FAR -> segments.jumpFar(in);
            case CALL_FAR -> segments.callFar(in);
            case RET_FAR -> segments.returnFar(in);
            case IRET -> segments.iret(in);
            case STORE_TABLE -> segments.storeTable(in, detail);
            case STORE_REGISTER -> segments.storeRegister(in, detail);
            case LOOK -> segments.look(in, detail);
            case PUSHA -> stack.pushAll(in);
            case POPA -> stack.popAll(in);
            case DECIMAL -> decimal(in, detail);
            case SALC -> salc();
            case BOUND -> bound(in);
            case ARPL -> arpl(in);
            case INTO -> into();
            case UNDEFINED -> emit.op(MicroOps.UNDEFINED, 0, 0, 0, 0);
            case LEAVE -> leave(in, detail);
            case X87, X87_FROM, X87_PUSH, X87_TO, X87_CONTROL, X87_AREA ->
                    x87.expand(in, meanings[row.index()]);
            case MMX -> mmx.expand(in);
            default -> simd.expand(in, meanings[row.index()]);
        }
        return code;
    }

    private void address(final Instruction in) {
        if (in.isMemory()) {
            emit.address(in);
        }
    }

    /// `d = op(d, s)`: with memory, or a second byte, by way of temporaries.
    private void alu(final Instruction in, final int op) {
        final Operand to = in.row().operand(0);
        final int size = Widths.size(in.bytes(to));
        address(in);
        final int from = emit.read(in, in.row().operand(1), Slots.T2);
        change(in, op, size, from, 0);
    }

    private void unary(final Instruction in, final int op) {
        address(in);
        change(in, op, Widths.size(in.bytes(in.row().operand(0))), 0, 0);
    }

    /// Changes the first operand: `d = op(d, b, c)`. With LOCK the result is compared and stored,
    /// and the flags come after that.
    private void change(
            final Instruction in, final int op, final int size, final int b, final int c) {
        final Operand to = in.row().operand(0);
        final int register = Emitter.register(in, to);
        if (register >= 0) {
            emit.flags(op, size, register, register, b, c);
            return;
        }
        final int before = emit.readForWrite(in, to, Slots.T0);
        if (in.isLocked()) {
            emit.op(op, size, Slots.T1, before, b, c);
            emit.compareAndStore(in, MicroOps.COMPARE_AND_STORE, size, before, Slots.T1);
            emit.flags(op, size, Slots.T1, before, b, c);
        } else {
            emit.flags(op, size, Slots.T1, before, b, c);
            emit.write(in, to, Slots.T1);
        }
    }

    private void compare(final Instruction in, final int op) {
        address(in);
        final int a = emit.read(in, in.row().operand(0), Slots.T0);
        final int b = emit.read(in, in.row().operand(1), Slots.T2);
        emit.flags(op, Widths.size(in.bytes(in.row().operand(0))), Slots.T1, a, b, 0);
    }

    private void wide(final Instruction in, final int op) {
        final Operand by = in.row().operand(0);
        final int size = Widths.size(in.bytes(by));
        address(in);
        final int b = emit.read(in, by, Slots.T2);
        emit.flags(op, size, Slots.T0, Slots.RAX, b, Slots.T1);
        storeWide(size);
    }

    /// The halves in T0 and T1, into `ax` or `rdx:rax`.
    private void storeWide(final int size) {
        emit.move(size, Slots.RAX, Slots.T0);
        if (size == 0) {
            emit.op(MicroOps.SET_HIGH, 0, Slots.RAX, Slots.T1, 0);
        } else {
            emit.move(size, Slots.RDX, Slots.T1);
        }
    }

    private void multiply(final Instruction in, final int op) {
        final List<Operand> operands = in.row().operands();
        final int size = Widths.size(in.bytes(operands.getFirst()));
        address(in);
        final int a = emit.read(in, operands.get(1), Slots.T0);
        final int b =
                operands.size() == 3
                        ? emit.read(in, operands.get(2), Slots.T1)
                        : emit.read(in, operands.getFirst(), Slots.T1);
        emit.flags(op, size, emit.read(in, operands.getFirst(), Slots.T2), a, b, 0);
    }

    private void divide(final Instruction in, final int op) {
        final Operand by = in.row().operand(0);
        final int size = Widths.size(in.bytes(by));
        address(in);
        final int divisor = emit.read(in, by, Slots.T2);
        if (size == 0) {
            emit.op(MicroOps.HIGH, 0, Slots.T1, Slots.RAX, 0);
        } else {
            emit.move(3, Slots.T1, Slots.RDX);
        }
        emit.op(op, size, Slots.T0, Slots.RAX, divisor, Slots.T1);
        storeWide(size);
    }

    private void shift(final Instruction in, final int op) {
        address(in);
        final int count = emit.read(in, in.row().operand(1), Slots.T2);
        change(in, op, Widths.size(in.bytes(in.row().operand(0))), count, 0);
    }

    private void doubleShift(final Instruction in, final int op) {
        address(in);
        final int b = emit.read(in, in.row().operand(1), Slots.T3);
        final int count = emit.read(in, in.row().operand(2), Slots.T2);
        change(in, op, Widths.size(in.operandSize()), b, count);
    }

    private void bitTest(final Instruction in, final int op) {
        final int size = Widths.size(in.operandSize());
        final Operand to = in.row().operand(0);
        final Operand number = in.row().operand(1);
        if (in.isMemory()) {
            emit.addressWithoutSegment(in, in.displacement());
            if (number.kind() == Operand.Kind.REG) {
                final int wide = Widths.size(in.addressSize());
                emit.op(MicroOps.BIT_ADDRESS, size, Slots.T3, Slots.ADDRESS, in.reg());
                emit.move(wide, Slots.ADDRESS, Slots.T3);
            }
            emit.segment(in, Slots.ADDRESS);
        }
        final int b = emit.read(in, number, Slots.T2);
        if (op == MicroOps.BT) {
            emit.flags(op, size, Slots.T1, emit.read(in, to, Slots.T0), b, 0);
        } else {
            change(in, op, size, b, 0);
        }
    }

    /// `d = op(s)`.
    private void source(final Instruction in, final int op) {
        address(in);
        final int a = emit.read(in, in.row().operand(1), Slots.T0);
        emit.flags(op, Widths.size(in.operandSize()), in.reg(), a, 0, 0);
    }

    private void bswap(final Instruction in) {
        emit.op(MicroOps.BSWAP, Widths.size(in.operandSize()), in.rm(), in.rm(), 0);
    }

    private void crc32(final Instruction in) {
        final Operand from = in.row().operand(1);
        address(in);
        final int b = emit.read(in, from, Slots.T2);
        emit.op(MicroOps.CRC32, Widths.size(in.bytes(from)), Slots.T0, in.reg(), b);
        emit.move(2, in.reg(), Slots.T0);
    }

    /// `d = op(a, b)`, in the order of the operands; of two only, `d = op(a)`.
    private void bmi(final Instruction in, final int op, final boolean withFlags) {
        final List<Operand> operands = in.row().operands();
        final int size = in.isWide() ? 3 : 2;
        address(in);
        final int d = Emitter.register(in, operands.getFirst());
        final int a = emit.read(in, operands.get(1), Slots.T0);
        final int b = operands.size() == 3 ? emit.read(in, operands.get(2), Slots.T1) : Slots.ZERO;
        if (withFlags) {
            emit.flags(op, size, d, a, b, 0);
        } else {
            emit.op(op, size, d, a, b);
        }
    }

    private void mulx(final Instruction in) {
        final int size = in.isWide() ? 3 : 2;
        address(in);
        final int b = emit.read(in, in.row().operand(2), Slots.T2);
        emit.op(MicroOps.MUL, size, Slots.T0, Slots.RDX, b, Slots.T1);
        emit.move(size, in.vexRegister(), Slots.T0);
        emit.move(size, in.reg(), Slots.T1);
    }

    private void carryAdd(final Instruction in, final int op) {
        address(in);
        final int b = emit.read(in, in.row().operand(1), Slots.T2);
        emit.flags(op, in.isWide() ? 3 : 2, in.reg(), in.reg(), b, 0);
    }

    private void mov(final Instruction in) {
        address(in);
        emit.write(in, in.row().operand(0), emit.read(in, in.row().operand(1), Slots.T0));
    }

    private void extend(final Instruction in, final int op) {
        final Operand from = in.row().operand(1);
        address(in);
        final int a = emit.read(in, from, Slots.T0);
        emit.op(op, Widths.size(in.bytes(from)), Slots.T1, a, 0);
        emit.write(in, in.row().operand(0), Slots.T1);
    }

    private void cmov(final Instruction in) {
        address(in);
        final int from = emit.read(in, in.row().operand(1), Slots.T0);
        emit.immediate(MicroOps.CONDITION, 3, Slots.T1, 0, in.condition());
        final int size = Widths.size(in.operandSize());
        emit.op(MicroOps.SELECT, size, in.reg(), from, in.reg(), Slots.T1);
    }

    private void setcc(final Instruction in) {
        address(in);
        emit.immediate(MicroOps.CONDITION, 3, Slots.T0, 0, in.condition());
        emit.write(in, in.row().operand(0), Slots.T0);
    }

    private void lea(final Instruction in) {
        emit.addressWithoutSegment(in, in.displacement());
        emit.move(Widths.size(in.operandSize()), in.reg(), Slots.ADDRESS);
    }

    private void xchg(final Instruction in) {
        final Operand first = in.row().operand(0);
        final Operand second = in.row().operand(1);
        final int size = Widths.size(in.bytes(first));
        address(in);
        final int to = emit.read(in, second, Slots.T1);
        emit.move(3, Slots.T2, to);
        final int before = emit.readForWrite(in, first, Slots.T0);
        emit.move(3, Slots.T3, before);
        if (in.isMemory()) {
            emit.compareAndStore(in, MicroOps.COMPARE_AND_STORE, size, before, Slots.T2);
        } else {
            emit.write(in, first, Slots.T2);
        }
        emit.write(in, second, Slots.T3);
    }

    private void xadd(final Instruction in) {
        final Operand first = in.row().operand(0);
        final Operand second = in.row().operand(1);
        final int size = Widths.size(in.bytes(first));
        address(in);
        final int from = emit.read(in, second, Slots.T1);
        final int before = emit.readForWrite(in, first, Slots.T0);
        emit.move(3, Slots.T3, before);
        emit.op(MicroOps.SUM, size, Slots.T2, before, from);
        storeChanged(in, size, before, Slots.T2);
        emit.flags(MicroOps.ADD, size, Slots.T2, Slots.T3, from, 0);
        emit.write(in, second, Slots.T3);
        if (!in.isMemory()) {
            emit.write(in, first, Slots.T2);
        }
    }

    /// Stores to memory, if the first operand is there: at once, or if it still holds `before`.
    private void storeChanged(
            final Instruction in, final int size, final int before, final int after) {
        if (in.isLocked()) {
            emit.compareAndStore(in, MicroOps.COMPARE_AND_STORE, size, before, after);
        } else if (in.isMemory()) {
            emit.memory(in, MicroOps.STORE, size, 0, after);
        }
    }

    /// Memory is stored to whatever the comparison says; a register is left alone, its high half
    /// too, if they are not equal. Then it comes after the accumulator, which it may be part of.
    private void cmpxchg(final Instruction in) {
        final Operand first = in.row().operand(0);
        final int size = Widths.size(in.bytes(first));
        address(in);
        final int from = emit.read(in, in.row().operand(1), Slots.T1);
        final int before = emit.readForWrite(in, first, Slots.T0);
        emit.op(MicroOps.EQUAL, size, Slots.T2, Slots.RAX, before);
        emit.op(MicroOps.ZERO_EXTEND, size, Slots.T4, before, 0);
        emit.op(MicroOps.ZERO_EXTEND, size, Slots.T6, from, 0);
        emit.op(MicroOps.SELECT, 3, Slots.T3, Slots.T6, Slots.T4, Slots.T2);
        storeChanged(in, size, before, Slots.T3);
        emit.flags(MicroOps.SUB, size, Slots.T5, Slots.RAX, before, 0);
        emit.op(MicroOps.EQUAL, 3, Slots.T7, Slots.T2, Slots.ZERO);
        emit.op(MicroOps.MOVE_IF, size, Slots.RAX, Slots.T4, 0, Slots.T7);
        if (!in.isMemory()) {
            emit.writeIf(in, first, Slots.T6, Slots.T2);
        }
    }

    private void cmpxchgPair(final Instruction in) {
        final boolean wide = in.isWide();
        address(in);
        if (wide) {
            emit.immediate(MicroOps.ALIGNED, 3, 0, Slots.ADDRESS, 16);
            final long bits = Emitter.accessBits(in);
            code.add(MicroOps.LOAD_FOR_WRITE, 3, Slots.T0, Slots.ADDRESS, 0, 0, bits, 0);
            emit.offset(3, Slots.T6, Slots.ADDRESS, 8);
            code.add(MicroOps.LOAD_FOR_WRITE, 3, Slots.T1, Slots.T6, 0, 0, bits, 0);
        } else {
            emit.memory(in, MicroOps.LOAD_FOR_WRITE, 3, Slots.T4, 0);
            emit.op(MicroOps.ZERO_EXTEND, 2, Slots.T0, Slots.T4, 0);
            emit.constant(Slots.T7, 32);
            emit.op(MicroOps.SHR, 3, Slots.T1, Slots.T4, Slots.T7);
        }
        final int size = wide ? 3 : 2;
        emit.op(MicroOps.EQUAL, size, Slots.T6, Slots.RAX, Slots.T0);
        emit.op(MicroOps.EQUAL, size, Slots.T7, Slots.RDX, Slots.T1);
        emit.op(MicroOps.BOTH, 3, Slots.T6, Slots.T6, Slots.T7);
        emit.op(MicroOps.SELECT, size, Slots.T2, Slots.RBX, Slots.T0, Slots.T6);
        emit.op(MicroOps.SELECT, size, Slots.T3, Slots.RCX, Slots.T1, Slots.T6);
        if (wide) {
            emit.compareAndStore(in, MicroOps.COMPARE_AND_STORE_PAIR, 3, Slots.T0, Slots.T2);
        } else {
            emit.constant(Slots.T7, 32);
            emit.op(MicroOps.SHL, 3, Slots.T5, Slots.T3, Slots.T7);
            emit.op(MicroOps.OR, 3, Slots.T5, Slots.T5, Slots.T2);
            emit.compareAndStore(in, MicroOps.COMPARE_AND_STORE, 3, Slots.T4, Slots.T5);
        }
        emit.op(MicroOps.EQUAL, 3, Slots.T7, Slots.T6, Slots.ZERO);
        emit.op(MicroOps.MOVE_IF, size, Slots.RAX, Slots.T0, 0, Slots.T7);
        emit.op(MicroOps.MOVE_IF, size, Slots.RDX, Slots.T1, 0, Slots.T7);
        emit.constant(Slots.T5, 6);
        emit.op(MicroOps.SHL, 3, Slots.T6, Slots.T6, Slots.T5);
        emit.immediate(MicroOps.FLAGS_FROM, 3, 0, Slots.T6, Rflags.ZF);
    }

    private void movbe(final Instruction in) {
        final int size = Widths.size(in.operandSize());
        address(in);
        final int from = emit.read(in, in.row().operand(1), Slots.T0);
        emit.op(MicroOps.REVERSE, size, Slots.T1, from, 0);
        emit.write(in, in.row().operand(0), Slots.T1);
    }

    private void cbw(final Instruction in) {
        final int size = Widths.size(in.operandSize());
        emit.op(MicroOps.SIGN_EXTEND, size - 1, Slots.T0, Slots.RAX, 0);
        emit.move(size, Slots.RAX, Slots.T0);
    }

    private void cwd(final Instruction in) {
        final int size = Widths.size(in.operandSize());
        emit.op(MicroOps.SIGN_EXTEND, size, Slots.T0, Slots.RAX, 0);
        emit.constant(Slots.T1, 63);
        emit.op(MicroOps.SAR, 3, Slots.T0, Slots.T0, Slots.T1);
        emit.move(size, Slots.RDX, Slots.T0);
    }

    private void xlat(final Instruction in) {
        final int size = Widths.size(in.addressSize());
        emit.op(MicroOps.ZERO_EXTEND, 0, Slots.T0, Slots.RAX, 0);
        emit.op(MicroOps.ADDRESS, Math.max(2, size), Slots.ADDRESS, Slots.RBX, Slots.T0);
        if (size == 1) {
            emit.op(MicroOps.ZERO_EXTEND, 1, Slots.ADDRESS, Slots.ADDRESS, 0);
        }
        emit.segment(in, Slots.ADDRESS);
        emit.access(MicroOps.LOAD, 0, Slots.T0, Slots.ADDRESS, 0, 0, Emitter.sourceBits(in));
        emit.move(0, Slots.RAX, Slots.T0);
    }

    private void flag(final Opcode row, final int flag) {
        final int op =
                switch (row.mnemonic().substring(0, 2)) {
                    case "cl" -> MicroOps.FLAGS_CLEAR;
                    case "st" -> MicroOps.FLAGS_SET;
                    default -> MicroOps.FLAGS_FLIP;
                };
        emit.immediate(op, 3, 0, 0, flag);
    }

    private void sahf() {
        emit.op(MicroOps.HIGH, 0, Slots.T0, Slots.RAX, 0);
        emit.immediate(MicroOps.FLAGS_FROM, 3, 0, Slots.T0, Rflags.STATUS & 0xff);
    }

    private void lahf() {
        emit.op(MicroOps.SET_HIGH, 0, Slots.RAX, Slots.RFLAGS, 0);
    }

    /// @sdm 2, "CLFLUSH—Flush Cache Line"
    private void touch(final Instruction in) {
        final int size = Widths.size(in.bytes(in.row().operand(0)));
        final long bits = Emitter.accessBits(in) | (in.is64() ? 0 : MicroCode.ANY_TYPE);
        address(in);
        emit.access(MicroOps.LOAD, size, Slots.T0, Slots.ADDRESS, 0, 0, bits);
    }

    private void segmentBase(final Instruction in, final int slot) {
        final int size = in.isWide() ? 3 : 2;
        if (in.row().mnemonic().startsWith("rd")) {
            emit.move(size, in.rm(), slot);
        } else {
            emit.op(MicroOps.ZERO_EXTEND, size, Slots.T0, in.rm(), 0);
            emit.op(MicroOps.CANONICAL, 3, 0, Slots.T0, 0);
            emit.move(3, slot, Slots.T0);
        }
    }

    private void decimal(final Instruction in, final int op) {
        code.add(op, 1, Slots.RAX, Slots.RAX, 0, 0, MicroCode.FLAGS, in.immediate());
    }

    private void salc() {
        emit.immediate(MicroOps.CONDITION, 3, Slots.T0, 0, 2);
        emit.op(MicroOps.DIFFERENCE, 0, Slots.RAX, Slots.ZERO, Slots.T0);
    }

    private void bound(final Instruction in) {
        final int size = Widths.size(in.operandSize());
        emit.address(in);
        emit.memory(in, MicroOps.LOAD, size, Slots.T0, 0);
        emit.offset(3, Slots.T6, Slots.ADDRESS, in.operandSize());
        emit.memoryAt(in, MicroOps.LOAD, size, Slots.T1, Slots.T6, 0);
        emit.op(MicroOps.BOUND, size, 0, in.reg(), Slots.T0, Slots.T1);
    }

    /// Memory is stored to only if that changes it.
    private void arpl(final Instruction in) {
        final Operand to = in.row().operand(0);
        address(in);
        final int before = emit.read(in, to, Slots.T0);
        if (in.isMemory()) {
            emit.op(MicroOps.ARPL, 1, Slots.T1, before, in.reg());
            emit.op(MicroOps.EQUAL, 1, Slots.T2, Slots.T1, before);
            emit.op(MicroOps.EQUAL, 3, Slots.T3, Slots.T2, Slots.ZERO);
            emit.compareAndStore(in, X87Ops.STORE_IF, 1, Slots.T1, Slots.T3);
        }
        emit.flags(MicroOps.ARPL, 1, in.isMemory() ? Slots.T1 : in.rm(), before, in.reg(), 0);
    }

    private void into() {
        emit.immediate(MicroOps.CONDITION, 3, Slots.T0, 0, 0);
        emit.constant(Slots.T1, Vectors.OF);
        code.add(MicroOps.LEAVE_IF, 3, 0, 0, Slots.T1, Slots.T0, 0, Exits.INTERRUPT);
    }

    private void leave(final Instruction in, final int reason) {
        if (reason == Exits.INTERRUPT) {
            emit.constant(Slots.T0, in.immediate());
        }
        emit.leave(reason, Slots.T0);
    }
}
