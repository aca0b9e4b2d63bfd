// SPDX-License-Identifier: Apache-2.0
package org.provisor.refine.abstraction;

import org.provisor.impl.mm.FrameTable;
import org.provisor.impl.mm.Host;
import org.provisor.spec.abi.Domid;
import org.provisor.spec.state.Contents;
import org.provisor.spec.state.Frame;
import org.provisor.spec.state.PageType;
import org.provisor.spec.state.Table;
import org.provisor.spec.state.TypeUse;
import org.provisor.spec.state.Validity;

/// A frame of the machine: its words in the frame table, and of tables what stands in memory.
///
/// The count word and the type word change by compare-and-exchange, each as a whole; whatever is
/// said below of a field of theirs is protected by that. Not abstracted: the stamp, which is how
/// the implementation knows what {@link Frame#stale} says; that is a ghost.
public final class FrameAbstraction {

    private static final int SLOTS = 512;
    private static final int FIRST_XEN_SLOT = 256;
    private static final int LAST_XEN_SLOT = 271;

    private static final PageType[] TYPES = {
        PageType.NONE,
        PageType.L1,
        PageType.L2,
        PageType.L3,
        PageType.L4,
        PageType.SEG_DESC,
        PageType.SHARED,
        PageType.WRITABLE
    };

    /// Bits of the type word that mean nothing.
    private static final long UNUSED_TYPE_BITS = 1L << 57 | 1L << 55;

    /// Bits of the count word that mean nothing.
    private static final long UNUSED_COUNT_BITS = 0x1FL << 57;

    private FrameAbstraction() {}

    /// A frame, with this much known of translations of it.
    public static Frame frame(Host host, long mfn, boolean stale) {
        return new Frame(
                new Domid(owner(host, mfn)),
                references(host, mfn),
                allocated(host, mfn),
                special(host, mfn),
                use(host, mfn),
                machineToPhysical(host, mfn),
                stale);
    }

    // The count word, and whose the frame is.

    /// `Frame.owner`. Written before the count word makes the frame one that can be referred to,
    /// and changed again only when nobody refers to it; whoever holds a reference reads it right.
    /// I7, I20.
    public static int owner(Host host, long mfn) {
        return host.frames().owner(mfn);
    }

    /// `Frame.refs`: bits 56 to 0 of the count word. I1.
    public static long references(Host host, long mfn) {
        return host.frames().count(mfn) & FrameTable.REFERENCES;
    }

    /// `Frame.allocated`: bit 63 of the count word. Cleared once, together with the reference that
    /// it is. I1.
    public static boolean allocated(Host host, long mfn) {
        return (host.frames().count(mfn) & FrameTable.ALLOCATED) != 0;
    }

    /// `Frame.special`: bit 62 of the count word. Changes only while nobody else has the frame.
    /// I11.
    public static boolean special(Host host, long mfn) {
        return (host.frames().count(mfn) & FrameTable.SPECIAL) != 0;
    }

    /// `Frame.m2p`: the word of the frame in Xen's own first frames. The guest's word: whoever
    /// holds a reference may write it at any time, so that two writers leave what one of them
    /// wrote. No invariant but that of a free frame, I7.
    public static long machineToPhysical(Host host, long mfn) {
        return host.machineToPhysical(mfn);
    }

    // The type word.

    private static TypeUse use(Host host, long mfn) {
        return new TypeUse(
                type(host, mfn),
                false,
                typeReferences(host, mfn),
                validity(host, mfn),
                pinned(host, mfn),
                table(host, mfn));
    }

    /// `TypeUse.type`: bits 63 to 61 of the type word. Changes only while there is no type
    /// reference, together with the first. I2. `TypeUse.xenL2` is never set: there are no 32-bit
    /// guests.
    public static PageType type(Host host, long mfn) {
        return TYPES[FrameTable.typeOf(host.frames().type(mfn))];
    }

    /// `TypeUse.count`: bits 54 to 0 of the type word. I1.
    public static long typeReferences(Host host, long mfn) {
        return host.frames().type(mfn) & FrameTable.TYPE_REFERENCES;
    }

    /// `TypeUse.validity`: bits 58 and 56 of the type word, never both. While neither is set and
    /// there is one type reference, the frame is being worked on by the thread that made it so, and
    /// nothing of its table is for others to see. I5.
    public static Validity validity(Host host, long mfn) {
        long word = host.frames().type(mfn);
        return (word & FrameTable.VALIDATED) != 0
                ? Validity.VALIDATED
                : (word & FrameTable.PARTIAL) != 0 ? Validity.PARTIAL : Validity.UNCHECKED;
    }

