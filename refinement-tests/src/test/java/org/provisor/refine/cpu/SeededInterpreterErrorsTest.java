// SPDX-License-Identifier: Apache-2.0
package org.provisor.refine.cpu;

import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assertions.fail;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.provisor.impl.decode.OpcodeTable;
import org.provisor.impl.interp.Interpreter;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;

/// Errors put into the interpreter by way of its table are found, and shrunk to the instruction.
final class SeededInterpreterErrorsTest {

    private static final long SEED = 0x5eed;

    /// How often the first difference may be one that cannot be shrunk to one instruction: some
    /// jump out of a snippet that is that short.
    private static final int TRIES = 8;

    /// A row by its beginning, and what is replaced in it: most errors that one can make with a
    /// table.
    @ParameterizedTest
    @CsvSource(
            delimiter = ';',
            value = {
                "adc; 13 /r; alu adc; alu add",
                "sbb; 83 /3; alu sbb; alu sub",
                "inc; FF /0; unary inc; unary dec",
                "imul; F7 /5; wide imul; wide mul",
                "div; F6 /6; divide div; divide idiv",
                "rcr; D3 /3; shift rcr; shift ror",
                "sar; C1 /7; shift sar; shift shr",
                "shrd; 0F AC /r; double_shift shrd; double_shift shld",
                "btr; 0F BA /6; bit_test btr; bit_test bts",
                "bsr; 0F BD /r; scan bsr; scan bsf",
                "movsx; 0F BE /r; extend sx; extend zx",
                "mov; 8B /r; Gv,Ev; Gv,Ew",
                "push; 50+r; d64; f64",
                "popf; 9D; popf; sahf",
                "cmpxchg; 0F B1 /r; cmpxchg; xadd",
                "loope; E1; loope; loopne",
                "cmps; A7; repz; rep ",
                "cmc; F5; flag cmc; flag cld",
                "leave; C9; d64; f64",
                "ret; C2; Iw; Ib",
                "lahf; 9F; lahf; sahf",
                "lar; 0F 02 /r; look lar; look lsl",
                "verw; 0F 00 /5; look verw; look verr",
                "mov; 8E /r; segment_to; nop",
                "lss; 0F B2 /r; segment_pointer ss; segment_pointer gs",
                "call; FF /3; call_far; jmp_far",
                "retf; CA; Iw; Ib",
                "iret; CF; iret; ret_far",
                "andn; VEX NP 0F 38 F2 /r; bmi andn; bmi bzhi",
                "movups; NP 0F 11 /r; unaligned; -",
                "movaps; NP 0F 28 /r; *    | -; *    | unaligned",
                "movss; F3 0F 10 /r; simd_scalar; simd_quad",
                "paddsw; 66 0F ED /r; padds 1; paddus 1",
                "psraw; 66 0F E1 /r; psra 1; psrl 1",
                "punpckhbw; 66 0F 68 /r; punpckh; punpckl",
                "pshufb; 66 0F 38 00 /r; pairs; shuffle",
                "pmulhrsw; 66 0F 38 0B /r; pmulhrs; pmulh",
                "minps; NP 0F 5D /r; fmin; fmax",
                "cvttsd2si; F2 0F 2C /r; 3 1; 3 0",
                "ucomiss; NP 0F 2E /r; 3 0; 3 1",
                "ptest; 66 0F 38 17 /r; simd_test ptest; simd_signs movmsk",
                "pcmpistri; 66 0F 3A 63 /r; strings_index; strings_mask",
                "aesdec; 66 0F 38 DE /r; aesdec; aesenc"
            })
    void isFound(final String name, final String encoding, final String right, final String wrong)
            throws IOException {
        final String unusable = CpuFuzz.unusable();
        assumeTrue(unusable == null, Objects.requireNonNullElse(unusable, ""));
        final OpcodeTable table = seeded(name, encoding, right, wrong);
        String found = "not found";
        for (int i = 0; i < TRIES; i++) {
            final CpuFuzzResult result =
                    new CpuFuzz(() -> new Interpreter(table))
                            .seed(SEED + i)
                            .snippets(20_000)
                            .maxDifferences(1)
                            .only(name + " ")
                            .run();
            for (final CpuDifference difference : result.differences()) {
                if (difference.single() && difference.kind().startsWith(name)) {
                    return;
                }
                found = difference.text();
            }
        }
        fail(found);
    }

    private static OpcodeTable seeded(
            final String name, final String encoding, final String right, final String wrong)
            throws IOException {
        final List<String> lines = new ArrayList<>();
        int changed = 0;
        for (final String line : table()) {
            final String[] cells = line.split("\\|");
            if (cells.length > 1
                    && cells[0].strip().equals(name)
                    && cells[1].strip().equals(encoding)) {
                final int at = line.lastIndexOf(right);
                assertTrue(at >= 0, line);
                lines.add(line.substring(0, at) + wrong + line.substring(at + right.length()));
                changed++;
            } else {
                lines.add(line);
            }
        }
        assertTrue(changed == 1, "no row " + name + " " + encoding);
        return OpcodeTable.parse(lines);
    }

    private static List<String> table() throws IOException {
        try (InputStream in = OpcodeTable.class.getResourceAsStream("opcodes.txt")) {
            return new BufferedReader(
                            new InputStreamReader(
                                    Objects.requireNonNull(in), StandardCharsets.UTF_8))
                    .lines()
                    .toList();
        }
    }
}
