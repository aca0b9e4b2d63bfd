// SPDX-License-Identifier: Apache-2.0
package org.provisor.spec.mm;

import org.provisor.spec.notation.Clause;
import org.provisor.spec.state.Frame;
import org.provisor.spec.state.TypeUse;

/// The lock that keeps others from a page table while one of its entries changes.
///
/// It is held within one atomic element only, so that no machine between elements has a locked
/// frame; what can be seen of it is which frames it can be taken on.
///
/// @xen xen/arch/x86/mm.c, page_lock, page_unlock
public final class PageLock {

    private PageLock() {}

    /// Whether a frame can be locked: it is validated and held to its type, and the lock's own type
    /// reference fits.
    @Clause(
            value = "mm.page-lock",
            covers = {"LK-1", "LK-2"})
    static boolean possible(Frame frame) {
        TypeUse use = frame.use();
        return use.validated() && use.count() > 0 && use.count() < TypeUse.MAX_COUNT;
    }
}
