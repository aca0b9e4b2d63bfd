// SPDX-License-Identifier: Apache-2.0
package org.provisor.spec.abi;

/// A byte address in the machine's physical memory. Any 64-bit value may stand here; nothing says
/// that the machine has such memory.
///
/// @xen xen/include/public/xen.h, struct mmu_update, "Machine address of PTE"
public record MachineAddress(long value) {

    /// The address `offset` bytes into a frame.
    public static MachineAddress of(Mfn frame, long offset) {
        return new MachineAddress((frame.value() << PageFrames.PAGE_SHIFT) + offset);
    }

    /// The frame that holds the byte.
    public Mfn frame() {
        return new Mfn(value >>> PageFrames.PAGE_SHIFT);
    }

    /// The place of the byte in its frame.
    public int offset() {
        return (int) (value & (PageFrames.PAGE_SIZE - 1));
    }

    @Override
    public String toString() {
        return "maddr " + Long.toHexString(value);
    }
}
