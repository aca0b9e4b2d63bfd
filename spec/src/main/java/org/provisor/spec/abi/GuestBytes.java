// SPDX-License-Identifier: Apache-2.0
package org.provisor.spec.abi;

/// Bytes that can be read: a copy of a structure, a frame, or a guest's memory as one call sees it.
/// Numbers of more than one byte are little-endian.
///
/// Reading past the end is a bug in the reader. What a guest points to and does not exist is for
/// the holder of its memory to find out before it hands out bytes.
public interface GuestBytes {

    /// How many bytes there are.
    long size();

    /// The byte at `at`, 0 to 255.
    ///
    /// @throws IndexOutOfBoundsException if there is none
    int byteAt(long at);

    /// The unsigned number of `size` bytes, 1 to 8, at `at`.
    ///
    /// @throws IndexOutOfBoundsException if it reaches past the end
    default long read(long at, int size) {
        var value = 0L;
        for (int i = size - 1; i >= 0; i--) {
            value = (value << 8) | byteAt(at + i);
        }
        return value;
    }

    /// A copy of `size` bytes at `at`.
    ///
    /// @throws IndexOutOfBoundsException if they reach past the end
    default Bytes slice(long at, int size) {
        var copy = new byte[size];
        for (int i = 0; i < size; i++) {
            copy[i] = (byte) byteAt(at + i);
        }
        return Bytes.of(copy);
    }
}
