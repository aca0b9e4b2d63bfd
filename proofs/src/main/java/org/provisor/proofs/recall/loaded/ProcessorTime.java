// SPDX-License-Identifier: Apache-2.0
package org.provisor.proofs.recall.loaded;

import org.jspecify.annotations.Nullable;
import org.provisor.refine.harness.Run;
import org.provisor.refine.harness.Subject;
import org.provisor.refine.harness.Verdict;
import org.provisor.refine.program.Action;
import org.provisor.refine.program.FrameNumbers;
import org.provisor.refine.program.Operand;
import org.provisor.refine.program.World;
import org.provisor.spec.state.Answer;
import org.provisor.spec.state.Machine;

import java.lang.management.ManagementFactory;
import java.lang.management.ThreadMXBean;

/// How much of a processor's time a campaign of one thread takes to find something, and an end to
/// the campaign when it has taken too much.
final class ProcessorTime {

    private final ThreadMXBean threads = ManagementFactory.getThreadMXBean();
    private final Thread campaign;
    private final long most;
    private volatile long thread;
    private volatile long nanos;
    private volatile boolean over;

    /// @param campaign the thread that waits for the campaign: it is interrupted at the end
    /// @param most nanoseconds
    ProcessorTime(Thread campaign, long most) {
        this.campaign = campaign;
        this.most = most;
    }

    long nanos() {
        return nanos;
    }

    /// The campaign is over: what has not stopped is not waited for.
    void end() {
        synchronized (this) {
            if (!over) {
                // An action that does not come to its end takes time too; a thread that has ended,
                // -1.
                nanos = Math.max(nanos, threads.getThreadCpuTime(thread));
                over = true;
            }
        }
        boolean _ = Thread.interrupted();
    }

    /// The same subject, its thread's time taken.
    Subject measured(Subject subject) {
        return new Subject() {
            @Override
            public Run start(World world) {
                took();
                return new Measured(subject.start(world));
            }

            @Override
            public void close() {
                subject.close();
            }
        };
    }

    /// Takes the time, as long as nothing is found.
    private synchronized void took() {
        if (over) {
            return;
        }
        thread = Thread.currentThread().threadId();
        nanos = threads.getCurrentThreadCpuTime();
        if (nanos >= most) {
            over = true;
            campaign.interrupt();
        }
    }

    private Verdict seen(Verdict verdict) {
        if (verdict instanceof Verdict.Differs && !over) {
            took();
            over = true;
        }
        return verdict;
    }

    /// A run that is watched for what it finds.
    private final class Measured implements Run {

        private final Run run;

        Measured(Run run) {
            this.run = run;
        }

        @Override
        public Machine machine() {
            return run.machine();
        }

        @Override
        public FrameNumbers numbers() {
            return run.numbers();
        }

        @Override
        public long word(long frame, int slot) {
            return run.word(frame, slot);
        }

        @Override
        public long callWord(int domain, long linear) {
            return run.callWord(domain, linear);
        }

        @Override
        public Verdict perform(Action action) {
            return seen(run.perform(action));
        }

        @Override
        public int @Nullable [] choosable() {
            return run.choosable();
        }

        @Override
        public @Nullable Operand rootEntry() {
            return run.rootEntry();
        }

        @Override
        public Verdict finish() {
            return seen(run.finish());
        }

        @Override
        public @Nullable Answer answer() {
            return run.answer();
        }
    }
}
