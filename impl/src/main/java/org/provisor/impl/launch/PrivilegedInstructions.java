// SPDX-License-Identifier: Apache-2.0
package org.provisor.impl.launch;

import org.provisor.impl.bits.Addresses;
import org.provisor.impl.cpu.CpuFeature;
import org.provisor.impl.cpu.CpuFeatures;
import org.provisor.impl.cpu.CpuState;
import org.provisor.impl.cpu.CpuidLeaves;
import org.provisor.impl.cpu.LinearMemory;
import org.provisor.impl.cpu.Slots;
import org.provisor.impl.cpu.Vectors;
import org.provisor.impl.cpu.Xcr0;
import org.provisor.impl.decode.CodeMode;
import org.provisor.impl.decode.Decoder;
import org.provisor.impl.decode.Disassembler;
import org.provisor.impl.decode.Instruction;
import org.provisor.impl.decode.Opcode;
import org.provisor.impl.decode.Operand;
import org.provisor.impl.mm.Vcpu;

/// Instructions that only privilege level 0 may use, carried out for a kernel that takes itself for
/// privileged; and those that the processor leaves to whoever runs it.
///
/// | instruction                    | does                                                 |
/// |--------------------------------|------------------------------------------------------|
/// | `cli`, `sti`                   | nothing, where [Ports] allows it                     |
/// | `in`, `out`                    | see [Ports]                                          |
/// | `mov` from CR0, CR2, CR3, CR4  | gives what the guest takes for it                    |
/// | `mov` to CR0, CR2; `clts`      | changes TS alone; the address of the last page fault |
/// | `mov` to CR4                   | changes OSXSAVE and FSGSBASE, as far as it can see   |
/// | `xsetbv`                       | changes XCR0; #UD unless OSXSAVE is set              |
/// | `mov` from and to DR0 to DR7   | see [DebugRegisters]                                 |
/// | `invlpg`, `wbinvd`             | forgets a translation; nothing                       |
/// | `hlt`                          | waits for an event                                   |
/// | `rdmsr`, `wrmsr`               | bases of FS and GS; the time stamp counter, to read  |
/// | `cpuid`, `rdtsc`, `rdtscp`     | what the domain's policy says; nanoseconds           |
///
/// Those of the first two lines user mode may use too, if its kernel lets it. There is nothing else
/// yet: no other control registers or MSRs, no `ins` and `outs`.
///
/// @xen xen/arch/x86/pv/emul-priv-op.c
final class PrivilegedInstructions {

    private static final long CR0 = GuestTables.CR0;
    private static final long TASK_SWITCHED = GuestTables.TASK_SWITCHED;

    /// What Xen lets a guest see of the processor's CR4: PAE, MCE, OSFXSR, OSXMMEXCPT.
    ///
    /// @xen xen/arch/x86/pv/domain.c, pv_fixup_guest_cr4
    private static final long CR4 = 1 << 5 | 1 << 6 | 1 << 9 | 1 << 10;

    /// Of CR4: what a guest may choose, but here cannot: TSD, DE.
    private static final long CR4_NOT_THERE = 1 << 2 | 1 << 3;

    private static final long FSGSBASE = 1 << 16;
    private static final long OSXSAVE = 1 << 18;

    private static final int MSR_TSC = 0x10;
    private static final int MSR_FS_BASE = 0xC000_0100;
    private static final int MSR_GS_BASE = 0xC000_0101;
    private static final int MSR_KERNEL_GS_BASE = 0xC000_0102;

    private static final int FS = 4;
    private static final int GS = 5;

    private static final long UINT = 0xFFFF_FFFFL;

    /// `ud2` and "xen" before `cpuid`: Xen answers in the processor's place.
    private static final byte[] FORCED = {0x0F, 0x0B, 'x', 'e', 'n', 0x0F, (byte) 0xA2};

    /// Why a far return, or another jump to another segment, is not carried out.
    static final String OF_16_BITS =
            "it goes on in code of 16 bits or of another level, which is not there yet";

    private final CpuState state;
    private final LinearMemory memory;
    private final Vcpu vcpu;
    private final SharedVcpuInfo info;
    private final HostCalls calls;
    private final Clock clock;
    private final DebugRegisters debug;
    private final Ports ports;
    private final CpuidLeaves cpuid;

    /// Bits of CR4 that the guest may choose. The processor's are set, whatever it chooses.
    private final long choice;

    private long chosen;

    private final Instruction instruction = new Instruction();
    private final byte[] bytes = new byte[Decoder.MAX_LENGTH];

