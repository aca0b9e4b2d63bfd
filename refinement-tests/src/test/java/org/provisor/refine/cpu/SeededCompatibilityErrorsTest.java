// SPDX-License-Identifier: Apache-2.0
package org.provisor.refine.cpu;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Objects;
import java.util.function.ToLongFunction;

/// Errors in the source of compatibility mode are found by the host's processor.
final class SeededCompatibilityErrorsTest {

    private static final List<String> OWN =
            List.of("org.provisor.impl.", "org.provisor.refine.cpu.");

    @TempDir private Path directory = Path.of("");

    @BeforeEach
    void needsTheProcessor() throws IOException {
        Vendor.needsAmd();
        final String unusable = CpuFuzz.unusable();
        assumeTrue(unusable == null, Objects.requireNonNullElse(unusable, ""));
    }

    /// Rows by their beginning, a file, what stands there and what is put there.
    @ParameterizedTest
    @CsvSource(
            delimiter = '#',
            value = {
                // Sizes.
                "push # decode/Decoder # ? 2 : in64 ? 8 : 4 # ? 2 : 8",
                "push # cpu/SegmentRegisters # (descriptor & BIG) != 0 ? 4 : 2 # 4",
                "jmp # interp/Interpreter # Widths.zeroExtend(size, to) # to",
                "mov # ir/Emitter # in.addressSize() == 2 # false",
                // Segments.
                "mov # cpu/SegmentRegisters # offset + bytes - 1 <= last # offset + bytes - 2 <="
                        + " last",
                "mov # cpu/SegmentRegisters # down ? limit + 1 : 0 # down ? limit : 0",
                "mov # cpu/SegmentRegisters # writes ? writable[register] # writes ? true",
                "mov # ir/Emitter # : stack ? SS : DS # : DS",
                "stos # ir/Emitter # segment(0) # sourceBits(in)",
                "nop # interp/Interpreter # Math.min(fetched, inside) # fetched",
                // What only 32-bit mode has.
                "aaa # ir/Decimal # adjusts ? Rflags.AF | Rflags.CF # adjusts ? Rflags.AF",
                "das # ir/Decimal # low && before < 6 # false",
                "daa # ir/Decimal # before > 0x99 # before > 0x9f",
                "aad # ir/Decimal # (a >> 8 & 0xff) * base # (a >> 8 & 0xff) * 10",
                "arpl # ir/Decimal # (to & 3) < (from & 3) # (to & 3) <= (from & 3)",
                "bound # interp/Interpreter # Vectors.BR # Vectors.GP",
                "popa # ir/StackExpander # i != Slots.RSP # i != Slots.RBP",
                // From 32-bit code to 64-bit code: the stack of where it goes.
                "retf # ir/Segments # segments().stackSize() # segments().stackSize(true)",
                "call # interp/Interpreter # stackSize(in32) # stackSize()",
            })
    void isFound(final String rows, final String file, final String right, final String wrong)
            throws Exception {
        final ChangedSource classes = ChangedSource.of(directory, file, right, wrong, OWN);
        assertEquals(1, differences(classes, rows), "differences");
    }

    @Test
    void withoutAnErrorNothingIsFound() {
        assertEquals(0, new CompatibilityCampaign().applyAsLong("p"));
    }

    @SuppressWarnings("unchecked") // The class says so.
    private static long differences(final ChangedSource classes, final String rows)
            throws ReflectiveOperationException {
        return ((ToLongFunction<String>) classes.made(CompatibilityCampaign.class))
                .applyAsLong(rows);
    }
}
