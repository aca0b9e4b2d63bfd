// SPDX-License-Identifier: Apache-2.0
package org.provisor.proofs.seeded;

import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Supplier;

/// Work that may go on for ever, because of an error in what it runs.
final class Patience {

    private Patience() {}

    /// What work comes to. Work that takes too long is left to itself.
    ///
    /// @throws TimeoutException if it takes longer
    static <T> T within(long nanos, Supplier<T> work) throws TimeoutException {
        FutureTask<T> task = new FutureTask<>(work::get);
        Thread.ofPlatform().daemon().name("judged").start(task);
        try {
            return task.get(nanos, TimeUnit.NANOSECONDS);
        } catch (ExecutionException | InterruptedException e) {
            throw new IllegalStateException(e);
        } finally {
            task.cancel(true);
        }
    }
}
