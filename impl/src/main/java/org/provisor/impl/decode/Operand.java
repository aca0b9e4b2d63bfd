// SPDX-License-Identifier: Apache-2.0
package org.provisor.impl.decode;

/// An operand as the table writes it: where it is and how wide, as in the SDM's opcode maps.
///
/// @param kind where it is
/// @param size how wide
/// @param text as written
/// @sdm 2, "Key to Abbreviations"
public record Operand(Kind kind, Size size, String text) {

    /// Where an operand is.
    public enum Kind {
        /// Register or memory, by ModRM.rm.
        RM("E"),
        /// A general register, by ModRM.reg.
        REG("G"),
        /// Memory only, by ModRM.rm.
        MEMORY("M"),
        /// A general register only, by ModRM.rm.
        RM_REG("R"),
        /// A general register, by the opcode's low three bits.
        OPCODE_REG("Z"),
        /// A general register, by VEX.vvvv.
        VEX_REG("B"),
        /// An XMM register, by ModRM.reg.
        XMM("V"),
        /// An XMM register or memory, by ModRM.rm.
        XMM_RM("W"),
        /// An XMM register only, by ModRM.rm.
        XMM_REG("U"),
        SEGMENT("S"),
        CONTROL("C"),
        DEBUG("D"),
        /// An immediate.
        IMMEDIATE("I"),
        /// Memory at an address in the instruction.
        OFFSET("O"),
        /// A selector and an offset in the instruction.
        FAR("A"),
        /// A distance from the next instruction.
        RELATIVE("J"),
        /// Memory at `rsi`.
        SOURCE("X"),
        /// Memory at `rdi`.
        DESTINATION("Y"),
        /// `al`, `ax`, `eax` or `rax`.
        ACCUMULATOR("rAX"),
        CL("CL"),
        XMM0("XMM0"),
        DX("DX"),
        /// The top of the x87 stack.
        ST("ST"),
        /// A register of the x87 stack, by ModRM.rm.
        ST_I("STi"),
        /// An MMX register, by ModRM.reg.
        MMX("P"),
        /// An MMX register or memory, by ModRM.rm.
        MMX_RM("Q"),
        /// An MMX register only, by ModRM.rm.
        MMX_REG("N"),
        ES("ES"),
        CS("CS"),
        SS("SS"),
        DS("DS"),
        FS("FS"),
        GS("GS"),
        /// The number 1.
        ONE("1");

        private final String letter;

        Kind(final String letter) {
            this.letter = letter;
        }
    }

    /// How wide an operand is.
    public enum Size {
        /// It has none, or its own.
        NONE(""),
        B("b"),
        W("w"),
        D("d"),
        Q("q"),
        DQ("dq"),
        /// 16 bytes: integers.
        X("x"),
        /// 16 bytes: four singles.
        PS("ps"),
        /// 16 bytes: two doubles.
        PD("pd"),
        /// A single.
        SS("ss"),
        /// A double.
        SD("sd"),
        /// The operand size.
        V("v"),
        /// The operand size, but at most 4 bytes.
        Z("z"),
        /// 8 bytes with REX.W, else 4.
        Y("y"),
        /// A byte, sign-extended to the operand size.
        BS("bs"),
        /// 10 bytes.
        T("t"),
        /// A selector: the operand size in a register, 2 bytes in memory.
        S("s"),
        /// A far pointer.
        P("p"),
        /// Two words of the operand size in memory.
        A("a");

        private final String letters;

        Size(final String letters) {
            this.letters = letters;
        }
    }

    /// @throws IllegalArgumentException if there is no such operand
    static Operand parse(final String text) {
        return switch (text) {
            case "AL" -> new Operand(Kind.ACCUMULATOR, Size.B, text);
            case "AX" -> new Operand(Kind.ACCUMULATOR, Size.W, text);
            case "eAX" -> new Operand(Kind.ACCUMULATOR, Size.Z, text);
            case "rAX" -> new Operand(Kind.ACCUMULATOR, Size.V, text);
            case "CL" -> new Operand(Kind.CL, Size.B, text);
            case "XMM0" -> new Operand(Kind.XMM0, Size.X, text);
            case "DX" -> new Operand(Kind.DX, Size.W, text);
            case "ST" -> new Operand(Kind.ST, Size.NONE, text);
            case "STi" -> new Operand(Kind.ST_I, Size.NONE, text);
            case "ES" -> new Operand(Kind.ES, Size.NONE, text);
            case "CS" -> new Operand(Kind.CS, Size.NONE, text);
            case "SS" -> new Operand(Kind.SS, Size.NONE, text);
            case "DS" -> new Operand(Kind.DS, Size.NONE, text);
            case "FS" -> new Operand(Kind.FS, Size.NONE, text);
            case "GS" -> new Operand(Kind.GS, Size.NONE, text);
            case "1" -> new Operand(Kind.ONE, Size.B, text);
            default -> byLetters(text);
        };
    }

    private static Operand byLetters(final String text) {
        for (final Kind kind : Kind.values()) {
            if (kind.letter.equals(text.substring(0, 1))) {
                return new Operand(kind, size(text.substring(1), text), text);
            }
        }
        throw new IllegalArgumentException("no operand is written " + text);
    }

    private static Size size(final String letters, final String text) {
        for (final Size size : Size.values()) {
            if (size.letters.equals(letters)) {
                return size;
            }
        }
        throw new IllegalArgumentException("no operand is written " + text);
    }

    /// Whether it is in ModRM.rm.
    public boolean isInRm() {
        return switch (kind) {
            case RM, MEMORY, RM_REG, XMM_RM, XMM_REG, ST_I, MMX_RM, MMX_REG -> true;
            default -> false;
        };
    }

    /// Whether it is in ModRM.reg.
    public boolean isInReg() {
        return switch (kind) {
            case REG, XMM, MMX, SEGMENT, CONTROL, DEBUG -> true;
            default -> false;
        };
    }
}
