// SPDX-License-Identifier: Apache-2.0
package org.provisor.impl.launch;

import static org.provisor.impl.abi.Errno.EINVAL;

import org.provisor.impl.abi.GuestContextLayout;
import org.provisor.impl.bits.Addresses;
import org.provisor.impl.cpu.CpuFault;
import org.provisor.impl.cpu.CpuState;
import org.provisor.impl.cpu.LinearMemory;
import org.provisor.impl.cpu.Rflags;
import org.provisor.impl.cpu.Slots;
import org.provisor.impl.ir.FxArea;
import org.provisor.impl.ir.Segments;
import org.provisor.impl.mm.EntryState;
import org.provisor.impl.mm.Vcpu;

import java.util.Arrays;

/// Sets a vCPU up as another one of its domain says: registers, handlers, callbacks, tables.
///
/// The first row that fits decides:
///
/// | row | what is said                                                      | answer       |
/// |-----|-------------------------------------------------------------------|--------------|
/// | a   | an address of code or of a stack, or a base, that is not canonical | `EINVAL`    |
/// | b   | a handler whose address is not canonical                          | `EINVAL`     |
/// | c   | a local table that is not the guest's, not on a page, too long     | `EINVAL`    |
/// | d   | a start in user mode without a root for it                        | `EINVAL`     |
/// | e   | a global table that is too long, or whose frames cannot be held   | `EINVAL`     |
/// | f   | a root that is not the domain's, or no root table                 | what that is |
/// | g   | anything else                                                     | 0            |
///
/// It starts with interrupts on and without a privilege level for I/O in its flags. A selector in
/// DS, ES, FS or GS that cannot be loaded is null; on Xen its failsafe callback is entered.
///
/// @xen xen/arch/x86/domain.c, arch_set_info_guest
final class VcpuContext {

    private static final int PRIVILEGE = 3;
    private static final int LAST_NULL = 3;
    private static final int UINT16 = 0xFFFF;
    private static final int GDT_FRAMES = 14;
    private static final long MAX_LDT_ENTRIES = 8192;

    /// What the way into the guest loads of RFLAGS.
    private static final long LOADED = 0x3C_7FD7 | Rflags.RF;

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

    /// General registers, the first at [GuestContextLayout#R15].
    private static final int[] REGISTERS = {
        15, 14, 13, 12, Slots.RBP, Slots.RBX, 11, 10, 9, 8, Slots.RAX, Slots.RCX, Slots.RDX,
        Slots.RSI, Slots.RDI,
    };

    private final Vcpu vcpu;
    private final CpuState state;
    private final DebugRegisters debug;
    private long[] words = {};

    VcpuContext(final Vcpu vcpu, final CpuState state, final DebugRegisters debug) {
        this.vcpu = vcpu;
        this.state = state;
        this.debug = debug;
    }

