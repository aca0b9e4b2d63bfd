// SPDX-License-Identifier: Apache-2.0
package org.provisor.refine.program;

import org.jspecify.annotations.Nullable;

/// A word of a program: a number, or a number plus that of a frame, shifted. A page-table entry is
/// flags plus a frame shifted by 12; so is a machine address. What number the frame has, each
/// subject knows.
///
/// @param base the number that is added
/// @param frame the frame, if one is meant
/// @param shift by how many bits the frame's number is shifted, 0 or 12
public record Operand(long base, @Nullable FrameName frame, int shift) {

    public static Operand of(long number) {
        return new Operand(number, null, 0);
    }

    /// The number of a frame.
    public static Operand number(FrameName frame) {
        return new Operand(0, frame, 0);
    }

    /// The machine address of a frame, or a page-table entry: `low` in the bits that are not the
    /// frame's.
    public static Operand address(FrameName frame, long low) {
        return new Operand(low, frame, 12);
    }

    /// The word, where the frames have these numbers.
    public long resolve(FrameNumbers numbers) {
        return frame == null ? base : base + (numbers.number(frame) << shift);
    }
}
