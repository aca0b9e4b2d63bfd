// SPDX-License-Identifier: Apache-2.0
package org.provisor.refine.run;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.provisor.impl.launch.EngineKind;

/// A kernel whose vCPUs work on the same memory sees what an x86 processor allows: each of its
/// litmus tests looks for what that forbids.
final class TogetherTest {

    @ParameterizedTest
    @CsvSource({"2, TRANSLATOR", "4, TRANSLATOR", "2, INTERPRETER", "3, INTERPRETER"})
    void atTheSameTime(final int vcpus, final EngineKind engine) {
        final String rounds = engine == EngineKind.TRANSLATOR ? "rounds=10" : "rounds=1";
        final TogetherRun.Result result = TogetherRun.of(vcpus, true, engine, rounds);
        assertTrue(result.fine(), result.ending().text() + '\n' + result.text());
    }

    @ParameterizedTest
    @EnumSource(EngineKind.class)
    void inTurn(final EngineKind engine) {
        final TogetherRun.Result result = TogetherRun.of(4, false, engine, "rounds=1 counts");
        assertTrue(result.fine(), result.ending().text() + '\n' + result.text());
        assertEquals(
                result.text(),
                TogetherRun.of(4, false, EngineKind.TRANSLATOR, "rounds=1 counts").text());
    }

    /// All that the specification speaks of is as it says; it says nothing of how a vCPU starts.
    @Test
    void inTurnAndJudged() {
        final TogetherRun.Result result = TogetherRun.judged(2, "rounds=0");
        assertTrue(result.fine(), result.ending().text() + '\n' + result.text());
    }

    @Test
    void asManyAsThereMayBe() {
        final TogetherRun.Result result =
                TogetherRun.of(32, false, EngineKind.TRANSLATOR, "rounds=1 nocode");
        assertTrue(result.fine(), result.ending().text() + '\n' + result.text());
    }
}
