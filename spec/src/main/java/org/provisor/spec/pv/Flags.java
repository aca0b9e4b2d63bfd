// SPDX-License-Identifier: Apache-2.0
package org.provisor.spec.pv;

/// Bits of RFLAGS.
///
/// @sdm 1, "EFLAGS Register"
final class Flags {

    /// Always set.
    static final long FIXED = 1 << 1;

    static final long TF = 1 << 8;
    static final long IF = 1 << 9;
    static final long IOPL = 3 << 12;
    static final long NT = 1 << 14;
    static final long RF = 1 << 16;
    static final long VM = 1 << 17;
    static final long AC = 1 << 18;

    /// What `sysret` loads.
    ///
    /// @sdm 2B, "SYSRET—Return From Fast System Call"
    static final long SYSRET = 0x3C_7FD7;

    /// What `iret` to privilege level 3 loads from level 0.
    ///
    /// @sdm 2A, "IRET/IRETD/IRETQ—Interrupt Return"
    static final long IRET = SYSRET | RF;

    private Flags() {}
}
