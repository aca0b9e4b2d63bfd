// SPDX-License-Identifier: Apache-2.0
package org.provisor.refine.xen;

import io.vavr.collection.List;

import org.jspecify.annotations.Nullable;
import org.provisor.spec.state.Choices.Allocation;
import org.provisor.spec.state.Machine;

/// A hypervisor whose first domain is the probe. For one thread.
public interface ProbeHost extends AutoCloseable {

    /// How to start one.
    interface Setup {

        /// Starts a machine and waits until the probe answers.
        ///
        /// @throws XenLostException if it does not
        /// @throws IllegalStateException if its tables are not where they are expected
        ProbeHost boot();

        /// What has just been started so, in words.
        String name();
    }

    /// What it is called where it differs.
    String name();

    /// The machine's memory.
    GuestRam ram();

    /// The probe.
    Mailbox mailbox();

    /// What the hypervisor itself says of each frame.
    FrameTable table();

    /// The frames of devices that have names, see [PoolNumbers].
    long[] devices();

    /// The machine as the specification sees it, read off the hypervisor's own records, of a vCPU
    /// that has the probe's root and nothing else.
    ///
    /// @param pages how many frames the domain says that it has
    /// @param maxPages how many it may have
    Machine machine(long pages, long maxPages);

    /// A call is about to be made.
    void beginCall();

    /// Which frames were allocated since [#beginCall], request by request, where the hypervisor
    /// tells anybody; null where that has to be found out.
    @Nullable List<Allocation> allocated();

    @Override
    void close();
}
