// SPDX-License-Identifier: Apache-2.0
package org.provisor.proofs.recall.loaded;

import org.provisor.proofs.recall.MutantFinder;
import org.provisor.refine.concurrent.DirectedRaces;
import org.provisor.refine.concurrent.RaceCampaign;
import org.provisor.refine.concurrent.RaceResult;

import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/// Calls of two vCPUs that meet, as they always do, on the implementation that this class was
/// loaded with: each pair of a list at each point. Of the two threads one runs at a time, so the
/// clock's time is taken for a processor's. A program is the text of a pair.
public final class LoadedMeetings implements MutantFinder {

    /// Where no clock decides, how many steps of the campaign of one vCPU a pair counts for.
    private static final long STEPS_A_PAIR = 200;

    /// How much longer than it may something takes that never ends.
    private static final long PATIENCE_NANOS = TimeUnit.MINUTES.toNanos(1);

    @Override
    public Search find(long seed, long steps, long cpuNanos) {
        boolean timed = cpuNanos < Long.MAX_VALUE / 2;
        CompletableFuture<Search> search = new CompletableFuture<>();
        Thread.ofPlatform()
                .daemon()
                .name("meetings")
                .start(() -> {
                    try {
                        search.complete(met(timed ? Long.MAX_VALUE : steps, cpuNanos));
                    } catch (RuntimeException | Error e) {
                        search.completeExceptionally(e);
                    }
                });
        try {
            return timed
                    ? search.get(cpuNanos + PATIENCE_NANOS, TimeUnit.NANOSECONDS)
                    : search.get();
        } catch (TimeoutException e) {
            return new Search(0, 0, cpuNanos, Optional.of(wrong("endless", e)));
        } catch (ExecutionException e) {
            return new Search(
                    0,
                    0,
                    0,
                    Optional.of(wrong("implementation", e.getCause() == null ? e : e.getCause())));
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return new Search(0, 0, 0, Optional.empty());
        } finally {
            Stop.all();
        }
    }

    private static Search met(long steps, long cpuNanos) {
        RaceCampaign.Result pairs =
                new RaceCampaign(DirectedRaces::new)
                        .pairs(steps / STEPS_A_PAIR)
                        .budgetNanos(cpuNanos)
                        .run();
        return new Search(
                pairs.total().points(),
                pairs.total().pairs(),
                pairs.nanos(),
                pairs.total().findings().stream().map(LoadedMeetings::said).findFirst());
    }

    private static Found said(RaceResult.Finding found) {
        return new Found(
                "none",
                MEETING + ": " + found.part(),
                2,
                found.pair(),
                (found.where() + "\n" + found.text()).indent(2).replaceAll("(?m)^ ", "#"));
    }

    private static Found wrong(String kind, Throwable what) {
        return new Found(
                "none",
                kind + ": " + what.getClass().getSimpleName(),
                0,
                Found.NO_PROGRAM,
                "# where calls of two vCPUs meet: " + what + "\n");
    }

    @Override
    public boolean differs(String program) {
        return !program.equals(Found.NO_PROGRAM)
                && !new RaceCampaign(DirectedRaces::new)
                        .only(program)
                        .run()
                        .total()
                        .findings()
                        .isEmpty();
    }
}
