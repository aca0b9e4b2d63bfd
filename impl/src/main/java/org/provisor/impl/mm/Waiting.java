// SPDX-License-Identifier: Apache-2.0
package org.provisor.impl.mm;

/// What a thread does between two looks at a word that another is about to change.
final class Waiting {

    /// How often to look before letting another thread run: whoever is waited for may wait for this
    /// processor.
    private static final int PATIENCE = 1 << 10;

    private Waiting() {}

    /// Waits a moment.
    ///
    /// @param looks how often the word was looked at
    @SuppressWarnings("ThreadPriorityCheck")
    static void aMoment(final int looks) {
        if (looks % PATIENCE == 0) {
            Thread.yield();
        } else {
            Thread.onSpinWait();
        }
    }
}
