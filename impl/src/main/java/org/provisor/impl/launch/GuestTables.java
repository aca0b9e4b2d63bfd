// SPDX-License-Identifier: Apache-2.0
package org.provisor.impl.launch;

import org.provisor.impl.bits.Addresses;
import org.provisor.impl.cpu.CpuState;
import org.provisor.impl.cpu.DescriptorTables;
import org.provisor.impl.cpu.Vectors;
import org.provisor.impl.mm.LdtMapping;
import org.provisor.impl.mm.Vcpu;

/// The descriptor tables of a vCPU as the processor has them. The first 14 pages of the global
/// table are the guest's, and zero where it has put nothing; the last is Xen's. A page of the local
/// table is mapped when a descriptor in it is first looked for.
///
/// | selectors      | are                                            |
/// |----------------|------------------------------------------------|
/// | to 0xDFFF      | what the guest has handed to `set_gdt`         |
/// | 0xE023, 0xE033 | the flat code segments, of 32 and of 64 bits   |
/// | 0xE02B         | the flat data segment                          |
/// | 0xE008, 0xE010 | segments of privilege level 0                  |
/// | 0xE040, 0xE050 | the task-state segment, and the local table    |
///
/// A guest can see where the tables are, as on Xen, where nothing hides it; there is nothing at
/// these addresses.
///
/// @xen xen/arch/x86/desc.c, boot_gdt
/// @xen xen/arch/x86/include/asm/config.h, GDT_VIRT_START
/// @xen xen/arch/x86/traps.c, handle_ldt_mapping_fault
final class GuestTables implements DescriptorTables {

    private static final int LOCAL = 4;
    private static final int INDEX = 0xFFF8;

    /// The first byte of the part of the global table that is Xen's.
    private static final int XENS_PART = 0xE000;

    private static final long KERNEL_CODE = 0x00AF_9B00_0000_FFFFL;
    private static final long KERNEL_DATA = 0x00CF_9300_0000_FFFFL;
    private static final long FLAT_CODE32 = 0x00CF_FB00_0000_FFFFL;
    private static final long FLAT_DATA = 0x00CF_F300_0000_FFFFL;
    private static final long FLAT_CODE64 = 0x00AF_FB00_0000_FFFFL;

    /// Of privilege level 0, which is all that a guest can tell of it.
    private static final long TASK_STATE = 0x0000_8B00_0000_0067L;

    private static final int TASK_SELECTOR = 0xE040;
    private static final int LOCAL_SELECTOR = 0xE050;

    private static final long GDT_START = 0xFFFF_8200_0000_0000L;
    private static final int GDT_SHIFT = 17;
    private static final int GDT_LAST = 0xEFFF;
    private static final long IDT_START = 0xFFFF_82D0_4060_0000L;
    private static final int IDT_LAST = 0xFFF;

    static final long CR0 = 0x8005_0033L;
    static final long TASK_SWITCHED = 1 << 3;

    /// Where nothing is; otherwise it is the machine address of the descriptor, or an offset in
    /// Xen's part.
    private static final long ZERO = Long.MAX_VALUE;

    private static final long XENS = 1L << 62;

    private final CpuState state;
    private final Vcpu vcpu;
    private GuestCalls calls = GuestCalls.DIRECT;

    GuestTables(final CpuState state, final Vcpu vcpu) {
        this.state = state;
        this.vcpu = vcpu;
    }

    /// Has pages of the local table mapped by this.
    void makeCallsBy(final GuestCalls now) {
        calls = now;
    }

    @Override
    public long find(final int selector) {
        final int offset = selector & INDEX;
        if ((selector & LOCAL) != 0) {
            return inLocalTable(offset);
        }
        if (offset >= XENS_PART) {
            return offset > GDT_LAST ? BEYOND : XENS | offset;
        }
        final long frame = vcpu.gdtFrame(offset >>> Addresses.PAGE_SHIFT);
        return frame == Vcpu.NONE ? ZERO : machine(frame, offset);
    }

    private long inLocalTable(final int offset) {
        if (offset >= vcpu.ldtEntries() * Long.BYTES) {
            return BEYOND;
        }
        final int page = offset >>> Addresses.PAGE_SHIFT;
        if (vcpu.ldtFrame(page) == Vcpu.NONE) {
            switch (calls.mapLocalTable(vcpu, offset)) {
                case LdtMapping.PAGE_FAULT ->
                        throw state.fault().pageFault(0, vcpu.ldtBase() + offset);
                case LdtMapping.GENERAL_PROTECTION ->
                        throw state.fault().of(Vectors.GP, LdtMapping.errorCode(offset));
                default -> {}
            }
        }
        return machine(vcpu.ldtFrame(page), offset);
    }

    private static long machine(final long mfn, final int offset) {
        return mfn << Addresses.PAGE_SHIFT | (offset & Addresses.PAGE_OFFSET);
    }

    @Override
    public long read(final long at) {
        if (at == ZERO) {
            return 0;
        }
        if ((at & XENS) == 0) {
            return vcpu.host().memory().word(at);
        }
        return switch ((int) at - XENS_PART) {
            case 0x08 -> KERNEL_CODE;
            case 0x10 -> KERNEL_DATA;
            case 0x20 -> FLAT_CODE32;
            case 0x28 -> FLAT_DATA;
            case 0x30 -> FLAT_CODE64;
            case 0x40, 0x50 -> TASK_STATE;
            default -> 0;
        };
    }

    /// Another processor may change it at the same time, and so may the guest.
    @Override
    public void replace(final long at, final long before, final long now) {
        vcpu.host().memory().replaceWord(at, before, now);
    }

    @Override
    public long register(final int which) {
        return switch (which) {
            case GDT_BASE -> GDT_START + ((long) vcpu.number() << GDT_SHIFT);
            case GDT_LIMIT -> GDT_LAST;
            case IDT_BASE -> IDT_START;
            case IDT_LIMIT -> IDT_LAST;
            case LOCAL_TABLE -> vcpu.ldtEntries() == 0 ? 0 : LOCAL_SELECTOR;
            case TASK -> TASK_SELECTOR;
            case MACHINE_STATUS -> vcpu.entry().taskSwitched ? CR0 | TASK_SWITCHED : CR0;
            default -> throw new IllegalArgumentException("register " + which);
        };
    }
}
