// SPDX-License-Identifier: Apache-2.0
package org.provisor.spec.abi;

import io.vavr.control.Option;

/// What `set_segment_base` sets.
///
/// @xen xen/include/public/arch-x86/xen-x86_64.h, SEGBASE_FS and those after it
public enum SegmentBase {
    /// The base of FS.
    FS("SEGBASE_FS", 0),

    /// The base of GS in user mode.
    GS_USER("SEGBASE_GS_USER", 1),

    /// The base of GS in the kernel.
    GS_KERNEL("SEGBASE_GS_KERNEL", 2),

    /// The selector in GS in user mode, and with it the base.
    GS_USER_SEL("SEGBASE_GS_USER_SEL", 3);

    private final String xenName;
    private final int number;

    SegmentBase(String xenName, int number) {
        this.xenName = xenName;
        this.number = number;
    }

    /// The one with this number, if there is one.
    public static Option<SegmentBase> of(long number) {
        for (var which : values()) {
            if (which.number == number) {
                return Option.some(which);
            }
        }
        return Option.none();
    }

    /// The name in Xen's public headers.
    public String xenName() {
        return xenName;
    }

    /// The number that a guest passes.
    public int number() {
        return number;
    }
}
