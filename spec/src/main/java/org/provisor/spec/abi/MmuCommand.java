// SPDX-License-Identifier: Apache-2.0
package org.provisor.spec.abi;

import io.vavr.control.Option;

/// What one request of `mmu_update` does: the low bits of its `ptr`.
///
/// @xen xen/include/public/xen.h, MMU_NORMAL_PT_UPDATE and the comment before it
public enum MmuCommand {
    /// Writes a page-table entry, after checking it.
    NORMAL_PT_UPDATE("MMU_NORMAL_PT_UPDATE", 0),

    /// Writes an entry of the machine-to-physical table.
    MACHPHYS_UPDATE("MMU_MACHPHYS_UPDATE", 1),

    /// As the first, keeping accessed and dirty bits that are set in the old entry.
    PT_UPDATE_PRESERVE_AD("MMU_PT_UPDATE_PRESERVE_AD", 2),

    /// As the first, the frame in the entry taken as it is even for a translated domain.
    PT_UPDATE_NO_TRANSLATE("MMU_PT_UPDATE_NO_TRANSLATE", 3);

    private final String xenName;
    private final int number;

    MmuCommand(String xenName, int number) {
        this.xenName = xenName;
        this.number = number;
    }

    /// The command with this number, if there is one.
    public static Option<MmuCommand> of(long number) {
        for (var command : values()) {
            if (command.number == number) {
                return Option.some(command);
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
