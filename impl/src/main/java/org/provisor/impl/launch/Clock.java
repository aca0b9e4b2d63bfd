// SPDX-License-Identifier: Apache-2.0
package org.provisor.impl.launch;

import java.util.concurrent.locks.LockSupport;

/// The time of a machine, in nanoseconds since it was started.
public interface Clock {

    long nanos();

    /// Returns at this time, or before it.
    void sleepUntil(long nanos);

    /// The machine has carried out so many instructions since this was last said.
    default void ran(final long instructions) {}

    /// Time that instructions make, a nanosecond each, and that sleeping skips: whatever is done
    /// again happens at the same time again.
    static Clock ofInstructions() {
        return new Clock() {

            private long now;

            @Override
            public long nanos() {
                return now;
            }

            @Override
            public void sleepUntil(final long nanos) {
                now = Math.max(now, nanos);
            }

            @Override
            public void ran(final long instructions) {
                now += instructions;
            }
        };
    }

    /// The time as it passes, from now on.
    static Clock real() {
        final long start = System.nanoTime();
        return new Clock() {
            @Override
            public long nanos() {
                return System.nanoTime() - start;
            }

            @Override
            public void sleepUntil(final long nanos) {
                LockSupport.parkNanos(nanos - nanos());
            }
        };
    }
}
