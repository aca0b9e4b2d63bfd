// SPDX-License-Identifier: Apache-2.0
package org.provisor.spec.state;

/// Where a kernel is entered for something that is no exception.
///
/// @param address where; 0 for nowhere
/// @param masksEvents whether events are masked on the way in; said of those for events always
public record Callback(long address, boolean masksEvents) {

    /// Nowhere.
    public static final Callback NONE = new Callback(0, false);
}
