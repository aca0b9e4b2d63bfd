// SPDX-License-Identifier: Apache-2.0
package org.provisor.spec.transition;

import org.provisor.spec.abi.Domid;
import org.provisor.spec.abi.Invocation;
import org.provisor.spec.mm.WritablePageTables.GuestWrite;
import org.provisor.spec.pv.Arrival;

/// Something that happens to a machine, caused by one vCPU.
public sealed interface Event {

    /// The vCPU's kernel makes a hypercall.
    record Call(Invocation call) implements Event {}

    /// The vCPU's kernel has a domain destroyed.
    record Destroy(Domid domain) implements Event {}

    /// The vCPU loads a descriptor this many bytes into its local descriptor table, from a page
    /// that is not mapped yet.
    record LoadDescriptor(int offset) implements Event {}

    /// The vCPU's kernel writes to memory that is mapped read-only, and the processor faults.
    record WriteReadOnly(GuestWrite write) implements Event {}

    /// The vCPU has stopped with something for its kernel, or its kernel leaves itself by `iret`.
    record Arrive(Arrival arrival) implements Event {}
}
