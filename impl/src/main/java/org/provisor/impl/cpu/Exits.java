// SPDX-License-Identifier: Apache-2.0
package org.provisor.impl.cpu;

/// Why an [Engine] stopped.
public final class Exits {

    /// As many instructions as allowed have been carried out.
    public static final int LIMIT = 0;

    /// [CpuState#fault] says which. RIP is at the instruction, which can be tried again.
    public static final int EXCEPTION = 1;

    /// `int n`, with n in [Engine#operand]. RIP is at the instruction, [Slots#NEXT] behind it.
    public static final int INTERRUPT = 2;

    /// `int3`. RIP is behind the instruction, as the processor leaves it.
    public static final int BREAKPOINT = 3;

    /// `int1`, a single step, or a breakpoint that was met: [CpuState#breakpoints] says which. RIP
    /// is behind the instruction.
    public static final int DEBUG_TRAP = 4;

    /// `syscall`. RIP is behind the instruction; RCX and R11 are not changed yet.
    public static final int SYSCALL = 5;

    /// `hlt` at privilege level 0. RIP is behind the instruction.
    public static final int HALT = 6;

    /// From here on: RIP is at the instruction, [Slots#NEXT] behind it. Whoever runs the engine
    /// carries it out and sets RIP, or refuses it.
    public static final int CPUID = 7;

    public static final int RDTSC = 8;
    public static final int RDTSCP = 9;
    public static final int RDPMC = 10;
    public static final int RDRAND = 11;
    public static final int RDSEED = 12;
    public static final int SYSENTER = 13;

    /// An instruction for privilege level 0, met there.
    public static final int PRIVILEGED = 14;

    /// An instruction that is decoded, but not carried out by this engine.
    public static final int UNSUPPORTED = 15;

    private Exits() {}
}
