// SPDX-License-Identifier: Apache-2.0
package org.provisor.impl.mm;

import org.provisor.impl.bits.Addresses;
import org.provisor.impl.bits.Pte;
import org.provisor.impl.memory.MachineMemory;

/// The machine-to-physical table in Xen's own frames, and the page tables through which guests see
/// it, read-only: the table from frame 0 on, then the tables of level 1, 2 and 3.
///
/// @param table machine address of its first word
/// @param rootEntry what a root has in slot 256 to show it
/// @param frames how many frames all of that takes
record MachineToPhysical(long table, long rootEntry, int frames) {

    private static final long FLAGS = Pte.PRESENT | Pte.USER | Pte.ACCESSED;

    /// Lays all out in the first frames of a machine's memory; the table says -1 of every frame.
    static MachineToPhysical build(final MachineMemory memory) {
        final long words = memory.frames();
        long count = (words + Pte.ENTRIES - 1) / Pte.ENTRIES;
        for (long word = 0; word < words; word++) {
            memory.setWord(word << 3, -1L);
        }
        long first = 0;
        long next = count;
        for (int level = 1; level <= 3; level++) {
            final long tables = (count + Pte.ENTRIES - 1) / Pte.ENTRIES;
            for (long i = 0; i < count; i++) {
                final long entry = (first + i) << Addresses.PAGE_SHIFT | FLAGS | Pte.NX;
                memory.setWord((next << Addresses.PAGE_SHIFT) + (i << 3), entry);
            }
            first = next;
            next += tables;
            count = tables;
        }
        if (count != 1) {
            throw new IllegalArgumentException("too many frames: " + words);
        }
        return new MachineToPhysical(0, first << Addresses.PAGE_SHIFT | FLAGS | Pte.NX, (int) next);
    }
}
