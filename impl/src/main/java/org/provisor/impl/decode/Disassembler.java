// SPDX-License-Identifier: Apache-2.0
package org.provisor.impl.decode;

import java.util.List;
import java.util.Locale;

/// Writes instructions as `objdump -M intel` does, apart from blanks and its comments.
public final class Disassembler {

    private static final List<String> CONDITIONS =
            List.of(
                    "o", "no", "b", "ae", "e", "ne", "be", "a", "s", "ns", "p", "np", "l", "ge",
                    "le", "g");
    private static final List<String> FIRST_EIGHT =
            List.of("ax", "cx", "dx", "bx", "sp", "bp", "si", "di");
    private static final List<String> FIRST_BYTES =
            List.of("al", "cl", "dl", "bl", "spl", "bpl", "sil", "dil");
    private static final List<String> HIGH_BYTES = List.of("ah", "ch", "dh", "bh");
    private static final List<String> SEGMENTS = List.of("es", "cs", "ss", "ds", "fs", "gs");

    private Disassembler() {}

    /// One instruction.
    ///
    /// @param at its address
    public static String text(final Instruction instruction, final long at) {
        final StringBuilder text = new StringBuilder();
        final Opcode row = instruction.row();
        if (instruction.isLocked()) {
            text.append("lock ");
        }
        text.append(repeat(instruction));
        text.append(mnemonic(instruction));
        String before = " ";
        for (int i = 0; i < row.operands().size(); i++) {
            final String operand = operand(instruction, row.operand(i), i, at);
            if (!operand.isEmpty()) {
                text.append(before).append(operand);
                before = ",";
            }
        }
        if (row.mnemonic().equals("xlat")) {
            text.append(" BYTE PTR ds:[").append(register(3, instruction.addressSize(), true));
            text.append(']');
        }
        return text.toString();
    }

    private static String repeat(final Instruction instruction) {
        if (instruction.repeat() == 0) {
            return "";
        }
        return switch (instruction.row().repeat()) {
            case NONE -> "";
            case COUNT -> instruction.repeat() == 0xf3 ? "rep " : "repnz ";
            case COUNT_AND_ZERO -> instruction.repeat() == 0xf3 ? "repz " : "repnz ";
        };
    }

    private static String mnemonic(final Instruction instruction) {
        final Opcode row = instruction.row();
        final int size = instruction.operandSize();
        return switch (row.mnemonic()) {
            case "cbw" -> size == 2 ? "cbw" : size == 4 ? "cwde" : "cdqe";
            case "cwd" -> size == 2 ? "cwd" : size == 4 ? "cdq" : "cqo";
            case "iret" -> size == 2 ? "iretw" : size == 4 ? "iret" : "iretq";
            case "sysret" -> size == 8 ? "sysretq" : "sysretd";
            case "retf" -> size == 2 ? "retfw" : size == 4 ? "retf" : "retfq";
            case "pushf",
                    "popf",
                    "enter",
                    "leave",
                    "push",
                    "pop",
                    "fldenv",
                    "fnstenv",
                    "frstor",
                    "fnsave",
                    "call",
                    "jmp",
                    "ret",
                    "pusha",
                    "popa" ->
                    row.mnemonic() + (row.sizeSuffix() && size == 2 ? "w" : "");
            case "sal" -> "shl";
            case "mov" -> size == 8 && isImmediate8(row.operand(1)) ? "movabs" : "mov";
            case "movabs" -> instruction.addressSize() == 8 ? "movabs" : "mov";
            case "jrcxz" ->
                    switch (instruction.addressSize()) {
                        case 2 -> "jcxz";
                        case 4 -> "jecxz";
                        default -> "jrcxz";
                    };
            default ->
                    row.mnemonic().endsWith("cc")
                            ? row.mnemonic().substring(0, row.mnemonic().length() - 2)
                                    + CONDITIONS.get(instruction.condition())
                            : row.mnemonic();
        };
    }

    /// Whether it is an immediate that can have 8 bytes.
    private static boolean isImmediate8(final Operand operand) {
        return operand.kind() == Operand.Kind.IMMEDIATE && operand.size() == Operand.Size.V;
    }

    private static String operand(
            final Instruction instruction, final Operand operand, final int number, final long at) {
        final int bytes = instruction.bytes(operand);
        final boolean rex = instruction.hasRex();
        return switch (operand.kind()) {
            case RM, MEMORY, XMM_RM, MMX_RM ->
                    instruction.isMemory()
                            ? memory(instruction, operand)
                            : switch (operand.kind()) {
                                case XMM_RM -> "xmm" + instruction.rm();
                                case MMX_RM -> "mm" + (instruction.rm() & 7);
                                default -> register(instruction.rm(), bytes, rex);
                            };
            case RM_REG, OPCODE_REG -> register(instruction.rm(), bytes, rex);
            case REG -> register(instruction.reg(), bytes, rex);
            case VEX_REG -> register(instruction.vexRegister(), bytes, rex);
            case XMM -> "xmm" + instruction.reg();
            case XMM_REG -> "xmm" + instruction.rm();
            case ST -> "st";
            case ST_I -> "st(" + (instruction.rm() & 7) + ")";
            case MMX -> "mm" + (instruction.reg() & 7);
            case MMX_REG -> "mm" + (instruction.rm() & 7);
            case SEGMENT -> segment(instruction.reg() & 7);
            case CONTROL -> "cr" + instruction.reg();
            case DEBUG -> "dr" + instruction.reg();
            case IMMEDIATE -> immediate(instruction, operand, number);
            case OFFSET -> offset(instruction);
            case RELATIVE -> hex(target(instruction, at));
            case FAR -> hex(instruction.secondImmediate()) + ":" + hex(offsetOf(instruction));
            case SOURCE -> string(instruction, bytes, segment(instruction, "ds"), "si");
            case DESTINATION -> string(instruction, bytes, "es", "di");
            case ACCUMULATOR -> register(0, bytes, rex);
            case CL -> "cl";
            case XMM0 -> "xmm0";
            case DX -> "dx";
            case ES -> "es";
            case CS -> "cs";
            case SS -> "ss";
            case DS -> "ds";
            case FS -> "fs";
            case GS -> "gs";
            case ONE -> "1";
        };
    }

