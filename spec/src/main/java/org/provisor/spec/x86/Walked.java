// SPDX-License-Identifier: Apache-2.0
package org.provisor.spec.x86;

import io.vavr.collection.List;

import org.provisor.spec.abi.Mfn;

/// How a walk ends.
public sealed interface Walked {

    /// The row of `x86.walk` that decided.
    String row();

    /// A translation.
    ///
    /// @param physical the byte
    /// @param level the level of the entry that maps it: 1 for a page of 4 KiB, 2 for 2 MiB, 3 for
    ///   1 GiB
    /// @param writable whether all entries let it be written
    /// @param user whether all entries let user mode use it
    /// @param executable whether all entries let it be fetched from
    /// @param marks what the processor sets in the entries
    record Mapped(
            String row,
            long physical,
            int level,
            boolean writable,
            boolean user,
            boolean executable,
            List<Mark> marks)
            implements Walked {}

    /// A page fault. Each of the marks may have been made or not.
    record Fault(String row, int errorCode, List<Mark> marks) implements Walked {}

    /// Neither a translation nor a page fault: the address is not canonical.
    record NotCanonical(String row) implements Walked {}

    /// The walk comes to a frame of which nothing is known.
    record Unknown(String row, Mfn table) implements Walked {}

    /// Bits that the processor sets in an entry.
    record Mark(Mfn table, int slot, long bits) {}
}
