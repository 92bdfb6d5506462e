// SPDX-License-Identifier: Apache-2.0
package io.makas.dataplane.worker;

import io.makas.dataplane.sys.EventFd;
import io.makas.dataplane.sys.Poll;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.util.concurrent.locks.LockSupport;

/**
 * Lets a worker's thread rest as its {@link IdlePolicy} says.
 *
 * <p>Thread: the worker's; {@link #wakeUp} from any. Owner: {@link WorkerThread}.
 */
final class Idler implements AutoCloseable {

    /** Bounds the wait so that a lost wake-up costs a moment and not a port. */
    private static final int LONGEST_BLOCK_MS = 100;

    private static final long BUSY = -1;

    private static final VarHandle RESTING = restingHandle();

    /** Idle turns between two looks at the clock, a power of two: the next packet must not wait for the clock to be read. */
    private static final int TURNS_PER_LOOK = 16;

    private final Worker worker;
    private final IdlePolicy policy;
    private final EventFd signal = new EventFd();
    private final Poll poll;

    /** The ports in {@link #poll}, to notice when they change. */
    private PolledQueue[] registered = {};

    private boolean canBlock = true;
    private long idleSinceNs = BUSY;
    private int idleTurns;

    /** The thread that sleeps or blocks now, or null. Set by the worker's thread, cleared by it or by who wakes it. */
    private volatile Thread resting;

    Idler(Worker worker, IdlePolicy policy, int maxPorts) {
        this.worker = worker;
        this.policy = policy;
        this.poll = new Poll(maxPorts + 1);
        poll.set(0, signal.fileDescriptor(), Poll.POLLIN);
    }

    /** Called after each turn with what the turn did. */
    void rest(int work) {
        if (work > 0) {
            idleSinceNs = BUSY;
            idleTurns = 0;
            return;
        }
        if ((++idleTurns & TURNS_PER_LOOK - 1) != 0) {
            Thread.onSpinWait();
            return;
        }
        long nowNs = System.nanoTime();
        if (idleSinceNs == BUSY) {
            idleSinceNs = nowNs;
        }
        if (nowNs - idleSinceNs < policy.spinNs()) {
            Thread.onSpinWait();
            return;
        }
        if (registered != worker.polled()) {
            register(worker.polled());
        }
        resting = Thread.currentThread();
        if (!worker.commands().isPending() && !worker.hasArrivals()) {
            if (canBlock) {
                block();
            } else {
                LockSupport.parkNanos(policy.sleepNs());
            }
        }
        resting = null;
    }

    /** Ends a rest early. From any thread. */
    void wakeUp() {
        Thread thread = resting;
        // Of those that come while the worker wakes up, one is enough.
        if (thread != null && RESTING.compareAndSet(this, thread, null)) {
            LockSupport.unpark(thread);
            signal.signal();
        }
    }

    private void block() {
        for (PolledQueue each : registered) {
            if (!each.queue.armWakeUp()) {
                return;
            }
        }
        if (poll.await(LONGEST_BLOCK_MS) > 0 && poll.answer(0) != 0) {
            signal.drain();
        }
    }

    private void register(PolledQueue[] queues) {
        for (int i = 0; i < registered.length; i++) {
            poll.set(i + 1, -1, (short) 0);
        }
        canBlock = true;
        for (int i = 0; i < queues.length; i++) {
            int fd = queues[i].queue.wakeUpFileDescriptor();
            poll.set(i + 1, fd, Poll.POLLIN);
            canBlock &= fd >= 0;
        }
        registered = queues;
    }

    private static VarHandle restingHandle() {
        try {
            return MethodHandles.lookup().findVarHandle(Idler.class, "resting", Thread.class);
        } catch (ReflectiveOperationException e) {
            throw new AssertionError(e);
        }
    }

    @Override
    public void close() {
        poll.close();
        signal.close();
    }
}
