// SPDX-License-Identifier: Apache-2.0
package org.provisor.impl.mm;

import org.provisor.impl.Refines;
import org.provisor.impl.abi.DomainIds;

/// The domain that a caller names as the owner of frames.
///
/// @xen xen/common/page_alloc.c, get_pg_owner
final class ForeignOwner {

    /// Nobody is meant.
    static final int NOBODY = -1;

    private ForeignOwner() {}

    /// The owner that is meant. A caller may not name itself by its number.
    @Refines("mm.foreign-owner")
    static int resolve(final Vcpu by, final int named) {
        if (named == by.domain.id) {
            return NOBODY;
        }
        if (named == DomainIds.SELF) {
            return by.domain.id;
        }
        return named == DomainIds.IO || named == DomainIds.XEN || by.host.domain(named) != null
                ? named
                : NOBODY;
    }
}
