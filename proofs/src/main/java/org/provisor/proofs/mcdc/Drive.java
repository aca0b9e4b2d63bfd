// SPDX-License-Identifier: Apache-2.0
package org.provisor.proofs.mcdc;

import java.util.List;
import java.util.Map;

/// What has the decisions evaluated, loaded together with them.
///
/// Each set of classes has its own. Only what is in this package and in the Java library goes
/// between them.
public interface Drive {

    /// What was run.
    ///
    /// @param examples how many worked examples
    /// @param traces how many kept traces
    /// @param steps of the campaign
    /// @param seen the evaluations of each decision
    /// @param wrong what did not come out as it should
    record Driven(int examples, int traces, long steps, List<int[]> seen, List<String> wrong) {}

    /// What two vCPUs did at once.
    ///
    /// @param elements how many calls and accesses
    /// @param seen the evaluations of each decision
    /// @param wrong what no order explains
    record Together(long elements, List<int[]> seen, List<String> wrong) {}

    /// Runs the worked examples, the kept traces on the rules and the implementation, a kernel on
    /// the implementation, and a campaign on both.
    ///
    /// @param decisions how many there are
    /// @param traces programs that were kept, by name
    /// @param seed what the campaign makes its programs up from
    /// @param steps how many steps it has; none if 0
    /// @param listener is told of what the campaign does
    Driven run(int decisions, Map<String, String> traces, long seed, long steps, Listener listener);

    /// Is told of what a campaign does.
    interface Listener {

        /// So many steps were made.
        void steps(long made);

        /// A program of the campaign had a decision evaluated as none before it had.
        ///
        /// @param program its text; empty for all that was run before the campaign
        /// @param seen the evaluations of each decision by now
        void played(String program, List<int[]> seen);
    }

    /// Runs a campaign of two vCPUs at once on the implementation, which has to be loaded with what
    /// has threads take turns.
    ///
    /// @param decisions how many there are
    /// @param elements how many it has; none if 0
    Together together(int decisions, long seed, long elements);
}