    /// `TypeUse.pinned`: bit 59 of the type word. I1.
    public static boolean pinned(Host host, long mfn) {
        return (host.frames().type(mfn) & FrameTable.PINNED) != 0;
    }

    /// Whether the words say nothing that a frame at rest cannot be: bit 60 of the type word is the
    /// lock of whoever changes an entry, one that is both validated and partial is neither, and the
    /// bits without a meaning are clear.
    public static boolean atRest(Host host, long mfn) {
        long type = host.frames().type(mfn);
        long both = FrameTable.VALIDATED | FrameTable.PARTIAL;
        return (type & (FrameTable.LOCKED | UNUSED_TYPE_BITS)) == 0
                && (type & both) != both
                && (host.frames().count(mfn) & UNUSED_COUNT_BITS) == 0;
    }

    // What is known of a table.

    private static Table table(Host host, long mfn) {
        return new Table(
                contents(host, mfn),
                validatedEntries(host, mfn),
                partialEntry(host, mfn),
                linear(host, mfn),
                showsMachineToPhysical(host, mfn));
    }

    /// Whether the words of the frame are the hypervisor's to know: it is in use as a page table,
    /// or has been checked for descriptors. I5.
    public static boolean known(Host host, long mfn) {
        long word = host.frames().type(mfn);
        int type = FrameTable.typeOf(word);
        return TYPES[type].isPageTable()
                ? (word & FrameTable.TYPE_REFERENCES) != 0
                : TYPES[type] == PageType.SEG_DESC && (word & FrameTable.VALIDATED) != 0;
    }

    /// `Table.contents`. An entry of a table in use changes only by whoever has the frame's lock,
    /// or has the frame to itself while it is checked or taken apart; accessed and dirty bits by
    /// the processor. I1, I3.
    public static Contents contents(Host host, long mfn) {
        if (!known(host, mfn)) {
            return Contents.OF_GUEST;
        }
        long[] words = new long[SLOTS];
        for (int slot = 0; slot < SLOTS; slot++) {
            words[slot] = entry(host, mfn, slot);
        }
        return Contents.of(words);
    }

    /// A word of {@link Table#contents}. In slot 256 of a root, what shows the machine-to-physical
    /// table is not an entry of the guest's but {@link Table#roM2p}: it reads as zero.
    public static long entry(Host host, long mfn, int slot) {
        long word = host.memory().word((mfn << 12) + ((long) slot << 3));
        return slot == FIRST_XEN_SLOT
                        && word == host.machineToPhysicalEntry()
                        && type(host, mfn) == PageType.L4
                ? 0
                : word;
    }

    /// A word of the specification's contents, as [#entry] would have it. A root that is not
    /// checked yet may have anything in Xen's slots, also what would show the table.
    public static long specified(Host host, Frame frame, int slot) {
        long word = frame.table().contents().word(slot);
        return slot == FIRST_XEN_SLOT
                        && word == host.machineToPhysicalEntry()
                        && frame.use().type() == PageType.L4
                ? 0
                : word;
    }

    /// `Table.roM2p`: slot 256 of a root is what shows the machine-to-physical table. Changes as
    /// entries do.
    public static boolean showsMachineToPhysical(Host host, long mfn) {
        return type(host, mfn) == PageType.L4
                && known(host, mfn)
                && host.memory().word((mfn << 12) + FIRST_XEN_SLOT * 8L)
                        == host.machineToPhysicalEntry();
    }

    /// The specification's {@link Table#roM2p}, as [#showsMachineToPhysical] would have it.
    public static boolean specifiedToShow(Host host, Frame frame) {
        Table table = frame.table();
        return table.roM2p()
                || (frame.use().type() == PageType.L4
                        && table.contents().known()
                        && table.contents().word(FIRST_XEN_SLOT) == host.machineToPhysicalEntry());
    }

    /// Whether a slot of a root is Xen's.
    public static boolean isXenSlot(int slot) {
        return slot >= FIRST_XEN_SLOT && slot <= LAST_XEN_SLOT;
    }

    /// `Table.validated`. Written by whoever has the frame to itself, before the type word says
    /// partial; meaningless otherwise, and zero. I5.
    public static int validatedEntries(Host host, long mfn) {
        return host.frames().validatedEntries(mfn);
    }

    /// `Table.partialEntry`. Protected as the number of entries is. I5.
    public static boolean partialEntry(Host host, long mfn) {
        return host.frames().partialEntry(mfn);
    }

    /// `Table.linear`. Changes by compare-and-exchange; no invariant binds it to the type word
    /// within a step. I4.
    public static int linear(Host host, long mfn) {
        return host.frames().linear(mfn);
    }
}
