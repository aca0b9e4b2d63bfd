// SPDX-License-Identifier: Apache-2.0
package org.provisor.proofs.explore;

/// Why an exploration ended.
public enum Ending {
    /// Every reachable state was found and expanded.
    COMPLETE("every reachable state was explored"),
    /// A rule was broken in the level before; that level was finished, the next not begun.
    VIOLATION("stopped at the first level with a violation"),
    /// The next state might have led to more states than allowed.
    MAX_STATES("stopped at the limit on states"),
    /// The next level is the one not to be expanded.
    MAX_DEPTH("stopped at the limit on depth"),
    /// The time allowed for this run has passed.
    BUDGET("stopped at the limit on time"),
    /// The next batch might need more memory than allowed.
    MEMORY("stopped at the limit on memory"),
    /// The thread that runs the exploration was interrupted.
    INTERRUPTED("stopped by an interrupt");

    private final String text;

    Ending(final String text) {
        this.text = text;
    }

    /// The reason in words, to follow a name.
    public String text() {
        return text;
    }
}
