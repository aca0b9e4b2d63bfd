// SPDX-License-Identifier: Apache-2.0
package org.provisor.impl.cpu;

/// What `cpuid` answers, by a domain's policy. Leaves that there are not are 0, as Xen has it.
///
/// @sdm 2, "CPUID—CPU Identification"
/// @xen xen/arch/x86/cpuid.c, guest_cpuid
public final class CpuidLeaves {

    private static final long UINT = 0xFFFF_FFFFL;

    private static final int EXTENDED = 0x8000_0000;
    private static final int HYPERVISOR_LEAVES = 0x4000_0000;

    /// A processor of family 6.
    private static final int VERSION = 0x600;

    /// What `clflush` flushes, in units of 8 bytes.
    private static final int FLUSHED = 8;

    /// Of ECX of leaf 1: there is a hypervisor.
    private static final int HYPERVISOR = 1 << 31;

    /// Of ECX of leaf 1: CR4.OSXSAVE is set.
    private static final int OSXSAVE = 1 << 27;

    private static final int EXTENDED_STATE = 0xD;

    /// Of what `xsave` saves with all there is, and with what XCR0 has: no less.
    private static final int AREA_BYTES = 576;

    private static final int XEN_VERSION = 4 << 16 | 17;

    /// Bits of linear and physical addresses.
    private static final int ADDRESSES = 48 << 8 | 46;

    private final CpuFeatures features;

    public CpuidLeaves(final CpuFeatures features) {
        this.features = features;
    }

    /// Carries out `cpuid`, but for RIP.
    ///
    /// @param osxsave whether CR4.OSXSAVE is to be seen as set
    public void answer(final CpuState state, final boolean osxsave) {
        final int subleaf = (int) state.get(Slots.RCX);
        final boolean firstSubleaf = subleaf == 0;
        switch ((int) state.get(Slots.RAX)) {
            case 0 -> leaf(state, EXTENDED_STATE, word("Prov"), word("Java"), word("isor"));
            case 1 ->
                    leaf(
                            state,
                            VERSION,
                            FLUSHED << 8,
                            features.word(CpuFeature.Word.BASIC_ECX)
                                    | HYPERVISOR
                                    | (osxsave ? OSXSAVE : 0),
                            features.word(CpuFeature.Word.BASIC_EDX));
            case 7 -> {
                final int ebx = features.word(CpuFeature.Word.SEVEN_EBX);
                leaf(state, 0, firstSubleaf ? ebx : 0, 0, 0);
            }
            case EXTENDED_STATE -> extendedState(state, subleaf);
            case HYPERVISOR_LEAVES ->
                    leaf(state, HYPERVISOR_LEAVES + 2, word("XenV"), word("MMXe"), word("nVMM"));
            case HYPERVISOR_LEAVES + 1 -> leaf(state, XEN_VERSION, 0, 0, 0);
            case EXTENDED -> leaf(state, EXTENDED + 8, 0, 0, 0);
            case EXTENDED + 1 ->
                    leaf(
                            state,
                            0,
                            0,
                            features.word(CpuFeature.Word.EXTENDED_ECX),
                            features.word(CpuFeature.Word.EXTENDED_EDX));
            case EXTENDED + 8 -> leaf(state, ADDRESSES, 0, 0, 0);
            default -> leaf(state, 0, 0, 0, 0);
        }
    }

    /// @sdm 1, "Enumeration of CPU Support for XSAVE Instructions and XSAVE-Supported Features"
    private void extendedState(final CpuState state, final int subleaf) {
        if (subleaf == 0 && features.has(CpuFeature.XSAVE)) {
            leaf(state, (int) Xcr0.ALL, AREA_BYTES, AREA_BYTES, 0);
        } else {
            leaf(state, subleaf == 1 ? features.word(CpuFeature.Word.XSTATE_EAX) : 0, 0, 0, 0);
        }
    }

    private static void leaf(
            final CpuState state, final int eax, final int ebx, final int ecx, final int edx) {
        state.set(Slots.RAX, eax & UINT);
        state.set(Slots.RBX, ebx & UINT);
        state.set(Slots.RCX, ecx & UINT);
        state.set(Slots.RDX, edx & UINT);
    }

    private static int word(final String text) {
        return text.charAt(0) | text.charAt(1) << 8 | text.charAt(2) << 16 | text.charAt(3) << 24;
    }
}
