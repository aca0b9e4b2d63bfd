// SPDX-License-Identifier: Apache-2.0
package org.provisor.impl.cpu;

/// Bits of a page fault's error code.
///
/// @sdm 3A, "Interrupt 14—Page-Fault Exception (#PF)"
public final class PageFaults {

    /// The page is there, but not for this access.
    public static final int PRESENT = 1;

    public static final int WRITE = 1 << 1;
    public static final int USER = 1 << 2;

    /// An entry on the way has a bit set that is reserved.
    public static final int RESERVED = 1 << 3;

    /// An instruction was to be fetched.
    public static final int FETCH = 1 << 4;

    private PageFaults() {}
}
