// SPDX-License-Identifier: Apache-2.0
package org.provisor.impl.ir;

import org.provisor.impl.cpu.Slots;
import org.provisor.impl.decode.Instruction;
import org.provisor.impl.decode.Operand;

/// Where an instruction's operands are, and the micro-operations that get at them.
final class Emitter {

    private static final int STACK_REGISTERS = 1 << Slots.RSP | 1 << Slots.RBP;

    private static final int SS = 2;
    private static final int DS = 3;

    private final MicroCode code;

    /// The size of addresses on the stack.
    private int stackSize = 3;

    /// The size of what is jumped to.
    private int branchSize = 3;

    Emitter(final MicroCode code) {
        this.code = code;
    }

    /// What follows belongs to this instruction.
    void begin(final Instruction in) {
        stackSize = Widths.size(in.stackSize());
        branchSize = in.is64() ? 3 : Widths.size(in.operandSize());
    }

    /// 3 in 64-bit mode, otherwise the operand size, as a logarithm.
    int branchSize() {
        return branchSize;
    }

    void op(final int op, final int size, final int d, final int a, final int b) {
        code.add(op, size, d, a, b, 0, 0, 0);
    }

    void op(final int op, final int size, final int d, final int a, final int b, final int c) {
        code.add(op, size, d, a, b, c, 0, 0);
    }

    /// With flags.
    void flags(final int op, final int size, final int d, final int a, final int b, final int c) {
        code.add(op, size, d, a, b, c, MicroCode.FLAGS, 0);
    }

    void immediate(final int op, final int size, final int d, final int a, final long immediate) {
        code.add(op, size, d, a, 0, 0, 0, immediate);
    }

    void binary(
            final int op,
            final int size,
            final int d,
            final int a,
            final int b,
            final long immediate) {
        code.add(op, size, d, a, b, 0, 0, immediate);
    }

    /// On pairs of slots.
    void pair(
            final int op,
            final int size,
            final int d,
            final int a,
            final int b,
            final int c,
            final long immediate) {
        code.add(op, size, d, a, b, c, 0, immediate);
    }

    /// `d = a + distance`, 4 or 8 bytes.
    void offset(final int size, final int d, final int a, final long distance) {
        code.add(MicroOps.ADDRESS, size, d, a, Slots.ZERO, 0, 0, distance);
    }

    void constant(final int d, final long value) {
        code.add(MicroOps.CONST, 3, d, 0, 0, 0, 0, value);
    }

    void move(final int size, final int d, final int a) {
        code.add(MicroOps.MOVE, size, d, a, 0, 0, 0, 0);
    }

    /// Loads from or stores to the stack.
    void stack(final int op, final int size, final int d, final int a, final int b) {
        code.add(op, size, d, a, b, 0, stackSize == 3 ? MicroCode.STACK : segment(SS), 0);
    }

    /// `d = a + distance`, an address on the stack.
    void stackAddress(final int d, final int a, final long distance) {
        offset(Math.max(2, stackSize), d, a, distance);
        if (stackSize == 1) {
            op(MicroOps.ZERO_EXTEND, 1, d, d, 0);
        }
    }

    /// The address of the top of the stack, or of what another register points to there.
    ///
    /// @param temporary where to put it, if the register has more than the address
    int onStack(final int register, final int temporary) {
        if (stackSize == 3) {
            return register;
        }
        op(MicroOps.ZERO_EXTEND, stackSize, temporary, register, 0);
        return temporary;
    }

    /// `rsp = a + distance`, as far as the stack pointer counts.
    void moveStack(final int a, final long distance) {
        offset(stackSize, Slots.RSP, a, distance);
    }

    /// `rsp = a`, as far as the stack pointer counts.
    void setStack(final int a) {
        move(stackSize, Slots.RSP, a);
    }

    /// `d = rsp`, with `a` for as much of it as counts.
    void copyStack(final int d, final int a) {
        if (stackSize == 1) {
            move(3, d, Slots.RSP);
        }
        move(stackSize, d, a);
    }

    private static long segment(final int register) {
        return (long) (register + 1) << MicroCode.SEGMENT_SHIFT;
    }

    void leave(final int reason, final int operand) {
        code.add(MicroOps.LEAVE, 0, 0, 0, operand, 0, 0, reason);
    }

