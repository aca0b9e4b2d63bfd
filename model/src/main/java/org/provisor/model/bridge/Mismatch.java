// SPDX-License-Identifier: Apache-2.0
package org.provisor.model.bridge;

import org.jspecify.annotations.Nullable;

/// A difference between a model and the specification, with both sides in words.
///
/// @param model which model
/// @param what what is different
/// @param step the transition as the one side has it
/// @param other the other side, as far as there is one
public record Mismatch(String model, String what, Relational.Step step, @Nullable String other) {

    @Override
    public String toString() {
        return model
                + ": "
                + what
                + "\n  before:\n"
                + step.pre().text("    ")
                + "  "
                + step.kind()
                + ":\n"
                + step.call().text("    ")
                + "  after:\n"
                + step.post().text("    ")
                + (other == null ? "" : "  the other side:\n" + other.indent(4));
    }
}
