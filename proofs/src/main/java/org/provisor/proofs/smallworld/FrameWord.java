// SPDX-License-Identifier: Apache-2.0
package org.provisor.proofs.smallworld;

import org.provisor.spec.abi.Domid;
import org.provisor.spec.state.Contents;
import org.provisor.spec.state.Frame;
import org.provisor.spec.state.PageType;
import org.provisor.spec.state.Table;
import org.provisor.spec.state.TypeUse;
import org.provisor.spec.state.Validity;

/// A frame in a long.
///
/// ```text
///   55   54      53    52   51  46 45   44     42 41     40    39 38 33 32 30 29 24 23
///  +----+-------+-----+----+------+----+---------+------+--------+-----+-----+-----+---------+
///  |next|visited|stale|roM2|linear|held|validated|pinned|validity|count|type |refs |allocated|
///  +----+-------+-----+----+------+----+---------+------+--------+-----+-----+-----+---------+
///   22 21  20    19                0
///  +------+-----+-------------------+
///  |owner |known| 4 slots of 5 bits |   slot: target 4..2, writable 1, present 0
///  +------+-----+-------------------+
/// ```
///
/// `visited` says whether the guest's teardown is done with the frame in its present stage. `next`,
/// which is not in the machine, says that it was interrupted at the frame and goes on there: Xen
/// puts the frame back at the head of its list. Only the targets of the slots change when frames
/// are renumbered.
@SuppressWarnings("EnumOrdinal") // The values of an enum are numbered in the order of Xen's.
final class FrameWord {

    static final int SLOT_BITS = 5;
    static final int TARGET_SHIFT = 2;
    static final int TARGET_MASK = 7;
    static final int SLOTS_BITS = WorldSize.MAX_SLOTS * SLOT_BITS;

    static final long PRESENT = 1;
    static final long WRITABLE = 2;
    static final long KNOWN = 1L << 20;
    static final long ALLOCATED = 1L << 23;
    static final long PINNED = 1L << 41;
    static final long HELD = 1L << 45;
    static final long RO_M2P = 1L << 52;
    static final long STALE = 1L << 53;
    static final long VISITED = 1L << 54;
    static final long NEXT = 1L << 55;

    /// What is not in the frame itself.
    static final long OF_TEARDOWN = VISITED | NEXT;

    /// The owner of the guest's frames.
    static final int GUESTS = 2;

    private static final int OWNER = 21;
    private static final int REFS = 24;
    private static final int TYPE = 30;
    private static final int COUNT = 33;
    private static final int VALIDITY = 39;
    private static final int VALIDATED = 42;
    private static final int LINEAR = 46;
    private static final int LINEAR_BIAS = 32;
    private static final int SIX_BITS = 63;

    private static final PageType[] TYPES = PageType.values();
    private static final Validity[] VALIDITIES = Validity.values();

    private FrameWord() {}

    /// The word of a frame, without what is of the teardown.
    ///
    /// @throws EncodingException if a value does not fit
    static long of(final Frame frame, final int slots, final int frames) {
        final TypeUse use = frame.use();
        final Table table = use.table();
        fits(!frame.special(), "frame is special");
        fits(!use.xenL2(), "frame carries Xen's mappings");
        fits(frame.m2p() == Frame.INVALID_M2P, "machine-to-physical entry");
        return contents(use, slots, frames)
                | (long) owner(frame.owner()) << OWNER
                | flag(frame.allocated(), ALLOCATED)
                | within(frame.refs(), SIX_BITS, "references") << REFS
                | (long) use.type().ordinal() << TYPE
                | within(use.count(), SIX_BITS, "type count") << COUNT
                | (long) use.validity().ordinal() << VALIDITY
                | flag(use.pinned(), PINNED)
                | within(table.validated(), slots, "validated slots") << VALIDATED
                | flag(table.partialEntry(), HELD)
                | within(table.linear() + LINEAR_BIAS, SIX_BITS, "linear count") << LINEAR
                | flag(table.roM2p(), RO_M2P)
                | flag(frame.stale(), STALE);
    }

