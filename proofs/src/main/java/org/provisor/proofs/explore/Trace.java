// SPDX-License-Identifier: Apache-2.0
package org.provisor.proofs.explore;

import java.util.List;
import java.util.Locale;

/// A shortest way from an initial state to what it is the trace of.
///
/// With symmetric worlds each state is the canonical one of its class: an action that follows
/// speaks of that one.
///
/// @param encoded the encoding of the initial state
/// @param initial the initial state in words
/// @param steps what happens from there
public record Trace(List<Long> encoded, String initial, List<Step> steps) {

    public Trace {
        encoded = List.copyOf(encoded);
        steps = List.copyOf(steps);
    }

    /// One action and what came of it.
    public sealed interface Step {

        /// The label that the world gave the action.
        int action();

        /// The action in words.
        String text();
    }

    /// The action led to a state.
    ///
    /// @param encoded the encoding of the state
    /// @param state the state in words
    public record Reached(int action, String text, List<Long> encoded, String state)
            implements Step {

        public Reached {
            encoded = List.copyOf(encoded);
        }
    }

    /// The action broke a rule. Always the last step.
    ///
    /// @param what the name of the rule
    public record Broken(int action, String text, String what) implements Step {}

    /// The trace as lines of text, each ended by a line feed.
    public String text() {
        final StringBuilder out = new StringBuilder("  0  ").append(initial).append('\n');
        int number = 0;
        for (final Step step : steps) {
            number++;
            out.append("     ").append(step.text()).append('\n');
            out.append(String.format(Locale.ROOT, "%3d  ", number));
            switch (step) {
                case Reached reached -> out.append(reached.state());
                case Broken broken -> out.append("breaks ").append(broken.what());
            }
            out.append('\n');
        }
        return out.toString();
    }
}
