// SPDX-License-Identifier: Apache-2.0
package org.provisor.refine.trace;

/// A trace that cannot be used. The message is one line: where, and what is wrong.
public final class TraceException extends RuntimeException {

    private static final long serialVersionUID = 1L;

    TraceException(String name, int line, String what) {
        super(name + ":" + line + ": " + what);
    }
}
