// SPDX-License-Identifier: Apache-2.0
package org.provisor.refine.harness;

import org.provisor.impl.memory.FrameAllocator;
import org.provisor.impl.memory.FrameSource;

/// Refuses some of the requests for several frames at once.
final class FailingSource implements FrameSource {

    private final FrameAllocator allocator;
    private long failed;
    private int requests;

    FailingSource(FrameAllocator allocator) {
        this.allocator = allocator;
    }

    /// A call begins: of its requests for several frames those are refused whose bit is set.
    void begin(long refused) {
        failed = refused;
        requests = 0;
    }

    @Override
    public long allocate(int order, int frameBits, long claim) {
        if (order > 0) {
            int request = requests++;
            if (request < Long.SIZE && (failed >>> request & 1) != 0) {
                return FrameAllocator.NONE;
            }
        }
        return allocator.allocate(order, frameBits, claim);
    }
}
