// SPDX-License-Identifier: Apache-2.0
package org.provisor.impl.decode;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.junit.jupiter.api.Test;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;

final class DecoderTest {

    private final Decoder decoder = Decoder.standard();
    private final Instruction instruction = new Instruction();

    @Test
    void goldenVectors() throws IOException {
        final List<String> wrong = new ArrayList<>();
        int count = 0;
        for (final String line : vectors()) {
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

    private static List<String> vectors() throws IOException {
        try (InputStream in = DecoderTest.class.getResourceAsStream("decoder-vectors.txt")) {
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

    @Test
    void everyPrefixOfAnInstructionIsTruncated() throws IOException {
        for (final String line : vectors()) {
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
}
