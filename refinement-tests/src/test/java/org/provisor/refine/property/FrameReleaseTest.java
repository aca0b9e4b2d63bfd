// SPDX-License-Identifier: Apache-2.0
package org.provisor.refine.property;

import net.jqwik.api.ForAll;
import net.jqwik.api.Label;

/// The clauses of `mm.FrameRelease`.
final class FrameReleaseTest extends ClauseProperties {

    @ClauseProperty
    @Label("mm.frame.release")
    void frameRelease(@ForAll long seed) {
        commutes(seed);
    }
}
