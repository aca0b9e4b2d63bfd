// SPDX-License-Identifier: Apache-2.0
package org.provisor.impl.launch;

import org.provisor.impl.abi.GuestContextLayout;
import org.provisor.impl.cpu.CpuFault;
import org.provisor.impl.cpu.CpuState;
import org.provisor.impl.cpu.LinearMemory;
import org.provisor.impl.cpu.Rflags;
import org.provisor.impl.cpu.Slots;
import org.provisor.impl.ir.FxArea;
import org.provisor.impl.ir.Segments;

/// Sets the registers of a vCPU up as another one of its domain says.
///
/// It starts with interrupts on and without a privilege level for I/O in its flags. A selector in
/// DS, ES, FS or GS that cannot be loaded is null; on Xen its failsafe callback is entered. What
/// debug registers cannot hold is left out.
///
/// @xen xen/arch/x86/domain.c, arch_set_info_guest
final class VcpuStart {

    private static final int PRIVILEGE = 3;
    private static final int UINT16 = 0xFFFF;

    /// What the way into the guest loads of RFLAGS.
    private static final long LOADED = 0x3C_7FD7 | Rflags.RF;

    private static final long IOPL = 3 << 12;

    /// General registers, the first at [GuestContextLayout#R15].
    private static final int[] REGISTERS = {
        15, 14, 13, 12, Slots.RBP, Slots.RBX, 11, 10, 9, 8, Slots.RAX, Slots.RCX, Slots.RDX,
        Slots.RSI, Slots.RDI,
    };

    private final CpuState state;
    private final DebugRegisters debug;
    private long[] words = {};

    VcpuStart(final CpuState state, final DebugRegisters debug) {
        this.state = state;
        this.debug = debug;
    }

    /// Sets them up. The vCPU does not run.
    ///
    /// @param context by [GuestContextLayout], 8 bytes a word
    void set(final long[] context) {
        words = context;
        registers();
    }

    private long word(final int offset) {
        return words[offset / Long.BYTES];
    }

    private boolean has(final int flag) {
        return (word(GuestContextLayout.FLAGS) & flag) != 0;
    }

    private int selector(final int offset) {
        return (int) word(offset) & UINT16;
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
