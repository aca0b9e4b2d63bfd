// SPDX-License-Identifier: Apache-2.0
package org.provisor.refine.harness;

import org.jspecify.annotations.Nullable;
import org.provisor.impl.mm.Vcpu;
import org.provisor.impl.pv.GuestFrame;
import org.provisor.impl.pv.PvEntry;
import org.provisor.impl.pv.VcpuInfo;
import org.provisor.spec.pv.Arrival;
import org.provisor.spec.state.Answer;
import org.provisor.spec.state.GuestRegisters;

/// Has the implementation enter and leave kernels: registers, and what it shares with a vCPU.
final class ImplEntry implements VcpuInfo {

    private final GuestFrame frame = new GuestFrame();
    private boolean pending;
    private int mask;
    private long cr2;

    /// Whether the address of a page fault was written.
    private boolean faulted;

    private String crash = "";

    void begin(Arrival arrival) {
        GuestRegisters registers = arrival.registers();
        frame.rax = registers.rax();
        frame.rcx = registers.rcx();
        frame.r11 = registers.r11();
        frame.rip = registers.rip();
        frame.cs = registers.cs();
        frame.rflags = registers.rflags();
        frame.rsp = registers.rsp();
        frame.ss = registers.ss();
        pending = arrival.upcallPending();
        mask = arrival.upcallMask();
        faulted = false;
    }

    /// What a [PvEntry] says of it.
    int take(Vcpu by, Arrival.Cause cause) {
        PvEntry entry = new PvEntry(by, this);
        int outcome =
                switch (cause) {
                    case Arrival.Exception(int vector, long code, long at) ->
                            entry.exception(frame, vector, code, at);
                    case Arrival.Interrupt(int vector, long next) ->
                            entry.interrupt(frame, vector, next);
                    case Arrival.UserSyscall _ -> entry.userSyscall(frame);
                    case Arrival.Events _ -> entry.upcall(frame);
                    case Arrival.Iret _ -> entry.iret(frame);
                };
        crash = entry.crash();
        return outcome;
    }

    /// Why the domain crashed.
    String crash() {
        return crash;
    }

    @Override
    public boolean upcallPending() {
        return pending;
    }

    @Override
    public int upcallMask() {
        return mask;
    }

    @Override
    public void setUpcallMask(int now) {
        mask = now;
    }

    @Override
    public void setCr2(long address) {
        cr2 = address;
        faulted = true;
    }

    /// Compares where the vCPU goes on.
    @Nullable Difference compare(Answer.Entered specified) {
        GuestRegisters registers = registers();
        if (!specified.registers().equals(registers)) {
            return Difference.of("answer: registers", "the vCPU", specified.registers(), registers);
        }
        if (specified.upcallMask() != mask) {
            return Difference.of("answer: mask", "the vCPU", specified.upcallMask(), mask);
        }
        boolean same =
                specified.cr2().isDefined() == faulted
                        && (!faulted || specified.cr2().get().value() == cr2);
        return same
                ? null
                : Difference.of(
                        "answer: cr2",
                        "the vCPU",
                        specified.cr2(),
                        faulted ? Long.toHexString(cr2) : "none");
    }

    private GuestRegisters registers() {
        return new GuestRegisters(
                frame.rax,
                frame.rcx,
                frame.r11,
                frame.rip,
                frame.cs,
                frame.rflags,
                frame.rsp,
                frame.ss);
    }

    @Override
    public String toString() {
        return "Entered[" + registers() + ", mask " + Integer.toHexString(mask) + "]";
    }
}
