// SPDX-License-Identifier: Apache-2.0
package org.provisor.spec.abi;

/// `struct shared_info`: the frame that Xen and a guest both write. Only what the guest says about
/// its own memory is here; Xen reads `max_pfn` as the guest's highest frame number.
///
/// @xen xen/include/public/xen.h, struct shared_info
/// @xen xen/include/public/arch-x86/xen.h, struct arch_shared_info
public record SharedInfo(
        long maxPfn,
        long pfnToMfnFrameListList,
        long nmiReason,
        long p2mCr3,
        long p2mVaddr,
        long p2mGeneration) {

    /// Where the fields are.
    public static final Layout LAYOUT =
            Layout.of("struct shared_info", 3136, 2344)
                    .field("arch.max_pfn", FieldKind.WORD, 3088, 2316)
                    .field("arch.pfn_to_mfn_frame_list_list", FieldKind.WORD, 3096, 2320)
                    .field("arch.nmi_reason", FieldKind.WORD, 3104, 2324)
                    .field("arch.p2m_cr3", FieldKind.WORD, 3112, 2328)
                    .field("arch.p2m_vaddr", FieldKind.WORD, 3120, 2332)
                    .field("arch.p2m_generation", FieldKind.WORD, 3128, 2336);

    /// Reads what is in the frame.
    public static SharedInfo fromBytes(GuestBytes bytes, long at, Bitness bitness) {
        var s = LAYOUT.read(bytes, at, bitness);
        return new SharedInfo(
                s.get("arch.max_pfn"),
                s.get("arch.pfn_to_mfn_frame_list_list"),
                s.get("arch.nmi_reason"),
                s.get("arch.p2m_cr3"),
                s.get("arch.p2m_vaddr"),
                s.get("arch.p2m_generation"));
    }

    /// `before` with all fields replaced.
    public Struct into(Struct before) {
        return before.with("arch.max_pfn", maxPfn)
                .with("arch.pfn_to_mfn_frame_list_list", pfnToMfnFrameListList)
                .with("arch.nmi_reason", nmiReason)
                .with("arch.p2m_cr3", p2mCr3)
                .with("arch.p2m_vaddr", p2mVaddr)
                .with("arch.p2m_generation", p2mGeneration);
    }

    /// The frame's content from the start, all else zero.
    public Bytes toBytes(Bitness bitness) {
        return into(LAYOUT.blank(bitness)).bytes();
    }
}
