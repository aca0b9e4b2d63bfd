// SPDX-License-Identifier: Apache-2.0
package org.provisor.refine.xen;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.provisor.refine.campaign.Campaign;
import org.provisor.refine.campaign.CampaignResult;
import org.provisor.refine.campaign.Unreached;
import org.provisor.refine.harness.Verdict;
import org.provisor.refine.program.Program;
import org.provisor.refine.trace.Replay;
import org.provisor.refine.trace.TraceText;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Objects;

/// The implementation in a real Xen's place: the probe runs on its processor, and calls by
/// `syscall`.
final class OwnHypervisorTest {

    private static final long SEED = 0x9a57;
    private static final long STEPS = 30_000;

    /// Programs that once differed.
    @ParameterizedTest
    @ValueSource(
            strings = {
                "descriptor-of-the-local-table",
                "exchange-that-cannot-be-read",
                "exchange-of-a-value-for-itself"
            })
    void keptTraces(String name) throws IOException {
        Program program = kept(name);
        try (XenSubject subject = new XenSubject(XenSubject.OWN, false)) {
            assertInstanceOf(
                    Verdict.Agreed.class, Replay.run(program, subject, _ -> {}), program::toString);
        }
    }

    private static Program kept(String name) throws IOException {
        String file = "/probe-traces/" + name + ".trace";
        try (InputStream in = OwnHypervisorTest.class.getResourceAsStream(file)) {
            byte[] bytes = Objects.requireNonNull(in, file).readAllBytes();
            return TraceText.parse(name, new String(bytes, StandardCharsets.UTF_8));
        }
    }

    @Test
    void noDifferences() {
        System.out.printf("conform --builtin --seed 0x%x --steps %d --jobs 1%n", SEED, STEPS);
        Campaign campaign =
                new Campaign(() -> new XenSubject(XenSubject.OWN, false))
                        .seed(SEED)
                        .steps(STEPS)
                        .worlds(List.of(XenSubject.worldOf(XenSubject.OWN)))
                        .excused(Unreached.onXen());
        CampaignResult result = campaign.run();
        assertEquals(List.of(), result.differences());
        assertTrue(result.rows().reached() > 300, result.coverage());
    }

    /// What a program leaves is undone, and that something is left is noticed.
    @Test
    void leftOversAreNoticed() {
        try (XenMachine machine = XenMachine.start(XenSubject.OWN)) {
            assertEquals(null, machine.reset());
            XenPair pair = machine.pair();
            long mfn = pair.sides().numbers().owned(0);
            pair.sides().fill(mfn, 0, 1);
            machine.host().ram().setWord(mfn, 0, 2);
            assertNotNull(pair.everything());
        }
    }

    /// Which frames the implementation took is told, not guessed.
    @Test
    void allocationsAreTold() {
        try (XenMachine machine = XenMachine.start(XenSubject.OWN)) {
            machine.host().beginCall();
            assertEquals(List.of(), Objects.requireNonNull(machine.host().allocated()).asJava());
            assertFalse(machine.host().table().owned(0).get(0));
        }
    }
}