    PrivilegedInstructions(
            final CpuState state,
            final LinearMemory memory,
            final Vcpu vcpu,
            final SharedVcpuInfo info,
            final HostCalls calls,
            final DebugRegisters debug,
            final Ports ports,
            final Clock clock,
            final CpuFeatures features) {
        this.state = state;
        this.memory = memory;
        this.vcpu = vcpu;
        this.info = info;
        this.calls = calls;
        this.debug = debug;
        this.ports = ports;
        this.clock = clock;
        cpuid = new CpuidLeaves(features);
        choice =
                (features.has(CpuFeature.XSAVE) ? OSXSAVE : 0)
                        | (features.has(CpuFeature.FSGSBASE) ? FSGSBASE : 0);
    }

    /// Carries out the instruction at RIP that privilege level 3 may not use, for the kernel, or
    /// one on ports for user mode.
    ///
    /// @return whether it did
    boolean privileged() {
        if (!decode()) {
            return false;
        }
        final boolean done =
                switch (instruction.row().mnemonic()) {
                    case "cli", "sti" -> ports.allAllowed();
                    case "in", "out" -> port();
                    default -> !vcpu.entry().userMode && ofKernel();
                };
        if (done) {
            next(instruction.length());
        }
        return done;
    }

    private boolean ofKernel() {
        return switch (instruction.row().mnemonic()) {
            case "mov" -> control();
            case "clts" -> {
                vcpu.entry().taskSwitched = false;
                yield true;
            }
            case "invlpg" -> {
                invalidate();
                yield true;
            }
            case "wbinvd" -> true;
            case "hlt" -> {
                calls.block();
                yield true;
            }
            case "rdmsr" -> readMsr();
            case "wrmsr" -> writeMsr();
            case "xsetbv" -> setExtendedControl();
            default -> false;
        };
    }

    /// `in` and `out`, of a register and a port in DX or in the instruction.
    private boolean port() {
        final Opcode row = instruction.row();
        final boolean in = row.mnemonic().equals("in");
        final Operand data = row.operand(in ? 0 : 1);
        final Operand which = row.operand(in ? 1 : 0);
        final int bytes = instruction.bytes(data);
        final int port =
                (int)
                                (which.kind() == Operand.Kind.DX
                                        ? state.get(Slots.RDX)
                                        : instruction.immediate())
                        & Ports.COUNT - 1;
        if (!ports.allowed(port, bytes)) {
            return false;
        }
        if (in) {
            final long all = (1L << (Byte.SIZE * bytes)) - 1;
            final long rest = bytes == Integer.BYTES ? 0 : state.get(Slots.RAX) & ~all;
            state.set(Slots.RAX, rest | all);
        }
        return true;
    }

    /// Carries out an instruction at RIP that the processor leaves to us.
    ///
    /// @return whether it did
    boolean leftOver() {
        if (!decode()) {
            return false;
        }
        final boolean done =
                switch (instruction.row().mnemonic()) {
                    case "cpuid" -> {
                        cpuid.answer(state, (chosen & OSXSAVE) != 0);
                        yield true;
                    }
                    case "rdtsc" -> {
                        halves(clock.nanos());
                        yield true;
                    }
                    case "rdtscp" -> {
                        halves(clock.nanos());
                        state.set(Slots.RCX, 0);
                        yield true;
                    }
                    default -> false;
                };
        if (done) {
            next(instruction.length());
        }
        return done;
    }

    /// Carries out `cpuid` where RIP is at the mark before it. A kernel sees the processor's
    /// CR4.OSXSAVE there, whatever its own: kernels have come to rely on it.
    ///
    /// @xen xen/arch/x86/cpuid.c, guest_cpuid
    /// @return whether it is
    boolean forced() {
        final int count = memory.fetch(state.segments().codeAddress(), bytes);
        for (int i = 0; i < FORCED.length; i++) {
            if (i >= count || bytes[i] != FORCED[i]) {
                return false;
            }
        }
        cpuid.answer(state, ((vcpu.entry().userMode ? chosen : choice) & OSXSAVE) != 0);
        next(FORCED.length);
        return true;
    }

    /// Why the instruction at RIP is not carried out.
    String notThere() {
        if (!decode()) {
            return "the instruction cannot be read any more";
        }
        final String text = Disassembler.text(instruction, state.get(Slots.RIP));
        final String meaning = instruction.row().meaning();
        return meaning.endsWith("_far") || meaning.equals("iret")
                ? OF_16_BITS + ": " + text
                : "the instruction is not there yet: " + text;
    }

