// SPDX-License-Identifier: Apache-2.0
package org.provisor.proofs.explore;

/// Has states expanded elsewhere.
public interface Lane {

    /// Called by several threads. An exception thrown here ends the exploration and reaches the
    /// caller of [Exploration#run()].
    ///
    /// @param unit consecutive states of a level
    /// @return what a [UnitExpansion] of the same world answers
    byte[] expand(byte[] unit);
}
