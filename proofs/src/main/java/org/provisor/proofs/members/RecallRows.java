// SPDX-License-Identifier: Apache-2.0
package org.provisor.proofs.members;

import org.provisor.proofs.recall.Mutant;
import org.provisor.proofs.recall.MutantClasses;
import org.provisor.proofs.recall.RecallJudge;
import org.provisor.proofs.recall.RecallVerdict;

import java.util.List;
import java.util.Map;
import java.util.function.Consumer;

/// Mutants judged by members, a unit each.
public final class RecallRows {

    private final Leases leases;
    private final long seed;
    private final long cpuNanos;

    /// @param seed what each campaign makes its calls up from
    /// @param cpuNanos how much time of a processor each may take
    public RecallRows(Leases leases, long seed, long cpuNanos) {
        this.leases = leases;
        this.seed = seed;
        this.cpuNanos = cpuNanos;
    }

    /// Judges mutants, after the implementation as it is if `control`.
    ///
    /// @param taker gets the verdicts, in the order of the mutants
    /// @param waiting run ten times a second or more often
    /// @throws MembersException if all members leave
    /// @throws org.provisor.proofs.seeded.SeededException if a mutant does not fit
    public void run(
            List<Mutant> mutants,
            boolean control,
            Consumer<RecallVerdict> taker,
            Runnable waiting) {
        int first = control ? 1 : 0;
        int units = first + mutants.size();
        boolean all =
                InOrder.run(
                        leases,
                        units,
                        units,
                        number -> request(mutants, (int) number - first),
                        answer -> {
                            taker.accept(RowWork.verdict(answer));
                            return true;
                        },
                        () -> {
                            waiting.run();
                            return true;
                        });
        if (!all) {
            throw new IllegalStateException("interrupted");
        }
    }

    private byte[] request(List<Mutant> mutants, int number) {
        if (number < 0) {
            return RowWork.request(seed, cpuNanos, RecallJudge.CONTROL, Map.of());
        }
        Mutant mutant = mutants.get(number);
        return RowWork.request(seed, cpuNanos, mutant.name(), MutantClasses.of(mutant));
    }
}