    private boolean decode() {
        final int count = memory.fetch(state.segments().codeAddress(), bytes);
        final CodeMode mode = state.segments().isCompatible() ? CodeMode.BITS_32 : CodeMode.BITS_64;
        return Decoder.standard(mode).decode(bytes, 0, count, instruction) > 0;
    }

    private void next(final int length) {
        final long next = state.get(Slots.RIP) + length;
        state.set(Slots.RIP, state.segments().isCompatible() ? next & UINT : next);
    }

    private void halves(final long value) {
        state.set(Slots.RAX, value & UINT);
        state.set(Slots.RDX, value >>> Integer.SIZE);
    }

    /// `mov` from and to control and debug registers, told apart by the opcode.
    private boolean control() {
        final int register = instruction.reg();
        return switch (instruction.row().encoding().opcode()) {
            case 0x20 -> {
                final long value =
                        switch (register) {
                            case 0 -> vcpu.entry().taskSwitched ? CR0 | TASK_SWITCHED : CR0;
                            case 2 -> info.cr2();
                            case 3 -> vcpu.root() << Addresses.PAGE_SHIFT;
                            case 4 -> CR4 | chosen;
                            default -> -1;
                        };
                if (register == 1 || register > 4) {
                    yield false;
                }
                state.set(instruction.rm(), value);
                yield true;
            }
            case 0x22 -> {
                final long value = state.get(instruction.rm());
                if (register == 0 && ((value ^ CR0) & ~TASK_SWITCHED) == 0) {
                    vcpu.entry().taskSwitched = (value & TASK_SWITCHED) != 0;
                    yield true;
                }
                if (register == 2) {
                    info.setCr2(value);
                    yield true;
                }
                if (register == 4 && (value & CR4_NOT_THERE) == 0) {
                    chosen = value & choice;
                    yield true;
                }
                yield false;
            }
            case 0x21 -> {
                state.set(instruction.rm(), debug.get(register));
                yield true;
            }
            case 0x23 -> debug.set(register, state.get(instruction.rm()));
            default -> false;
        };
    }

    private void invalidate() {
        long address = instruction.displacement();
        if (instruction.base() == Instruction.RIP) {
            address += state.get(Slots.RIP) + instruction.length();
        } else if (instruction.base() != Instruction.NONE) {
            address += state.get(instruction.base());
        }
        if (instruction.index() != Instruction.NONE) {
            address += state.get(instruction.index()) << instruction.scale();
        }
        if (instruction.addressSize() == Integer.BYTES) {
            address &= UINT;
        }
        if (instruction.segment() == FS) {
            address += state.get(Slots.FS_BASE);
        } else if (instruction.segment() == GS) {
            address += state.get(Slots.GS_BASE);
        }
        if (Addresses.canonical(address)) {
            vcpu.host().clock().flushPage(1L << vcpu.processor(), address);
        }
    }

    /// `xsetbv`: register 0 alone, and only what there is. A kernel that has not set CR4.OSXSAVE
    /// gets #UD instead of #GP.
    ///
    /// @xen xen/arch/x86/x86_emulate/x86_emulate.c, xsetbv
    /// @xen xen/arch/x86/xstate.c, handle_xsetbv
    private boolean setExtendedControl() {
        if ((chosen & OSXSAVE) == 0) {
            state.fault().of(Vectors.UD);
            return false;
        }
        final long value = state.get(Slots.RDX) << Integer.SIZE | (state.get(Slots.RAX) & UINT);
        if ((state.get(Slots.RCX) & UINT) != 0 || !Xcr0.isValid(value)) {
            return false;
        }
        state.setXcr0(value);
        return true;
    }

    private boolean readMsr() {
        switch ((int) state.get(Slots.RCX)) {
            case MSR_TSC -> halves(clock.nanos());
            case MSR_FS_BASE -> halves(state.get(Slots.FS_BASE));
            case MSR_GS_BASE -> halves(state.get(Slots.GS_BASE));
            case MSR_KERNEL_GS_BASE -> halves(vcpu.entry().gsBaseUser);
            default -> {
                return false;
            }
        }
        return true;
    }

    private boolean writeMsr() {
        final long value = state.get(Slots.RDX) << Integer.SIZE | (state.get(Slots.RAX) & UINT);
        if (!Addresses.canonical(value)) {
            return false;
        }
        switch ((int) state.get(Slots.RCX)) {
            case MSR_FS_BASE -> state.set(Slots.FS_BASE, value);
            case MSR_GS_BASE -> state.set(Slots.GS_BASE, value);
            case MSR_KERNEL_GS_BASE -> vcpu.entry().gsBaseUser = value;
            default -> {
                return false;
            }
        }
        return true;
    }
}
