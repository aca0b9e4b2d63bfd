// SPDX-License-Identifier: Apache-2.0
package org.provisor.refine.property;

import static org.junit.jupiter.api.Assertions.fail;

import net.jqwik.api.lifecycle.AddLifecycleHook;
import net.jqwik.api.lifecycle.AroundPropertyHook;
import net.jqwik.api.lifecycle.PropagationMode;
import net.jqwik.api.lifecycle.PropertyExecutionResult;
import net.jqwik.api.lifecycle.PropertyExecutor;
import net.jqwik.api.lifecycle.PropertyLifecycleContext;

import org.jspecify.annotations.Nullable;
import org.provisor.refine.campaign.Finding;
import org.provisor.refine.campaign.Trials;
import org.provisor.refine.harness.ImplSubject;
import org.provisor.refine.harness.Switches;

/// What the properties of all clauses have in common: programs that are likely to reach the clause
/// run on the specification and on the implementation, which agree after each step; and some
/// program did reach it.
@AddLifecycleHook(
        value = ClauseProperties.Hook.class,
        propagateTo = PropagationMode.ALL_DESCENDANTS)
abstract class ClauseProperties {

    /// Chance may miss a clause; so many programs more are played until one does not.
    private static final int MORE = 150;

    private static final Trials ALL = new Trials(() -> new ImplSubject(Switches.ALL));

    private static @Nullable Trials current;

    /// The program that this seed makes, for the clause that the property's label names, commutes.
    static void commutes(long seed) {
        Trials trials = current;
        if (trials == null) {
            throw new IllegalStateException("no property is under way");
        }
        Finding finding = trials.play(seed);
        if (finding != null) {
            fail(finding.text());
        }
    }

    /// Has the property's label say which clause it is, and asks afterwards whether it was reached.
    static final class Hook implements AroundPropertyHook {

        @Override
        public PropertyExecutionResult aroundProperty(
                PropertyLifecycleContext context, PropertyExecutor property) {
            String clause = context.label();
            Reached reached = Reached.of(clause);
            Trials trials = ALL.on(reached.focus());
            current = trials;
            try {
                PropertyExecutionResult result = property.execute();
                for (long seed = 0; seed < MORE && !reached.by(trials); seed++) {
                    Finding finding = trials.play(seed);
                    if (finding != null) {
                        return result.mapToFailed(finding.text());
                    }
                }
                return reached.by(trials)
                        ? result
                        : result.mapToFailed("no program reached " + clause);
            } finally {
                current = null;
            }
        }
    }
}
