// SPDX-License-Identifier: Apache-2.0
package org.provisor.spec.mm;

import static org.provisor.spec.abi.XenErrno.EFAULT;

import io.vavr.control.Option;

import org.provisor.spec.abi.Bitness;
import org.provisor.spec.abi.FrameList;
import org.provisor.spec.abi.GuestAddress;
import org.provisor.spec.abi.GuestBytes;
import org.provisor.spec.abi.Mfn;
import org.provisor.spec.notation.Clause;
import org.provisor.spec.state.Step;

/// The list of frame numbers, in the caller's memory, that a reservation points to.
///
/// @xen xen/include/public/memory.h, struct xen_memory_reservation, extent_start
public final class ExtentList {

    private static final Bitness BITS = Bitness.BITS_64;

    private ExtentList() {}

    /// Whether the caller may name the entries from `first` to before `end`.
    static boolean ok(GuestAddress list, long first, long end) {
        return GuestAddresses.subRangeOk(list, first, end - 1, BITS.wordSize());
    }

    /// Reads an entry; none where that faults.
    static Option<Long> read(Step at, GuestAddress list, long index) {
        GuestAddress place = FrameList.entry(list, index, BITS);
        Option<GuestBytes> bytes = GuestAddresses.read(at, place, BITS.wordSize());
        return bytes.isEmpty() ? Option.none() : Option.some(bytes.get().read(0, BITS.wordSize()));
    }

    /// Writes a frame's number to an entry.
    ///
    /// | row | the entry         | outcome  |
    /// |-----|-------------------|----------|
    /// | a   | cannot be written | `EFAULT` |
    /// | b   | can be written    | written  |
    @Clause(
            value = "mm.extent-list.write",
            rows = {"a", "b"},
            covers = {"DIR-1"})
    static Step write(Step at, GuestAddress list, long index, Mfn mfn) {
        GuestAddress place = FrameList.entry(list, index, BITS);
        return writable(at, place, BITS.wordSize())
                ? at.reply(place, BITS.wordSize(), mfn.value()).row("mm.extent-list.write/b")
                : at.refuse("mm.extent-list.write/a", EFAULT);
    }

    /// Whether the caller's memory can be written there. Nothing can be written anywhere.
    static boolean writable(Step at, GuestAddress place, int bytes) {
        return bytes == 0 || (GuestAddresses.ok(place) && at.guest().writable(place, bytes));
    }
}
