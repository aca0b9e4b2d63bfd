// SPDX-License-Identifier: Apache-2.0
package org.provisor.proofs.activity;

import org.provisor.refine.program.NamedProfile;

import java.util.function.Consumer;

/// Something that is run, and whose result supports a claim.
public interface Activity {

    /// By which it is asked for, and by which its result is filed: lower case and hyphens.
    String name();

    /// What is claimed if it passes, a sentence.
    String claim();

    /// What it says of profiles of the specification.
    enum Scope {
        /// The same whatever the profile.
        ANY,
        /// What it says is said of the profile that it is run in, and of no other.
        ONE,
        /// It is run in the usual profile only, and says nothing of any other.
        USUAL;

        /// Whether something that was run in a profile says something of another, or the same.
        public boolean says(NamedProfile run, NamedProfile of) {
            return this == ANY || run == of;
        }
    }

    /// Of which profiles it says something.
    default Scope scope() {
        return Scope.ANY;
    }

    /// How it can be run by itself, as arguments of `./provisor`.
    String command(Settings settings);

    /// What is missing here, in a line that says what to install; empty if it can be run.
    default String missing(Settings settings) {
        return scope() == Scope.USUAL && settings.profile() != NamedProfile.XEN_4_17
                ? "it is run in profile " + NamedProfile.XEN_4_17 + " only"
                : "";
    }

    /// What the result depends on beside the build: the same text, the same result.
    default String inputs(Settings settings) {
        return "";
    }

    /// Runs it.
    ///
    /// @param progress is told how far it has come, in a line, from any thread
    Result run(Settings settings, Consumer<String> progress) throws InterruptedException;
}
