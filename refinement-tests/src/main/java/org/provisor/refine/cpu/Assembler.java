// SPDX-License-Identifier: Apache-2.0
package org.provisor.refine.cpu;

import org.provisor.impl.decode.CodeMode;
import org.provisor.impl.decode.Decoder;
import org.provisor.impl.decode.Encoding;
import org.provisor.impl.decode.Instruction;
import org.provisor.impl.decode.Opcode;
import org.provisor.impl.decode.Operand;

import java.util.Set;
import java.util.SplittableRandom;

/// Makes up instructions of a given row: prefixes, registers, ways to name memory and immediates by
/// chance. What it makes decodes to that row; that is checked.
final class Assembler {

    private static final int TRIES = 20;
    private static final int[] LEGACY_PREFIXES = {0, 0x66, 0xf3, 0xf2};

    /// Of 2 bytes `bswap` is undefined, and processors do not agree on what `movsxd` reads.
    private static final Set<String> NOT_OF_2_BYTES = Set.of("bswap", "movsxd");

    private static final int[] SEGMENTS = {0x26, 0x2e, 0x36, 0x3e, 0x65};

    private final SplittableRandom random;
    private final Decoder decoder;
    private final boolean in64;
    private final Instruction decoded;
    private final byte[] out = new byte[64];

    private int at;
    private int rex;
    private boolean addressPrefix;
    private int modRmAt;

    /// Where the distance of memory named by RIP is, or -1.
    private int ripDistanceAt;

    private long ripTarget;

    Assembler(final SplittableRandom random, final Decoder decoder) {
        this.random = random;
        this.decoder = decoder;
        this.in64 = decoder.mode() == CodeMode.BITS_64;
        this.decoded = new Instruction();
    }

    /// Appends an instruction to the snippet.
    ///
    /// @return whether it could: some rows cannot be told apart with some choices
    boolean append(final Opcode row, final Snippet snippet) {
        for (int i = 0; i < TRIES; i++) {
            encode(row, snippet);
            if (decoder.decode(out, 0, at, decoded) == at && decoded.row().index() == row.index()) {
                snippet.append(out, at);
                return true;
            }
        }
        return false;
    }

    private boolean chance(final int percent) {
        return random.nextInt(100) < percent;
    }

    private void put(final int octet) {
        out[at++] = (byte) octet;
    }

    /// Sets bits in the ModRM byte.
    private void modRm(final int bits) {
        out[modRmAt] = (byte) (out[modRmAt] | bits);
    }

    private void little(final long value, final int bytes) {
        for (int i = 0; i < bytes; i++) {
            put((int) (value >>> (8 * i)));
        }
    }

    private void encode(final Opcode row, final Snippet snippet) {
        at = 0;
        rex = 0;
        ripDistanceAt = -1;
        final Encoding encoding = row.encoding();
        final boolean vex = encoding.map() >= 4;
        final boolean memory =
                encoding.modRm() && (mustBeMemory(row) || (canBeMemory(row) && chance(45)));
        addressPrefix = (memory || usesAddress(row)) && chance(6);
        final int size = operandSize(row);
        if (!vex) {
            prefixes(row, memory, size);
        }
        if (size == 8 && row.operandSize() == Opcode.OperandSize.ORDINARY) {
            rex |= 0x48;
        } else if (size == 8 && chance(5)) {
            rex |= 0x48;
        }
        if (encoding.w() >= 0) {
            rex = (rex & ~8) | (encoding.w() == 1 ? 0x48 : 0);
        }
        if (chance(8)) {
            rex |= 0x40;
        }
        if (!in64) {
            rex = 0;
        }
        final int inOpcode = encoding.span() == 8 ? register(snippet) : -1;
        final int condition = encoding.span() == 16 ? random.nextInt(16) : 0;
        if (inOpcode >= 8) {
            rex |= 0x41;
        }
        final int vexRegister = usesVexRegister(row) ? register(snippet) : 0;
        final int headAt = at;
        final byte[] tail = tail(row, snippet, memory);
        at = headAt;
        if (vex) {
            vexHead(encoding, vexRegister);
        } else {
            if (rex != 0 && in64) {
                put(rex);
            }
            if (encoding.map() > 0) {
                put(0x0f);
            }
            if (encoding.map() > 1) {
                put(encoding.map() == 2 ? 0x38 : 0x3a);
            }
        }
        put(encoding.opcode() | (inOpcode < 0 ? 0 : inOpcode & 7) | condition);
        if (ripDistanceAt >= 0) {
            ripDistanceAt += at;
        }
        for (final byte octet : tail) {
            put(octet);
        }
        immediates(row, snippet, size);
        if (ripDistanceAt >= 0) {
            final long distance = ripTarget - (snippet.address() + snippet.length() + at);
            final int end = at;
            at = ripDistanceAt;
            little(distance, 4);
            at = end;
        }
    }

