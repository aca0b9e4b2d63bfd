// SPDX-License-Identifier: Apache-2.0
package org.provisor.benchmarks;

import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OperationsPerInvocation;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.Threads;
import org.openjdk.jmh.annotations.Warmup;
import org.provisor.impl.hypercall.Registers;
import org.provisor.impl.mm.Vcpu;

import java.util.concurrent.TimeUnit;

/// How many entries a second do two vCPUs of a domain change on two threads, each in a table of its
/// own with frames of its own? The baseline is one vCPU on one thread.
@BenchmarkMode(Mode.Throughput)
@OutputTimeUnit(TimeUnit.MICROSECONDS)
@Warmup(iterations = 5, time = 1)
@Measurement(iterations = 5, time = 1)
@Fork(3)
@SuppressWarnings("NullAway.Init") // JMH calls setUp.
public class MmuUpdateOnTwoThreads {

    private static final int BATCH = 256;

    /// Frames that one thread has to itself.
    private static final int APART = 2048;

    /// The guest, with a table and two lists of requests for each of two vCPUs.
    @State(Scope.Benchmark)
    @SuppressWarnings("NullAway.Init") // JMH calls setUp.
    public static class Guest {

        private BenchGuest guest;
        private int data;
        private int taken;

        /// Pins the tables.
        @Setup
        public void setUp() {
            guest = new BenchGuest(8192, 2, 1024);
            data = guest.firstData();
            for (int number = 0; number < 2; number++) {
                int first = data + number * APART;
                for (int i = 0; i < BATCH; i++) {
                    request(first, 1, i, first + 512 + i);
                    request(first, 2, i, first + 1024 + i);
                }
                guest.set(first + 3, 0, 0);
                guest.set(first + 3, 1, guest.frame(first));
                BenchGuest.expect(
                        guest.call(
                                14,
                                BenchGuest.linear(first),
                                guest.frame(first) << 12 | 0x65,
                                0,
                                0),
                        0);
                BenchGuest.expect(guest.mmuext(first + 3, 1), 0);
            }
        }

        private void request(int table, int list, int index, int mapped) {
            guest.set(table + list, 2 * index, (guest.frame(table) << 12) + 8L * index);
            guest.set(table + list, 2 * index + 1, guest.frame(mapped) << 12 | 0x67);
        }

        private synchronized int next() {
            return taken++ % 2;
        }
    }

    /// A vCPU on its thread.
    @State(Scope.Thread)
    @SuppressWarnings("NullAway.Init") // JMH calls setUp.
    public static class Runner {

        private final Registers registers = new Registers();
        private Vcpu vcpu;
        private int lists;
        private int turn;

        /// Takes the next vCPU.
        @Setup
        public void setUp(Guest guest) {
            int number = guest.next();
            vcpu = guest.guest.domain.vcpu(number);
            lists = guest.data + number * APART + 1;
        }

        private long update() {
            turn ^= 1;
            return BenchGuest.mmuUpdate(vcpu, registers, lists + turn, BATCH);
        }
    }

    /// The baseline.
    @Benchmark
    @Threads(1)
    @OperationsPerInvocation(BATCH)
    public long oneThread(Runner runner) {
        return runner.update();
    }

    /// The question.
    @Benchmark
    @Threads(2)
    @OperationsPerInvocation(BATCH)
    public long twoThreads(Runner runner) {
        return runner.update();
    }
}
