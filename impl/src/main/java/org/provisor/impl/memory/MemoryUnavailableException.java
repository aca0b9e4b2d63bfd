// SPDX-License-Identifier: Apache-2.0
package org.provisor.impl.memory;

/// The operating system does not give the memory that a machine needs.
public final class MemoryUnavailableException extends RuntimeException {

    private static final long serialVersionUID = 1L;

    MemoryUnavailableException(final String message) {
        super(message);
    }
}
