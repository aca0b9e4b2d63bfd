// SPDX-License-Identifier: Apache-2.0
package org.provisor.proofs.smt;

import java.util.List;

/// What came of an obligation: that a transition keeps every invariant, for any number of frames.
///
/// @param name the transition's
/// @param clauses the clauses of the specification that it is part of
/// @param opinions one a solver
public record Proof(String name, List<String> clauses, List<Opinion> opinions) {

    public Proof {
        clauses = List.copyOf(clauses);
        opinions = List.copyOf(opinions);
    }

    /// How it stands.
    public enum Verdict {
        PROVED,
        REFUTED,
        UNKNOWN
    }

    /// What one solver says.
    ///
    /// @param verdict whether all that is asked of the transition is so
    /// @param what the invariants that may break, the wrong variants that were not refuted, or that
    ///   the transition never happens; empty if proved
    /// @param refuted how many wrong variants were refuted
    /// @param seconds how long it took
    public record Opinion(
            Solver solver, Verdict verdict, List<String> what, int refuted, double seconds) {

        public Opinion {
            what = List.copyOf(what);
        }
    }

    /// What all solvers together say: proved if one proved it and none refuted it. A solver that
    /// does not know leaves it to the other.
    public Verdict verdict() {
        if (opinions.stream().anyMatch(each -> each.verdict == Verdict.REFUTED)) {
            return Verdict.REFUTED;
        }
        return opinions.stream().anyMatch(each -> each.verdict == Verdict.PROVED)
                ? Verdict.PROVED
                : Verdict.UNKNOWN;
    }

    /// How long it took all solvers together.
    public double seconds() {
        return opinions.stream().mapToDouble(Opinion::seconds).sum();
    }
}
