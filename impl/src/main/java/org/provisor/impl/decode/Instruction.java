// SPDX-License-Identifier: Apache-2.0
package org.provisor.impl.decode;

/// One instruction, decoded. It is filled in by the [Decoder] and used again for the next one.
public final class Instruction {

    /// No register, in [#base] and [#index].
    public static final int NONE = -1;

    /// RIP, in [#base].
    public static final int RIP = 16;

    Opcode row;

    /// In bytes.
    int length;

    /// In bytes: 2, 4 or 8.
    int operandSize;

    /// In bytes: 2, 4 or 8.
    int addressSize;

    /// How much of the stack pointer counts, in bytes: 8 in 64-bit mode, otherwise 4 or 2.
    int stackSize;

    boolean in64;

    boolean rex;
    boolean wide;

    /// The reg field of ModRM, with REX.R.
    int reg;

    /// The register in the rm field of ModRM, with REX.B; that of an opcode that holds one too.
    int rm;

    /// The condition in the opcode's low bits.
    int condition;

    /// Whether ModRM names memory.
    boolean memory;

    int base;
    int index;

    /// As a shift: 0 to 3.
    int scale;

    long displacement;

    /// 0 to 5: es, cs, ss, ds, fs, gs; [#NONE] if no prefix says. In 64-bit mode fs and gs only.
    int segment;

    /// The first immediate, sign-extended where the row says so; or the distance of a branch.
    long immediate;

    long secondImmediate;

    boolean lock;

    /// 0, or `F3` or `F2`.
    int repeat;

    int vexRegister;

    /// The ModRM byte, if there is one.
    int modRm;

    Instruction(final Opcode any) {
        row = any;
    }

    public Instruction() {
        this(OpcodeTable.standard().row(0));
    }

    public Opcode row() {
        return row;
    }

    public int length() {
        return length;
    }

    public int operandSize() {
        return operandSize;
    }

    public int addressSize() {
        return addressSize;
    }

    public int stackSize() {
        return stackSize;
    }

    /// Outside of 64-bit mode the stack's segment says it, which the decoder does not know: it
    /// takes 4.
    public void setStackSize(final int bytes) {
        stackSize = bytes;
    }

    /// Whether it is one of 64-bit mode.
    public boolean is64() {
        return in64;
    }

    public boolean hasRex() {
        return rex;
    }

    /// Whether REX.W is set.
    public boolean isWide() {
        return wide;
    }

    public int reg() {
        return reg;
    }

    public int rm() {
        return rm;
    }

    public int condition() {
        return condition;
    }

    public boolean isMemory() {
        return memory;
    }

    public int base() {
        return base;
    }

    public int index() {
        return index;
    }

    public int scale() {
        return scale;
    }

    public long displacement() {
        return displacement;
    }

    public int segment() {
        return segment;
    }

    public long immediate() {
        return immediate;
    }

    public long secondImmediate() {
        return secondImmediate;
    }

    public boolean isLocked() {
        return lock;
    }

    public int repeat() {
        return repeat;
    }

    public int modRm() {
        return modRm;
    }

    public int vexRegister() {
        return vexRegister;
    }

    /// How wide an operand is, in bytes; 0 if it has no width.
    public int bytes(final Operand operand) {
        return switch (operand.size()) {
            case NONE, P, A -> 0;
            case B -> 1;
            case W -> 2;
            case D, SS -> 4;
            case Q, SD -> 8;
            case DQ, X, PS, PD -> 16;
            case T -> 10;
            case V, BS -> operandSize;
            case Z -> Math.min(4, operandSize);
            case Y -> wide ? 8 : 4;
            case S -> memory ? 2 : operandSize;
        };
    }
}
