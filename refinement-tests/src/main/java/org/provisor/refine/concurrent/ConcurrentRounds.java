// SPDX-License-Identifier: Apache-2.0
package org.provisor.refine.concurrent;

import java.util.function.LongPredicate;

/// Plays rounds of two vCPUs.
@FunctionalInterface
public interface ConcurrentRounds {

    /// Plays rounds until so many elements are done, until something is found, or until there is no
    /// reason to go on.
    ///
    /// @param goesOn asked before each round, with how many elements are done by then
    ConcurrentResult play(long seed, long elements, LongPredicate goesOn);
}
