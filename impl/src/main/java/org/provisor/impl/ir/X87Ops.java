// SPDX-License-Identifier: Apache-2.0
package org.provisor.impl.ir;

/// Micro-operations of the x87 FPU, with numbers behind those of [SimdOps].
///
/// `size` is a format of [X87Formats]. The immediate of those that compute says where: bits 0 to 2
/// are i of ST(i), and then [#TO_I] and the like. Exceptions go into the status word, and nothing
/// is written if one is not masked; the next instruction that waits is the one that faults.
///
/// @sdm 1, "Programming with the x87 FPU"
public final class X87Ops {

    /// In an immediate: the result goes to ST(i), not to ST(0).
    static final int TO_I = 1 << 3;

    /// One of two bits: how often the stack is popped.
    static final int POP_SHIFT = 4;

    /// Quiet NaNs are no exception.
    static final int QUIET = 1 << 6;

    /// The comparison goes to RFLAGS.
    static final int TO_FLAGS = 1 << 7;

    /// Towards zero, whatever the control word says.
    static final int TRUNCATE = 1 << 8;

    /// Of [#NOTE]: it has an operand in memory.
    static final int IN_MEMORY = 1 << 16;

    /// Of [#NOTE]: from here on, the segment register of that.
    static final int SEGMENT_SHIFT = 17;

    public static final int FIRST = 256;

    /// #NM if the FPU is not to be used now, then #MF if `immediate` is 1 and an exception waits.
    public static final int READY = FIRST;

    /// Pushes the number in `a` and the slot behind it.
    public static final int PUSH = FIRST + 1;

    /// Pushes ST(i).
    public static final int PUSH_COPY = FIRST + 2;

    /// Pushes one of seven constants.
    public static final int PUSH_CONSTANT = FIRST + 3;

    /// Makes ST(0) ready for memory, in `d` and the slot behind it; the next one is 0 if an
    /// exception forbids to store.
    public static final int CONVERT = FIRST + 4;

    /// `[a] = b` if `c` is not 0.
    public static final int STORE_IF = FIRST + 5;

    /// Pops if `c` is not 0.
    public static final int POP_IF = FIRST + 6;

    /// Of ST(0) and the number in `a`, or ST(i); as all that follow.
    public static final int ADD = FIRST + 7;

    public static final int SUB = FIRST + 8;
    public static final int SUBR = FIRST + 9;
    public static final int MUL = FIRST + 10;
    public static final int DIV = FIRST + 11;
    public static final int DIVR = FIRST + 12;
    public static final int COM = FIRST + 13;

    /// With 0.
    public static final int TST = FIRST + 14;

    /// What kind of number ST(0) is.
    public static final int XAM = FIRST + 15;

    public static final int ABS = FIRST + 16;
    public static final int CHS = FIRST + 17;
    public static final int SQRT = FIRST + 18;
    public static final int RNDINT = FIRST + 19;
    public static final int SCALE = FIRST + 20;
    public static final int XTRACT = FIRST + 21;
    public static final int PREM = FIRST + 22;
    public static final int PREM1 = FIRST + 23;
    public static final int F2XM1 = FIRST + 24;
    public static final int YL2X = FIRST + 25;
    public static final int YL2XP1 = FIRST + 26;
    public static final int PTAN = FIRST + 27;
    public static final int PATAN = FIRST + 28;
    public static final int SINCOS = FIRST + 29;
    public static final int SIN = FIRST + 30;
    public static final int COS = FIRST + 31;

    /// ST(0) and ST(i) change places.
    public static final int XCH = FIRST + 32;

    /// ST(0) = ST(i) if `c` is not 0.
    public static final int CMOV = FIRST + 33;

    /// ST(i) = ST(0).
    public static final int ST = FIRST + 34;

    /// ST(i) becomes empty.
    public static final int FREE = FIRST + 35;

    public static final int INCSTP = FIRST + 36;
    public static final int DECSTP = FIRST + 37;
    public static final int NOP = FIRST + 38;

    /// As after a reset.
    public static final int INIT = FIRST + 39;

    /// Clears exceptions.
    public static final int CLEX = FIRST + 40;

    /// The control word = `a`.
    public static final int LDCW = FIRST + 41;

    /// `d` = the status word.
    public static final int STSW = FIRST + 42;

    /// Notes where the instruction is, 11 bits of its opcode, which are in the immediate, and, with
    /// [#IN_MEMORY], the address that [org.provisor.impl.cpu.Slots#T6] holds.
    public static final int NOTE = FIRST + 43;

    /// `[a]` = the words, in 28 bytes or by `size` in 14; then masks all exceptions.
    public static final int STENV = FIRST + 44;

    /// The words = `[a]`.
    public static final int LDENV = FIRST + 45;

    /// `[a]` = words and registers; then as after a reset.
    public static final int SAVE = FIRST + 46;

    /// Words and registers = `[a]`.
    public static final int RSTOR = FIRST + 47;

    /// An MMX register is used: TOP is 0, and no register is empty.
    public static final int MMX = FIRST + 48;

    /// TOP is 0, and all registers are empty.
    public static final int EMMS = FIRST + 49;

    private static final String[] NAMES = {
        "ready",
        "push",
        "push_copy",
        "push_constant",
        "convert",
        "store_if",
        "pop_if",
        "add",
        "sub",
        "subr",
        "mul",
        "div",
        "divr",
        "com",
        "tst",
        "xam",
        "abs",
        "chs",
        "sqrt",
        "rndint",
        "scale",
        "xtract",
        "prem",
        "prem1",
        "2xm1",
        "yl2x",
        "yl2xp1",
        "ptan",
        "patan",
        "sincos",
        "sin",
        "cos",
        "xch",
        "cmov",
        "st",
        "free",
        "incstp",
        "decstp",
        "nop",
        "init",
        "clex",
        "ldcw",
        "stsw",
        "note",
        "stenv",
        "ldenv",
        "save",
        "rstor",
        "mmx",
        "emms",
    };

    private X87Ops() {}

    static String name(final int op) {
        return "x87_" + NAMES[op - FIRST];
    }

    /// The operation of that name.
    ///
    /// @throws IllegalArgumentException if there is none
    static int named(final String name) {
        for (int i = 0; i < NAMES.length; i++) {
            if (NAMES[i].equals(name)) {
                return FIRST + i;
            }
        }
        throw new IllegalArgumentException("no operation of the x87 FPU is called " + name);
    }
}
