// SPDX-License-Identifier: Apache-2.0
package org.provisor.impl.mm;

import org.provisor.impl.Refines;
import org.provisor.impl.abi.DomainIds;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.util.Arrays;

/// One entry for each machine frame: two words that count its references, its owner, and what is
/// known of it while it is a page table.
///
/// The count word: who keeps the frame from being freed.
///
///     63        62      61 ... 57  56 ................ 0
///     allocated special     -      general references
///
/// The type word: what the frame is, and who keeps it so.
///
///     63 .. 61  60     59     58        57  56       55  54 ............ 0
///     type      locked pinned validated  -  partial   -  type references
///
/// A table with one type reference that is neither validated nor partial is being worked on: the
/// thread that made it so has the frame, and all others wait. A frame that is locked is validated;
/// the lock is one of its type references.
///
/// Words are changed by compare-and-exchange only, so that a change is seen whole or not at all.
///
/// @xen xen/arch/x86/include/asm/mm.h, struct page_info
public final class FrameTable {

    public static final long ALLOCATED = 1L << 63;
    public static final long SPECIAL = 1L << 62;

    /// The general references, and the most there can be.
    public static final long REFERENCES = (1L << 57) - 1;

    public static final int TYPE_SHIFT = 61;
    public static final long LOCKED = 1L << 60;
    public static final long PINNED = 1L << 59;
    public static final long VALIDATED = 1L << 58;
    public static final long PARTIAL = 1L << 56;

    /// The type references, and the most there can be.
    public static final long TYPE_REFERENCES = (1L << 55) - 1;

    /// The most that a table counts of linear entries in it or for it.
    static final int MAX_LINEAR = Short.MAX_VALUE;

    private static final VarHandle LONGS = MethodHandles.arrayElementVarHandle(long[].class);
    private static final VarHandle INTS = MethodHandles.arrayElementVarHandle(int[].class);

    private final long[] counts;
    private final long[] types;
    private final long[] stamps;
    private final char[] owners;
    private final int[] progress;
    private final int[] linear;

    /// A table for frames that are all free.
    FrameTable(final int frames) {
        counts = new long[frames];
        types = new long[frames];
        stamps = new long[frames];
        owners = new char[frames];
        progress = new int[frames];
        linear = new int[frames];
        Arrays.fill(owners, (char) DomainIds.INVALID);
    }

    public int size() {
        return counts.length;
    }

    public boolean exists(final long mfn) {
        return mfn >= 0 && mfn < counts.length;
    }

    // Looking.

    public long count(final long mfn) {
        return (long) LONGS.getAcquire(counts, (int) mfn);
    }

    public long type(final long mfn) {
        return (long) LONGS.getAcquire(types, (int) mfn);
    }

    public int owner(final long mfn) {
        return owners[(int) mfn];
    }

    /// The time of the processors' translations when the frame was last let go, see
    /// [org.provisor.impl.tlb.FlushClock].
    public long stamp(final long mfn) {
        return stamps[(int) mfn];
    }

    public static int typeOf(final long word) {
        return (int) (word >>> TYPE_SHIFT);
    }

    public static boolean is(final long word, final int type) {
        return word >>> TYPE_SHIFT == type;
    }

    // General references.

    /// Takes a general reference on an existing frame, whose ever it is: whoever wants one of a
    /// certain owner looks afterwards, see [Host#get]. The last reference that the count could hold
    /// is kept back for [#getMore].
    ///
    /// @return whether it was taken; not on frames that have no reference or the most there can be
    @Refines("mm.ref.get")
    boolean getAnybodys(final long mfn) {
        long seen = count(mfn);
        while (true) {
            final long held = seen & REFERENCES;
            if (held == 0 || held >= REFERENCES - 1) {
                return false;
            }
            final long witness = (long) LONGS.compareAndExchange(counts, (int) mfn, seen, seen + 1);
            if (witness == seen) {
                return true;
            }
            seen = witness;
        }
    }

    /// Takes one more general reference on a frame on which the caller holds one.
    public void getMore(final long mfn) {
        LONGS.getAndAdd(counts, (int) mfn, 1L);
    }

    /// Counts references that are held outside of memory management, on an idle frame that the
    /// caller has to itself: `references` general ones, `writable` of which hold it to that type
    /// too.
    public void holdOutside(final long mfn, final long references, final long writable) {
        LONGS.getAndAdd(counts, (int) mfn, references);
        setType(mfn, (long) PageType.WRITABLE << TYPE_SHIFT | VALIDATED | writable);
    }

    /// Drops a general reference.
    ///
    /// @return whether it was the last: the caller then has the frame to itself
    boolean dropped(final long mfn) {
        return ((long) LONGS.getAndAdd(counts, (int) mfn, -1L) & REFERENCES) == 1;
    }

    /// Drops the owner's allocation, if it is still there. The caller holds a reference of its own.
    @Refines("mm.ref.release")
    void release(final long mfn) {
        long seen = count(mfn);
        while (seen < 0) {
            final long witness =
                    (long)
                            LONGS.compareAndExchange(
                                    counts, (int) mfn, seen, (seen & ~ALLOCATED) - 1);
            if (witness == seen) {
                return;
            }
            seen = witness;
        }
    }

