// SPDX-License-Identifier: Apache-2.0
package org.provisor.impl.mm;

/// A guest's memory by linear address, as its kernel sees it. Every access may fault, and another
/// vCPU may change what is there between two accesses: whoever decides by a word reads it once.
public interface GuestMemory {

    /// Copies `bytes` bytes (any number, 1 to 24,576) from `linear` on into `to`, little-endian, 8
    /// bytes a word; the last word is filled up with zeros.
    ///
    /// @return whether all could be read; if not, `to` holds nothing of use
    boolean read(long linear, long[] to, int bytes);

    /// Whether `bytes` bytes from `linear` on can be written.
    boolean writable(long linear, int bytes);

    /// Writes the low `bytes` bytes (4 or 8) of `value`.
    ///
    /// @return whether they could be written; if not, none was
    boolean write(long linear, long value, int bytes);
}
