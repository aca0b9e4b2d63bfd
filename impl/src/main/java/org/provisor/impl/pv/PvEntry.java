// SPDX-License-Identifier: Apache-2.0
package org.provisor.impl.pv;

import org.provisor.impl.Refines;
import org.provisor.impl.bits.Addresses;
import org.provisor.impl.cpu.Rflags;
import org.provisor.impl.cpu.Vectors;
import org.provisor.impl.mm.CallerMemory;
import org.provisor.impl.mm.EntryState;
import org.provisor.impl.mm.Vcpu;

/// Enters the kernel of one vCPU, and leaves it: what whoever runs the guest asks for when the
/// processor has stopped with something for the kernel.
///
/// Each method acts on a [GuestFrame] as the processor left it, writes to the kernel's stack by
/// linear address through the kernel's root, and changes the vCPU's mode ([EntryState#userMode]):
/// afterwards the processor runs on the root, and with the base of GS, of the mode that is now.
///
/// @xen xen/arch/x86/x86_64/entry.S
/// @xen xen/arch/x86/pv/traps.c, pv_inject_event
public final class PvEntry {

    /// The kernel is entered, or left: the frame says where the vCPU goes on.
    public static final int ENTERED = 0;

    /// Nothing happened: the vCPU goes on, or tries again, where it was.
    public static final int NOTHING = 1;

    /// The domain crashes; [#crash] says why.
    public static final int CRASHED = 2;

    /// Vectors whose frames have an error code.
    private static final int WITH_ERROR_CODE =
            1 << Vectors.TS
                    | 1 << Vectors.NP
                    | 1 << Vectors.SS
                    | 1 << Vectors.GP
                    | 1 << Vectors.PF
                    | 1 << Vectors.AC;

    private static final int PAGE_FAULT_USER = 1 << 2;

    /// In an error code: a vector is meant, not a selector.
    private static final int IDT = 1 << 1;

    private static final int LINUX_SYSCALL = 0x80;

    /// The size of `syscall` and of `int n`.
    private static final int INSTRUCTION_BYTES = 2;

    /// Of a handler's flags: who may raise the vector by an instruction; events are masked.
    private static final int HANDLER_PRIVILEGE = 3;

    private static final int HANDLER_MASKS = 1 << 2;

    /// The kernel's privilege level towards the flags of a handler; user mode's.
    private static final int KERNEL = 1;

    private static final int USER = 3;

    private static final long ALIGNMENT = 15;

    /// The first address that is Xen's, and the lowest at which a frame fits above Xen's part.
    private static final long XEN_START = 0xFFFF_8000_0000_0000L;

    private static final long ABOVE_XEN = 0xFFFF_8800_0000_0040L;

    /// What is lost of an address below Xen's end, so that nothing of Xen's is reached by mistake.
    private static final long HIGHEST_BIT = 1L << 63;

    private static final int UINT16 = 0xFFFF;
    private static final long UINT = 0xFFFF_FFFFL;

    /// Flags that are cleared on the way into the kernel.
    private static final long CLEARED = Rflags.TF | Rflags.NT | Rflags.RF | Rflags.VM | Rflags.AC;

    /// What `sysret` loads of RFLAGS, and what `iret` loads; one bit is always set.
    private static final long SYSRET_LOADS = 0x3C_7FD7;

    private static final long IRET_LOADS = SYSRET_LOADS | Rflags.RF;

    /// Words of what `iret` finds on the kernel's stack.
    private static final int RAX = 0;

    private static final int R11 = 1;
    private static final int RCX = 2;
    private static final int FLAGS = 3;
    private static final int RIP = 4;
    private static final int CS = 5;
    private static final int RFLAGS = 6;
    private static final int RSP = 7;
    private static final int SS = 8;
    private static final int IRET_BYTES = 72;

    /// Of the word FLAGS: R11, RCX and the selectors are those of a system call's end.
    private static final long IN_SYSCALL = 1 << 8;

    private static final int ARCHITECTURAL_IOPL = 4;

    private final Vcpu vcpu;
    private final EntryState state;
    private final VcpuInfo info;
    private String crash = "";

    public PvEntry(final Vcpu vcpu, final VcpuInfo info) {
        this.vcpu = vcpu;
        state = vcpu.entry();
        this.info = info;
    }

