// SPDX-License-Identifier: Apache-2.0
package org.provisor.spec.state;

/// What a machine frame is used for. The types exclude each other.
///
/// @xen xen/arch/x86/include/asm/mm.h, PGT_none to PGT_writable_page
public enum PageType {
    NONE("none", 0),
    L1("l1", 1),
    L2("l2", 2),
    L3("l3", 3),
    L4("l4", 4),
    SEG_DESC("segdesc", 0),
    SHARED("shared", 0),
    WRITABLE("writable", 0);

    private final String text;
    private final int level;

    PageType(String text, int level) {
        this.text = text;
        this.level = level;
    }

    /// Whether the processor may walk frames of this type.
    public boolean isPageTable() {
        return level > 0;
    }

    /// 1 to 4 for page tables, 0 for the rest.
    public int level() {
        return level;
    }

    /// The page-table type of a level from 1 to 4.
    public static PageType ofLevel(int level) {
        return switch (level) {
            case 1 -> L1;
            case 2 -> L2;
            case 3 -> L3;
            case 4 -> L4;
            default -> throw new IllegalArgumentException("no page-table level " + level);
        };
    }

    @Override
    public String toString() {
        return text;
    }
}
