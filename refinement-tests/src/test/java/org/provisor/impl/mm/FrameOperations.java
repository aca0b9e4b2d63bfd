// SPDX-License-Identifier: Apache-2.0
package org.provisor.impl.mm;

/// What only memory management itself does with frames, opened to tests of single frames.
public final class FrameOperations {

    private FrameOperations() {}

    /// Drops a general reference.
    public static void put(final Host host, final long mfn) {
        host.put(mfn);
    }

    /// Drops a general reference, and leaves it at that if it was the last.
    ///
    /// @return whether it was
    public static boolean dropped(final FrameTable frames, final long mfn) {
        return frames.dropped(mfn);
    }

    /// Drops the owner's allocation. The caller holds a reference of its own.
    public static void release(final Host host, final long mfn) {
        host.frames.release(mfn);
    }

    /// Takes a frame out of a domain's hands that nobody uses.
    public static boolean steal(final Host host, final Domain domain, final long mfn) {
        return DomainFrames.steal(host, domain, mfn);
    }

    public static boolean lock(final FrameTable frames, final long mfn) {
        return frames.lock(mfn);
    }

    public static void unlock(final FrameTable frames, final long mfn) {
        frames.unlock(mfn);
    }

    /// Replaces the type word without a look at what it was.
    public static void setType(final FrameTable frames, final long mfn, final long now) {
        frames.setType(mfn, now);
    }

    /// A frame that nobody uses any more is a domain's again, as allocated.
    public static void restart(final FrameTable frames, final long mfn, final int owner) {
        frames.assign(mfn, owner, false);
    }
}
