// SPDX-License-Identifier: Apache-2.0
package org.provisor.spec.abi;

import io.vavr.control.Option;

/// Kinds of memory in the map that a domain is given.
///
/// @xen xen/arch/x86/include/asm/e820.h, E820_RAM
/// @xen xen/include/public/arch-x86/hvm/start_info.h, XEN_HVM_MEMMAP_TYPE_RAM
public enum E820Type {
    RAM("XEN_HVM_MEMMAP_TYPE_RAM", 1),
    RESERVED("XEN_HVM_MEMMAP_TYPE_RESERVED", 2),
    ACPI("XEN_HVM_MEMMAP_TYPE_ACPI", 3),
    NVS("XEN_HVM_MEMMAP_TYPE_NVS", 4),
    UNUSABLE("XEN_HVM_MEMMAP_TYPE_UNUSABLE", 5);

    private final String xenName;
    private final int number;

    E820Type(String xenName, int number) {
        this.xenName = xenName;
        this.number = number;
    }

    /// The kind with this number, if there is one.
    public static Option<E820Type> of(long number) {
        for (var type : values()) {
            if (type.number == number) {
                return Option.some(type);
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
