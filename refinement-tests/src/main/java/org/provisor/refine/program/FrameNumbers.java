// SPDX-License-Identifier: Apache-2.0
package org.provisor.refine.program;

import org.jspecify.annotations.Nullable;

/// Which frame has which number, on one subject.
public interface FrameNumbers {

    /// The number of a frame.
    ///
    /// @throws IllegalArgumentException if there is no such frame
    long number(FrameName frame);

    /// The name of a frame that had one when the machine started, or null.
    @Nullable FrameName name(long number);
}
