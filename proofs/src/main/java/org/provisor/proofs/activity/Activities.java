// SPDX-License-Identifier: Apache-2.0
package org.provisor.proofs.activity;

import java.util.List;
import java.util.Optional;

/// All activities, in the order in which they are run: what is quick and would shame the rest comes
/// first.
public final class Activities {

    private static final List<Activity> ALL =
            List.of(
                    new TraceabilityCheck(),
                    new WorkedExamples(),
                    new KeptTraces(),
                    new GuestKernels(),
                    new SeededRuleErrors(),
                    new RuleBranches(),
                    new StatementCoverage(),
                    new DecisionCoverage(),
                    new RuleMutants(),
                    new AlloyModels(),
                    new UnboundedProof(),
                    new SmallWorldExploration(),
                    new Refinement(),
                    new TwoVcpus(),
                    new HostProcessorComparison(),
                    new AdvisoryRecall(),
                    new Conformance());

    private Activities() {}

    /// Every activity.
    public static List<Activity> all() {
        return ALL;
    }

    /// The activity of a name.
    public static Optional<Activity> named(String name) {
        return ALL.stream().filter(each -> each.name().equals(name)).findFirst();
    }
}
