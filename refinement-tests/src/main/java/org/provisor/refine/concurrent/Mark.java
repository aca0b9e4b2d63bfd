// SPDX-License-Identifier: Apache-2.0
package org.provisor.refine.concurrent;

import org.provisor.spec.abi.Mfn;
import org.provisor.spec.state.Frame;
import org.provisor.spec.state.Store;

/// A processor marks an entry that it walks through as accessed, or as dirty too, in one step that
/// changes nothing else; not one that is not present, or not in a table in use.
///
/// @param mfn of the table
/// @param bits what it sets
/// @sdm 3A, "Accessed and Dirty Flags"
record Mark(long mfn, int slot, long bits) {

    static final long ACCESSED = 1 << 5;
    static final long DIRTY = 1 << 6;

    private static final long PRESENT = 1;

    /// Where nothing was marked, in place of what stood there.
    static final long NOTHING = 0;

    /// What a processor that finds this does: whether it marks anything.
    boolean marks(long entry) {
        return (entry & PRESENT) != 0 && (entry & bits) != bits;
    }

    /// After the mark at a point of an order; the point itself if what stands there is not what the
    /// processor found.
    ///
    /// @param there what stands there at that point
    At after(At at, long there) {
        Mfn table = new Mfn(mfn);
        long now = there | bits;
        Frame frame = at.machine().frame(table);
        At marked = at.storing(new Store.Word(table, slot, now));
        return frame.table().contents().known()
                ? marked.with(
                        table,
                        frame.withTable(
                                frame.table()
                                        .withContents(frame.table().contents().with(slot, now))))
                : marked;
    }
}