    /// Takes the allocation of a frame, if that is its only reference. Nobody can refer to the
    /// frame then.
    ///
    /// @return whether it was taken; not on frames of others, or that Xen shares
    boolean seized(final long mfn, final int owner) {
        if (owner(mfn) != owner
                || !LONGS.compareAndSet(counts, (int) mfn, ALLOCATED | 1, SPECIAL)) {
            return false;
        }
        if (owner(mfn) == owner) {
            return true;
        }
        // Freed and given to somebody else in between.
        unseize(mfn);
        return false;
    }

    /// The frame stays its owner's, as it was before it was seized.
    void unseize(final long mfn) {
        LONGS.setRelease(counts, (int) mfn, ALLOCATED | 1);
    }

    /// Makes a frame that was seized nobody's. It is on its way from one owner to another then, and
    /// not free.
    void unown(final long mfn) {
        begin(mfn, DomainIds.INVALID, SPECIAL, 0);
    }

    /// In a list of frames that are nobody's: the frame before this one, or -1.
    long next(final long mfn) {
        return linear[(int) mfn];
    }

    /// Appends a frame that is nobody's to a list of such frames.
    ///
    /// @param last the last frame of the list, or -1
    void append(final long mfn, final long last) {
        linear[(int) mfn] = (int) last;
    }

    // Types.

    /// Replaces the type word.
    ///
    /// @return what stood there: `seen` if it was replaced
    long replaceType(final long mfn, final long seen, final long now) {
        return (long) LONGS.compareAndExchange(types, (int) mfn, seen, now);
    }

    /// Sets the type word of a frame that the caller has to itself, and that nobody else holds to
    /// its type.
    void setType(final long mfn, final long now) {
        LONGS.setRelease(types, (int) mfn, now);
    }

    /// Ends that the caller has a frame to itself: [#VALIDATED] or [#PARTIAL]. Of a dying domain's
    /// table others may hold type references meanwhile, and let go of them.
    void publish(final long mfn, final long validity) {
        LONGS.getAndBitwiseOr(types, (int) mfn, validity);
    }

    /// Takes the lock of a frame that is validated and in use, waiting for whoever has it.
    ///
    /// @return whether it was taken
    @Refines("mm.page-lock")
    boolean lock(final long mfn) {
        int looks = 0;
        long seen = type(mfn);
        while (true) {
            final long held = seen & TYPE_REFERENCES;
            if ((seen & VALIDATED) == 0 || held == 0 || held == TYPE_REFERENCES) {
                return false;
            }
            if ((seen & LOCKED) != 0) {
                Waiting.aMoment(++looks);
                seen = type(mfn);
                continue;
            }
            final long witness = replaceType(mfn, seen, (seen | LOCKED) + 1);
            if (witness == seen) {
                return true;
            }
            seen = witness;
        }
    }

    void unlock(final long mfn) {
        LONGS.getAndAdd(types, (int) mfn, -(LOCKED + 1));
    }

    // What is known of a table.

    /// The first entry, counted from 0, that holds nothing yet.
    public int validatedEntries(final long mfn) {
        return progress[(int) mfn] >> 1;
    }

    /// Whether the entry after those validated holds a general reference.
    public boolean partialEntry(final long mfn) {
        return (progress[(int) mfn] & 1) != 0;
    }

    void setProgress(final long mfn, final int entries, final boolean partialEntry) {
        progress[(int) mfn] = entries << 1 | (partialEntry ? 1 : 0);
    }

    /// Positive: how many entries of the table lead to others of its level; negative: how many such
    /// entries elsewhere lead to it.
    public int linear(final long mfn) {
        return (int) INTS.getAcquire(linear, (int) mfn);
    }

    boolean replaceLinear(final long mfn, final int seen, final int now) {
        return INTS.compareAndSet(linear, (int) mfn, seen, now);
    }

    void addLinear(final long mfn, final int change) {
        INTS.getAndAdd(linear, (int) mfn, change);
    }

    /// Nothing is known of a table that the caller has to itself.
    void forget(final long mfn) {
        progress[(int) mfn] = 0;
        linear[(int) mfn] = 0;
    }

    void setStamp(final long mfn, final long time) {
        stamps[(int) mfn] = time;
    }

    // Owners.

    /// Gives a frame that the caller has to itself to a domain, as allocated.
    ///
    /// @param writable whether it is idle as writable, and not without any type
    void assign(final long mfn, final int owner, final boolean writable) {
        final long type = writable ? (long) PageType.WRITABLE << TYPE_SHIFT | VALIDATED : 0;
        begin(mfn, owner, ALLOCATED | 1, type);
    }

    /// Makes a frame that the caller has to itself one that Xen shares with a domain, or a
    /// device's.
    void share(final long mfn, final int owner, final boolean special) {
        begin(
                mfn,
                owner,
                ALLOCATED | (special ? SPECIAL : 0) | 1,
                (long) PageType.WRITABLE << TYPE_SHIFT | VALIDATED | 1);
    }

    /// Makes a frame that the caller has to itself Xen's own.
    void keep(final long mfn) {
        begin(mfn, DomainIds.XEN, SPECIAL, 0);
    }

    /// Makes a frame that the caller has to itself nobody's. It keeps its stamp.
    void disown(final long mfn) {
        begin(mfn, DomainIds.INVALID, 0, 0);
    }

    private void begin(final long mfn, final int owner, final long count, final long type) {
        forget(mfn);
        owners[(int) mfn] = (char) owner;
        LONGS.setRelease(types, (int) mfn, type);
        LONGS.setRelease(counts, (int) mfn, count);
    }
}
