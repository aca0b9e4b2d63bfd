// SPDX-License-Identifier: Apache-2.0
package org.provisor.proofs.requirement;

/// Something that carries out or checks a clause.
///
/// @param clause the clause
/// @param kind how it belongs to the clause
/// @param name what it is called, unique among those of its kind and clause
/// @param where the file below the project's directory, or empty
public record Link(String clause, Kind kind, String name, String where) {

    /// How something belongs to a clause.
    public enum Kind {
        /// Code of the implementation that says it refines the clause.
        IMPLEMENTATION("impl"),
        /// A property that compares the two for this clause.
        PROPERTY("property"),
        /// A worked example of one of its rows.
        EXAMPLE("example"),
        /// A predicate of an Alloy model.
        MODEL("model"),
        /// An obligation of the unbounded proof: a transition, or an invariant.
        PROOF("proof"),
        /// An error seeded into the rule.
        SEEDED("seeded"),
        /// An error that Xen had, put into the code that refines the clause.
        ADVISORY("advisory");

        private final String word;

        Kind(String word) {
            this.word = word;
        }

        /// As tracing tools know it.
        public String word() {
            return word;
        }
    }
}
