// SPDX-License-Identifier: Apache-2.0
package org.provisor.spec.mm;

import io.vavr.collection.Vector;
import io.vavr.control.Option;

import org.provisor.spec.abi.Bitness;
import org.provisor.spec.abi.GuestAddress;
import org.provisor.spec.abi.GuestBytes;
import org.provisor.spec.abi.VcpuMask;
import org.provisor.spec.notation.Clause;
import org.provisor.spec.state.Step;

/// A set of the caller's vCPUs, as a bitmap in its memory.
///
/// @xen xen/arch/x86/mm.c, vcpumask_to_pcpumask
public final class VcpuBitmap {

    private static final Bitness BITS = Bitness.BITS_64;

    private VcpuBitmap() {}

    /// Finds the vCPUs of the set, lowest first; none where the bitmap cannot be read.
    ///
    /// | a word of the bitmap                          | outcome                 |
    /// |-----------------------------------------------|-------------------------|
    /// | is for vCPUs that the domain cannot have only | it is not looked at     |
    /// | cannot be read                                | no set                  |
    /// | has the bit of a vCPU that the domain has     | that vCPU is in the set |
    /// | has another bit                               | ignored                 |
    ///
    /// Each word is looked at by itself: words before one that cannot be read are read in vain.
    @Clause(
            value = "mm.vcpu-bitmap",
            covers = {"TLB-1", "UPD-11"})
    static Option<Vector<Integer>> read(Step at, GuestAddress bitmap) {
        int vcpus = at.caller().vcpus().size();
        Vector<Integer> set = Vector.empty();
        for (int word = 0; word < VcpuMask.wordsFor(vcpus, BITS); word++) {
            Option<GuestBytes> bytes =
                    GuestAddresses.read(
                            at, bitmap.plus((long) word * BITS.wordSize()), BITS.wordSize());
            if (bytes.isEmpty()) {
                return Option.none();
            }
            set = set.appendAll(members(bytes.get(), word * BITS.wordBits(), vcpus));
        }
        return Option.some(set);
    }

    private static Vector<Integer> members(GuestBytes word, int first, int vcpus) {
        VcpuMask mask = VcpuMask.fromBytes(word, 0, 1, BITS);
        Vector<Integer> set = Vector.empty();
        for (int bit = 0; bit < BITS.wordBits() && first + bit < vcpus; bit++) {
            set = mask.contains(bit) ? set.append(first + bit) : set;
        }
        return set;
    }
}
