// SPDX-License-Identifier: Apache-2.0
package org.provisor.impl.pv;

import org.provisor.impl.cpu.CpuState;
import org.provisor.impl.cpu.Slots;

/// The registers of a vCPU that entries look at and change.
///
/// @xen xen/include/public/arch-x86/xen-x86_64.h, struct cpu_user_regs
public final class GuestFrame {

    public long rax;
    public long rcx;
    public long r11;
    public long rip;
    public long rsp;
    public long rflags;
    public int cs;
    public int ss;

    /// All 0.
    public GuestFrame() {}

    /// Takes the registers out of the processor.
    public void take(final CpuState state) {
        rax = state.get(Slots.RAX);
        rcx = state.get(Slots.RCX);
        r11 = state.get(Slots.R11);
        rip = state.get(Slots.RIP);
        rsp = state.get(Slots.RSP);
        rflags = state.get(Slots.RFLAGS);
        cs = (int) state.get(Slots.CS);
        ss = (int) state.get(Slots.SS);
    }

    /// Puts the registers into the processor, which goes on in 64-bit mode, whatever CS says.
    public void put(final CpuState state) {
        state.segments().enter64();
        state.set(Slots.RAX, rax);
        state.set(Slots.RCX, rcx);
        state.set(Slots.R11, r11);
        state.set(Slots.RIP, rip);
        state.set(Slots.RSP, rsp);
        state.set(Slots.RFLAGS, rflags);
        state.set(Slots.CS, cs);
        state.set(Slots.SS, ss);
    }
}
