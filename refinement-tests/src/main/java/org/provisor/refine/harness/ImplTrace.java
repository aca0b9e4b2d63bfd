// SPDX-License-Identifier: Apache-2.0
package org.provisor.refine.harness;

import io.vavr.collection.List;

import org.provisor.impl.memory.FrameAllocator;
import org.provisor.impl.trace.TraceBuffer;
import org.provisor.impl.trace.TraceEvent;
import org.provisor.spec.abi.Mfn;
import org.provisor.spec.state.Choices.Allocation;

/// What a vCPU's trace says that the specification leaves open.
public final class ImplTrace {

    private ImplTrace() {}

    /// Which frames were allocated, request by request.
    ///
    /// @param from the first record that counts
    public static List<Allocation> allocations(TraceBuffer trace, long from) {
        List<Allocation> all = List.empty();
        for (long record = trace.written() - 1; record >= from; record--) {
            if (trace.event(record) == TraceEvent.ALLOCATED) {
                long first = trace.b(record);
                all =
                        all.prepend(
                                first == FrameAllocator.NONE
                                        ? new Allocation.Failed()
                                        : new Allocation.Given(new Mfn(first)));
            }
        }
        return all;
    }
}
