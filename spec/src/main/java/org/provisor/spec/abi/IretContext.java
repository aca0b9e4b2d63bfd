// SPDX-License-Identifier: Apache-2.0
package org.provisor.spec.abi;

/// `struct iret_context`: what the call `iret` of a 64-bit guest finds on the kernel's stack, nine
/// words one after the other. 32-bit guests have another.
///
/// @xen xen/include/public/arch-x86/xen-x86_64.h, struct iret_context
public record IretContext(
        long rax,
        long r11,
        long rcx,
        long flags,
        long rip,
        long cs,
        long rflags,
        long rsp,
        long ss) {

    /// Bytes in it.
    public static final int BYTES = 9 * Long.BYTES;

    /// In `flags`: the end of a system call, which restores neither R11 and RCX nor the selectors.
    public static final long VGCF_IN_SYSCALL = 1 << 8;

    /// Reads what a guest wrote.
    public static IretContext of(GuestBytes bytes) {
        return new IretContext(
                word(bytes, 0),
                word(bytes, 1),
                word(bytes, 2),
                word(bytes, 3),
                word(bytes, 4),
                word(bytes, 5),
                word(bytes, 6),
                word(bytes, 7),
                word(bytes, 8));
    }

    private static long word(GuestBytes bytes, int number) {
        return bytes.read((long) number * Long.BYTES, Long.BYTES);
    }

    /// What a guest writes.
    public Bytes toBytes() {
        var all = Bytes.zero(BYTES);
        long[] words = {rax, r11, rcx, flags, rip, cs, rflags, rsp, ss};
        for (int i = 0; i < words.length; i++) {
            all = all.with((long) i * Long.BYTES, Long.BYTES, words[i]);
        }
        return all;
    }

    /// Whether it is the end of a system call.
    public boolean inSyscall() {
        return (flags & VGCF_IN_SYSCALL) != 0;
    }
}
