// SPDX-License-Identifier: Apache-2.0
package org.provisor.impl.launch;

import org.provisor.impl.hypercall.HypercallTable;
import org.provisor.impl.hypercall.Registers;
import org.provisor.impl.mm.LdtMapping;
import org.provisor.impl.mm.Vcpu;
import org.provisor.impl.mm.WritablePageTables;

/// Makes the hypercalls of a guest that runs, but for `iret` and those of [HostCalls], and does
/// what else of a guest's doing takes or drops references of frames: its writes to page tables, and
/// descriptors that it loads from its local table.
@FunctionalInterface
public interface GuestCalls {

    /// Just makes them.
    GuestCalls DIRECT = HypercallTable::call;

    /// Makes the call that the registers state, and puts into them what the guest finds there.
    void call(Vcpu by, Registers registers);

    /// Deals with a write to a page table, see [WritablePageTables#write].
    default int write(
            final Vcpu by,
            final long cr2,
            final long linear,
            final int bytes,
            final long value,
            final boolean compares,
            final long expected) {
        return WritablePageTables.write(by, cr2, linear, bytes, value, compares, expected);
    }

    /// Maps a page of the local descriptor table, see [LdtMapping#map].
    default int mapLocalTable(final Vcpu by, final int offset) {
        return LdtMapping.map(by, offset);
    }
}
