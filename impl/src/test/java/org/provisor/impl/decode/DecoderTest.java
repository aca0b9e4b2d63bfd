// SPDX-License-Identifier: Apache-2.0
package org.provisor.impl.decode;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;

final class DecoderTest {

    private static final CodeMode BITS_32 = CodeMode.BITS_32;

    private Decoder decoder = Decoder.standard();
    private final Instruction instruction = new Instruction();

    @ParameterizedTest
    @EnumSource(CodeMode.class)
    void goldenVectors(final CodeMode mode) throws IOException {
        decoder = Decoder.standard(mode);
        final List<String> wrong = new ArrayList<>();
        int count = 0;
        for (final String line : vectors(mode)) {
            if (line.startsWith("#")) {
                continue;
            }
            count++;
            final String[] parts = line.split(" \\| ");
            final byte[] bytes = HexFormat.of().parseHex(parts[0]);
            final int length = decoder.decode(bytes, 0, bytes.length, instruction);
            if (length != bytes.length) {
                wrong.add(line + ": length " + length);
            } else if (!Disassembler.text(instruction, 0).equals(parts[1])) {
                wrong.add(line + ": " + Disassembler.text(instruction, 0));
            }
        }
        assertTrue(count > 900, "only " + count + " vectors");
        assertEquals(List.of(), wrong);
    }

    private static List<String> vectors(final CodeMode mode) throws IOException {
        final String name = mode == BITS_32 ? "decoder-vectors-32.txt" : "decoder-vectors.txt";
        try (InputStream in = DecoderTest.class.getResourceAsStream(name)) {
            assertNotNull(in);
            return new BufferedReader(new InputStreamReader(in, StandardCharsets.UTF_8))
                    .lines()
                    .toList();
        }
    }

    private int decode(final String hex) {
        final byte[] bytes = HexFormat.of().parseHex(hex);
        return decoder.decode(bytes, 0, bytes.length, instruction);
    }

    @ParameterizedTest
    @EnumSource(CodeMode.class)
    void everyPrefixOfAnInstructionIsTruncated(final CodeMode mode) throws IOException {
        decoder = Decoder.standard(mode);
        for (final String line : vectors(mode)) {
            if (line.startsWith("#")) {
                continue;
            }
            final byte[] bytes = HexFormat.of().parseHex(line.split(" ")[0]);
            for (int end = 0; end < bytes.length; end++) {
                assertEquals(Decoder.TRUNCATED, decoder.decode(bytes, 0, end, instruction), line);
            }
        }
    }

    @Test
    void fifteenBytesAreTheMost() {
        assertEquals(15, decode("66".repeat(14) + "90"));
        assertEquals(Decoder.TOO_LONG, decode("66".repeat(15) + "90"));
        assertEquals(Decoder.TOO_LONG, decode("2e".repeat(10) + "81042500000000" + "00000000"));
        assertEquals(Decoder.TRUNCATED, decode("66".repeat(14)));
    }

    @Test
    void rexCountsOnlyRightBeforeTheOpcode() {
        assertEquals(3, decode("4889c8"));
        assertTrue(instruction.isWide());
        assertEquals(4, decode("486689c8"));
        assertEquals(2, instruction.operandSize());
    }

    @Test
    void lockNeedsMemoryAndARowThatTakesIt() {
        assertEquals(3, decode("f00100"));
        assertEquals(Decoder.INVALID, decode("f001c0"));
        assertEquals(Decoder.INVALID, decode("f00300"));
        assertEquals(Decoder.INVALID, decode("f08900"));
    }

    @Test
    void rows64BitModeDoesNotHave() {
        for (final String hex :
                List.of("06", "0e", "27", "37", "60", "61", "82c000", "9a", "ce", "d40a", "ea")) {
            assertEquals(Decoder.INVALID, decode(hex + "000000000000"), hex);
        }
    }

    @Test
    void vexTakesNoOtherPrefixesAndNoUnusedRegister() {
        assertEquals(5, decode("c4e200f2c3"));
        assertEquals(Decoder.INVALID, decode("66c4e200f2c3"));
        assertEquals(Decoder.INVALID, decode("48c4e200f2c3"));
        assertEquals(6, decode("c4e37bf0c301"));
        assertEquals(Decoder.INVALID, decode("c4e363f0c301"));
    }

    @Test
    void rows32BitModeDoesNotHave() {
        decoder = Decoder.standard(BITS_32);
        for (final String hex : List.of("0f05", "0f07", "0f01f8", "f30faec0", "62c0", "8dc0")) {
            assertEquals(Decoder.INVALID, decode(hex + "000000000000"), hex);
        }
    }

    /// With a register where memory would be, `les` and `lds` are VEX; there are no bits for more
    /// registers, nor for operands of 8 bytes.
    @Test
    void vexIn32BitMode() {
        decoder = Decoder.standard(BITS_32);
        assertEquals(5, decode("c4e260f2c3"));
        assertEquals(3, instruction.vexRegister());
        assertEquals(5, decode("c4c2a0f2c3"));
        assertEquals(3, instruction.vexRegister());
        assertEquals(3, instruction.rm());
        assertFalse(instruction.isWide());
        assertEquals(2, decode("c403"));
        assertEquals("les eax,FWORD PTR [ebx]", Disassembler.text(instruction, 0));
    }

    @Test
    void sizesIn32BitMode() {
        decoder = Decoder.standard(BITS_32);
        assertEquals(1, decode("50"));
        assertEquals(4, instruction.operandSize());
        assertEquals(4, instruction.stackSize());
        assertEquals(2, decode("6650"));
        assertEquals(2, instruction.operandSize());
        assertEquals(4, decode("66e90100"));
        assertEquals(2, instruction.operandSize());
        assertEquals(6, decode("8b0578563412"));
        assertEquals(Instruction.NONE, instruction.base());
        assertEquals(5, decode("678b067856"));
        assertEquals(2, instruction.addressSize());
    }
}
