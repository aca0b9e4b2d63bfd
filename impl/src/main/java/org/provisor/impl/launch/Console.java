// SPDX-License-Identifier: Apache-2.0
package org.provisor.impl.launch;

/// Where a guest's console is.
public interface Console {

    /// Shows the first `count` bytes.
    void write(byte[] bytes, int count);
}
