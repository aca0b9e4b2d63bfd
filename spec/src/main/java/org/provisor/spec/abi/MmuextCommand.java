// SPDX-License-Identifier: Apache-2.0
package org.provisor.spec.abi;

import io.vavr.control.Option;

/// What one operation of `mmuext_op` does. Number 14 was never given out.
///
/// @xen xen/include/public/xen.h, enum mmuext_cmd
public enum MmuextCommand {
    PIN_L1_TABLE("MMUEXT_PIN_L1_TABLE", 0),
    PIN_L2_TABLE("MMUEXT_PIN_L2_TABLE", 1),
    PIN_L3_TABLE("MMUEXT_PIN_L3_TABLE", 2),
    PIN_L4_TABLE("MMUEXT_PIN_L4_TABLE", 3),
    UNPIN_TABLE("MMUEXT_UNPIN_TABLE", 4),
    NEW_BASEPTR("MMUEXT_NEW_BASEPTR", 5),
    TLB_FLUSH_LOCAL("MMUEXT_TLB_FLUSH_LOCAL", 6),
    INVLPG_LOCAL("MMUEXT_INVLPG_LOCAL", 7),
    TLB_FLUSH_MULTI("MMUEXT_TLB_FLUSH_MULTI", 8),
    INVLPG_MULTI("MMUEXT_INVLPG_MULTI", 9),
    TLB_FLUSH_ALL("MMUEXT_TLB_FLUSH_ALL", 10),
    INVLPG_ALL("MMUEXT_INVLPG_ALL", 11),
    FLUSH_CACHE("MMUEXT_FLUSH_CACHE", 12),
    SET_LDT("MMUEXT_SET_LDT", 13),
    NEW_USER_BASEPTR("MMUEXT_NEW_USER_BASEPTR", 15),
    CLEAR_PAGE("MMUEXT_CLEAR_PAGE", 16),
    COPY_PAGE("MMUEXT_COPY_PAGE", 17),
    FLUSH_CACHE_GLOBAL("MMUEXT_FLUSH_CACHE_GLOBAL", 18),
    MARK_SUPER("MMUEXT_MARK_SUPER", 19),
    UNMARK_SUPER("MMUEXT_UNMARK_SUPER", 20);

    private final String xenName;
    private final int number;

    MmuextCommand(String xenName, int number) {
        this.xenName = xenName;
        this.number = number;
    }

    /// The command with this number, if there is one.
    public static Option<MmuextCommand> of(long number) {
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
