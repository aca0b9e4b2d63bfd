// SPDX-License-Identifier: Apache-2.0
package org.provisor.refine.property;

import net.jqwik.api.ForAll;
import net.jqwik.api.Label;

/// The clauses of `mm.TableValidation`.
final class TableValidationTest extends ClauseProperties {

    @ClauseProperty
    @Label("mm.validate.table")
    void validateTable(@ForAll long seed) {
        commutes(seed);
    }
}
