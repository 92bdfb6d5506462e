// SPDX-License-Identifier: Apache-2.0
package io.makas.agent.cni;

import io.makas.cni.CniError;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;

/**
 * Work done beside something else of the same request, on a virtual thread of its own.
 *
 * @param <T> what it answers
 */
final class Later<T> {

    private final FutureTask<T> task;

    private Later(FutureTask<T> task) {
        this.task = task;
    }

    /** Starts it. */
    static <T> Later<T> start(String name, Callable<T> code) {
        var task = new FutureTask<>(code);
        Thread.ofVirtual().name(name).start(task);
        return new Later<>(task);
    }

    /** Waits for the answer, or throws what the code threw. The code must throw nothing but these. */
    T await() throws CniError {
        boolean interrupted = false;
        try {
            while (true) {
                try {
                    return task.get();
                } catch (InterruptedException e) {
                    interrupted = true;
                } catch (ExecutionException e) {
                    switch (e.getCause()) {
                        case CniError error -> throw error;
                        case RuntimeException error -> throw error;
                        case Error error -> throw error;
                        default -> throw new AssertionError(e.getCause());
                    }
                }
            }
        } finally {
            if (interrupted) {
                Thread.currentThread().interrupt();
            }
        }
    }

    /** Waits for the end, and says whether it was a good one. */
    boolean succeeded() {
        try {
            await();
            return true;
        } catch (CniError | RuntimeException e) {
            return false;
        }
    }
}
