// SPDX-License-Identifier: Apache-2.0
package org.provisor.spec.abi;

import io.vavr.collection.Vector;

/// A bitmap of virtual processors in guest memory: words of the guest's size, lowest first. Xen
/// reads as many words as the domain has processors for, and ignores bits of processors it does not
/// have.
///
/// @xen xen/include/public/xen.h, struct mmuext_op, vcpumask
/// @xen xen/arch/x86/mm.c, vcpumask_to_pcpumask
public record VcpuMask(Bitness bitness, Vector<Long> words) {

    /// The words that cover `maxVcpus` processors.
    public static int wordsFor(int maxVcpus, Bitness bitness) {
        return (maxVcpus + bitness.wordBits() - 1) / bitness.wordBits();
    }

    /// Reads `count` words.
    public static VcpuMask fromBytes(GuestBytes bytes, long at, int count, Bitness bitness) {
        var words = Vector.<Long>empty();
        for (int i = 0; i < count; i++) {
            var offset = at + (long) i * bitness.wordSize();
            words = words.append(bytes.read(offset, bitness.wordSize()));
        }
        return new VcpuMask(bitness, words);
    }

    /// The bytes that a guest puts in its memory.
    public Bytes toBytes() {
        var bytes = Bytes.zero(words.size() * bitness.wordSize());
        for (int i = 0; i < words.size(); i++) {
            bytes = bytes.with((long) i * bitness.wordSize(), bitness.wordSize(), words.get(i));
        }
        return bytes;
    }

    /// Whether the bit of this processor is set.
    public boolean contains(int vcpu) {
        var word = vcpu / bitness.wordBits();
        return word < words.size() && ((words.get(word) >>> (vcpu % bitness.wordBits())) & 1) != 0;
    }
}
