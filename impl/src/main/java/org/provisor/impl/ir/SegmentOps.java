// SPDX-License-Identifier: Apache-2.0
package org.provisor.impl.ir;

/// Micro-operations on segments, with numbers between those of [MicroOps] and [SimdOps]; what they
/// do is in [Segments]. Segment registers have the numbers that instructions give them.
public final class SegmentOps {

    public static final int FIRST = 112;

    /// `d` = the selector in segment register `immediate`.
    public static final int SELECTOR = FIRST;

    /// Loads the selector `a` into segment register `immediate`, not CS; #GP, #NP, #SS, #PF.
    public static final int LOAD_SEGMENT = FIRST + 1;

    /// #GP, #NP or #PF unless code may go on at `a` in the segment of selector `b`; `immediate` not
    /// 0: to return there. Leaves the engine where that is code of 16 bits.
    public static final int FAR_CHECK = FIRST + 2;

    /// Goes on at `a` in the segment of selector `b`, which has been checked.
    public static final int FAR_JUMP = FIRST + 3;

    /// `d` = what the processor holds of the descriptor tables: see
    /// [org.provisor.impl.cpu.DescriptorTables#register].
    public static final int TABLE_REGISTER = FIRST + 4;

    /// ZF = whether the segment of selector `a` can be seen; then `d` = its access rights.
    public static final int LAR = FIRST + 5;

    /// The same with the segment's limit.
    public static final int LSL = FIRST + 6;

    /// ZF = whether the segment of selector `a` can be read.
    public static final int VERR = FIRST + 7;

    /// ZF = whether it can be written.
    public static final int VERW = FIRST + 8;

    /// RFLAGS = `a`, as far as `iret` may at this privilege level.
    public static final int IRET_FLAGS = FIRST + 9;

    /// Takes `immediate` bytes off the stack, whose pointer has the size of where the code is now.
    public static final int RELEASE = FIRST + 10;

    /// Pushes CS and `a`, on the stack of the code that selector `b` names, which has been checked.
    public static final int FAR_PUSH = FIRST + 11;

    /// #GP or #SS unless `immediate` bytes at `a` are in their segment; `d` not 0: to be stored to.
    public static final int INSIDE = FIRST + 12;

    private static final String[] NAMES = {
        "selector",
        "load_segment",
        "far_check",
        "far_jump",
        "table_register",
        "lar",
        "lsl",
        "verr",
        "verw",
        "iret_flags",
        "release",
        "far_push",
        "inside",
    };

    private SegmentOps() {}

    static String name(final int op) {
        return NAMES[op - FIRST];
    }

    /// The operation of that name.
    ///
    /// @throws IllegalArgumentException if there is none
    static int named(final String name) {
        for (int i = 0; i < NAMES.length; i++) {
            if (NAMES[i].equals(name)) {
                return FIRST + i;
            }
        }
        throw new IllegalArgumentException("no micro-operation is called " + name);
    }
}
