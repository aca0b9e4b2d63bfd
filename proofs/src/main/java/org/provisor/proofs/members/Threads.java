// SPDX-License-Identifier: Apache-2.0
package org.provisor.proofs.members;

import org.jspecify.annotations.Nullable;

import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.RejectedExecutionException;
import java.util.function.UnaryOperator;

/// One member, which is this process.
public final class Threads implements Transport {

    private static final String HERE = "this process";

    private final int jobs;
    private final UnaryOperator<byte[]> work;
    private final ExecutorService threads;
    private volatile @Nullable Listener listener;

    /// @param work answers a request
    public Threads(int jobs, UnaryOperator<byte[]> work) {
        this.jobs = jobs;
        this.work = work;
        threads =
                Executors.newFixedThreadPool(
                        jobs, Thread.ofPlatform().daemon().name("unit-", 0).factory());
    }

    @Override
    public void start(Listener to) {
        listener = to;
        to.joined(HERE, jobs);
    }

    @Override
    public void send(String member, long number, byte[] request) {
        Listener to = listener;
        if (to == null) {
            return;
        }
        try {
            threads.execute(() -> to.answered(member, number, work.apply(request)));
        } catch (RejectedExecutionException e) {
            // It is closed: nobody waits for the answer.
        }
    }

    @Override
    public void close() {
        threads.shutdownNow();
    }
}
