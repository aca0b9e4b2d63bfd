// SPDX-License-Identifier: Apache-2.0
package org.provisor.spec.abi;

import io.vavr.collection.Vector;

/// A list of frame numbers in guest memory: words of the guest's size.
///
/// @xen xen/include/public/arch-x86/xen.h, xen_pfn_t
/// @xen xen/include/hypercall-defs.c, set_gdt
public final class FrameList {

    private FrameList() {}

    /// Where entry `index` of a list at `at` is.
    public static GuestAddress entry(GuestAddress at, long index, Bitness bitness) {
        return at.plus(index * bitness.wordSize());
    }

    /// Reads `count` frame numbers.
    public static Vector<Long> fromBytes(GuestBytes bytes, long at, int count, Bitness bitness) {
        var frames = Vector.<Long>empty();
        for (int i = 0; i < count; i++) {
            var offset = at + (long) i * bitness.wordSize();
            frames = frames.append(bytes.read(offset, bitness.wordSize()));
        }
        return frames;
    }

    /// The bytes of a list; every number fits a word.
    public static Bytes toBytes(Vector<Long> frames, Bitness bitness) {
        var bytes = Bytes.zero(frames.size() * bitness.wordSize());
        for (int i = 0; i < frames.size(); i++) {
            bytes = bytes.with((long) i * bitness.wordSize(), bitness.wordSize(), frames.get(i));
        }
        return bytes;
    }
}
