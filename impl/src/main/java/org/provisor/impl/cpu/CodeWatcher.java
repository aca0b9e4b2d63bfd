// SPDX-License-Identifier: Apache-2.0
package org.provisor.impl.cpu;

/// Is told when memory changes that it has made something of.
@FunctionalInterface
public interface CodeWatcher {

    /// Memory has been written to, by whomever.
    ///
    /// @param place the machine address
    /// @return whether that frame is still to be watched
    boolean written(long place, long bytes);
}
