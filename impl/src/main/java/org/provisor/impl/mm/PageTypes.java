// SPDX-License-Identifier: Apache-2.0
package org.provisor.impl.mm;

import static org.provisor.impl.abi.Errno.EINVAL;
import static org.provisor.impl.abi.Errno.ERESTART;
import static org.provisor.impl.mm.FrameTable.LOCKED;
import static org.provisor.impl.mm.FrameTable.PARTIAL;
import static org.provisor.impl.mm.FrameTable.TYPE_REFERENCES;
import static org.provisor.impl.mm.FrameTable.TYPE_SHIFT;
import static org.provisor.impl.mm.FrameTable.VALIDATED;

import org.provisor.impl.Refines;

/// Type references: what holds a frame to its type.
///
/// A thread that makes a type word say "one reference, neither validated nor partial" has the frame
/// to itself until it writes another word. It checks the contents, or takes them apart, meanwhile.
///
/// Methods return 0, a negated error number, or -[org.provisor.impl.abi.Errno#ERESTART] where they
/// stopped at a preemption check.
///
/// @xen xen/arch/x86/mm.c, _get_page_type, _put_page_type
public final class PageTypes {

    /// How often to look at a table of level 2 or above that another vCPU works on before the call
    /// is made again instead: that work can be long.
    private static final int LOOKS = 100;

    private PageTypes() {}

    /// Takes a type reference. The caller holds a general one.
    @Refines("mm.page-type.get")
    public static int get(final Vcpu by, final long mfn, final int wanted) {
        final FrameTable frames = by.host.frames;
        int looks = 0;
        long seen = frames.type(mfn);
        while (true) {
            final long held = seen & TYPE_REFERENCES;
            final long next;
            if (held == 0) {
                if (!FrameTable.is(seen, wanted) || (seen & VALIDATED) == 0) {
                    final long witness =
                            frames.replaceType(mfn, seen, (long) wanted << TYPE_SHIFT | 1);
                    if (witness == seen) {
                        forgetOther(by, mfn, wanted, seen);
                        return begin(by, mfn, wanted);
                    }
                    seen = witness;
                    continue;
                }
                next = seen + 1;
            } else if (held == TYPE_REFERENCES || !FrameTable.is(seen, wanted)) {
                return -EINVAL;
            } else if ((seen & VALIDATED) != 0) {
                next = seen + 1;
            } else if ((seen & PARTIAL) != 0) {
                final long witness = frames.replaceType(mfn, seen, seen & ~PARTIAL);
                if (witness == seen) {
                    return resume(by, mfn, wanted);
                }
                seen = witness;
                continue;
            } else {
                if (++looks > LOOKS && wanted > PageType.L1 && wanted <= PageType.L4) {
                    return -ERESTART;
                }
                Waiting.aMoment(looks);
                seen = frames.type(mfn);
                continue;
            }
            final long witness = frames.replaceType(mfn, seen, next);
            if (witness == seen) {
                return 0;
            }
            seen = witness;
        }
    }

    /// The frame has a new use, and the caller has it to itself. Whoever wrote to it through a
    /// translation made under the old type has done so before the contents are looked at.
    ///
    /// @param before the type word before that
    private static void forgetOther(
            final Vcpu by, final long mfn, final int wanted, final long before) {
        final FrameTable frames = by.host.frames;
        if (!FrameTable.is(before, wanted)) {
            final Domain owner = by.host.domain(frames.owner(mfn));
            if (owner != null) {
                by.host.clock.flush(
                        by.host.clock.notFlushedSince(owner.dirtyProcessors, frames.stamp(mfn)));
            }
        }
    }

    private static int begin(final Vcpu by, final long mfn, final int wanted) {
        final FrameTable frames = by.host.frames;
        frames.forget(mfn);
        if (!PageType.isChecked(wanted)) {
            frames.setType(mfn, (long) wanted << TYPE_SHIFT | VALIDATED | 1);
            return 0;
        }
        return Validation.validate(by, mfn, wanted);
    }

    private static int resume(final Vcpu by, final long mfn, final int type) {
        final int result = Validation.validate(by, mfn, type);
        by.host.put(mfn);
        return result;
    }

    /// Drops a type reference that no table entry holds.
    public static int put(final Vcpu by, final long mfn) {
        return put(by, mfn, false, Vcpu.NONE);
    }

