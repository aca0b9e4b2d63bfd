// SPDX-License-Identifier: Apache-2.0
package org.provisor.refine.program;

/// Where the kernels of a program keep what they hand to calls: a few pages of linear addresses,
/// each domain its own, all zero at first.
///
///     START          + 1 page         + 2 pages         + 3 pages
///     read, written   read, written    read only         neither
///
/// Behind the last page nothing can be read or written, nor anywhere else.
public final class CallMemory {

    /// The first address.
    public static final long START = 0x10_0000;

    /// Bytes that can be read.
    public static final int READABLE = 3 * 4096;

    /// Bytes that can be written.
    public static final int WRITABLE = 2 * 4096;

    private CallMemory() {}
}
