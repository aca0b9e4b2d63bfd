// SPDX-License-Identifier: Apache-2.0
package org.provisor.impl.abi;

/// Where things are in what a 64-bit guest says of a vCPU that it initialises.
///
/// @xen xen/include/public/arch-x86/xen.h, struct vcpu_guest_context
/// @xen xen/include/public/arch-x86/xen-x86_64.h, struct cpu_user_regs
public final class GuestContextLayout {

    public static final int BYTES = 5168;

    /// The area of `fxsave`, from the beginning on, if a flag says that it is there.
    public static final int FLAGS = 512;

    /// Of the flags: the area is there; the vCPU starts in its kernel; its callbacks mask events.
    public static final int FPU_VALID = 1;

    public static final int IN_KERNEL = 1 << 2;
    public static final int FAILSAFE_MASKS = 1 << 3;
    public static final int SYSCALL_MASKS = 1 << 4;
    public static final int ONLINE = 1 << 5;

    // The registers.

    public static final int R15 = 520;
    public static final int RBP = 552;
    public static final int RBX = 560;
    public static final int R11 = 568;
    public static final int RAX = 600;
    public static final int RCX = 608;
    public static final int RDX = 616;
    public static final int RSI = 624;
    public static final int RDI = 632;
    public static final int RIP = 648;
    public static final int CS = 656;
    public static final int RFLAGS = 664;
    public static final int RSP = 672;
    public static final int SS = 680;
    public static final int ES = 688;
    public static final int DS = 696;
    public static final int FS = 704;
    public static final int GS = 712;

    /// 256 entries, as `set_trap_table` has them; the place of each is its vector.
    public static final int TRAPS = 720;

    public static final int TRAP_BYTES = 16;
    public static final int LDT_BASE = 4816;
    public static final int LDT_ENTRIES = 4824;
    public static final int GDT_FRAMES = 4832;
    public static final int GDT_ENTRIES = 4960;
    public static final int KERNEL_SS = 4968;
    public static final int KERNEL_SP = 4976;

    /// Control registers 0 to 7, of which 1 is that which user mode has as 3.
    public static final int CONTROL = 4984;

    /// Debug registers 0 to 7.
    public static final int DEBUG = 5048;

    public static final int EVENT_CALLBACK = 5112;
    public static final int FAILSAFE_CALLBACK = 5120;
    public static final int SYSCALL_CALLBACK = 5128;
    public static final int FS_BASE = 5144;
    public static final int GS_BASE_KERNEL = 5152;
    public static final int GS_BASE_USER = 5160;

    private GuestContextLayout() {}
}
