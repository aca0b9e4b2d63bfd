// SPDX-License-Identifier: Apache-2.0
package org.provisor.model.bridge;

import java.util.List;

/// What came of bridging a model in one direction.
///
/// @param model which model
/// @param way which direction
/// @param frames how many frames there were
/// @param checked how many different transitions were compared
/// @param taken how many transitions were taken or found in all
/// @param refused how many of those compared were refusals
/// @param complete whether there are no others of that size
/// @param seconds how long it took
/// @param mismatches what was different, if anything; it ends with the first
public record Bridged(
        String model,
        Way way,
        int frames,
        long checked,
        long taken,
        long refused,
        boolean complete,
        double seconds,
        List<Mismatch> mismatches) {

    /// A direction.
    public enum Way {
        /// Instances of the model, done by the specification.
        TO_SPECIFICATION("to the specification"),
        /// Transitions of the specification, asked of the model.
        TO_MODEL("to the model");

        private final String text;

        Way(String text) {
            this.text = text;
        }

        @Override
        public String toString() {
            return text;
        }
    }

    public Bridged {
        mismatches = List.copyOf(mismatches);
    }
}
