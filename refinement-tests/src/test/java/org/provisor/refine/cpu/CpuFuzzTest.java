// SPDX-License-Identifier: Apache-2.0
package org.provisor.refine.cpu;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import java.io.IOException;
import java.util.Objects;

/// The interpreter and the host's processor agree.
final class CpuFuzzTest {

    private static final long SEED = 0xc0ffee;

    @BeforeEach
    void needsTheProcessor() {
        final String unusable = CpuFuzz.unusable();
        assumeTrue(unusable == null, Objects.requireNonNullElse(unusable, ""));
    }

    @ParameterizedTest
    @ValueSource(ints = {64, 32})
    void agreeOnEveryRow(final int bits) throws IOException {
        if (bits == 32) {
            Vendor.needsAmd();
        }
        final CpuFuzzResult result =
                new CpuFuzz().mode(bits).seed(SEED).snippets(20_000).jobs(1).run();
        assertEquals("", differences(result));
        final int tried = result.table().rows().size() - result.leftOut().size();
        assertEquals(tried, result.rowsHit(1), "rows hit; seed " + SEED);
        assertTrue(result.discarded() < result.snippets() / 5, result.text());
    }

    private static String differences(final CpuFuzzResult result) {
        final StringBuilder text = new StringBuilder();
        result.differences().forEach(difference -> text.append(difference.text()));
        return text.toString();
    }

    @Test
    void oneJobRepeats() {
        final CpuFuzz fuzz = new CpuFuzz().seed(SEED).snippets(10_000).only("add");
        final CpuFuzzResult first = fuzz.run();
        final CpuFuzzResult second = new CpuFuzz().seed(SEED).snippets(10_000).only("add").run();
        assertEquals(first.snippets(), second.snippets());
        assertEquals(first.rows(), second.rows());
    }

    @Test
    void onlyNamesARow() {
        assertThrows(IllegalArgumentException.class, () -> new CpuFuzz().only("hello"));
        assertThrows(IllegalArgumentException.class, () -> new CpuFuzz().jobs(0));
        assertThrows(IllegalArgumentException.class, () -> new CpuFuzz().mode(16));
    }
}
