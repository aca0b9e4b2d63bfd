// SPDX-License-Identifier: Apache-2.0
package org.provisor.refine.xen;

/// Xen's slots of a root table. What stands there is not the guest's and not specified, but for
/// whether the first of them shows the machine-to-physical table.
final class XenSlots {

    static final int FIRST = 256;
    static final int LAST = 271;

    private XenSlots() {}

    static boolean has(int slot) {
        return slot >= FIRST && slot <= LAST;
    }
}