    /// Why the domain crashed last.
    public String crash() {
        return crash;
    }

    /// An exception that the guest is to have.
    ///
    /// @param vector of an exception that the processor raises for a guest's instruction
    /// @param errorCode what the processor gave; not looked at where the vector has none
    /// @param cr2 where it was, for a page fault
    /// @return [#ENTERED], [#CRASHED], or [#NOTHING] where the hypervisor gives the guest its
    ///   floating-point unit and it tries again
    @Refines("pv.exception")
    public int exception(
            final GuestFrame frame, final int vector, final long errorCode, final long cr2) {
        long code = errorCode;
        if (vector == Vectors.PF) {
            info.setCr2(cr2);
            code = state.userMode ? code | PAGE_FAULT_USER : code & ~PAGE_FAULT_USER;
        } else if (vector == Vectors.NM) {
            if (!state.taskSwitched) {
                return NOTHING;
            }
            state.taskSwitched = false;
        }
        return trap(frame, vector, (WITH_ERROR_CODE >>> vector & 1) != 0, code);
    }

    private int trap(
            final GuestFrame frame, final int vector, final boolean hasCode, final long code) {
        final boolean masks = (state.handlerFlags(vector) & HANDLER_MASKS) != 0;
        return bounce(frame, state.handler(vector), masks, hasCode, code);
    }

    /// `int n`, with RIP at the instruction.
    ///
    /// @param next behind the instruction
    @Refines("pv.interrupt")
    public int interrupt(final GuestFrame frame, final int vector, final long next) {
        if (vector == Vectors.BP || vector == Vectors.OF) {
            frame.rip = next;
            return exception(frame, vector, 0, 0);
        }
        if (vector == LINUX_SYSCALL) {
            if (state.handler(vector) != 0) {
                frame.rip = next;
                return trap(frame, vector, false, 0);
            }
            frame.rip = next - INSTRUCTION_BYTES;
        }
        final int allowed = state.handlerFlags(vector) & HANDLER_PRIVILEGE;
        if (allowed < (state.userMode ? USER : KERNEL)) {
            return exception(frame, Vectors.GP, vector << 3 | IDT, 0);
        }
        frame.rip += INSTRUCTION_BYTES;
        return trap(frame, vector, false, 0);
    }

    /// `syscall` in user mode; RCX and R11 are RIP and RFLAGS already, as the instruction sets
    /// them.
    @Refines("pv.user-syscall")
    public int userSyscall(final GuestFrame frame) {
        final long handler = state.syscallCallback;
        final int result;
        if (handler == 0) {
            frame.rip -= INSTRUCTION_BYTES;
            result = exception(frame, Vectors.UD, 0, 0);
        } else {
            result = bounce(frame, handler, state.syscallMasks, false, 0);
        }
        if (result == ENTERED) {
            // Xen means to clear DF alone, and masks the flags with the stack pointer's low half.
            land(frame, frame.r11 & frame.rsp & UINT);
        }
        return result;
    }

    /// Whether the kernel is to be told of events before the vCPU goes on.
    public boolean upcallDue() {
        return info.upcallMask() == 0 && info.upcallPending();
    }

    /// Tells the kernel of events, if that is due; asked whenever the vCPU is about to go on.
    @Refines("pv.upcall")
    public int upcall(final GuestFrame frame) {
        if (!upcallDue()) {
            return NOTHING;
        }
        return bounce(frame, state.eventCallback, true, false, 0);
    }