    void jumpIf(final int truth, final long by) {
        code.add(MicroOps.JUMP_IF, branchSize, 0, 0, 0, truth, 0, by);
    }

    /// Computes the address that ModRM names, into [Slots#ADDRESS].
    void address(final Instruction in) {
        addressWithoutSegment(in, in.displacement());
        segment(in, Slots.ADDRESS);
    }

    void addressWithoutSegment(final Instruction in, final long displacement) {
        final int base =
                switch (in.base()) {
                    case Instruction.NONE -> Slots.ZERO;
                    case Instruction.RIP -> Slots.NEXT;
                    default -> in.base();
                };
        final int index = in.index() == Instruction.NONE ? Slots.ZERO : in.index();
        code.add(
                MicroOps.ADDRESS,
                Math.max(2, Widths.size(in.addressSize())),
                Slots.ADDRESS,
                base,
                index,
                in.scale(),
                0,
                displacement);
        if (in.addressSize() == 2) {
            op(MicroOps.ZERO_EXTEND, 1, Slots.ADDRESS, Slots.ADDRESS, 0);
        }
    }

    /// Adds the base of the segment to an address, in 64-bit mode: otherwise accesses do that.
    void segment(final Instruction in, final int address) {
        if (in.is64() && in.segment() >= 4) {
            final int base = in.segment() == 4 ? Slots.FS_BASE : Slots.GS_BASE;
            code.add(MicroOps.SUM, 3, address, address, base, 0, 0, 0);
        }
    }

    /// The bits of accesses to the memory that ModRM names: [MicroCode#STACK] if it is on the
    /// stack, by its base register; outside of 64-bit mode the segment.
    ///
    /// @sdm 1, "Segment Registers in 64-Bit Mode"; 1, "Default Segment Selection Rules"
    static long accessBits(final Instruction in) {
        final boolean stack =
                in.base() >= 0
                        && in.base() < Slots.GENERAL
                        && (STACK_REGISTERS >> in.base() & 1) != 0;
        if (in.is64()) {
            return stack && in.segment() < 4 ? MicroCode.STACK : 0;
        }
        return segment(in.segment() != Instruction.NONE ? in.segment() : stack ? SS : DS);
    }

    /// The segment register by which the memory is accessed that ModRM names. In 64-bit mode that
    /// is SS or DS, whatever a prefix says.
    static int segmentRegister(final Instruction in) {
        final long bits = accessBits(in);
        return in.is64() ? bits == 0 ? DS : SS : MicroCode.segment(bits);
    }

    /// The bits of accesses by DS, or what a prefix says.
    static long sourceBits(final Instruction in) {
        if (in.is64()) {
            return 0;
        }
        return segment(in.segment() == Instruction.NONE ? DS : in.segment());
    }

    /// The bits of accesses by ES, which no prefix changes.
    static long destinationBits(final Instruction in) {
        return in.is64() ? 0 : segment(0);
    }

    /// Accesses memory.
    void access(
            final int op,
            final int size,
            final int d,
            final int a,
            final int b,
            final int c,
            final long bits) {
        code.add(op, size, d, a, b, c, bits, 0);
    }

    /// Accesses the memory at [Slots#ADDRESS].
    void memory(final Instruction in, final int op, final int size, final int d, final int b) {
        code.add(op, size, d, Slots.ADDRESS, b, 0, accessBits(in), 0);
    }

    /// Before memory is accessed in parts: outside of 64-bit mode, whether all of it is in its
    /// segment comes before whether the first part is there at all.
    void inside(final Instruction in, final int bytes, final boolean stores) {
        if (!in.is64()) {
            final int kind = stores ? 1 : 0;
            final long bits = accessBits(in);
            code.add(SegmentOps.INSIDE, 3, kind, Slots.ADDRESS, 0, 0, bits, bytes);
        }
    }

    /// Accesses 8 bytes elsewhere in the memory that ModRM names.
    void memoryAt(final Instruction in, final int op, final int d, final int address, final int b) {
        code.add(op, 3, d, address, b, 0, accessBits(in), 0);
    }

    /// Accesses 2 bytes elsewhere in the memory that ModRM names.
    void narrowAt(
            final Instruction in,
            final int op,
            final int d,
            final int address,
            final int b,
            final int c) {
        code.add(op, 1, d, address, b, c, accessBits(in), 0);
    }

