// SPDX-License-Identifier: Apache-2.0
package org.provisor.benchmarks;

import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.Warmup;

import java.util.concurrent.TimeUnit;

/// What do pinning and unpinning a level 1 table cost whose 512 entries map 512 frames, writable?
/// The baseline is a table without entries.
@State(Scope.Thread)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.MICROSECONDS)
@Warmup(iterations = 5, time = 1)
@Measurement(iterations = 5, time = 1)
@Fork(3)
@SuppressWarnings("NullAway.Init") // JMH calls setUp.
public class PinFullTable {

    private static final long PIN_L1_TABLE = 0;
    private static final long UNPIN_TABLE = 4;

    private BenchGuest guest;
    private int fullOperations;
    private int emptyOperations;

    /// A full table and an empty one, neither mapped writable.
    @Setup
    public void setUp() {
        guest = new BenchGuest(4096, 1, 1024);
        int data = guest.firstData();
        fullOperations = data + 2;
        emptyOperations = data + 3;
        for (int slot = 0; slot < 512; slot++) {
            guest.set(data, slot, guest.frame(data + 512 + slot) << 12 | 0x67);
            guest.set(data + 1, slot, 0);
        }
        prepare(data, fullOperations);
        prepare(data + 1, emptyOperations);
        BenchGuest.expect(pinAndUnpin(), 0);
        BenchGuest.expect(pinAndUnpinEmpty(), 0);
    }

    private void prepare(int table, int operations) {
        guest.set(operations, 0, PIN_L1_TABLE);
        guest.set(operations, 1, guest.frame(table));
        guest.set(operations, 3, UNPIN_TABLE);
        guest.set(operations, 4, guest.frame(table));
        BenchGuest.expect(
                guest.call(14, BenchGuest.linear(table), guest.frame(table) << 12 | 0x65, 0, 0), 0);
    }

    /// The question.
    @Benchmark
    public long pinAndUnpin() {
        return guest.mmuext(fullOperations, 2);
    }

    /// The baseline.
    @Benchmark
    public long pinAndUnpinEmpty() {
        return guest.mmuext(emptyOperations, 2);
    }
}
