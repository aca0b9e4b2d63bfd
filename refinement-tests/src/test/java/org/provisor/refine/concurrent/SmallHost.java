// SPDX-License-Identifier: Apache-2.0
package org.provisor.refine.concurrent;

import org.provisor.impl.memory.MachineMemory;
import org.provisor.impl.mm.Domain;
import org.provisor.impl.mm.Host;
import org.provisor.impl.tlb.FlushClock;
import org.provisor.impl.tlb.TlbFlusher;

/// A machine with one domain of a few frames, for tests that start very many of them.
///
/// Its memory is that of the one started before: what one leaves there, the next finds.
final class SmallHost {

    /// The domain's identifier.
    static final int DOMAIN = 1;

    /// How many vCPUs the domain has: one for each number that Lincheck gives a thread. vCPU 0
    /// makes the calls before the two threads start, 3 those after they have ended.
    static final int VCPUS = 4;

    /// The numbers of the two threads.
    static final int[] THREADS = {1, 2};

    private static final int FRAMES = 16;
    private static final MachineMemory MEMORY = MachineMemory.ofFrames(FRAMES);

    /// As usual, without a trace.
    private static final Host.Options OPTIONS = new Host.Options(true, 9, 12, 18, 12, 0);

    private SmallHost() {}

    /// Starts a machine.
    ///
    /// @param pages how many frames the domain is given, all zero
    /// @param frames where their numbers go
    static Domain start(final int pages, final long[] frames) {
        final Host host = new Host(MEMORY, new FlushClock(VCPUS, new NoTlb()), OPTIONS);
        final Domain domain =
                host.create(
                        new Domain.Config(DOMAIN, false, false, pages, VCPUS, null, false, false));
        for (int i = 0; i < pages; i++) {
            frames[i] = host.give(domain);
            MEMORY.clear(frames[i]);
        }
        return domain;
    }

    /// The machine of a domain.
    static Host of(final Domain domain) {
        return domain.vcpu(0).host();
    }

    private static final class NoTlb implements TlbFlusher {

        @Override
        public void flush(final long processors) {}

        @Override
        public void flushPage(final long processors, final long linear) {}

        @Override
        public void flushCaches(final long processors) {}
    }
}
