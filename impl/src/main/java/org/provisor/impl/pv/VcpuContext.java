// SPDX-License-Identifier: Apache-2.0
package org.provisor.impl.pv;

import org.provisor.impl.Refines;
import org.provisor.impl.abi.GuestContextLayout;
import org.provisor.impl.bits.Addresses;
import org.provisor.impl.mm.EntryState;
import org.provisor.impl.mm.Vcpu;
import org.provisor.impl.mm.VcpuTables;

import java.util.Arrays;

/// What a vCPU starts with, as another one of its domain says: handlers, callbacks, tables. What is
/// in its registers is for whoever runs it.
///
/// The first row that fits decides:
///
/// | row | what is said                                                      | answer       |
/// |-----|-------------------------------------------------------------------|--------------|
/// | a   | an address of code or of a stack, or a base, that is not canonical | `EINVAL`    |
/// | b   | a handler whose address is not canonical                          | `EINVAL`     |
/// | c   | a local table that is not the guest's, not on a page, too long     | `EINVAL`    |
/// | d   | a global table of more than 14 frames                             | `EINVAL`     |
/// | e   | a start in user mode without a root for it                        | `EINVAL`     |
/// | f   | tables that cannot be held                                        | what that is |
/// | g   | anything else                                                     | 0            |
///
/// @xen xen/arch/x86/domain.c, arch_set_info_guest
final class VcpuContext {

    private static final int PRIVILEGE = 3;
    private static final int LAST_NULL = 3;
    private static final int UINT16 = 0xFFFF;
    private static final long UINT = 0xFFFF_FFFFL;
    private static final int GDT_FRAMES = 14;
    private static final int ENTRIES_PER_FRAME = 512;
    private static final long MAX_LDT_ENTRIES = 8192;
    private static final long IOPL = 3 << 12;
    private static final long TASK_SWITCHED = 1 << 3;

    /// Addresses that have to be canonical.
    private static final int[] ADDRESSES = {
        GuestContextLayout.RIP,
        GuestContextLayout.RSP,
        GuestContextLayout.KERNEL_SP,
        GuestContextLayout.FS_BASE,
        GuestContextLayout.GS_BASE_KERNEL,
        GuestContextLayout.GS_BASE_USER,
        GuestContextLayout.EVENT_CALLBACK,
        GuestContextLayout.SYSCALL_CALLBACK,
        GuestContextLayout.FAILSAFE_CALLBACK,
    };

    private final long[] words;

    /// @param words by [GuestContextLayout], 8 bytes a word
    VcpuContext(final long[] words) {
        this.words = words;
    }

    private long word(final int offset) {
        return words[offset / Long.BYTES];
    }

    private boolean has(final int flag) {
        return (word(GuestContextLayout.FLAGS) & flag) != 0;
    }

    private long control(final int register) {
        return word(GuestContextLayout.CONTROL + register * Long.BYTES);
    }

    /// Whether it is up at once.
    boolean online() {
        return has(GuestContextLayout.ONLINE);
    }

    /// Whether nothing is refused of it, its tables apart.
    @Refines("pv.vcpu-op.context")
    boolean allowed() {
        final long localTable = word(GuestContextLayout.LDT_BASE);
        return canonical()
                && Addresses.ofGuest(localTable)
                && (localTable & Addresses.PAGE_OFFSET) == 0
                && Long.compareUnsigned(word(GuestContextLayout.LDT_ENTRIES), MAX_LDT_ENTRIES) <= 0
                && gdtFrames() <= GDT_FRAMES
                && (has(GuestContextLayout.IN_KERNEL) || control(1) != 0);
    }

    /// Xen takes their number to 32 bits.
    private long gdtFrames() {
        final long last = word(GuestContextLayout.GDT_ENTRIES) + ENTRIES_PER_FRAME - 1;
        return last >>> 9 & UINT;
    }

    private boolean canonical() {
        for (final int at : ADDRESSES) {
            if (!Addresses.canonical(word(at))) {
                return false;
            }
        }
        for (int vector = 0; vector < EntryState.VECTORS; vector++) {
            if (!Addresses.canonical(word(trap(vector) + Long.BYTES))) {
                return false;
            }
        }
        return true;
    }

    private static int trap(final int vector) {
        return GuestContextLayout.TRAPS + vector * GuestContextLayout.TRAP_BYTES;
    }

    /// Gives a vCPU its tables.
    ///
    /// @return 0, or why it does not get them
    long takeTables(final Vcpu by, final Vcpu who) {
        final int first = GuestContextLayout.GDT_FRAMES / Long.BYTES;
        final long userRoot = control(1);
        final int done =
                VcpuTables.take(
                        by,
                        who,
                        Arrays.copyOfRange(words, first, first + GDT_FRAMES),
                        word(GuestContextLayout.GDT_ENTRIES) & UINT,
                        control(3) >>> Addresses.PAGE_SHIFT,
                        userRoot == 0 ? Vcpu.NONE : userRoot >>> Addresses.PAGE_SHIFT);
        if (done == 0) {
            final int entries = (int) word(GuestContextLayout.LDT_ENTRIES);
            who.setLdt(entries == 0 ? 0 : word(GuestContextLayout.LDT_BASE), entries);
        }
        return done;
    }

    /// Says how its kernel wants to be entered.
    @Refines("pv.vcpu-op.entry")
    void enter(final EntryState entry) {
        for (int vector = 0; vector < EntryState.VECTORS; vector++) {
            final long description = word(trap(vector));
            entry.setHandler(
                    vector,
                    word(trap(vector) + Long.BYTES),
                    ((int) (description >>> 16) & UINT16) | PRIVILEGE,
                    (int) (description >>> 8) & 0xFF);
        }
        entry.kernelStack = word(GuestContextLayout.KERNEL_SP);
        entry.kernelStackSegment = word(GuestContextLayout.KERNEL_SS) | PRIVILEGE;
        entry.eventCallback = word(GuestContextLayout.EVENT_CALLBACK);
        entry.failsafeCallback = word(GuestContextLayout.FAILSAFE_CALLBACK);
        entry.syscallCallback = word(GuestContextLayout.SYSCALL_CALLBACK);
        entry.failsafeMasks = has(GuestContextLayout.FAILSAFE_MASKS);
        entry.syscallMasks = has(GuestContextLayout.SYSCALL_MASKS);
        entry.taskSwitched = (control(0) & TASK_SWITCHED) != 0;
        entry.ioPrivilege = (int) (word(GuestContextLayout.RFLAGS) & IOPL);
        entry.userMode = !has(GuestContextLayout.IN_KERNEL);
        // A selector that is not null takes the base away.
        entry.fsBase = baseUnless(GuestContextLayout.FS, GuestContextLayout.FS_BASE);
        entry.gsBaseKernel = word(GuestContextLayout.GS_BASE_KERNEL);
        entry.gsBaseUser = baseUnless(GuestContextLayout.GS, GuestContextLayout.GS_BASE_USER);
    }

    private long baseUnless(final int selector, final int base) {
        return ((int) word(selector) & UINT16) <= LAST_NULL ? word(base) : 0;
    }
}
