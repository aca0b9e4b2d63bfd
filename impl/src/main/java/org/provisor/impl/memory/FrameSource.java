// SPDX-License-Identifier: Apache-2.0
package org.provisor.impl.memory;

/// Where free frames come from. It may refuse requests for several frames at once, and those for
/// frames of few bits, but not one for any single frame while there is one.
public interface FrameSource {

    /// Takes 2<sup>`order`</sup> free frames, as [FrameAllocator#allocate] does.
    ///
    /// @return the first of them, or [FrameAllocator#NONE]
    long allocate(int order, int frameBits, long claim);
}
