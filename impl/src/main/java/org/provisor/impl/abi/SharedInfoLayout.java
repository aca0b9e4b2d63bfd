// SPDX-License-Identifier: Apache-2.0
package org.provisor.impl.abi;

/// Where things are in the page that Xen and a 64-bit guest share.
///
/// @xen xen/include/public/xen.h, struct shared_info
/// @xen xen/include/public/arch-x86/xen.h, struct arch_shared_info
public final class SharedInfoLayout {

    /// How many frames the guest says it has numbered, 8 bytes.
    public static final int MAX_PFN = 0xC10;

    private SharedInfoLayout() {}
}