    private static boolean canBeMemory(final Opcode row) {
        for (final Operand operand : row.operands()) {
            if (operand.kind() == Operand.Kind.RM_REG || operand.kind() == Operand.Kind.XMM_REG) {
                return false;
            }
        }
        return !row.encoding().registerOnly() && row.encoding().fixed() < 0;
    }

    private static boolean mustBeMemory(final Opcode row) {
        return has(row, Operand.Kind.MEMORY);
    }

    private static boolean usesVexRegister(final Opcode row) {
        return has(row, Operand.Kind.VEX_REG);
    }

    private static boolean usesAddress(final Opcode row) {
        return row.repeat() != Opcode.Repeat.NONE
                || has(row, Operand.Kind.OFFSET)
                || row.block() == Opcode.Block.BRANCH
                || row.mnemonic().equals("xlat");
    }

    static boolean has(final Opcode row, final Operand.Kind kind) {
        for (final Operand operand : row.operands()) {
            if (operand.kind() == kind) {
                return true;
            }
        }
        return false;
    }

    /// 2, 4 or 8.
    private int operandSize(final Opcode row) {
        if (!in64) {
            return switch (row.operandSize()) {
                // A branch with 16 bits never stays in its snippet.
                case NEAR_BRANCH -> chance(4) ? 2 : 4;
                case STACK -> chance(20) ? 2 : 4;
                case ORDINARY -> NOT_OF_2_BYTES.contains(row.mnemonic()) || chance(70) ? 4 : 2;
            };
        }
        return switch (row.operandSize()) {
            case NEAR_BRANCH -> 8;
            case STACK -> chance(20) ? 2 : 8;
            case ORDINARY ->
                    NOT_OF_2_BYTES.contains(row.mnemonic())
                            ? chance(50) ? 4 : 8
                            : new int[] {2, 4, 4, 8, 8}[random.nextInt(5)];
        };
    }

    private void prefixes(final Opcode row, final boolean memory, final int size) {
        final int mandatory = row.encoding().prefix();
        if (addressPrefix) {
            put(0x67);
        }
        if (size == 2 && (mandatory < 0 || mandatory > 1)) {
            put(0x66);
        }
        if (row.repeat() != Opcode.Repeat.NONE && row.privilege() == 3 && chance(60)) {
            put(chance(50) ? 0xf3 : 0xf2);
        }
        if (memory && chance(in64 ? 5 : 10)) {
            put(SEGMENTS[random.nextInt(SEGMENTS.length)]);
        }
        if (row.lockable() && memory && chance(30)) {
            put(0xf0);
        }
        if (mandatory > 0) {
            put(LEGACY_PREFIXES[mandatory]);
        }
    }

    private void vexHead(final Encoding encoding, final int vexRegister) {
        final int inverted = ~rex;
        put(0xc4);
        put((inverted & 7) << 5 | (encoding.map() - 4));
        put((rex & 8) << 4 | (~vexRegister & 15) << 3 | encoding.prefix());
    }

    /// ModRM and what belongs to it; sets REX bits.
    private byte[] tail(final Opcode row, final Snippet snippet, final boolean memory) {
        final Encoding encoding = row.encoding();
        if (!encoding.modRm()) {
            return new byte[0];
        }
        final int start = at;
        if (encoding.fixed() >= 0) {
            put(encoding.fixed());
        } else {
            modRmAt = at;
            int reg = encoding.digit();
            if (reg < 0) {
                reg = register(snippet);
                if (has(row, Operand.Kind.CONTROL)) {
                    reg = new int[] {0, 2, 3, 4, 8}[random.nextInt(in64 ? 5 : 4)];
                } else if (has(row, Operand.Kind.DEBUG)) {
                    reg &= 7;
                }
            }
            if (reg >= 8) {
                rex |= 0x44;
            }
            put((reg & 7) << 3);
            if (memory) {
                memory(snippet, isAligned(row));
            } else {
                final int rm = register(snippet);
                if (rm >= 8) {
                    rex |= 0x41;
                }
                modRm(0xc0 | (rm & 7));
            }
        }
        final byte[] tail = new byte[at - start];
        System.arraycopy(out, start, tail, 0, tail.length);
        if (ripDistanceAt >= 0) {
            ripDistanceAt -= start;
        }
        return tail;
    }