    private static long target(final Instruction instruction, final long at) {
        final int bytes = instruction.is64() ? 8 : instruction.operandSize();
        return (instruction.immediate() + at + instruction.length()) & mask(bytes);
    }

    private static long offsetOf(final Instruction instruction) {
        return instruction.immediate() & mask(instruction.operandSize());
    }

    private static long mask(final int bytes) {
        return bytes == 8 ? -1 : (1L << (8 * bytes)) - 1;
    }

    private static String segment(final int number) {
        return number < SEGMENTS.size() ? SEGMENTS.get(number) : "?";
    }

    private static String segment(final Instruction instruction, final String otherwise) {
        final int segment = instruction.segment();
        return segment == Instruction.NONE ? otherwise : SEGMENTS.get(segment);
    }

    private static String offset(final Instruction instruction) {
        final long mask = mask(instruction.addressSize());
        return segment(instruction, "ds") + ":" + hex(instruction.displacement() & mask);
    }

    private static String string(
            final Instruction instruction,
            final int bytes,
            final String segment,
            final String register) {
        final String prefix =
                switch (instruction.addressSize()) {
                    case 2 -> "";
                    case 4 -> "e";
                    default -> "r";
                };
        return pointer(bytes) + segment + ":[" + prefix + register + "]";
    }

    private static String immediate(
            final Instruction instruction, final Operand operand, final int number) {
        final boolean second =
                number > 0
                        && instruction.row().operand(number - 1).kind() == Operand.Kind.IMMEDIATE;
        final long value = second ? instruction.secondImmediate() : instruction.immediate();
        final int bytes =
                operand.size() == Operand.Size.Z || operand.size() == Operand.Size.BS
                        ? instruction.operandSize()
                        : instruction.bytes(operand);
        return hex(bytes == 8 ? value : value & ((1L << (8 * bytes)) - 1));
    }

    private static String hex(final long value) {
        return "0x" + Long.toHexString(value);
    }

    private static String pointer(final int bytes) {
        return switch (bytes) {
            case 1 -> "BYTE PTR ";
            case 2 -> "WORD PTR ";
            case 4 -> "DWORD PTR ";
            case 8 -> "QWORD PTR ";
            case 10 -> "TBYTE PTR ";
            case 16 -> "XMMWORD PTR ";
            default -> "";
        };
    }

    private static String pointer(final Instruction instruction, final Operand operand) {
        if (operand.size() == Operand.Size.P) {
            return instruction.operandSize() == 2 ? "DWORD PTR " : "FWORD PTR ";
        }
        if (operand.size() == Operand.Size.A) {
            return pointer(2 * instruction.operandSize());
        }
        final boolean pair =
                operand.kind() == Operand.Kind.MEMORY && operand.size() == Operand.Size.DQ;
        return pair ? "OWORD PTR " : pointer(instruction.bytes(operand));
    }

    private static String memory(final Instruction instruction, final Operand operand) {
        final StringBuilder text = new StringBuilder(pointer(instruction, operand));
        final int bytes = instruction.addressSize();
        final int base = instruction.base();
        final int index = instruction.index();
        final long mask = mask(bytes);
        if (instruction.segment() != Instruction.NONE) {
            text.append(segment(instruction, "")).append(':');
        }
        if (base == Instruction.NONE && index == Instruction.NONE) {
            final String segment = instruction.segment() == Instruction.NONE ? "ds:" : "";
            return text.append(segment).append(hex(instruction.displacement() & mask)).toString();
        }
        text.append('[');
        if (base == Instruction.RIP) {
            text.append(bytes == 4 ? "eip" : "rip");
        } else if (base != Instruction.NONE) {
            text.append(register(base, bytes, true));
        }
        if (index != Instruction.NONE) {
            text.append(base == Instruction.NONE ? "" : "+").append(register(index, bytes, true));
            if (bytes != 2) {
                text.append('*').append(1 << instruction.scale());
            }
        }
        final long displacement = instruction.displacement();
        if (displacement < 0) {
            text.append('-').append(hex(-displacement));
        } else if (displacement > 0 || base == Instruction.RIP || base == Instruction.NONE) {
            text.append('+').append(hex(displacement));
        }
        return text.append(']').toString();
    }

    private static String register(final int number, final int bytes, final boolean rex) {
        if (bytes == 1 && !rex && number >= 4 && number < 8) {
            return HIGH_BYTES.get(number - 4);
        }
        if (number < 8) {
            return switch (bytes) {
                case 1 -> FIRST_BYTES.get(number);
                case 2 -> FIRST_EIGHT.get(number);
                case 4 -> "e" + FIRST_EIGHT.get(number);
                default -> "r" + FIRST_EIGHT.get(number);
            };
        }
        final String suffix = bytes == 1 ? "b" : bytes == 2 ? "w" : bytes == 4 ? "d" : "";
        return String.format(Locale.ROOT, "r%d%s", number, suffix);
    }
}
