// SPDX-License-Identifier: Apache-2.0
package org.provisor.impl.launch;

import org.jspecify.annotations.Nullable;
import org.provisor.impl.mm.Domain;
import org.provisor.impl.mm.VcpuLife;
import org.provisor.impl.tlb.Processors;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.LockSupport;

/// Which vCPUs of a domain are to run, and how it ended. A vCPU runs once it is initialised and up,
/// as long as it waits for nothing; there is nothing yet that would wake one that waits.
///
/// | what a vCPU is      | initialised | up  | waits |
/// |---------------------|-------------|-----|-------|
/// | nothing             | no          | no  | no    |
/// | down                | yes         | no  | any   |
/// | asleep              | yes         | yes | yes   |
/// | runs                | yes         | yes | no    |
///
/// All vCPUs' threads use it.
final class Schedule {

    private final Domain domain;
    private final boolean[] waiting;
    private final List<Thread> threads = new ArrayList<>();

    /// Whoever runs on other threads, if anybody does.
    private final @Nullable Processors processors;

    private volatile @Nullable Ending ending;

    /// Counts changes of who is to run.
    private final AtomicLong changes = new AtomicLong();

    /// The domain starts on its first vCPU.
    Schedule(final Domain domain, final @Nullable Processors processors) {
        this.domain = domain;
        this.processors = processors;
        waiting = new boolean[domain.vcpus()];
        for (int number = 1; number < waiting.length; number++) {
            domain.setLife(domain.vcpu(number), VcpuLife.UNINITIALISED);
        }
    }

    @Nullable Ending ending() {
        return ending;
    }

    /// Ends the domain, if nobody has done so before.
    synchronized void end(final Ending now) {
        if (ending == null) {
            ending = now;
            changed();
            threads.forEach(LockSupport::unpark);
        }
    }

    /// The domain may run again if it ended only because it had run for long enough.
    synchronized void goOn() {
        final Ending last = ending;
        if (last != null && last.kind() == Ending.Kind.LIMIT) {
            ending = null;
            changed();
        }
        threads.clear();
    }

    /// Whether all vCPUs run on one thread.
    boolean onOneThread() {
        return processors == null;
    }

    /// Lets a thread be woken when the domain ends.
    synchronized void add(final Thread thread) {
        threads.add(thread);
    }

    private void changed() {
        changes.incrementAndGet();
        notifyAll();
        if (processors != null) {
            processors.disturb();
        }
    }

    /// vCPUs have been brought up or down.
    synchronized void livesChanged() {
        changed();
        endIfAsleep();
    }

    /// The last vCPU that was up has gone down.
    void lastDown() {
        end(new Ending(Ending.Kind.SHUTDOWN, Ending.POWEROFF, "the last vCPU went down"));
    }

    /// A vCPU waits for what never comes. When all do the domain ends.
    synchronized void sleep(final int vcpu) {
        waiting[vcpu] = true;
        changed();
        endIfAsleep();
    }

    private void endIfAsleep() {
        for (int vcpu = 0; vcpu < waiting.length; vcpu++) {
            if (runs(vcpu)) {
                return;
            }
        }
        end(new Ending(Ending.Kind.ASLEEP, 0, "the domain waits for what never comes"));
    }

    synchronized boolean runs(final int vcpu) {
        return domain.vcpu(vcpu).life() == VcpuLife.UP && !waiting[vcpu];
    }

    /// Whether any other vCPU is to run.
    synchronized boolean othersRun(final int vcpu) {
        for (int other = 0; other < waiting.length; other++) {
            if (other != vcpu && runs(other)) {
                return true;
            }
        }
        return false;
    }

    /// Another number whenever somebody else is to run, or the domain has ended.
    long changes() {
        return changes.get();
    }

    /// Returns when a vCPU is to run, or when the domain has ended.
    synchronized void await(final int vcpu) {
        while (ending == null && !runs(vcpu)) {
            try {
                wait();
            } catch (final InterruptedException e) {
                throw new IllegalStateException(e);
            }
        }
    }
}
