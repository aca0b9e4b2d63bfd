// SPDX-License-Identifier: Apache-2.0
package org.provisor.proofs.smallworld;

/// A machine has a value that no machine of this world should have, so that it cannot be encoded.
/// The message says which.
final class EncodingException extends RuntimeException {

    private static final long serialVersionUID = 1L;

    EncodingException(final String message) {
        super(message, null, false, false);
    }
}
