// SPDX-License-Identifier: Apache-2.0
package org.provisor.refine.property;

import net.jqwik.api.ForAll;
import net.jqwik.api.Label;

/// The clauses of `pv.GuestEntry`.
final class GuestEntryTest extends ClauseProperties {

    @ClauseProperty
    @Label("pv.exception")
    void exception(@ForAll long seed) {
        commutes(seed);
    }

    @ClauseProperty
    @Label("pv.interrupt")
    void interrupt(@ForAll long seed) {
        commutes(seed);
    }

    @ClauseProperty
    @Label("pv.user-syscall")
    void userSyscall(@ForAll long seed) {
        commutes(seed);
    }

    @ClauseProperty
    @Label("pv.upcall")
    void upcall(@ForAll long seed) {
        commutes(seed);
    }
}
