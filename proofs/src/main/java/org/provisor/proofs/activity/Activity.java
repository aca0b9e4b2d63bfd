// SPDX-License-Identifier: Apache-2.0
package org.provisor.proofs.activity;

import java.util.function.Consumer;

/// Something that is run, and whose result supports a claim.
public interface Activity {

    /// By which it is asked for, and by which its result is filed: lower case and hyphens.
    String name();

    /// What is claimed if it passes, a sentence.
    String claim();

    /// How it can be run by itself, as arguments of `./provisor`.
    String command(Settings settings);

    /// What is missing here, in a line that says what to install; empty if it can be run.
    default String missing(Settings settings) {
        return "";
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
