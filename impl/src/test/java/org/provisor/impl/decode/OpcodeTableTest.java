// SPDX-License-Identifier: Apache-2.0
package org.provisor.impl.decode;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import java.util.HashSet;
import java.util.List;
import java.util.Set;

/// What a table may be and what not.
final class OpcodeTableTest {

    private static String row(final String encoding, final String operands) {
        return "any | "
                + encoding
                + " | "
                + operands
                + " | * | - | - | - | - | next | 3 | - | nop | 2 NOP";
    }

    @Test
    void rowsHaveTheirNumbers() {
        final List<Opcode> rows = OpcodeTable.standard().rows();
        for (int i = 0; i < rows.size(); i++) {
            assertEquals(i, rows.get(i).index());
        }
    }

    /// Of two rows with one name and encoding, one is for memory.
    @Test
    void noRowIsTwice() {
        final Set<String> seen = new HashSet<>();
        for (final Opcode row : OpcodeTable.standard().rows()) {
            assertTrue(seen.add(row.id() + " " + row.operands()), row.id());
        }
    }

    @Test
    void twoRowsThatMeanTheSameBytesAreRefused() {
        final OpcodeTable table =
                OpcodeTable.parse(List.of(row("0F 10 /r", "Vx,Wx"), row("0F 10 /r", "Wx,Vx")));
        assertThrows(IllegalArgumentException.class, () -> new Decoder(table));
        final OpcodeTable apart =
                OpcodeTable.parse(List.of(row("0F 10 /r", "Vx,Mx"), row("0F 10 /r", "Vx,Ux")));
        final Instruction instruction = new Instruction();
        final byte[] code = {0x0f, 0x10, (byte) 0xc1};
        assertEquals(3, new Decoder(apart).decode(code, 0, 3, instruction));
        assertEquals(1, instruction.row().index());
    }

    @ParameterizedTest
    @CsvSource({
        "'0F 10 /r', 'Vx,Hx'",
        "'0F 10 /r', 'Vxx'",
        "'0F 10 /r /r', '-'",
        "'', '-'",
    })
    void aBadRowIsRefusedWithItsLine(final String encoding, final String operands) {
        final IllegalArgumentException e =
                assertThrows(
                        IllegalArgumentException.class,
                        () -> OpcodeTable.parse(List.of("# one", row(encoding, operands))));
        assertTrue(String.valueOf(e.getMessage()).contains("line 2"), e.getMessage());
    }
}
