// SPDX-License-Identifier: Apache-2.0
package org.provisor.impl.memory;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;

/// Which frames of a machine are free, and how many of them are kept back for somebody.
///
/// After the same calls in the same order, the frames given are the same.
///
/// All methods may be called by several threads; a short lock makes each of them atomic.
///
/// @xen xen/common/page_alloc.c, alloc_heap_pages, free_heap_pages
public final class FrameAllocator implements FrameSource {

    /// In place of a frame number: no frame.
    public static final long NONE = FreeFrames.NONE;

    private static final VarHandle LOCK;
    private static final VarHandle FREE;
    private static final VarHandle CLAIMED;

    static {
        try {
            final MethodHandles.Lookup lookup = MethodHandles.lookup();
            LOCK = lookup.findVarHandle(FrameAllocator.class, "lock", int.class);
            FREE = lookup.findVarHandle(FrameAllocator.class, "freeFrames", long.class);
            CLAIMED = lookup.findVarHandle(FrameAllocator.class, "claimed", long.class);
        } catch (ReflectiveOperationException e) {
            throw new ExceptionInInitializerError(e);
        }
    }

    /// How often to look at the lock before letting another thread run.
    private static final int PATIENCE = 1 << 10;

    private final MachineMemory memory;
    private final long frames;
    private final FreeFrames free;

    /// 1 for each frame that was given to somebody. It is changed by whoever has the frame.
    private final byte[] used;

    /// Both are changed with the lock held, and so that anybody may look.
    private long freeFrames;

    private long claimed;

    @SuppressWarnings("unused") // by LOCK
    private volatile int lock;

    /// An allocator for frames of `memory` with none free: what it shall give has to be freed
    /// first.
    public FrameAllocator(final MachineMemory memory) {
        this.memory = memory;
        frames = memory.frames();
        used = new byte[Math.toIntExact(frames)];
        free = new FreeFrames(frames);
    }

    /// Takes 2<sup>`order`</sup> free frames, aligned to their number. What is in them is not for
    /// the eyes of who gets them: see [#scrub].
    ///
    /// @param order 0 to 62
    /// @param frameBits how many bits the frames' numbers may have, 0 to 62
    /// @param claim how many frames are kept back for this request: if it is for more, those kept
    ///   back are not touched
    /// @return the first of them, or [#NONE] if there are none to be had; a single frame is to be
    ///   had if any that will do is free and not kept back
    @Override
    public long allocate(final int order, final int frameBits, final long claim) {
        final long wanted = 1L << order;
        lock();
        try {
            final long left = freeFrames - wanted;
            if (left < 0 || (left < claimed && claim < wanted)) {
                return NONE;
            }
            final long first = free.take(order, 1L << frameBits);
            if (first != NONE) {
                FREE.setRelease(this, left);
            }
            return first;
        } finally {
            unlock();
        }
    }

    /// Fills frames that were allocated and not given to anybody yet with zeros, unless they are as
    /// new. To be done when nobody can write to them any more through a translation from before.
    public void scrub(final long first, final long count) {
        for (long mfn = first; mfn < first + count; mfn++) {
            if (used[(int) mfn] != 0) {
                memory.clear(mfn);
            } else {
                used[(int) mfn] = 1;
            }
        }
    }

    /// Makes a run of frames free: any that were allocated, or that never were and are as new.
    ///
    /// @throws IllegalArgumentException if not all of them exist
    public void free(final long first, final long count) {
        if (first < 0 || count < 0 || count > frames - first) {
            throw new IllegalArgumentException(count + " frames from " + first + " on");
        }
        final long end = first + count;
        lock();
        try {
            FREE.setRelease(this, freeFrames + count);
            long at = first;
            while (at < end) {
                final int order = FreeFrames.largest(at, end - at);
                free.give(at, order);
                at += 1L << order;
            }
        } finally {
            unlock();
        }
    }

    /// How many frames are free, those kept back among them.
    public long freeFrames() {
        return (long) FREE.getAcquire(this);
    }

    /// How many frames are kept back for somebody.
    public long claimed() {
        return (long) CLAIMED.getAcquire(this);
    }

    /// Keeps `more` frames more back, or fewer if it is negative.
    public void addClaimed(final long more) {
        lock();
        try {
            CLAIMED.setRelease(this, claimed + more);
        } finally {
            unlock();
        }
    }

    /// Keeps `more` frames back, if so many (unsigned) are free and not kept back.
    ///
    /// @return whether they are
    public boolean tryClaim(final long more) {
        lock();
        try {
            final long left = freeFrames - claimed;
            if (left < 0 || Long.compareUnsigned(more, left) > 0) {
                return false;
            }
            CLAIMED.setRelease(this, claimed + more);
            return true;
        } finally {
            unlock();
        }
    }

    @SuppressWarnings("ThreadPriorityCheck") // whoever has the lock may wait for this processor
    private void lock() {
        int tries = 0;
        while (!LOCK.compareAndSet(this, 0, 1)) {
            while (lock != 0) {
                tries++;
                if (tries % PATIENCE == 0) {
                    Thread.yield();
                } else {
                    Thread.onSpinWait();
                }
            }
        }
    }

    private void unlock() {
        LOCK.setRelease(this, 0);
    }
}
