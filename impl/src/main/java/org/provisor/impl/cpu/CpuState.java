// SPDX-License-Identifier: Apache-2.0
package org.provisor.impl.cpu;

import java.util.Arrays;

/// The registers of one processor in 64-bit mode. One thread uses it at a time.
public final class CpuState {

    private final long[] slots = new long[Slots.COUNT];
    private final CpuFault fault = new CpuFault();

    private final SegmentRegisters segments = new SegmentRegisters(slots);
    private int privilege = 3;
    private long xcr0 = Xcr0.ALL;
    private final Breakpoints breakpoints = new Breakpoints();
    private DescriptorTables tables = DescriptorTables.EMPTY;

    public CpuState() {
        reset();
    }

    /// All registers 0, privilege level 3, no breakpoints.
    public void reset() {
        Arrays.fill(slots, 0);
        slots[Slots.RFLAGS] = Rflags.FIXED;
        slots[Slots.MXCSR] = Mxcsr.RESET;
        X87.reset(slots);
        segments.reset();
        privilege = 3;
        xcr0 = Xcr0.ALL;
        breakpoints.reset();
    }

    /// The register file itself, by [Slots].
    public long[] slots() {
        return slots;
    }

    public long get(final int slot) {
        return slots[slot];
    }

    public void set(final int slot, final long value) {
        slots[slot] = value;
    }

    /// The current privilege level, 0 to 3.
    public int privilege() {
        return privilege;
    }

    public void setPrivilege(final int level) {
        privilege = level;
    }

    /// Which parts of the state `xsave` and its like have to do with; see [Xcr0].
    public long xcr0() {
        return xcr0;
    }

    public void setXcr0(final long now) {
        xcr0 = now;
    }

    /// The hidden parts of the segment registers, and with them the mode.
    public SegmentRegisters segments() {
        return segments;
    }

    /// What stops it.
    public Breakpoints breakpoints() {
        return breakpoints;
    }

    /// Whether anything is to be looked at after each instruction.
    public boolean traced() {
        return (slots[Slots.RFLAGS] & Rflags.TF) != 0 || breakpoints.armed();
    }

    /// The descriptor tables.
    public DescriptorTables tables() {
        return tables;
    }

    /// Gives it descriptor tables; a new processor has none.
    public void setTables(final DescriptorTables now) {
        tables = now;
    }

    /// This processor's one exception. After [Exits#EXCEPTION] it says which.
    public CpuFault fault() {
        return fault;
    }
}
