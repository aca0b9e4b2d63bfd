// SPDX-License-Identifier: Apache-2.0
package org.provisor.refine.hostile;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.provisor.impl.launch.PvMachine;
import org.provisor.refine.hostile.HostileKernel.Outcome;

import java.util.List;
import java.util.Objects;
import java.util.concurrent.CountDownLatch;
import java.util.function.Consumer;

final class HostileGuestsTest {

    private static final long SEED = 20261126;
    private static final long LIMIT = 1_500_000;

    @ParameterizedTest
    @EnumSource
    void nothingIsWrong(final Mischief mischief) {
        final Outcome outcome = new HostileKernel(mischief, SEED).run(LIMIT);
        assertEquals("", outcome.wrong());
        assertTrue(outcome.instructions() > 10_000, outcome::toString);
        assertEquals(outcome, new HostileKernel(mischief, SEED).run(LIMIT));
    }

    @Test
    void aCampaignCountsWhatItDid() {
        final HostileResult result =
                new HostileGuests().seed(SEED).kernels(3).only(Mischief.CALLS).jobs(2).run();
        assertEquals(List.of(), result.findings());
        assertEquals(3, result.allKernels());
        assertEquals(3, result.endings().values().stream().mapToLong(Long::longValue).sum());
        assertTrue(result.hypercalls() > 100, result::text);
    }

    // What no guest may do is done for it.

    private static void found(final String what, final Consumer<PvMachine> tampering) {
        final Outcome outcome = new HostileKernel(Mischief.FLOOD, SEED, tampering).run(LIMIT);
        assertTrue(outcome.wrong().startsWith(what), outcome::toString);
    }

    /// The last frame of the domain beside it.
    private static long neighbours(final PvMachine machine) {
        final var frames = machine.host().frames();
        for (long mfn = frames.size() - 1L; mfn >= 0; mfn--) {
            if (frames.owner(mfn) == 2) {
                return mfn;
            }
        }
        throw new AssertionError("it has no frame");
    }

    @Test
    void aByteOfTheDomainBesideIt() {
        found(
                "memory of the domain beside it has changed: mfn 0x",
                machine -> machine.memory().store((neighbours(machine) << 12) + 4000, 1, 0xAB));
    }

    @Test
    void aReferenceToAFrameOfTheDomainBesideIt() {
        found("I1 violated", machine -> machine.host().frames().getMore(neighbours(machine)));
    }

    @Test
    void theDomainBesideIt() {
        found(
                "the domain beside it has changed",
                machine -> Objects.requireNonNull(machine.host().domain(2)).setTarget(1));
    }

    /// What goes on for ever is not waited for.
    @Test
    void nothingMore() {
        final CountDownLatch never = new CountDownLatch(1);
        final HostileResult result =
                new HostileGuests()
                        .seed(SEED)
                        .only(Mischief.CALLS)
                        .hungNanos(300_000_000)
                        .tampering(machine -> {
                            try {
                                never.await();
                            } catch (final InterruptedException e) {
                                throw new AssertionError(e);
                            }
                        })
                        .run();
        assertEquals(
                List.of("hangs; again with --only calls --seed 0x%x --kernels 1".formatted(SEED)),
                result.findings());
        never.countDown();
    }

    @Test
    void anException() {
        found(
                "escaped: java.lang.IllegalStateException: out of it",
                machine -> {
                    throw new IllegalStateException("out of it");
                });
    }
}