    /// Sets it up. It does not run.
    ///
    /// @param by who says so
    /// @param context by [GuestContextLayout], 8 bytes a word
    /// @param calls what takes its tables
    /// @return 0, or what the call answers; then nothing has changed that anybody sees
    int set(final Vcpu by, final long[] context, final GuestCalls calls) {
        words = context;
        if (!canonical()) {
            return -EINVAL;
        }
        final long localTable = word(GuestContextLayout.LDT_BASE);
        final long localEntries = word(GuestContextLayout.LDT_ENTRIES);
        final long userRoot = control(1) >>> Addresses.PAGE_SHIFT;
        if (!Addresses.ofGuest(localTable)
                || (localTable & Addresses.PAGE_OFFSET) != 0
                || localEntries < 0
                || localEntries > MAX_LDT_ENTRIES
                || (control(1) == 0 ? !has(GuestContextLayout.IN_KERNEL) : userRoot == 0)) {
            return -EINVAL;
        }
        vcpu.runOn(vcpu.number());
        final int first = GuestContextLayout.GDT_FRAMES / Long.BYTES;
        final int held =
                calls.takeTables(
                        by,
                        vcpu,
                        Arrays.copyOfRange(words, first, first + GDT_FRAMES),
                        word(GuestContextLayout.GDT_ENTRIES),
                        control(3) >>> Addresses.PAGE_SHIFT,
                        userRoot);
        if (held == 0) {
            vcpu.setLdt(localTable, (int) localEntries);
            entry(vcpu.entry());
            registers();
        }
        return held;
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

    private int selector(final int offset) {
        return (int) word(offset) & UINT16;
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

    private void entry(final EntryState entry) {
        for (int vector = 0; vector < EntryState.VECTORS; vector++) {
            final long description = word(trap(vector));
            entry.setHandler(
                    vector,
                    word(trap(vector) + Long.BYTES),
                    ((int) (description >>> 16) & UINT16) | PRIVILEGE,
                    (int) (description >>> 8) & 0xFF);
        }
        entry.kernelStack = word(GuestContextLayout.KERNEL_SP);
        entry.kernelStackSegment = selector(GuestContextLayout.KERNEL_SS) | PRIVILEGE;
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
        return selector(selector) <= LAST_NULL ? word(base) : 0;
    }

    private void registers() {
        for (int i = 0; i < REGISTERS.length; i++) {
            state.set(REGISTERS[i], word(GuestContextLayout.R15 + i * Long.BYTES));
        }
        state.set(Slots.RIP, word(GuestContextLayout.RIP));
        state.set(Slots.RSP, word(GuestContextLayout.RSP));
        final long flags = word(GuestContextLayout.RFLAGS) & LOADED & ~IOPL;
        state.set(Slots.RFLAGS, flags | Rflags.IF | Rflags.FIXED);
        segment(Segments.ES, GuestContextLayout.ES);
        segment(Segments.DS, GuestContextLayout.DS);
        segment(Segments.FS, GuestContextLayout.FS);
        segment(Segments.GS, GuestContextLayout.GS);
        state.set(Slots.CS, selector(GuestContextLayout.CS) | PRIVILEGE);
        state.set(Slots.SS, selector(GuestContextLayout.SS) | PRIVILEGE);
        if (has(GuestContextLayout.FPU_VALID)) {
            FxArea.restore(state.slots(), new Area(), 0, 3);
        }
        for (int register = 0; register < DebugRegisters.COUNT; register++) {
            if (register < 4 || register >= 6) {
                debug.set(register, word(GuestContextLayout.DEBUG + register * Long.BYTES));
            }
        }
    }

    private void segment(final int register, final int offset) {
        try {
            Segments.load(state, register, selector(offset));
        } catch (final CpuFault _) {
            Segments.load(state, register, 0);
        }
    }

    /// The words as memory from address 0 on, to be read.
    private final class Area implements LinearMemory {

        @Override
        public long load(final long address, final int bytes) {
            final int shift = (int) (address & Long.BYTES - 1) * Byte.SIZE;
            return words[(int) address / Long.BYTES] >>> shift
                    & -1L >>> (Long.SIZE - bytes * Byte.SIZE);
        }

        @Override
        public long loadForWrite(final long address, final int bytes) {
            throw new UnsupportedOperationException();
        }

        @Override
        public void store(final long address, final int bytes, final long value) {
            throw new UnsupportedOperationException();
        }

        @Override
        public boolean compareAndStore(
                final long address, final int bytes, final long expected, final long value) {
            throw new UnsupportedOperationException();
        }

        @Override
        public boolean compareAndStore16(
                final long address,
                final long expectedLow,
                final long expectedHigh,
                final long low,
                final long high) {
            throw new UnsupportedOperationException();
        }

        @Override
        public int fetch(final long address, final byte[] into) {
            throw new UnsupportedOperationException();
        }

        @Override
        public CpuFault fetchFault(final long address) {
            throw new UnsupportedOperationException();
        }
    }
}
