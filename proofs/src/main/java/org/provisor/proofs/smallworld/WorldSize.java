// SPDX-License-Identifier: Apache-2.0
package org.provisor.proofs.smallworld;

import org.provisor.refine.program.NamedProfile;

import java.util.Collections;
import java.util.EnumSet;
import java.util.Set;
import java.util.stream.Collectors;

/// How large the world is, and what can happen in it.
///
/// @param frames frames of memory besides frame 0, which is a device's
/// @param slots entries in a table
/// @param levels the highest level that frames are pinned at
/// @param linear whether tables may refer to tables of their own level
/// @param controlFrames how many frames are the control domain's at the start
/// @param freeFrames how many are free at the start; the rest are the guest's
/// @param groups what can happen
/// @param contents what a guest may have in a frame that is checked
/// @param reduced whether states that differ in the numbering of frames only are one
public record WorldSize(
        int frames,
        int slots,
        int levels,
        boolean linear,
        int controlFrames,
        int freeFrames,
        Set<Group> groups,
        GuestContents contents,
        boolean reduced) {

    /// The most frames.
    public static final int MAX_FRAMES = 7;

    /// The most slots.
    public static final int MAX_SLOTS = 4;

    /// The world that is explored unless another is asked for.
    public static final WorldSize STANDARD =
            of(4, 2, EnumSet.of(Group.PINS, Group.ENTRIES, Group.DEATH), GuestContents.EMPTY);

    public WorldSize {
        require(frames >= 1 && frames <= MAX_FRAMES, "frames must be 1 to " + MAX_FRAMES);
        require(slots >= 1 && slots <= MAX_SLOTS, "slots must be 1 to " + MAX_SLOTS);
        require(levels >= 1 && levels <= 4, "levels must be 1 to 4");
        require(
                controlFrames >= 0 && freeFrames >= 0 && controlFrames + freeFrames <= frames,
                "the control domain's and the free frames must be among the " + frames);
        require(!groups.isEmpty(), "some group of actions must be on");
        groups = Collections.unmodifiableSet(EnumSet.copyOf(groups));
    }

    /// So many frames and slots, with all levels and linear tables: one frame is the control
    /// domain's, one is free if memory can be taken and given back, the others are the guest's.
    public static WorldSize of(
            final int frames,
            final int slots,
            final Set<Group> groups,
            final GuestContents contents) {
        final int free = groups.contains(Group.RESERVATION) && frames > 2 ? 1 : 0;
        return new WorldSize(frames, slots, 4, true, 1, free, groups, contents, true);
    }

    /// The same with pins up to a level only.
    public WorldSize upTo(final int level) {
        return new WorldSize(
                frames, slots, level, linear, controlFrames, freeFrames, groups, contents, reduced);
    }

    /// The same without tables that refer to tables of their own level.
    public WorldSize withoutLinear() {
        return new WorldSize(
                frames, slots, levels, false, controlFrames, freeFrames, groups, contents, reduced);
    }

    /// The same in a profile of the specification.
    public WorldSize in(final NamedProfile profile) {
        return profile.rules().linearTables() ? this : withoutLinear();
    }

    /// The same with other owners at the start.
    public WorldSize owned(final int byControl, final int byNobody) {
        return new WorldSize(
                frames, slots, levels, linear, byControl, byNobody, groups, contents, reduced);
    }

    /// The same without the reduction by symmetry.
    public WorldSize unreduced() {
        return new WorldSize(
                frames, slots, levels, linear, controlFrames, freeFrames, groups, contents, false);
    }

    /// How many frames are the guest's at the start.
    public int guestFrames() {
        return frames - controlFrames - freeFrames;
    }

    /// How many vCPUs the guest has; the control domain has one.
    int guestVcpus() {
        return has(Group.SECOND) ? 2 : 1;
    }

    boolean has(final Group group) {
        return groups.contains(group);
    }

    /// The size in words, on one line.
    public String text() {
        return frames
                + " frames (d0 "
                + controlFrames
                + ", d1 "
                + guestFrames()
                + ", free "
                + freeFrames
                + "), "
                + slots
                + " slots, "
                + (levels == 4 ? "" : "pins up to level " + levels + ", ")
                + (linear ? "" : "no linear tables, ")
                + "groups "
                + groups.stream().map(Group::toString).collect(Collectors.joining(","))
                + ", contents "
                + contents
                + (reduced ? "" : ", not reduced");
    }

    private static void require(final boolean condition, final String message) {
        if (!condition) {
            throw new IllegalArgumentException(message);
        }
    }
}