    /// Puts a frame on the kernel's stack and enters the kernel:
    ///
    ///     RCX  R11  [error code]  RIP  CS and mask  RFLAGS  RSP  SS
    ///
    /// What is further up is written first. Where a word cannot be written those before it are.
    @Refines("pv.bounce")
    private int bounce(
            final GuestFrame frame,
            final long handler,
            final boolean masks,
            final boolean hasCode,
            final long code) {
        final boolean fromUser = state.userMode;
        long at = (fromUser ? state.kernelStack : frame.rsp) & ~ALIGNMENT;
        if (Long.compareUnsigned(at, XEN_START) > 0 && Long.compareUnsigned(at, ABOVE_XEN) < 0) {
            return crashed("the kernel's stack is where Xen is");
        }
        if (Long.compareUnsigned(at, ABOVE_XEN) < 0) {
            at &= ~HIGHEST_BIT;
        }
        final int mask = info.upcallMask();
        if (masks) {
            info.setUpcallMask(mask | 1);
        }
        final int cs = frame.cs & (fromUser ? UINT16 : UINT16 & ~Selectors.PRIVILEGE);
        final long flags =
                (frame.rflags & UINT & ~(Rflags.IF | Rflags.IOPL))
                        | (mask == 0 ? Rflags.IF : 0)
                        | (hasIoPrivilege() ? state.ioPrivilege : 0);
        final long rip = at - 5L * Long.BYTES;
        final long low = hasCode ? rip - Long.BYTES : rip;
        final boolean written =
                write(at - Long.BYTES, frame.ss)
                        && write(at - 2L * Long.BYTES, frame.rsp)
                        && write(at - 4L * Long.BYTES, cs | (long) mask << Integer.SIZE)
                        && write(at - 3L * Long.BYTES, flags)
                        && write(rip, frame.rip)
                        && (!hasCode || write(low, code & UINT))
                        && write(low - Long.BYTES, frame.r11)
                        && write(low - 2L * Long.BYTES, frame.rcx);
        if (!written) {
            return crashed("the kernel's stack cannot be written");
        }
        if (handler == 0) {
            return crashed("the kernel has no handler");
        }
        state.userMode = false;
        frame.rip = handler;
        frame.rsp = low - 2L * Long.BYTES;
        frame.cs = Selectors.FLAT_CS64;
        frame.ss = Selectors.FLAT_SS;
        land(frame, frame.rflags & ~CLEARED);
        return ENTERED;
    }

    /// Writes a word of a frame. Addresses wrap around.
    private boolean write(final long linear, final long value) {
        return vcpu.guest().write(linear, value, Long.BYTES);
    }

    /// The vCPU goes on by `sysret`, with these flags.
    private static void land(final GuestFrame frame, final long flags) {
        frame.rcx = frame.rip;
        frame.r11 = (flags & ~(Rflags.IOPL | Rflags.VM)) | Rflags.IF;
        frame.rflags = (frame.r11 & SYSRET_LOADS) | Rflags.FIXED;
    }

    private int crashed(final String why) {
        crash = why;
        return CRASHED;
    }

    private boolean hasIoPrivilege() {
        return (vcpu.domain().assists() >>> ARCHITECTURAL_IOPL & 1) != 0;
    }

    /// The call `iret` of the kernel: goes on as what is on its stack says.
    @Refines("pv.iret")
    public int iret(final GuestFrame frame) {
        final long[] words = vcpu.words();
        if (!CallerMemory.read(vcpu, frame.rsp, words, IRET_BYTES)) {
            return crashed("the kernel's stack cannot be read");
        }
        final boolean toUser = (words[CS] & Selectors.PRIVILEGE) == Selectors.PRIVILEGE;
        if (toUser && vcpu.userRoot() == Vcpu.NONE) {
            return crashed("user mode has no root");
        }
        if (!Addresses.canonical(words[RIP])) {
            return crashed("the kernel returns to an address that is not canonical");
        }
        state.userMode = toUser;
        final long flags = words[RFLAGS];
        if (hasIoPrivilege()) {
            state.ioPrivilege = (int) flags & Rflags.IOPL;
        }
        info.setUpcallMask((flags & Rflags.IF) == 0 ? 1 : 0);
        frame.rax = words[RAX];
        frame.rip = words[RIP];
        frame.rsp = words[RSP];
        frame.cs = ((int) words[CS] & UINT16) | Selectors.PRIVILEGE;
        frame.ss = ((int) words[SS] & UINT16) | Selectors.PRIVILEGE;
        if ((words[FLAGS] & IN_SYSCALL) != 0) {
            frame.cs = frame.cs == Selectors.FLAT_CS32 ? Selectors.FLAT_CS32 : Selectors.FLAT_CS64;
            frame.ss = Selectors.FLAT_SS;
            land(frame, flags);
        } else {
            frame.rcx = words[RCX];
            frame.r11 = words[R11];
            frame.rflags =
                    (flags & ~(Rflags.IOPL | Rflags.VM) & IRET_LOADS) | Rflags.IF | Rflags.FIXED;
        }
        return ENTERED;
    }
}
