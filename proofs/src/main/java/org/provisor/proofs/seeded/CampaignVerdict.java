// SPDX-License-Identifier: Apache-2.0
package org.provisor.proofs.seeded;

import org.provisor.proofs.seeded.ErrorFinder.Search;

/// What came of judging the implementation with an error in it.
///
/// @param error the error
/// @param ending how it ended
/// @param search what was found and after how long
public record CampaignVerdict(SeededError error, Ending ending, Search search) {

    /// How a search ends.
    public enum Ending {
        /// A difference was found that the error makes.
        FOUND("found"),
        /// The implementation came to no end.
        ENDLESS("endless"),
        /// What was found differs without the error too, so that nothing was learned of it.
        ANYWAY("anyway"),
        /// Nothing was found.
        MISSED("missed");

        private final String text;

        Ending(String text) {
            this.text = text;
        }

        @Override
        public String toString() {
            return text;
        }
    }

    /// Whether the error was found.
    public boolean found() {
        return ending == Ending.FOUND || ending == Ending.ENDLESS;
    }
}
