// SPDX-License-Identifier: Apache-2.0
package org.provisor.refine.program;

/// Where the kernels of a program keep what they hand to calls: a few pages of linear addresses,
/// each domain its own, all zero at first.
///
///     START          + 1 page         + 2 pages         + 3 pages
///     read, written   read, written    read only         neither
///
/// It is in a part of the address space that programs use for nothing else. Behind the last page
/// nothing can be read or written, nor anywhere else.
public final class CallMemory {

    /// The first address.
    public static final long START = 0x6400_0010_0000L;

    /// The slot of a root that leads there.
    public static final int ROOT_SLOT = (int) (START >>> 39);

    /// Bytes that can be read.
    public static final int READABLE = 3 * 4096;

    /// Bytes that can be written.
    public static final int WRITABLE = 2 * 4096;

    private CallMemory() {}
}
