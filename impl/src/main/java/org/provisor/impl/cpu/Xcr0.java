// SPDX-License-Identifier: Apache-2.0
package org.provisor.impl.cpu;

/// The extended control register that says which parts of the state `xsave` saves. CR4.OSXSAVE
/// counts as set wherever `xsave` is offered.
///
/// @sdm 1, "Enabling the XSAVE Feature Set and XSAVE-Enabled Features"
public final class Xcr0 {

    public static final long X87 = 1;

    /// XMM registers and MXCSR.
    public static final long SSE = 1 << 1;

    /// All that there is.
    public static final long ALL = X87 | SSE;

    private Xcr0() {}

    /// Whether it may hold these bits: all are of parts that there are, and the x87 FPU is among
    /// them.
    public static boolean isValid(final long bits) {
        return (bits & ~ALL) == 0 && (bits & X87) != 0;
    }
}
