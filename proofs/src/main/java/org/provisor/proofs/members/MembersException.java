// SPDX-License-Identifier: Apache-2.0
package org.provisor.proofs.members;

import java.util.Objects;

/// Members are not there, do not fit, or have all left. The message is one line for the user.
public final class MembersException extends RuntimeException {

    private static final long serialVersionUID = 1L;

    public MembersException(String message) {
        super(message);
    }

    @Override
    public String getMessage() {
        return Objects.requireNonNull(super.getMessage());
    }
}