    /// Drops a type reference.
    ///
    /// @param partialEntry whether the reference is that of an entry at which a check or a teardown
    ///   stopped; there is none if its frame is not partial, or is so by force and others hold it
    /// @param container the table of the entry that held the reference, or [Vcpu#NONE]; the caller
    ///   has it to itself
    @Refines("mm.page-type.put")
    static int put(
            final Vcpu by, final long mfn, final boolean partialEntry, final long container) {
        final FrameTable frames = by.host.frames;
        int looks = 0;
        boolean counted = container == Vcpu.NONE;
        long seen = frames.type(mfn);
        while (true) {
            final long held = seen & TYPE_REFERENCES;
            if (partialEntry && ((seen & PARTIAL) == 0 || held > 1)) {
                return 0;
            }
            if (held == 1 && isOpen(seen)) {
                // Taken apart by force, and nobody else has it.
                final int type = FrameTable.typeOf(seen);
                dropLinear(by, mfn, type, counted ? Vcpu.NONE : container);
                letGo(by, mfn, type);
                return 0;
            }
            final long next;
            if (held == 1) {
                next = seen & ~(VALIDATED | PARTIAL);
            } else if (held == 2 && (seen & LOCKED) != 0) {
                // The lock must not be the last reference: unlocking takes nothing apart.
                Waiting.aMoment(++looks);
                seen = frames.type(mfn);
                continue;
            } else if (held == 0) {
                throw new IllegalStateException("no type reference to drop: frame " + mfn);
            } else {
                if (!counted) {
                    // Without the reference, the table could be another one.
                    dropLinear(by, mfn, FrameTable.typeOf(seen), container);
                    counted = true;
                }
                next = seen - 1;
            }
            final long witness = frames.replaceType(mfn, seen, next);
            if (witness == seen) {
                return held == 1 ? last(by, mfn, seen, counted ? Vcpu.NONE : container) : 0;
            }
            seen = witness;
        }
    }

    /// Whether a page table's entries are not all known to hold anything, or to hold nothing.
    private static boolean isOpen(final long word) {
        return PageType.isTable(FrameTable.typeOf(word)) && (word & (VALIDATED | PARTIAL)) == 0;
    }

    /// Drops the last type reference of a frame that the caller has to itself.
    ///
    /// @param before the type word before that
    private static int last(
            final Vcpu by, final long mfn, final long before, final long container) {
        final int type = FrameTable.typeOf(before);
        if (PageType.isTable(type)) {
            if ((before & VALIDATED) != 0) {
                dropLinear(by, mfn, type, container);
            }
            return Demotion.last(by, mfn, type, (before & PARTIAL) != 0);
        }
        // All who let go of it have done so by now.
        by.host.frames.setStamp(mfn, by.host.clock.now());
        by.host.frames.setType(mfn, before - 1);
        return 0;
    }

    private static void dropLinear(
            final Vcpu by, final long mfn, final int type, final long container) {
        if (container != Vcpu.NONE && FrameTable.is(by.host.frames.type(container), type)) {
            LinearTables.drop(by, mfn, container);
        }
    }

    /// A table that the caller has to itself is nobody's any more; its contents are the guest's.
    static void letGo(final Vcpu by, final long mfn, final int type) {
        final FrameTable frames = by.host.frames;
        if (type > PageType.L1) {
            UnfinishedTeardown.forget(by, mfn);
        }
        frames.forget(mfn);
        frames.setStamp(mfn, by.host.clock.now());
        frames.setType(mfn, (long) type << TYPE_SHIFT);
    }

    /// Drops a type and a general reference that no table entry holds. When preempted both are
    /// kept, the type reference by the frame's being partial.
    static int putBoth(final Vcpu by, final long mfn) {
        final int result = put(by, mfn);
        if (result == 0) {
            by.host.put(mfn);
        }
        return result;
    }

    /// Takes a general and a type reference, for a table entry or a root.
    ///
    /// @param owner the domain that must own the frame
    /// @param held whether the entry holds a general reference from an earlier attempt
    /// @param remember whether the caller records where it stopped, with the general reference
    @Refines("mm.page-type.get-with-reference")
    static int getBoth(
            final Vcpu by,
            final long mfn,
            final int owner,
            final int wanted,
            final boolean held,
            final boolean remember) {
        if (!held && !by.host.get(mfn, owner)) {
            return -EINVAL;
        }
        final int result = get(by, mfn, wanted);
        if (result == 0 || held || by.oldTable == mfn || (remember && result == -ERESTART)) {
            return result;
        }
        by.host.put(mfn);
        return result;
    }
}
