// SPDX-License-Identifier: Apache-2.0
package org.provisor.impl.hypercall;

/// The registers of a 64-bit paravirtual guest that a hypercall looks at and changes.
public final class Registers {

    public long rax;
    public long rdi;
    public long rsi;
    public long rdx;
    public long r10;
    public long r8;

    /// Behind the instruction that made the call; on it again where the call is to be made again.
    public long rip;

    /// All zero.
    public Registers() {}

    /// Sets the n-th argument, counted from 1.
    void setArgument(final int n, final long value) {
        switch (n) {
            case 1 -> rdi = value;
            case 2 -> rsi = value;
            case 3 -> rdx = value;
            case 4 -> r10 = value;
            case 5 -> r8 = value;
            default -> throw new IllegalArgumentException("argument " + n);
        }
    }
}
