// SPDX-License-Identifier: Apache-2.0
package org.provisor.proofs.seeded;

import java.util.Objects;

/// An error that cannot be put into its source: it is not stated as it should be, or the source is
/// not what it was. The message says which error and why, on one line.
public final class SeededException extends RuntimeException {

    private static final long serialVersionUID = 1L;

    public SeededException(String message) {
        super(message);
    }

    @Override
    public String getMessage() {
        return Objects.requireNonNull(super.getMessage());
    }
}
