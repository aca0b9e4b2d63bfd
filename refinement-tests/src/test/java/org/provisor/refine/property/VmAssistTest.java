// SPDX-License-Identifier: Apache-2.0
package org.provisor.refine.property;

import net.jqwik.api.ForAll;
import net.jqwik.api.Label;

/// The clauses of `mm.VmAssist`.
final class VmAssistTest extends ClauseProperties {

    @ClauseProperty
    @Label("mm.vm-assist")
    void vmAssist(@ForAll long seed) {
        commutes(seed);
    }
}
