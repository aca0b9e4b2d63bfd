// SPDX-License-Identifier: Apache-2.0
package org.provisor.impl.mm;

/// What a frame is used for, as it stands in bits 63 to 61 of its type word.
public final class PageType {

    public static final int NONE = 0;
    public static final int L1 = 1;
    public static final int L2 = 2;
    public static final int L3 = 3;
    public static final int L4 = 4;
    public static final int SEGMENT_DESCRIPTORS = 5;
    public static final int SHARED = 6;
    public static final int WRITABLE = 7;

    private PageType() {}

    static boolean isTable(int type) {
        return type >= L1 && type <= L4;
    }

    /// Whether frames of the type have contents that must be checked.
    static boolean isChecked(int type) {
        return type >= L1 && type <= SEGMENT_DESCRIPTORS;
    }
}
