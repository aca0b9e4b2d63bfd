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
import org.provisor.impl.mm.PageType;
import org.provisor.impl.mm.PageTypes;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.util.concurrent.TimeUnit;

/// What do taking and dropping a type reference cost, where nobody else wants the frame? The
/// baseline is two bare compare-and-sets of one word.
@State(Scope.Thread)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@Warmup(iterations = 5, time = 1)
@Measurement(iterations = 5, time = 1)
@Fork(3)
@SuppressWarnings("NullAway.Init") // JMH calls setUp.
public class PageTypeGetAndPut {

    private static final VarHandle LONGS = MethodHandles.arrayElementVarHandle(long[].class);

    private BenchGuest guest;
    private long mfn;
    private final long[] words = new long[1024];
    private int index = 500;

    /// A frame that is writable and held by an entry.
    @Setup
    public void setUp() {
        guest = new BenchGuest(2048, 1, 1024);
        mfn = guest.frame(1000);
    }

    /// The question.
    @Benchmark
    public int getAndPut() {
        return PageTypes.get(guest.vcpu, mfn, PageType.WRITABLE) | PageTypes.put(guest.vcpu, mfn);
    }

    /// The baseline.
    @Benchmark
    public boolean twoCompareAndSets() {
        long seen = (long) LONGS.getAcquire(words, index);
        if (!LONGS.compareAndSet(words, index, seen, seen + 1)) {
            return false;
        }
        long then = (long) LONGS.getAcquire(words, index);
        return LONGS.compareAndSet(words, index, then, then - 1);
    }
}
