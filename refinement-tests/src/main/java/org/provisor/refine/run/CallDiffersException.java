// SPDX-License-Identifier: Apache-2.0
package org.provisor.refine.run;

/// The implementation did something else in a call than the specification says.
public final class CallDiffersException extends RuntimeException {

    private static final long serialVersionUID = 1L;

    CallDiffersException(String what) {
        super(what);
    }
}
