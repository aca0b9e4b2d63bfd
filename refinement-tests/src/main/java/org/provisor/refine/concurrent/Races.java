// SPDX-License-Identifier: Apache-2.0
package org.provisor.refine.concurrent;

/// Has pairs of calls meet at each point at which they can.
public interface Races {

    /// How many pairs there are.
    int pairs();

    /// A pair in words: the state, and who does what.
    ///
    /// @param number which pair, from 0
    String text(int number);

    /// Has the calls of a pair meet at each point of the first.
    ///
    /// @param number which pair, from 0
    RaceResult run(int number);
}
