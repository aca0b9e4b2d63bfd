// SPDX-License-Identifier: Apache-2.0
package org.provisor.impl.mm;

/// Whether something more urgent waits for a vCPU that is in a hypercall.
public interface Preemption {

    /// Asked at each point where a call can stop. Once it answers yes it goes on answering yes
    /// until the call has returned.
    boolean due();
}
