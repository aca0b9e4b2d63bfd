// SPDX-License-Identifier: Apache-2.0
package org.provisor.proofs.explore;

/// Takes the transitions out of one state. Implemented by the engine; valid during one call of
/// [Expander#expand].
public interface Successors {

    /// Takes one transition. The encoding is copied: the caller may reuse the array at once.
    ///
    /// @param encoded holds the canonical encoding of the state that is reached
    /// @param at where it begins in `encoded`; it has [World#width()] longs
    /// @param action any label that means something to the world, parameters included
    void add(long[] encoded, int at, int action);

    /// Reports that `action`, taken in the state being expanded, breaks a rule.
    ///
    /// This is not a transition: call [#add] as well if the action also reaches a state.
    ///
    /// @param what the name of what is broken, from a small set: violations are counted by name
    void violation(String what, int action);
}
