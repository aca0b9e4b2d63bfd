// SPDX-License-Identifier: Apache-2.0
package org.provisor.impl.cpu;

/// What carries out instructions.
public interface Engine {

    /// Carries out instructions until something happens that is not the engine's to handle, but not
    /// more than `limit`. One iteration of a repeated string instruction counts as one.
    ///
    /// @return why it stopped, one of [Exits]
    int run(CpuState state, LinearMemory memory, long limit);

    /// How many instructions the last run carried out.
    long carriedOut();

    /// What comes with the exit: the vector of `int n`.
    long operand();
}
