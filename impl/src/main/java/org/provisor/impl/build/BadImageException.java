// SPDX-License-Identifier: Apache-2.0
package org.provisor.impl.build;

/// An image that no domain can be built from. The message says what is wrong and where, in one
/// line.
public final class BadImageException extends Exception {

    private static final long serialVersionUID = 1L;

    BadImageException(final String what) {
        super(what);
    }

    /// @param at the byte of the file at which it is
    BadImageException(final String what, final long at) {
        super("%s, at byte 0x%x".formatted(what, at));
    }
}
