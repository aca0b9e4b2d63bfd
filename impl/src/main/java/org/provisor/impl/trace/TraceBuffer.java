// SPDX-License-Identifier: Apache-2.0
package org.provisor.impl.trace;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.util.Objects;

/// The last records of one vCPU, in a ring. The thread that runs the vCPU writes; others may read
/// what is finished.
///
/// A reader that was slow may see a record that has been overwritten meanwhile: a record that was
/// read is right if [#written], asked again afterwards, is at most [#capacity] - 1 above its index.
public final class TraceBuffer {

    /// Words of a record.
    static final int WORDS = 3;

    private static final VarHandle WRITTEN;

    static {
        try {
            WRITTEN =
                    MethodHandles.lookup().findVarHandle(TraceBuffer.class, "written", long.class);
        } catch (ReflectiveOperationException e) {
            throw new ExceptionInInitializerError(e);
        }
    }

    private final long[] words;

    /// One less than how many records there is room for; -1 for none.
    private final int mask;

    /// By [#WRITTEN] for readers; plainly for the writer, the only one who changes it.
    private long written;

    /// A buffer of a power of two of records, at most 2<sup>26</sup>; of 0 to keep none.
    public TraceBuffer(final int records) {
        if (records < 0 || records > 1 << 26 || (records & (records - 1)) != 0) {
            throw new IllegalArgumentException("records of a trace: " + records);
        }
        words = new long[records * WORDS];
        mask = records - 1;
    }

    /// Adds a record.
    public void record(final int event, final long a, final long b) {
        if (mask < 0) {
            return;
        }
        final long index = written;
        final int at = ((int) index & mask) * WORDS;
        words[at] = event;
        words[at + 1] = a;
        words[at + 2] = b;
        WRITTEN.setRelease(this, index + 1);
    }

    /// How many records it keeps.
    public int capacity() {
        return mask + 1;
    }

    /// How many records have been written; the next one's index.
    public long written() {
        return (long) WRITTEN.getAcquire(this);
    }

    /// The index of the first record that is still there.
    public long first() {
        return Math.max(0, written() - capacity());
    }

    /// The event of a record.
    ///
    /// @throws IndexOutOfBoundsException if the record is not there
    public int event(final long index) {
        return (int) words[at(index)];
    }

    /// The first value of a record.
    ///
    /// @throws IndexOutOfBoundsException if the record is not there
    public long a(final long index) {
        return words[at(index) + 1];
    }

    /// The second value of a record.
    ///
    /// @throws IndexOutOfBoundsException if the record is not there
    public long b(final long index) {
        return words[at(index) + 2];
    }

    private int at(final long index) {
        final long end = written();
        Objects.checkIndex(end - 1 - index, Math.min(end, capacity()));
        return ((int) index & mask) * WORDS;
    }
}
