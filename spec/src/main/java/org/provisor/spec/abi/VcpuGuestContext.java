// SPDX-License-Identifier: Apache-2.0
package org.provisor.spec.abi;

import io.vavr.collection.Vector;

/// `struct vcpu_guest_context` of a 64-bit guest: what a vCPU starts with. General registers, DS,
/// ES, floating-point and debug registers stand in it too and are not here; 32-bit guests have
/// another one.
///
/// Frames are given as control registers have them, shifted by 12 bits.
///
/// @param flags see the `VGCF` constants
/// @param traps a handler for each vector; which one, its place says
/// @param gdtFrames the 14 that a guest may fill; two more places mean nothing
/// @param control0 what it takes for CR0
/// @param control1 the root of user mode, 0 for none
/// @param control3 the root of its kernel
/// @xen xen/include/public/arch-x86/xen.h, struct vcpu_guest_context
/// @xen xen/include/public/arch-x86/xen-x86_64.h, struct cpu_user_regs
public record VcpuGuestContext(
        long flags,
        long rip,
        long rflags,
        long rsp,
        int fs,
        int gs,
        Vector<TrapInfo> traps,
        long ldtBase,
        long ldtEntries,
        Vector<Mfn> gdtFrames,
        long gdtEntries,
        long kernelSs,
        long kernelSp,
        long control0,
        long control1,
        long control3,
        long eventCallback,
        long failsafeCallback,
        long syscallCallback,
        long fsBase,
        long gsBaseKernel,
        long gsBaseUser) {

    /// Bytes in it.
    public static final int BYTES = 5168;

    /// It starts in its kernel.
    public static final long VGCF_IN_KERNEL = 1 << 2;

    /// Events are masked on the way into the failsafe callback.
    public static final long VGCF_FAILSAFE_DISABLES_EVENTS = 1 << 3;

    /// Events are masked on the way into the callback for system calls.
    public static final long VGCF_SYSCALL_DISABLES_EVENTS = 1 << 4;

    /// It is up at once.
    public static final long VGCF_ONLINE = 1 << 5;

    public static final int FLAGS = 512;
    public static final int RIP = 648;
    public static final int RFLAGS = 664;
    public static final int RSP = 672;
    public static final int FS = 704;
    public static final int GS = 712;
    public static final int TRAPS = 720;
    public static final int LDT_BASE = 4816;
    public static final int LDT_ENTRIES = 4824;
    public static final int GDT_FRAMES = 4832;
    public static final int GDT_ENTRIES = 4960;
    public static final int KERNEL_SS = 4968;
    public static final int KERNEL_SP = 4976;
    public static final int CONTROL0 = 4984;
    public static final int CONTROL1 = 4992;
    public static final int CONTROL3 = 5008;
    public static final int EVENT_CALLBACK = 5112;
    public static final int FAILSAFE_CALLBACK = 5120;
    public static final int SYSCALL_CALLBACK = 5128;
    public static final int FS_BASE = 5144;
    public static final int GS_BASE_KERNEL = 5152;
    public static final int GS_BASE_USER = 5160;

    /// Handlers in it.
    public static final int VECTORS = 256;

    private static final Bitness BITS = Bitness.BITS_64;

    /// Reads what a guest wrote.
    public static VcpuGuestContext of(GuestBytes bytes) {
        Vector<TrapInfo> traps = Vector.empty();
        for (int vector = 0; vector < VECTORS; vector++) {
            traps = traps.append(TrapInfo.fromBytes(bytes, trap(vector), BITS));
        }
        return new VcpuGuestContext(
                word(bytes, FLAGS),
                word(bytes, RIP),
                word(bytes, RFLAGS),
                word(bytes, RSP),
                (int) bytes.read(FS, Short.BYTES),
                (int) bytes.read(GS, Short.BYTES),
                traps,
                word(bytes, LDT_BASE),
                word(bytes, LDT_ENTRIES),
                FrameList.fromBytes(bytes, GDT_FRAMES, GuestGdt.FIRST_RESERVED_GDT_PAGE, BITS)
                        .map(Mfn::new),
                word(bytes, GDT_ENTRIES),
                word(bytes, KERNEL_SS),
                word(bytes, KERNEL_SP),
                word(bytes, CONTROL0),
                word(bytes, CONTROL1),
                word(bytes, CONTROL3),
                word(bytes, EVENT_CALLBACK),
                word(bytes, FAILSAFE_CALLBACK),
                word(bytes, SYSCALL_CALLBACK),
                word(bytes, FS_BASE),
                word(bytes, GS_BASE_KERNEL),
                word(bytes, GS_BASE_USER));
    }

    private static long word(GuestBytes bytes, int at) {
        return bytes.read(at, Long.BYTES);
    }

    private static long trap(int vector) {
        return TRAPS + (long) vector * TrapInfo.LAYOUT.size(BITS);
    }

    public boolean has(long flag) {
        return (flags & flag) != 0;
    }
}
