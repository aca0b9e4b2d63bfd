// SPDX-License-Identifier: Apache-2.0
package org.provisor.impl.jit;

import org.jspecify.annotations.Nullable;
import org.provisor.impl.cpu.FastMemory;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/// The regions that there are. A region is good for its address and the frames its pages were in:
/// an address space in which these pages are in the same frames uses the same region.
///
/// Regions are of two generations. When the younger is full the older goes as a whole, so that no
/// more than a bounded number is there and none has to be chosen. A write to a line of 64 bytes
/// that holds instructions of a region drops that region.
final class CodeCache {

    private static final int PAGE_SHIFT = 12;
    private static final int LINE_SHIFT = 6;

    private final int generation;

    /// By address: those of different frames.
    private final Map<Long, List<Region>> byEntry = new HashMap<>();

    private final Map<Long, Frame> byFrame = new HashMap<>();

    private List<Region> young = new ArrayList<>();
    private List<Region> old = new ArrayList<>();

    private long translated;
    private long instructions;
    private long evicted;
    private long overwritten;

    /// @param capacity how many regions at most
    CodeCache(final int capacity) {
        generation = Math.max(1, capacity / 2);
    }

    /// What a frame holds.
    private static final class Frame {

        private final List<Region> regions = new ArrayList<>();
        private long lines;
    }

    /// The region at an address, if there is one of the frames that its pages are in now.
    @Nullable Region find(final long rip, final FastMemory memory) {
        final List<Region> regions = byEntry.get(rip);
        if (regions == null) {
            return null;
        }
        for (final Region region : regions) {
            if (fits(region, memory)) {
                return region;
            }
        }
        return null;
    }

    /// Whether an address, which is not an entry, lies within a region.
    boolean covers(final long rip, final long frame, final FastMemory memory) {
        final Frame holding = byFrame.get(frame);
        if (holding != null) {
            for (final Region region : holding.regions) {
                if (region.covers(rip) && fits(region, memory)) {
                    return true;
                }
            }
        }
        return false;
    }

    private static boolean fits(final Region region, final FastMemory memory) {
        for (int i = 0; i < region.pages.length; i++) {
            if (memory.codeFrame(region.pages[i] << PAGE_SHIFT) != region.frames[i]) {
                return false;
            }
        }
        return true;
    }

    /// Takes a region in; its frames are watched.
    void add(final Region region) {
        if (young.size() >= generation) {
            for (final Region gone : old) {
                if (!gone.dropped) {
                    evicted++;
                    drop(gone);
                }
            }
            old = young;
            young = new ArrayList<>();
        }
        young.add(region);
        for (final long entry : region.entries) {
            byEntry.computeIfAbsent(entry, key -> new ArrayList<>(1)).add(region);
        }
        for (int i = 0; i < region.frames.length; i++) {
            final Frame frame = byFrame.computeIfAbsent(region.frames[i], key -> new Frame());
            frame.regions.add(region);
            frame.lines |= region.lines[i];
        }
        translated++;
        instructions += region.instructions;
    }

    private void drop(final Region region) {
        region.dropped = true;
        for (final long entry : region.entries) {
            final List<Region> same = byEntry.get(entry);
            if (same != null) {
                same.remove(region);
                if (same.isEmpty()) {
                    byEntry.remove(entry);
                }
            }
        }
        for (final long number : region.frames) {
            final Frame frame = byFrame.get(number);
            if (frame != null) {
                frame.regions.remove(region);
                if (frame.regions.isEmpty()) {
                    byFrame.remove(number);
                } else {
                    frame.lines = linesOf(frame, number);
                }
            }
        }
    }

    private static long linesOf(final Frame frame, final long number) {
        long lines = 0;
        for (final Region region : frame.regions) {
            lines |= linesIn(region, number);
        }
        return lines;
    }

    private static long linesIn(final Region region, final long frame) {
        long lines = 0;
        for (int i = 0; i < region.frames.length; i++) {
            if (region.frames[i] == frame) {
                lines |= region.lines[i];
            }
        }
        return lines;
    }

    /// Drops what has instructions in bytes that have been written; they lie in one frame.
    ///
    /// @return whether anything was dropped
    boolean written(final long place, final long bytes) {
        final long number = place >>> PAGE_SHIFT;
        final Frame frame = byFrame.get(number);
        if (frame == null) {
            return false;
        }
        final int first = (int) (place >>> LINE_SHIFT) & Long.SIZE - 1;
        final int last = (int) ((place + bytes - 1) >>> LINE_SHIFT) & Long.SIZE - 1;
        final long lines = -1L << first & -1L >>> (Long.SIZE - 1 - last);
        if ((frame.lines & lines) == 0) {
            return false;
        }
        for (final Region region : List.copyOf(frame.regions)) {
            if ((linesIn(region, number) & lines) != 0) {
                overwritten++;
                drop(region);
            }
        }
        return true;
    }

    /// Whether a frame holds instructions of a region.
    boolean isUsed(final long frame) {
        return byFrame.containsKey(frame);
    }

    /// Drops everything.
    void clear() {
        for (final Region region : young) {
            region.dropped = true;
        }
        for (final Region region : old) {
            region.dropped = true;
        }
        young = new ArrayList<>();
        old = new ArrayList<>();
        byEntry.clear();
        byFrame.clear();
    }

    /// How many regions are there.
    int size() {
        int size = 0;
        for (final Region region : young) {
            size += region.dropped ? 0 : 1;
        }
        for (final Region region : old) {
            size += region.dropped ? 0 : 1;
        }
        return size;
    }

    long translated() {
        return translated;
    }

    long instructions() {
        return instructions;
    }

    long evicted() {
        return evicted;
    }

    long overwritten() {
        return overwritten;
    }
}
