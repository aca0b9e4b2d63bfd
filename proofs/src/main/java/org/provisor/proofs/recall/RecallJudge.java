// SPDX-License-Identifier: Apache-2.0
package org.provisor.proofs.recall;

import org.provisor.proofs.recall.MutantFinder.Found;
import org.provisor.proofs.recall.MutantFinder.Search;
import org.provisor.proofs.recall.RecallVerdict.Ending;
import org.provisor.proofs.seeded.SeededException;
import org.provisor.proofs.seeded.SeededLoader;
import org.provisor.proofs.seeded.Target;

import java.util.Map;

/// Judges mutants by a campaign: calls made up by chance, compared with the specification; and for
/// the second half of its time, if nothing was found, calls of two vCPUs that meet. It is the same
/// for each, and knows none of them.
///
/// A difference counts if the implementation as it is does not show it.
public final class RecallJudge {

    /// What the implementation as it is is called among mutants.
    public static final String CONTROL = "control";

    private static final String LOADED = "org.provisor.proofs.recall.loaded.";
    private static final String FINDER = LOADED + "LoadedFinder";
    private static final String MEETINGS = LOADED + "LoadedMeetings";

    private final long seed;
    private final long steps;
    private final long cpuNanos;
    private final String finder;
    private final Implementation implementation = Implementation.built();
    private final MutantFinder asItIs;
    private final MutantFinder meetingsAsItIs;

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
        asItIs = load(Target.IMPLEMENTATION, Map.of());
        meetingsAsItIs = load(Target.TWO_VCPUS, Map.of());
    }

    /// @param target the implementation, or the same where two vCPUs make calls
    private MutantFinder load(Target target, Map<String, byte[]> classes) {
        return SeededLoader.load(
                target,
                MutantClasses.stoppable(classes, implementation),
                MutantFinder.class,
                target == Target.TWO_VCPUS ? MEETINGS : finder);
    }

    /// Judges a mutant. Several threads may do that at once.
    ///
    /// @throws SeededException if the mutant does not fit the implementation
    public RecallVerdict judge(Mutant mutant) {
        return judge(mutant.name(), MutantClasses.of(mutant, implementation));
    }

    /// Judges the implementation as it is: nothing is to be found.
    public RecallVerdict control() {
        return judge(CONTROL, Map.of());
    }

    /// Judges a mutant by the classes that it changes, as [MutantClasses#of] gives them.
    ///
    /// @param name what it is called
    /// @param classes by name
    public RecallVerdict judge(String name, Map<String, byte[]> classes) {
        Search alone = load(Target.IMPLEMENTATION, classes).find(seed, steps, cpuNanos / 2);
        if (alone.found().isPresent()) {
            return new RecallVerdict(name, ending(alone.found().get(), asItIs), alone);
        }
        Search both = alone.and(load(Target.TWO_VCPUS, classes).find(seed, steps, cpuNanos / 2));
        return new RecallVerdict(
                name,
                both.found().map(found -> ending(found, meetingsAsItIs)).orElse(Ending.MISSED),
                both);
    }

    private static Ending ending(Found found, MutantFinder asItIs) {
        synchronized (asItIs) {
            return asItIs.differs(found.program()) ? Ending.ANYWAY : Ending.FOUND;
        }
    }
}
