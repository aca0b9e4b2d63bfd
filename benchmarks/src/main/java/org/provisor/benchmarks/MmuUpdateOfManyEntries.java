// SPDX-License-Identifier: Apache-2.0
package org.provisor.benchmarks;

import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OperationsPerInvocation;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.Warmup;

import java.util.concurrent.TimeUnit;

/// What does one entry cost in a call of `mmu_update` of the implementation, alone or with 255
/// others, if only flags change, or if each entry maps another frame? With tracing on and off.
///
/// The requests are in the guest's memory, found through its own page tables, and the call comes in
/// by registers. The baseline is a call that Xen does not know.
@State(Scope.Thread)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@Warmup(iterations = 5, time = 1)
@Measurement(iterations = 5, time = 1)
@Fork(3)
@SuppressWarnings("NullAway.Init") // JMH calls setUp.
public class MmuUpdateOfManyEntries {

    private static final int BATCH = 256;
    private static final long UNKNOWN_CALL = 63;

    /// Entries that allow user mode: present, writable, user, accessed, dirty; without and with bit
    /// 9.
    private static final long PLAIN = 0x67;

    private static final long MARKED = 0x267;

    /// How many records the trace keeps; 0 for no trace.
    @Param({"1024", "0"})
    public int traceRecords;

    private BenchGuest guest;
    private int table;
    private int flagLists;
    private int swapLists;
    private int turn;

    /// A guest with a table of 256 entries, and two lists of requests of each kind.
    @Setup
    public void setUp() {
        guest = new BenchGuest(4096, 1, traceRecords);
        int data = guest.firstData();
        table = data;
        flagLists = data + 1;
        swapLists = data + 3;
        // The frames that are mapped, in two sets.
        int mapped = data + 512;
        for (int i = 0; i < BATCH; i++) {
            request(flagLists, i, guest.frame(mapped + i) << 12 | PLAIN);
            request(flagLists + 1, i, guest.frame(mapped + i) << 12 | MARKED);
            request(swapLists, i, guest.frame(mapped + i) << 12 | PLAIN);
            request(swapLists + 1, i, guest.frame(mapped + BATCH + i) << 12 | PLAIN);
        }
        // The table becomes one: what maps it must not allow writing.
        guest.set(swapLists + 2, 0, 0);
        guest.set(swapLists + 2, 1, guest.frame(table));
        BenchGuest.expect(
                BenchGuest.call(
                        guest.vcpu,
                        guest.registers,
                        14,
                        BenchGuest.linear(table),
                        guest.frame(table) << 12 | 0x65,
                        0,
                        0),
                0);
        BenchGuest.expect(guest.mmuext(swapLists + 2, 1), 0);
        BenchGuest.expect(flagsOnly(), 0);
        BenchGuest.expect(frameSwap(), 0);
        BenchGuest.expect(flagsOnly(), 0);
    }

    private void request(int list, int index, long entry) {
        guest.set(list, 2 * index, (guest.frame(table) << 12) + 8L * index);
        guest.set(list, 2 * index + 1, entry);
    }

    private long update(int lists, int count) {
        turn ^= 1;
        return BenchGuest.mmuUpdate(guest.vcpu, guest.registers, lists + turn, count);
    }

    /// Flags change that hold nothing, of 256 entries.
    @Benchmark
    @OperationsPerInvocation(BATCH)
    public long flagsOnly() {
        return update(flagLists, BATCH);
    }

    /// 256 entries map other frames, writable.
    @Benchmark
    @OperationsPerInvocation(BATCH)
    public long frameSwap() {
        return update(swapLists, BATCH);
    }

    /// One entry maps another frame.
    @Benchmark
    public long frameSwapOfOne() {
        return update(swapLists, 1);
    }

    /// Flags change of one entry.
    @Benchmark
    public long flagsOfOne() {
        return update(flagLists, 1);
    }

    /// The baseline.
    @Benchmark
    public long unknownCall() {
        return guest.call(UNKNOWN_CALL, 0, 0, 0, 0);
    }
}