    /// A register: seldom one that holds an address, which would be lost.
    private int register(final Snippet snippet) {
        final int registers = in64 ? 16 : 8;
        int register = random.nextInt(registers);
        while (snippet.isPointer(register) && chance(80)) {
            register = random.nextInt(registers);
        }
        return register;
    }

    /// Whether memory has to be aligned to 16 bytes.
    private static boolean isAligned(final Opcode row) {
        return !row.unaligned() && row.operands().stream().anyMatch(Assembler::isVector);
    }

    private static boolean isVector(final Operand operand) {
        return switch (operand.size()) {
            case X, PS, PD -> operand.kind() != Operand.Kind.XMM;
            default -> false;
        };
    }

    /// @param aligned whether to name multiples of 16 mostly
    private void memory(final Snippet snippet, final boolean aligned) {
        final int kind = random.nextInt(100);
        if (!in64 && addressPrefix) {
            memory16(snippet);
            return;
        }
        if (aligned && kind >= 20 && chance(80)) {
            based(snippet.somePointer(random), 4, random.nextInt(16) * 16 - 128);
            return;
        }
        if (kind < 10) {
            modRm(5);
            ripDistanceAt = in64 ? at : -1;
            ripTarget = snippet.place(random);
            little(in64 ? 0 : ripTarget, 4);
        } else if (kind < 16) {
            modRm(4);
            put(0x25);
            little(snippet.place(random), 4);
        } else if (kind < 20) {
            final int registers = in64 ? 16 : 8;
            based(random.nextInt(registers), random.nextInt(registers), random.nextInt(256) - 128);
        } else {
            final int base = snippet.somePointer(random);
            final int index = kind < 55 ? snippet.index() : 4;
            final int distance = kind % 3 == 0 ? 0 : random.nextInt(256) - 128;
            based(base, index, distance);
        }
    }

    /// With 16-bit addresses.
    private void memory16(final Snippet snippet) {
        final int low = random.nextInt(8);
        final int mod = random.nextInt(3);
        modRm(mod << 6 | low);
        if (mod == 0 && low == 6) {
            little(snippet.place(random), 2);
        } else {
            little(chance(50) ? random.nextInt(64) : snippet.place(random), mod);
        }
    }

    private void based(final int base, final int index, final int distance) {
        if (base >= 8) {
            rex |= 0x41;
        }
        final boolean sib = index != 4 || (base & 7) == 4;
        final int mod = distance == 0 && (base & 7) != 5 && chance(70) ? 0 : chance(80) ? 1 : 2;
        modRm(mod << 6 | (sib ? 4 : base & 7));
        if (sib) {
            if (index >= 8) {
                rex |= 0x42;
            }
            put(random.nextInt(4) << 6 | (index & 7) << 3 | (base & 7));
        }
        little(distance, mod == 0 ? 0 : mod == 1 ? 1 : 4);
    }

    private void immediates(final Opcode row, final Snippet snippet, final int size) {
        for (final Operand operand : row.operands()) {
            switch (operand.kind()) {
                case OFFSET ->
                        little(
                                snippet.place(random),
                                in64 ? addressPrefix ? 4 : 8 : addressPrefix ? 2 : 4);
                case RELATIVE ->
                        little(0, operand.size() == Operand.Size.B ? 1 : Math.min(4, size));
                case FAR -> little(0, size + 2);
                case IMMEDIATE -> {
                    final int bytes =
                            switch (operand.size()) {
                                case B, BS -> 1;
                                case W -> 2;
                                case Z -> Math.min(4, size);
                                default -> size;
                            };
                    little(immediate(row), bytes);
                }
                default -> {}
            }
        }
    }

    private long immediate(final Opcode row) {
        return switch (row.mnemonic()) {
            case "enter" -> random.nextInt(chance(10) ? 256 : 4);
            case "ret" -> chance(30) ? random.nextInt(0x1_0000) : 8L * random.nextInt(8);
            case "psllw", "pslld", "psllq", "psrlw", "psrld", "psrlq", "psraw", "psrad" ->
                    random.nextInt(70);
            case "palignr", "pslldq", "psrldq" -> random.nextInt(40);
            // Some disassemblers take 2 for 10.
            case "pclmulqdq" -> Values.edge(random) & ~2;
            case "int" -> chance(30) ? 3L + random.nextInt(2) : 0x20L + random.nextInt(0x60);
            default -> row.countedFlags() && chance(70) ? random.nextInt(34) : Values.edge(random);
        };
    }
}
