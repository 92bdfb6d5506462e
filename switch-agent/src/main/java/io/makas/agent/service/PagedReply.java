// SPDX-License-Identifier: Apache-2.0
package io.makas.agent.service;

import io.grpc.stub.ServerCallStreamObserver;
import java.util.Iterator;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;

/**
 * Sends a stream of messages no faster than the client reads it: a client that stops reading holds up its own call only, and
 * not more than a message waits for it in memory.
 *
 * <p>Sending has a virtual thread of its own, since gRPC says on the call's thread when there is room again.
 *
 * @param <T> the message
 */
final class PagedReply<T> {

    private final ServerCallStreamObserver<T> out;
    private final ReentrantLock lock = new ReentrantLock();
    private final Condition changed = lock.newCondition();

    private PagedReply(ServerCallStreamObserver<T> out) {
        this.out = out;
    }

    /** Sends all that the iterator gives, then ends the call. To be called before the call's handler returns. */
    static <T> void send(ServerCallStreamObserver<T> out, Iterator<T> messages) {
        var reply = new PagedReply<>(out);
        out.setOnReadyHandler(reply::signal);
        out.setOnCancelHandler(reply::signal);
        Thread.ofVirtual().name("makas-reply").start(() -> reply.run(messages));
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
                changed.await();
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
