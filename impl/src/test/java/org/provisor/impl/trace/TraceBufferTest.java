// SPDX-License-Identifier: Apache-2.0
package org.provisor.impl.trace;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import org.junit.jupiter.api.Test;

final class TraceBufferTest {

    @Test
    void keepsTheLastRecords() {
        final TraceBuffer trace = new TraceBuffer(4);
        for (int i = 0; i < 11; i++) {
            assertEquals(i, trace.written());
            assertEquals(Math.max(0, i - 4), trace.first());
            trace.record(i, 10L * i, -10L * i);
            for (long index = trace.first(); index < trace.written(); index++) {
                assertEquals(index, trace.event(index));
                assertEquals(10 * index, trace.a(index));
                assertEquals(-10 * index, trace.b(index));
            }
        }
        assertThrows(IndexOutOfBoundsException.class, () -> trace.event(6));
        assertThrows(IndexOutOfBoundsException.class, () -> trace.a(11));
        assertThrows(IndexOutOfBoundsException.class, () -> trace.b(-1));
    }

    @Test
    void keepsNothingWhenOff() {
        final TraceBuffer trace = new TraceBuffer(0);
        trace.record(TraceEvent.HYPERCALL, 1, 2);
        assertEquals(0, trace.written());
        assertEquals(0, trace.capacity());
        assertThrows(IndexOutOfBoundsException.class, () -> trace.event(0));
    }

    @Test
    void hasAPowerOfTwoOfRecords() {
        assertThrows(IllegalArgumentException.class, () -> new TraceBuffer(3));
        assertThrows(IllegalArgumentException.class, () -> new TraceBuffer(-1));
        assertThrows(IllegalArgumentException.class, () -> new TraceBuffer(1 << 30));
        assertEquals(1, new TraceBuffer(1).capacity());
    }

    @Test
    void namesEvents() {
        assertEquals("hypercall", TraceEvent.name(TraceEvent.HYPERCALL));
        assertEquals("return", TraceEvent.name(TraceEvent.RETURN));
        assertEquals("continued", TraceEvent.name(TraceEvent.CONTINUED));
        assertEquals("allocated", TraceEvent.name(TraceEvent.ALLOCATED));
        assertEquals("preempted", TraceEvent.name(TraceEvent.PREEMPTED));
        assertEquals("-7", TraceEvent.name(-7));
        assertEquals("99", TraceEvent.name(99));
    }
}
