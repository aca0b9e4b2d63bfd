// SPDX-License-Identifier: Apache-2.0
package org.provisor.proofs.smallworld;

import org.provisor.spec.abi.Mfn;
import org.provisor.spec.x86.Pte;

/// The page-table entries of this world: absent, or present for user mode and accessed, read-only
/// or writable.
final class Entries {

    private static final long FLAGS = Pte.PRESENT | Pte.USER | Pte.ACCESSED;

    private Entries() {}

    /// The entry for a frame as a guest writes it.
    static long of(final int frame, final boolean writable) {
        return Pte.of(new Mfn(frame), FLAGS | (writable ? Pte.WRITABLE : 0)).bits();
    }

    /// The same entry as a checked level 1 table holds it.
    static long checkedL1(final long entry) {
        return entry | Pte.GLOBAL;
    }
}
