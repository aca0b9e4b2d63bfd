// SPDX-License-Identifier: Apache-2.0
package org.provisor.spec.state;

/// What is known of a frame whose contents the hypervisor has checked or is checking.
///
/// @param contents the words; {@link Contents#OF_GUEST} while the frame is nothing special
/// @param validated while {@link Validity#PARTIAL}: entries before this slot hold their references
/// @param partialEntry while {@link Validity#PARTIAL}: the entry at `validated` holds one general
///   reference, and its frame may itself be partial
/// @param linear positive: how many entries here refer to another table of the same level;
///   negative: how many such entries elsewhere refer to this table
/// @param roM2p root tables: whether slot 256 shows the guest the machine-to-physical table
/// @xen xen/arch/x86/include/asm/mm.h, struct page_info, nr_validated_ptes to linear_pt_count
public record Table(
        Contents contents, int validated, boolean partialEntry, int linear, boolean roM2p) {

    /// Nothing is known.
    public static final Table NONE = new Table(Contents.OF_GUEST, 0, false, 0, false);

    /// A table about to be checked from its first entry on.
    public static Table fresh(Contents contents) {
        return new Table(contents, 0, false, 0, false);
    }

    public Table withContents(Contents now) {
        return new Table(now, validated, partialEntry, linear, roM2p);
    }

    /// The same table with its progress set.
    public Table at(int slot, boolean entryHeld) {
        return new Table(contents, slot, entryHeld, linear, roM2p);
    }

    public Table withLinear(int count) {
        return new Table(contents, validated, partialEntry, count, roM2p);
    }

    public Table withRoM2p(boolean shown) {
        return shown == roM2p ? this : new Table(contents, validated, partialEntry, linear, shown);
    }
}
