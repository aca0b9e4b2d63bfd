// SPDX-License-Identifier: Apache-2.0
package org.provisor.impl.memory;

/// Wants to know what is written to some frames.
public interface WriteWatcher {

    /// A frame is watched from now on: who writes to frames by another way has to stop doing so.
    void watching(long mfn);

    /// A watched frame has been written to.
    ///
    /// @return whether it is still to be watched
    boolean written(long maddr, long bytes);
}