    /// The frame of a word.
    static Frame frame(final long word, final int slots) {
        final Table table =
                table(
                        new Table(
                                contents(word, slots),
                                (int) (word >> VALIDATED & 7),
                                (word & HELD) != 0,
                                (int) (word >> LINEAR & SIX_BITS) - LINEAR_BIAS,
                                (word & RO_M2P) != 0));
        final TypeUse use =
                new TypeUse(
                        type(word),
                        false,
                        word >> COUNT & SIX_BITS,
                        VALIDITIES[(int) (word >> VALIDITY & 3)],
                        (word & PINNED) != 0,
                        table);
        return new Frame(
                owner((int) (word >> OWNER & 3)),
                word >> REFS & SIX_BITS,
                (word & ALLOCATED) != 0,
                false,
                use,
                Frame.INVALID_M2P,
                (word & STALE) != 0);
    }

    /// 0 for nobody, 1 for the control domain, 2 for the guest.
    static int ownerOf(final long word) {
        return (int) (word >> OWNER & 3);
    }

    /// Whether the guest's teardown has yet to visit the frame.
    static boolean toVisit(final long word) {
        return ownerOf(word) == GUESTS && (word & VISITED) == 0;
    }

    /// Whether the frame can be given by the allocator.
    static boolean isFree(final long word) {
        return ownerOf(word) == 0;
    }

    /// The word with frame `i` called `name[i]` in its slots.
    static long renumbered(final long word, final int[] name) {
        if ((word & KNOWN) == 0) {
            return word;
        }
        long now = word;
        for (int at = 0; at < SLOTS_BITS; at += SLOT_BITS) {
            if ((word >> at & PRESENT) != 0) {
                final long target = name[target(word, at)];
                now &= ~((long) TARGET_MASK << (at + TARGET_SHIFT));
                now |= target << (at + TARGET_SHIFT);
            }
        }
        return now;
    }

    /// The frame that the present slot at bit `at` leads to.
    static int target(final long word, final int at) {
        return (int) (word >> (at + TARGET_SHIFT)) & TARGET_MASK;
    }

    private static PageType type(final long word) {
        return TYPES[(int) (word >> TYPE & 7)];
    }

    private static Table table(final Table table) {
        return table.equals(Table.NONE) ? Table.NONE : table;
    }

    private static long contents(final TypeUse use, final int slots, final int frames) {
        final Contents contents = use.table().contents();
        if (!contents.known()) {
            return 0;
        }
        fits(contents.slots() == slots, "slots in a frame");
        long bits = KNOWN;
        for (int slot = 0; slot < slots; slot++) {
            bits |= entry(contents.word(slot), use.type(), frames) << (slot * SLOT_BITS);
        }
        return bits;
    }

    private static long entry(final long word, final PageType type, final int frames) {
        if (word == 0) {
            return 0;
        }
        final long frame = word >> 12 & TARGET_MASK;
        final boolean writable = (word & 2) != 0;
        final long plain = Entries.of((int) frame, writable);
        final long expected = type == PageType.L1 ? Entries.checkedL1(plain) : plain;
        fits(word == expected && frame <= frames, "an entry of a table");
        return frame << TARGET_SHIFT | (writable ? WRITABLE : 0) | PRESENT;
    }

    private static Contents contents(final long word, final int slots) {
        if ((word & KNOWN) == 0) {
            return Contents.OF_GUEST;
        }
        final long[] words = new long[slots];
        for (int slot = 0; slot < slots; slot++) {
            final int at = slot * SLOT_BITS;
            if ((word >> at & PRESENT) != 0) {
                final long plain = Entries.of(target(word, at), (word >> at & WRITABLE) != 0);
                words[slot] = type(word) == PageType.L1 ? Entries.checkedL1(plain) : plain;
            }
        }
        return Contents.of(words);
    }

    private static int owner(final Domid owner) {
        return switch (owner.value()) {
            case 0 -> 1;
            case 1 -> GUESTS;
            default -> {
                fits(owner.equals(Domid.INVALID), "owner of a frame");
                yield 0;
            }
        };
    }

    private static Domid owner(final int code) {
        return switch (code) {
            case 1 -> SmallWorld.CONTROL;
            case GUESTS -> SmallWorld.GUEST;
            default -> Domid.INVALID;
        };
    }

    static long flag(final boolean set, final long bit) {
        return set ? bit : 0;
    }

    static long within(final long value, final long most, final String what) {
        fits(value >= 0 && value <= most, what);
        return value;
    }

    static void fits(final boolean fits, final String what) {
        if (!fits) {
            throw new EncodingException(what);
        }
    }
}
