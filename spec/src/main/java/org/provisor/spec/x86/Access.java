// SPDX-License-Identifier: Apache-2.0
package org.provisor.spec.x86;

/// An access to memory: what is done, and whether by user mode.
public record Access(Kind kind, boolean user) {

    /// What is done.
    public enum Kind {
        READ,
        WRITE,
        FETCH
    }

    /// Error code of a page fault: the page is present; its rights or its reserved bits forbid.
    public static final int FAULT_PRESENT = 1;

    /// Error code of a page fault: at a write.
    public static final int FAULT_WRITE = 1 << 1;

    /// Error code of a page fault: in user mode.
    public static final int FAULT_USER = 1 << 2;

    /// Error code of a page fault: a reserved bit was set.
    public static final int FAULT_RESERVED = 1 << 3;

    /// Error code of a page fault: at an instruction fetch.
    public static final int FAULT_FETCH = 1 << 4;

    /// The bits of a page fault's error code that say what was tried.
    ///
    /// @sdm 3A, "Page-Fault Exceptions"
    public int tried() {
        int bits =
                switch (kind) {
                    case READ -> 0;
                    case WRITE -> FAULT_WRITE;
                    case FETCH -> FAULT_FETCH;
                };
        return user ? bits | FAULT_USER : bits;
    }
}
