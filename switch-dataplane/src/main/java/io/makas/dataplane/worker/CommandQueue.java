// SPDX-License-Identifier: Apache-2.0
package io.makas.dataplane.worker;

import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.Callable;
import java.util.concurrent.CancellationException;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;

/**
 * The one way into a worker: bounded, from any thread to the worker, one answer for each command.
 *
 * <p>Commands are rare and the worker looks for them at every turn, so what it reads is one volatile flag.
 */
public final class CommandQueue {

    private static final int CAPACITY = 256;

    private final ArrayBlockingQueue<FutureTask<?>> waiting = new ArrayBlockingQueue<>(CAPACITY);

    /** Set by callers after they added a command, cleared by the worker before it takes them. */
    private volatile boolean pending;

    /** Set once by the worker when it stops. */
    private volatile boolean closed;

    /** Called after a command was added, to wake a worker that sleeps. Set before the worker starts. */
    private volatile Runnable wakeUp = () -> {};

    /** Says how to wake the worker. */
    void onCommand(Runnable newWakeUp) {
        wakeUp = newWakeUp;
    }

    /**
     * Has the worker run a command between two bursts, and waits for its answer. An interrupt does not end the wait, which is
     * short: a caller that left would not know whether the worker still holds what the command was about.
     *
     * @throws IllegalStateException if the worker has stopped, or the command failed (its cause says why)
     */
    public <T> T call(Callable<T> command) {
        FutureTask<T> task = new FutureTask<>(command);
        boolean interrupted = false;
        boolean added = false;
        try {
            while (true) {
                try {
                    if (!added) {
                        waiting.put(task);
                        added = true;
                        announce();
                    }
                    return task.get();
                } catch (InterruptedException _) {
                    interrupted = true;
                }
            }
        } catch (CancellationException e) {
            throw new IllegalStateException("the worker has stopped", e);
        } catch (ExecutionException e) {
            throw new IllegalStateException("the worker's command failed: " + e.getCause(), e.getCause());
        } finally {
            if (interrupted) {
                Thread.currentThread().interrupt();
            }
        }
    }

    /** Worker: runs the commands that wait. Returns how many. */
    int runAll() {
        if (!pending) {
            return 0;
        }
        pending = false;
        int run = 0;
        for (FutureTask<?> task = waiting.poll(); task != null; task = waiting.poll()) {
            task.run();
            run++;
        }
        return run;
    }

    /** Whether a command waits. */
    boolean isPending() {
        return pending;
    }

    /** Worker: turns waiting and later commands away. */
    void close() {
        closed = true;
        cancelWaiting();
    }

    private void announce() {
        pending = true;
        if (closed) {
            cancelWaiting();
        }
        wakeUp.run();
    }

    private void cancelWaiting() {
        for (FutureTask<?> task = waiting.poll(); task != null; task = waiting.poll()) {
            task.cancel(false);
        }
    }
}
