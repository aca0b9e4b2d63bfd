// SPDX-License-Identifier: Apache-2.0
package org.provisor.proofs.mcdc;

/// What came of a decision once: each condition true, false or not evaluated, and the outcome.
///
/// @param vector two bits a condition, the first one lowest: whether it was evaluated, and its
///   value
/// @param outcome of the decision; of a switch nothing
record Evaluation(int vector, boolean outcome) {

    /// So many conditions fit.
    static final int MOST_CONDITIONS = 15;

    /// The bits of a condition that was evaluated.
    static int bits(int index, boolean value) {
        return (value ? 3 : 1) << (2 * index);
    }

    /// As it is noted.
    static Evaluation of(int noted) {
        return new Evaluation(noted & Integer.MAX_VALUE, noted < 0);
    }

    boolean evaluated(int index) {
        return ((vector >>> (2 * index)) & 1) != 0;
    }

    boolean value(int index) {
        return ((vector >>> (2 * index)) & 2) != 0;
    }

    /// Like `TF- true`.
    String text(int conditions) {
        StringBuilder text = new StringBuilder();
        for (int i = 0; i < conditions; i++) {
            text.append(evaluated(i) ? value(i) ? 'T' : 'F' : '-');
        }
        return text.append(outcome ? " true" : " false").toString();
    }
}
