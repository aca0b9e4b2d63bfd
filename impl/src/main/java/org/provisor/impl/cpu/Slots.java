// SPDX-License-Identifier: Apache-2.0
package org.provisor.impl.cpu;

/// Which word of the register file holds what.
///
/// The general registers have the numbers that instructions give them. Behind the registers that
/// software sees there are temporaries, which hold nothing from one instruction to the next: that
/// way every micro-operation names its operands alike.
public final class Slots {

    public static final int RAX = 0;
    public static final int RCX = 1;
    public static final int RDX = 2;
    public static final int RBX = 3;
    public static final int RSP = 4;
    public static final int RBP = 5;
    public static final int RSI = 6;
    public static final int RDI = 7;
    public static final int R11 = 11;

    /// The number of general registers.
    public static final int GENERAL = 16;

    /// The instruction that is carried out, or the next one between two instructions.
    public static final int RIP = 16;

    public static final int RFLAGS = 17;
    public static final int FS_BASE = 18;
    public static final int GS_BASE = 19;

    /// Always 0.
    public static final int ZERO = 20;

    /// Where the next instruction begins, while one is carried out.
    public static final int NEXT = 21;

    /// A linear address.
    public static final int ADDRESS = 22;

    /// Temporaries T0 to T7.
    public static final int T0 = 23;

    public static final int T1 = 24;
    public static final int T2 = 25;
    public static final int T3 = 26;
    public static final int T4 = 27;
    public static final int T5 = 28;
    public static final int T6 = 29;
    public static final int T7 = 30;

    public static final int MXCSR = 31;

    /// The low half of XMM0; its high half follows, then the low half of XMM1.
    public static final int XMM = 32;

    /// Behind the last XMM register.
    public static final int XMM_END = XMM + 2 * 16;

    /// Temporaries of 16 bytes, V0 to V3: the low half, then the high half.
    public static final int V0 = XMM_END;

    public static final int V1 = V0 + 2;
    public static final int V2 = V1 + 2;
    public static final int V3 = V2 + 2;

    /// Floating-point exceptions that the instruction has met so far, as flags of MXCSR; 0 between
    /// two instructions.
    public static final int RAISED = V3 + 2;

    /// CR0.TS: not 0 if an instruction that uses XMM registers is #NM.
    public static final int TASK_SWITCHED = RAISED + 1;

    /// The control word of the x87 FPU.
    public static final int X87_CONTROL = TASK_SWITCHED + 1;

    /// Its status word, without what follows from both words: ES and B.
    public static final int X87_STATUS = X87_CONTROL + 1;

    /// A bit for each of its registers that is not empty: physical registers, not by TOP.
    public static final int X87_TAGS = X87_STATUS + 1;

    /// Where its last instruction was that is not one of control.
    public static final int X87_INSTRUCTION = X87_TAGS + 1;

    /// Where the last operand in memory was.
    public static final int X87_DATA = X87_INSTRUCTION + 1;

    /// 11 bits of the opcode of that instruction.
    public static final int X87_OPCODE = X87_DATA + 1;

    /// The selectors of both: that of the code, and 16 bits above it that of the data.
    public static final int X87_SELECTORS = X87_OPCODE + 1;

    /// The significand of physical register 0 of the x87 FPU, which is MM0; its sign and exponent
    /// follow, then the significand of register 1.
    public static final int X87 = X87_SELECTORS + 1;

    /// Behind the last register of the x87 FPU.
    public static final int X87_END = X87 + 2 * 8;

    /// The selector in ES; those in CS, SS, DS, FS and GS follow.
    public static final int SELECTORS = X87_END;

    public static final int CS = SELECTORS + 1;
    public static final int SS = SELECTORS + 2;
    public static final int DS = SELECTORS + 3;

    /// Behind the selectors.
    public static final int SELECTORS_END = SELECTORS + 6;

    public static final int COUNT = SELECTORS_END;

    private Slots() {}

    /// An MMX register.
    public static int mmx(final int number) {
        return X87 + 2 * number;
    }

    /// The low half of an XMM register.
    public static int xmm(final int number) {
        return XMM + 2 * number;
    }
}
