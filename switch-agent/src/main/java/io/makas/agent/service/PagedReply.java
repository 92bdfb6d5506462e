// SPDX-License-Identifier: Apache-2.0
package io.makas.agent.service;

import io.grpc.Status;
import io.grpc.StatusRuntimeException;
import io.grpc.stub.ServerCallStreamObserver;
import java.util.Iterator;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;

/**
 * Sends a stream of messages no faster than the client reads it: a client that stops reading holds up its own call only, and
 * not more than a message waits for it in memory.
 * A client that reads nothing for {@value #PATIENCE_S} seconds is cut off: what it would get is held in memory for it.
 *
 * <p>Sending has a virtual thread of its own, since gRPC says on the call's thread when there is room again.
 *
 * @param <T> the message
 */
final class PagedReply<T> {

    private static final long PATIENCE_S = 600; // people page through a long dump

    private final ServerCallStreamObserver<T> out;
    private final ReentrantLock lock = new ReentrantLock();
    private final Condition changed = lock.newCondition();

    private PagedReply(ServerCallStreamObserver<T> out) {
        this.out = out;
    }

    /**
     * Sends all that the iterator gives, then ends the call. To be called before the call's handler returns.
     *
     * @param afterwards run when nothing of it is needed any more, however it ended
     */
    static <T> void send(ServerCallStreamObserver<T> out, Iterator<T> messages, Runnable afterwards) {
        var reply = new PagedReply<>(out);
        out.setOnReadyHandler(reply::signal);
        out.setOnCancelHandler(reply::signal);
        Thread.ofVirtual().name("makas-reply").start(() -> {
            try {
                reply.run(messages);
            } finally {
                afterwards.run();
            }
        });
    }

    private void run(Iterator<T> messages) {
        try {
            while (messages.hasNext() && awaitRoom()) {
                out.onNext(messages.next());
            }
            if (!out.isCancelled()) {
                out.onCompleted();
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        } catch (StatusRuntimeException e) {
            out.onError(e);
        } catch (RuntimeException e) {
            if (!out.isCancelled()) {
                out.onError(CallGuard.fault(e));
            }
        }
    }

    /** Waits until a message can be sent; false if the client is gone. */
    private boolean awaitRoom() throws InterruptedException {
        lock.lock();
        try {
            while (!out.isReady() && !out.isCancelled()) {
                if (!changed.await(PATIENCE_S, TimeUnit.SECONDS)) {
                    throw Status.ABORTED
                            .withDescription("nothing was read for " + PATIENCE_S + " s; ask again, and read faster")
                            .asRuntimeException();
                }
            }
            return !out.isCancelled();
        } finally {
            lock.unlock();
        }
    }

    private void signal() {
        lock.lock();
        try {
            changed.signalAll();
        } finally {
            lock.unlock();
        }
    }
}
