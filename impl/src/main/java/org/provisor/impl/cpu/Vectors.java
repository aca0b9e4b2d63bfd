// SPDX-License-Identifier: Apache-2.0
package org.provisor.impl.cpu;

/// Vectors of exceptions.
///
/// @sdm 3A, "Exception and Interrupt Reference"
public final class Vectors {

    /// Divide error.
    public static final int DE = 0;

    /// Debug.
    public static final int DB = 1;

    /// Breakpoint.
    public static final int BP = 3;

    /// Overflow.
    public static final int OF = 4;

    /// Bound range exceeded.
    public static final int BR = 5;

    /// Invalid opcode.
    public static final int UD = 6;

    /// Device not available.
    public static final int NM = 7;

    /// Invalid task-state segment.
    public static final int TS = 10;

    /// Segment not present.
    public static final int NP = 11;

    /// Stack fault.
    public static final int SS = 12;

    /// General protection.
    public static final int GP = 13;

    /// Page fault.
    public static final int PF = 14;

    /// x87 floating-point exception.
    public static final int MF = 16;

    /// Alignment check.
    public static final int AC = 17;

    /// SIMD floating-point exception.
    public static final int XM = 19;

    private Vectors() {}
}
