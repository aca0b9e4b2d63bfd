// SPDX-License-Identifier: Apache-2.0
package org.provisor.impl.paging;

import org.provisor.impl.mm.GuestMemory;
import org.provisor.impl.tlb.Processor;

/// A vCPU's memory while others run: a page that the hypervisor has found for it stays what it is
/// until the access is done, for whoever gives the page another use asks for a flush first, and
/// waits for it.
public final class GuardedMemory implements GuestMemory {

    private final GuestMemory inner;
    private final Processor processor;

    /// @param processor on which the vCPU runs
    public GuardedMemory(final GuestMemory inner, final Processor processor) {
        this.inner = inner;
        this.processor = processor;
    }

    @Override
    public boolean read(final long linear, final long[] to, final int bytes) {
        final boolean used = use();
        try {
            return inner.read(linear, to, bytes);
        } finally {
            endUse(used);
        }
    }

    @Override
    public boolean writable(final long linear, final int bytes) {
        final boolean used = use();
        try {
            return inner.writable(linear, bytes);
        } finally {
            endUse(used);
        }
    }

    @Override
    public boolean write(final long linear, final long value, final int bytes) {
        final boolean used = use();
        try {
            return inner.write(linear, value, bytes);
        } finally {
            endUse(used);
        }
    }

    private boolean use() {
        final boolean used = processor.isUsing();
        if (!used) {
            processor.enter();
        }
        return used;
    }

    private void endUse(final boolean used) {
        if (!used) {
            processor.leave();
        }
    }
}
