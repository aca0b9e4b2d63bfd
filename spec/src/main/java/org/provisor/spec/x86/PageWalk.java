// SPDX-License-Identifier: Apache-2.0
package org.provisor.spec.x86;

import static org.provisor.spec.x86.Access.FAULT_PRESENT;
import static org.provisor.spec.x86.Access.FAULT_RESERVED;

import io.vavr.collection.List;
import io.vavr.control.Option;

import org.provisor.spec.abi.Mfn;
import org.provisor.spec.notation.Clause;
import org.provisor.spec.x86.Access.Kind;
import org.provisor.spec.x86.Walked.Mark;

/// How the processor finds the memory behind a linear address: through four levels of tables.
///
/// `CR0.WP` and `EFER.NXE` are set; `SMEP`, `SMAP` and protection keys are off; there are pages of
/// 1 GiB.
///
/// @sdm 3A, "4-Level Paging and 5-Level Paging"
public final class PageWalk {

    private static final int LEVELS = 4;

    /// Bit 12 of an entry that maps a large page: it chooses a memory type.
    private static final long LARGE_PAT = 1L << 12;

    private PageWalk() {}

    /// An entry that the walk has used.
    private record Used(Mfn table, int slot, int level, Pte entry) {}

    /// Walks the tables from `root`.
    ///
    /// | row | the walk                                        | outcome                 |
    /// |-----|-------------------------------------------------|-------------------------|
    /// | a   | is of an address that is not canonical          | none is made            |
    /// | b   | comes to a frame that is not known              | unknown                 |
    /// | c   | comes to an entry that is not present           | a fault, P clear        |
    /// | d   | comes to an entry with a reserved bit set       | a fault, P and RSVD set |
    /// | e   | is for user mode, and an entry is not for users | a fault, P set          |
    /// | f   | is for a write, and an entry forbids writing    | a fault, P set          |
    /// | g   | is for a fetch, and an entry forbids fetching   | a fault, P set          |
    /// | h   | is any other                                    | a translation           |
    ///
    /// Rows b to d are asked entry by entry, rows e to g at the end: a right that an upper entry
    /// lacks does not hide what is wrong below. W, U and I of the error code say what was tried.
    ///
    /// @param physicalBits how wide a physical address is: 36 to 52
    /// @sdm 3A, "Linear-Address Translation with 4-Level Paging and 5-Level Paging"
    /// @sdm 3A, "Access Rights"
    /// @sdm 3A, "Page-Fault Exceptions"
    @Clause(
            value = "x86.walk",
            rows = {"a", "b", "c", "d", "e", "f", "g", "h"})
    public static Walked walk(
            Tables tables, Mfn root, LinearAddress address, Access access, int physicalBits) {
        if (!address.canonical()) {
            return new Walked.NotCanonical("x86.walk/a");
        }
        List<Used> path = List.empty();
        Mfn table = root;
        for (int level = LEVELS; level >= 1; level--) {
            int slot = address.slot(level);
            Option<Long> word = tables.word(table, slot);
            if (word.isEmpty()) {
                return new Walked.Unknown("x86.walk/b", table);
            }
            Pte entry = new Pte(word.get());
            if (!entry.present()) {
                return fault("x86.walk/c", access, 0, path);
            }
            if (entry.has(reserved(level, entry, physicalBits))) {
                return fault("x86.walk/d", access, FAULT_PRESENT | FAULT_RESERVED, path);
            }
            path = path.prepend(new Used(table, slot, level, entry));
            if (level == 1 || entry.has(Pte.PAGE_SIZE)) {
                break;
            }
            table = entry.mfn();
        }
        return checked(address, access, path);
    }

    private static Walked checked(LinearAddress address, Access access, List<Used> path) {
        long all = -1L;
        long any = 0;
        for (Used used : path) {
            all &= used.entry().bits();
            any |= used.entry().bits();
        }
        boolean user = (all & Pte.USER) != 0;
        boolean writable = (all & Pte.WRITABLE) != 0;
        boolean executable = (any & Pte.NO_EXECUTE) == 0;
        if (access.user() && !user) {
            return fault("x86.walk/e", access, FAULT_PRESENT, path);
        }
        if (access.kind() == Kind.WRITE && !writable) {
            return fault("x86.walk/f", access, FAULT_PRESENT, path);
        }
        if (access.kind() == Kind.FETCH && !executable) {
            return fault("x86.walk/g", access, FAULT_PRESENT, path);
        }
        int level = path.head().level();
        long page = path.head().entry().bits() & Pte.FRAME_MASK & ~inPage(level);
        return new Walked.Mapped(
                "x86.walk/h",
                page | address.offset(level),
                level,
                writable,
                user,
                executable,
                marks(path, access.kind() == Kind.WRITE));
    }

    private static Walked fault(String row, Access access, int cause, List<Used> path) {
        return new Walked.Fault(row, cause | access.tried(), marks(path, false));
    }

    /// Finds the bits that the processor sets in the entries it used, uppermost first.
    ///
    /// | an entry that was used      | gets               |
    /// |-----------------------------|--------------------|
    /// | maps a page that is written | accessed and dirty |
    /// | is any other                | accessed           |
    ///
    /// An entry that has its bits gets nothing. An entry that is not present or has a reserved bit
    /// is not used; one that is used at two levels is named for both. After a fault, any of the
    /// accessed bits may have been set; no dirty bit is.
    ///
    /// @sdm 3A, "Accessed and Dirty Flags"
    @Clause("x86.walk.accessed-dirty")
    private static List<Mark> marks(List<Used> path, boolean written) {
        List<Mark> marks = List.empty();
        for (Used used : path) {
            boolean dirty = written && used.level() == path.head().level();
            long bits = dirty ? Pte.ACCESSED | Pte.DIRTY : Pte.ACCESSED;
            long missing = bits & ~used.entry().bits();
            if (missing != 0) {
                marks = marks.prepend(new Mark(used.table(), used.slot(), missing));
            }
        }
        return marks;
    }

    /// The bits that must be clear in a present entry: of the address those that the machine has
    /// not and those within a large page; at level 4 the page size.
    private static long reserved(int level, Pte entry, int physicalBits) {
        long beyond = Pte.FRAME_MASK & -(1L << physicalBits);
        if (level == LEVELS) {
            return beyond | Pte.PAGE_SIZE;
        }
        return level > 1 && entry.has(Pte.PAGE_SIZE)
                ? beyond | (inPage(level) & Pte.FRAME_MASK & ~LARGE_PAT)
                : beyond;
    }

    /// The address bits within a page that an entry of this level maps.
    private static long inPage(int level) {
        return new LinearAddress(-1L).offset(level);
    }
}
