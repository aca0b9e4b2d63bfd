// SPDX-License-Identifier: Apache-2.0
package org.provisor.impl.launch;

import org.provisor.impl.hypercall.HypercallTable;
import org.provisor.impl.hypercall.Registers;
import org.provisor.impl.mm.Vcpu;

/// Makes the hypercalls of a guest that runs, but for `iret` and those of [HostCalls].
@FunctionalInterface
public interface GuestCalls {

    /// Just makes them.
    GuestCalls DIRECT = HypercallTable::call;

    /// Makes the call that the registers state, and puts into them what the guest finds there.
    void call(Vcpu by, Registers registers);
}
