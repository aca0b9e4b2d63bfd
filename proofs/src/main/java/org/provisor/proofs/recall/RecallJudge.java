// SPDX-License-Identifier: Apache-2.0
package org.provisor.proofs.recall;

import org.provisor.proofs.recall.MutantFinder.Search;
import org.provisor.proofs.recall.RecallVerdict.Ending;
import org.provisor.proofs.seeded.SeededException;
import org.provisor.proofs.seeded.SeededLoader;
import org.provisor.proofs.seeded.Target;

import java.util.Map;

/// Judges mutants by a campaign: calls made up by chance, compared with the specification. It is
/// the same for each, and knows none of them.
///
/// A difference counts if the implementation as it is does not show it.
public final class RecallJudge {

    /// What the implementation as it is is called among mutants.
    public static final String CONTROL = "control";

    private static final String FINDER = "org.provisor.proofs.recall.loaded.LoadedFinder";

    private final long seed;
    private final long steps;
    private final long cpuNanos;
    private final String finder;
    private final Implementation implementation = Implementation.built();
    private final MutantFinder asItIs;

    /// @param seed what each campaign makes its calls up from
    /// @param cpuNanos how much time of a processor each may take
    public RecallJudge(long seed, long cpuNanos) {
        this(seed, Long.MAX_VALUE, cpuNanos, FINDER);
    }

    /// One for which no clock decides: the same each time, on any machine.
    ///
    /// @param seed what each campaign makes its calls up from
    /// @param steps how many steps each may compare
    public static RecallJudge ofSteps(long seed, long steps) {
        return new RecallJudge(seed, steps, Long.MAX_VALUE, FINDER);
    }

    /// The same by another finder, of the class with this name.
    RecallJudge(long seed, long steps, long cpuNanos, String finder) {
        this.seed = seed;
        this.steps = steps;
        this.cpuNanos = cpuNanos;
        this.finder = finder;
        asItIs = load(Map.of());
    }

    private MutantFinder load(Map<String, byte[]> classes) {
        return SeededLoader.load(
                Target.IMPLEMENTATION,
                MutantClasses.stoppable(classes, implementation),
                MutantFinder.class,
                finder);
    }

    /// Judges a mutant. Several threads may do that at once.
    ///
    /// @throws SeededException if the mutant does not fit the implementation
    public RecallVerdict judge(Mutant mutant) {
        return judge(mutant.name(), MutantClasses.of(mutant, implementation));
    }

    /// Judges the implementation as it is: nothing is to be found.
    public RecallVerdict control() {
        Search search = load(Map.of()).find(seed, steps, cpuNanos);
        return new RecallVerdict(
                CONTROL, search.found().isPresent() ? Ending.ANYWAY : Ending.MISSED, search);
    }

    /// Judges a mutant by the classes that it changes, as [MutantClasses#of] gives them.
    ///
    /// @param name what it is called
    /// @param classes by name
    public RecallVerdict judge(String name, Map<String, byte[]> classes) {
        Search search = load(classes).find(seed, steps, cpuNanos);
        return new RecallVerdict(name, ending(search), search);
    }

    private Ending ending(Search search) {
        if (search.found().isEmpty()) {
            return Ending.MISSED;
        }
        synchronized (asItIs) {
            return asItIs.differs(search.found().get().program()) ? Ending.ANYWAY : Ending.FOUND;
        }
    }
}