    /// Accesses so many bytes elsewhere in it.
    void memoryAt(
            final Instruction in,
            final int op,
            final int size,
            final int d,
            final int address,
            final int b) {
        code.add(op, size, d, address, b, 0, accessBits(in), 0);
    }

    void compareAndStore(
            final Instruction in, final int op, final int size, final int b, final int c) {
        code.add(op, size, 0, Slots.ADDRESS, b, c, accessBits(in), 0);
    }

    static boolean isMemory(final Instruction in, final Operand operand) {
        return switch (operand.kind()) {
            case RM, MEMORY, XMM_RM -> in.isMemory();
            case OFFSET -> true;
            default -> false;
        };
    }

    /// The general register that an operand is, as a slot; -1 for memory, immediates, and the
    /// second byte of a register.
    static int register(final Instruction in, final Operand operand) {
        final int number =
                switch (operand.kind()) {
                    case RM, MEMORY -> in.isMemory() ? -1 : in.rm();
                    case RM_REG, OPCODE_REG -> in.rm();
                    case REG -> in.reg();
                    case VEX_REG -> in.vexRegister();
                    case ACCUMULATOR -> Slots.RAX;
                    case CL -> Slots.RCX;
                    default -> -1;
                };
        return isHigh(in, operand) ? -1 : number;
    }

    private static boolean isHigh(final Instruction in, final Operand operand) {
        if (operand.size() != Operand.Size.B || in.hasRex()) {
            return false;
        }
        final int number =
                switch (operand.kind()) {
                    case RM -> in.isMemory() ? 0 : in.rm();
                    case OPCODE_REG -> in.rm();
                    case REG -> in.reg();
                    default -> 0;
                };
        return number >= 4;
    }

    /// The register whose second byte an operand is.
    private static int highOf(final Instruction in, final Operand operand) {
        return (operand.kind() == Operand.Kind.REG ? in.reg() : in.rm()) - 4;
    }

    /// Reads an operand; the address of memory has been computed.
    ///
    /// @param temporary where to put it if it is in no register
    /// @return the slot that holds it; above its size there may be anything
    int read(final Instruction in, final Operand operand, final int temporary) {
        final int register = register(in, operand);
        if (register >= 0) {
            return register;
        }
        if (isHigh(in, operand)) {
            op(MicroOps.HIGH, 0, temporary, highOf(in, operand), 0);
            return temporary;
        }
        switch (operand.kind()) {
            case IMMEDIATE -> constant(temporary, in.immediate());
            case ONE -> constant(temporary, 1);
            default -> memory(in, MicroOps.LOAD, Widths.size(in.bytes(operand)), temporary, 0);
        }
        return temporary;
    }

    /// Reads what will be written to.
    int readForWrite(final Instruction in, final Operand operand, final int temporary) {
        if (isMemory(in, operand)) {
            final int size = Widths.size(in.bytes(operand));
            memory(in, MicroOps.LOAD_FOR_WRITE, size, temporary, 0);
            return temporary;
        }
        return read(in, operand, temporary);
    }

    /// Writes a register, or the second byte of one, if `truth` is not 0.
    void writeIf(final Instruction in, final Operand operand, final int slot, final int truth) {
        final int register = register(in, operand);
        if (register >= 0) {
            op(MicroOps.MOVE_IF, Widths.size(in.bytes(operand)), register, slot, 0, truth);
        } else {
            final int high = highOf(in, operand);
            op(MicroOps.HIGH, 0, Slots.T5, high, 0);
            op(MicroOps.SELECT, 0, Slots.T5, slot, Slots.T5, truth);
            op(MicroOps.SET_HIGH, 0, high, Slots.T5, 0);
        }
    }

    /// Writes a register or the second byte of one; or stores.
    void write(final Instruction in, final Operand operand, final int slot) {
        final int size = Widths.size(in.bytes(operand));
        final int register = register(in, operand);
        if (register >= 0) {
            move(size, register, slot);
        } else if (isHigh(in, operand)) {
            op(MicroOps.SET_HIGH, 0, highOf(in, operand), slot, 0);
        } else {
            memory(in, MicroOps.STORE, size, 0, slot);
        }
    }
}
