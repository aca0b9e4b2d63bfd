// SPDX-License-Identifier: Apache-2.0
package org.provisor.proofs.recall.loaded;

/// Stops what a mutant does for ever, when its campaign is over. Each mutant has its own.
public final class Stop {

    private static volatile boolean all;

    private Stop() {}

    /// From now on nothing of this mutant goes on.
    static void all() {
        all = true;
    }

    /// Asked where the mutant's code goes back.
    public static void check() {
        if (all) {
            throw new Stopped();
        }
    }

    /// Not for anybody to catch.
    private static final class Stopped extends Error {

        private static final long serialVersionUID = 1L;

        Stopped() {
            super("the campaign is over", null, false, false);
        }
    }
}
