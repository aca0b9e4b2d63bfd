// SPDX-License-Identifier: Apache-2.0
package org.provisor.proofs.explore;

/// An exploration that cannot begin or go on. The message is one line for the user: what, and what
/// to do about it.
public final class ExplorationException extends RuntimeException {

    private static final long serialVersionUID = 1L;

    ExplorationException(String message) {
        super(message);
    }

    ExplorationException(String message, Throwable cause) {
        super(message, cause);
    }
}
