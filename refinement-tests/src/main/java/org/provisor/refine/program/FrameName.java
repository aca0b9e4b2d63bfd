// SPDX-License-Identifier: Apache-2.0
package org.provisor.refine.program;

/// A frame by what it was when the machine started, whatever its number: `d1.3` is the fourth frame
/// that domain 1 was given.
///
/// @param kind what sort of frame
/// @param domain whose, for frames of domains; 0 otherwise
/// @param index which of them, from 0
public record FrameName(Kind kind, int domain, int index) {

    /// What sort of frame.
    public enum Kind {
        /// Given to a domain, ordinary memory.
        OWNED,
        /// Shared by Xen with a domain.
        SHARED,
        /// A device's.
        DEVICE,
        /// Xen's own.
        XEN
    }

    public static FrameName of(int domain, int index) {
        return new FrameName(Kind.OWNED, domain, index);
    }

    @Override
    public String toString() {
        return switch (kind) {
            case OWNED -> "d" + domain + "." + index;
            case SHARED -> "shared" + domain + "." + index;
            case DEVICE -> "device." + index;
            case XEN -> "xen." + index;
        };
    }
}
