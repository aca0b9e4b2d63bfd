// SPDX-License-Identifier: Apache-2.0
package org.provisor.proofs.explore;

import org.jspecify.annotations.Nullable;

/// Computes the successors of states, for one thread.
///
/// An expander may keep scratch space between calls; it is never shared between threads. An
/// exception thrown here ends the exploration and reaches the caller of [Exploration#run()].
public interface Expander {

    /// Reports every transition out of a state to `out`, in an order that depends on the state
    /// only.
    ///
    /// @param state holds the encoding; to be left as it is
    /// @param at where the encoding begins in `state`; it has [World#width()] longs
    void expand(long[] state, int at, Successors out);

    /// Evaluates the invariants in a state. Called once for each state, when it is first found.
    ///
    /// @param state holds the encoding; to be left as it is
    /// @param at where the encoding begins in `state`; it has [World#width()] longs
    /// @return the name of the first invariant that does not hold, or null if all hold
    @Nullable String check(long[] state, int at);
}
