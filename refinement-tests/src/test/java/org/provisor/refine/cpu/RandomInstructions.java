// SPDX-License-Identifier: Apache-2.0
package org.provisor.refine.cpu;

import org.provisor.impl.cpu.Slots;
import org.provisor.impl.decode.CodeMode;
import org.provisor.impl.decode.Decoder;
import org.provisor.impl.decode.Disassembler;
import org.provisor.impl.decode.Instruction;
import org.provisor.impl.decode.Opcode;
import org.provisor.impl.decode.OpcodeTable;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.Set;
import java.util.SplittableRandom;

/// Instructions made up by chance, with what the disassembler makes of them.
final class RandomInstructions {

    /// One instruction.
    ///
    /// @param hex all its bytes
    /// @param text as the disassembler writes it, at address 0
    record Made(String hex, String text) {

        byte[] bytes() {
            return HexFormat.of().parseHex(hex);
        }
    }

    private RandomInstructions() {}

    /// Rows that objdump has other names for, or that it knows in one form only.
    private static final Set<String> NAMED_OTHERWISE =
            Set.of(
                    "nop 0F 18 /r",
                    "nop 0F 1A /r",
                    "nop 0F 1B /r",
                    "nop 0F 1C /r",
                    "lfence NP 0F AE /5 reg",
                    "mfence NP 0F AE /6 reg",
                    "sfence NP 0F AE /7 reg",
                    "rdfsbase F3 0F AE /0",
                    "rdgsbase F3 0F AE /1",
                    "wrfsbase F3 0F AE /2",
                    "wrgsbase F3 0F AE /3",
                    "movq2dq F3 0F D6 /r",
                    "movdq2q F2 0F D6 /r",
                    "fwait 9B");

    /// Second encodings of instructions of the x87 FPU and what is left of those before it: no
    /// manual lists them, and objdump does not know them or says more than their names.
    private static final Set<String> NOT_LISTED =
            Set.of(
                    "fstp1", "fstp8", "fstp9", "fxch4", "fxch7", "fcom2", "fcomp3", "fcomp5",
                    "fneni", "fndisi", "fnsetpm", "salc");

    private static boolean isComparable(final Opcode row, final CodeMode mode) {
        return (mode == CodeMode.BITS_64 ? row.in64() : row.in32())
                && !row.meaning().equals("leave unsupported")
                && !NOT_LISTED.contains(row.mnemonic())
                && !NAMED_OTHERWISE.contains(row.id());
    }

    /// Some of each row of a mode that objdump can be asked about.
    static List<Made> ofEachRow(final long seed, final int each, final CodeMode mode) {
        final OpcodeTable table = OpcodeTable.standard();
        final Decoder decoder = Decoder.standard(mode);
        final Assembler assembler = new Assembler(new SplittableRandom(seed), decoder);
        final Instruction decoded = new Instruction();
        final List<Made> made = new ArrayList<>();
        for (final Opcode row : table.rows()) {
            for (int i = 0; i < each && isComparable(row, mode); i++) {
                final Snippet snippet = new Snippet(0x1000_0000);
                snippet.clear(0);
                snippet.usePointer(Slots.RSP);
                snippet.usePointer(Slots.RBX);
                snippet.usePointer(mode == CodeMode.BITS_64 ? 13 : 6);
                snippet.useIndex(mode == CodeMode.BITS_64 ? 9 : 1);
                if (!assembler.append(row, snippet)) {
                    throw new AssertionError("no instruction of row " + row.id());
                }
                final byte[] bytes = Arrays.copyOf(snippet.code(), snippet.length());
                decoder.decode(bytes, 0, bytes.length, decoded);
                made.add(new Made(HexFormat.of().formatHex(bytes), Disassembler.text(decoded, 0)));
            }
        }
        return made;
    }
}
