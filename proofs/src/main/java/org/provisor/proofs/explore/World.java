// SPDX-License-Identifier: Apache-2.0
package org.provisor.proofs.explore;

import java.util.List;

/// A state graph to explore: initial states, and what can happen in each state.
///
/// A state is encoded in [#width()] longs. Two encodings are the same state exactly when their
/// longs are equal; a world with symmetries writes the one canonical encoding of each class of
/// states. Every method is called from several threads, answers equal calls equally, and never
/// reads a clock or a source of randomness: the engine may ask again, after a resume or for a
/// trace.
public interface World {

    /// Says which graph this is: the model, its version and every bound that shapes it, on one
    /// line.
    ///
    /// A stored exploration is resumed only by a world with an equal configuration.
    String configuration();

    /// Longs in an encoded state, from 1 to [Exploration#MAX_WIDTH].
    int width();

    /// The canonical encodings of the initial states, each of [#width()] longs. At least one.
    List<long[]> initial();

    /// A new expander, for one thread.
    Expander expander();

    /// The names of the kinds of actions, for counting. At least one, each once.
    List<String> kinds();

    /// The kind of `action`, as an index into [#kinds()]. Called once per transition: keep it
    /// cheap.
    int kind(int action);

    /// The state in words, for a trace.
    ///
    /// @param state an encoding, of exactly [#width()] longs
    String describe(long[] state);

    /// The action in words, for a trace.
    ///
    /// @param from the encoding of the state in which it happens, of exactly [#width()] longs
    /// @param action the label that the expander gave it
    String describeAction(long[] from, int action);
}
