// SPDX-License-Identifier: Apache-2.0
package org.provisor.proofs.activity;

import java.util.concurrent.ExecutionException;
import java.util.concurrent.Future;

/// What a task that has ended came to.
final class Ended {

    private Ended() {}

    /// Its result; what it threw is thrown on.
    static <T> T of(Future<T> task) throws InterruptedException {
        try {
            return task.get();
        } catch (ExecutionException e) {
            if (e.getCause() instanceof RuntimeException cause) {
                throw cause;
            }
            throw new IllegalStateException(e.getCause());
        }
    }
}
