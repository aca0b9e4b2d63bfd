// SPDX-License-Identifier: Apache-2.0
package org.provisor.proofs.cli;

/// What the user gave cannot be used. The message is shown alone, on one line: say what is wrong
/// and what would be right.
public final class BadInput extends RuntimeException {

    private static final long serialVersionUID = 1L;

    public BadInput(String message) {
        super(message);
    }
}
