// SPDX-License-Identifier: Apache-2.0
package org.provisor.spec.mm;

import org.provisor.spec.abi.Domid;
import org.provisor.spec.abi.GuestAddress;
import org.provisor.spec.abi.Mfn;
import org.provisor.spec.abi.PageFrames;
import org.provisor.spec.notation.Clause;
import org.provisor.spec.state.Contents;
import org.provisor.spec.state.Step;

/// What an instruction reads that Xen does in the place of the guest's kernel.
///
/// @xen xen/arch/x86/pv/ro-page-fault.c, ptwr_emulated_read
public final class EmulatedReads {

    private EmulatedReads() {}

    /// What came of a read.
    sealed interface Read {

        Step step();

        /// These bytes, the first in the lowest.
        record Value(Step step, long value) implements Read {}

        /// A byte that cannot be read: the guest gets a page fault for a read there.
        record Fault(Step step, GuestAddress address) implements Read {}

        /// A device was read; nothing is specified of that.
        record OfDevice(Step step) implements Read {}
    }

    /// Reads at most eight bytes at a linear address through the kernel's tables.
    ///
    /// | row | at a page that the bytes lie in                   | outcome                           |
    /// |-----|---------------------------------------------------|-----------------------------------|
    /// | a   | no page is present                                | a fault at the first byte in it   |
    /// | b   | a device is, or a frame that does not exist       | not specified                     |
    /// | c   | memory is, at all of them                         | the bytes                         |
    ///
    /// @xen xen/arch/x86/pv/ro-page-fault.c, ptwr_emulated_read
    @Clause(
            value = "mm.emulated-read",
            rows = {"a", "b", "c"},
            covers = {"PTWR-1"})
    static Read read(Step start, GuestAddress address, int bytes) {
        Step at = start;
        Mfn page = null;
        long value = 0;
        for (int i = 0; i < bytes; i++) {
            GuestAddress here = address.plus(i);
            int offset = (int) (here.value() & (PageFrames.PAGE_SIZE - 1));
            if (page == null || offset == 0) {
                GuestWalk.Seen seen = GuestWalk.effective(at, here);
                at = seen.step();
                if (!seen.entry().present()) {
                    return new Read.Fault(at.row("mm.emulated-read/a"), here);
                }
                page = seen.entry().mfn();
                if (!at.machine().has(page) || at.frame(page).owner().equals(Domid.IO)) {
                    return new Read.OfDevice(at.row("mm.emulated-read/b"));
                }
            }
            value |= (word(at, page, offset / Long.BYTES) >>> shift(offset) & 0xFF) << shift(i);
        }
        return new Read.Value(at.row("mm.emulated-read/c"), value);
    }

    private static int shift(int bytes) {
        return bytes % Long.BYTES * Byte.SIZE;
    }

    /// A word of a frame: as it is kept, or as the guest has it. The frames of a small world have
    /// fewer words; the rest is zero.
    private static long word(Step at, Mfn mfn, int slot) {
        Contents kept = at.frame(mfn).table().contents();
        Contents contents = kept.known() ? kept : at.offered(mfn);
        return slot < contents.slots() ? contents.word(slot) : 0;
    }
}
