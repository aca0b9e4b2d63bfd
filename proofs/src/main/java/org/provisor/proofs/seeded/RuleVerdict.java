// SPDX-License-Identifier: Apache-2.0
package org.provisor.proofs.seeded;

/// What came of judging rules with an error in them.
///
/// @param error the error
/// @param by what found it
/// @param where the example, or what was broken; if nothing found it, what was tried
/// @param wrong what was different in the example, or the trace in words
/// @param nanos how long it took
public record RuleVerdict(SeededError error, By by, String where, String wrong, long nanos) {

    /// What finds an error.
    public enum By {
        /// A worked example comes out otherwise than it says.
        EXAMPLE("example"),
        /// A small world gets into a state in which an invariant does not hold.
        INVARIANT("invariant"),
        /// An exception, in an example or in a small world: what cannot happen happens.
        EXCEPTION("exception"),
        /// Nothing found it.
        NOTHING("survived");

        private final String text;

        By(String text) {
            this.text = text;
        }

        @Override
        public String toString() {
            return text;
        }
    }

    /// Whether anything found it.
    public boolean found() {
        return by != By.NOTHING;
    }
}
