// SPDX-License-Identifier: Apache-2.0
package io.makas.bench.vhost;

import io.makas.dataplane.sys.CpuAffinity;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;

/** A thread on one processor that does what it is told, one thing after the other. */
final class PinnedThread implements AutoCloseable {

    private final ExecutorService executor;

    /** Starts it; fails if it may not run on that processor. */
    PinnedThread(String name, int core) throws InterruptedException {
        executor = Executors.newSingleThreadExecutor(
                Thread.ofPlatform().name(name).daemon().factory());
        call(() -> {
            CpuAffinity.pinTo(core);
            return null;
        });
    }

    /** Has it do something, and waits for the answer; what is thrown there is thrown here. */
    <T> T call(Callable<T> task) throws InterruptedException {
        Future<T> future = executor.submit(task);
        try {
            return future.get();
        } catch (ExecutionException e) {
            if (e.getCause() instanceof RuntimeException cause) {
                throw cause;
            }
            throw new IllegalStateException(e.getCause());
        }
    }

    /** Has it do something, and does not wait. */
    void start(Runnable task) {
        executor.execute(task);
    }

    @Override
    public void close() {
        executor.shutdownNow();
    }
}
