// SPDX-License-Identifier: Apache-2.0
package org.provisor.refine.harness;

import org.provisor.refine.program.World;

/// What programs are run on. For one thread; each of several threads has its own.
public interface Subject extends AutoCloseable {

    /// A machine that has just started. It replaces the one started before, which must not be used
    /// any more.
    ///
    /// @throws IllegalArgumentException if there is no such world
    Run start(World world);

    /// Whether it can start this world.
    default boolean starts(World world) {
        return true;
    }

    @Override
    default void close() {}
}
