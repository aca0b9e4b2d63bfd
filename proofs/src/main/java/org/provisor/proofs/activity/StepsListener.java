// SPDX-License-Identifier: Apache-2.0
package org.provisor.proofs.activity;

import org.provisor.proofs.mcdc.Drive.Listener;

import java.util.List;
import java.util.Locale;
import java.util.function.Consumer;

/// Says how many steps a campaign has made, and looks at nothing else.
public final class StepsListener implements Listener {

    private final Consumer<String> progress;

    private StepsListener(Consumer<String> progress) {
        this.progress = progress;
    }

    /// One that tells how many steps were made.
    ///
    /// @param progress is told in a few words
    public static Listener of(Consumer<String> progress) {
        return new StepsListener(progress);
    }

    @Override
    public void steps(long made) {
        progress.accept(String.format(Locale.ROOT, "%,d steps", made));
    }

    @Override
    public void played(String program, List<int[]> seen) {}
}
