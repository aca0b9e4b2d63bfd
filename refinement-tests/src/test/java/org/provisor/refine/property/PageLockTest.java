// SPDX-License-Identifier: Apache-2.0
package org.provisor.refine.property;

import net.jqwik.api.ForAll;
import net.jqwik.api.Label;

/// The clauses of `mm.PageLock`.
final class PageLockTest extends ClauseProperties {

    @ClauseProperty
    @Label("mm.page-lock")
    void pageLock(@ForAll long seed) {
        commutes(seed);
    }
}
