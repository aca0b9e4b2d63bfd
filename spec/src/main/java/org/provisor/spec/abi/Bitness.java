// SPDX-License-Identifier: Apache-2.0
package org.provisor.spec.abi;

/// Whether a guest's kernel runs in 64-bit mode or in 32-bit (compatibility) mode. It decides the
/// registers that carry a call's arguments, and the size of words in the structures it shares.
///
/// @xen xen/include/public/arch-x86/xen-x86_64.h, opening comment
/// @xen xen/include/public/arch-x86/xen-x86_32.h, opening comment
public enum Bitness {
    /// Words of 64 bits; calls by `syscall`.
    BITS_64(8),

    /// Words of 32 bits; calls by `int $0x82`. Xen's own name for it is *compat*.
    BITS_32(4);

    private final int wordSize;

    Bitness(int wordSize) {
        this.wordSize = wordSize;
    }

    /// Bytes in an `unsigned long`, a frame number or a pointer of such a guest.
    public int wordSize() {
        return wordSize;
    }

    /// Bits in such a word.
    public int wordBits() {
        return wordSize * 8;
    }

    /// What is left of `value` in a word of such a guest.
    public long truncate(long value) {
        return switch (this) {
            case BITS_64 -> value;
            case BITS_32 -> value & 0xFFFF_FFFFL;
        };
    }
}
