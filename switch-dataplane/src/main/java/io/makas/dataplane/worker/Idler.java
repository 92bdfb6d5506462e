// SPDX-License-Identifier: Apache-2.0
package io.makas.dataplane.worker;

import io.makas.dataplane.fastpath.OutputQueue;
import io.makas.dataplane.sys.EventFd;
import io.makas.dataplane.sys.Poll;
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

    /** Idle turns between two looks at the clock, a power of two: the next packet must not wait for the clock to be read. */
    private static final int TURNS_PER_LOOK = 16;

    private final Worker worker;
    private final IdlePolicy policy;
    private final EventFd commandArrived = new EventFd();
    private final Poll poll;

    /** The ports in {@link #poll}, to notice when they change. */
    private OutputQueue[] registered = {};

    private boolean canBlock = true;
    private long idleSinceNs = BUSY;
    private int idleTurns;

    /** The thread that sleeps or blocks now, or null. Written by the worker's thread. */
    private volatile Thread resting;

    Idler(Worker worker, IdlePolicy policy, int maxPorts) {
        this.worker = worker;
        this.policy = policy;
        this.poll = new Poll(maxPorts + 1);
        poll.set(0, commandArrived.fileDescriptor(), Poll.POLLIN);
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
        if (!worker.commands().isPending()) {
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
        if (thread != null) {
            LockSupport.unpark(thread);
            commandArrived.signal();
        }
    }

    private void block() {
        for (OutputQueue queue : registered) {
            if (!queue.port().armWakeUp()) {
                return;
            }
        }
        if (poll.await(LONGEST_BLOCK_MS) > 0 && poll.answer(0) != 0) {
            commandArrived.drain();
        }
    }

    private void register(OutputQueue[] ports) {
        for (int i = 0; i < registered.length; i++) {
            poll.set(i + 1, -1, (short) 0);
        }
        canBlock = true;
        for (int i = 0; i < ports.length; i++) {
            int fd = ports[i].port().wakeUpFileDescriptor();
            poll.set(i + 1, fd, Poll.POLLIN);
            canBlock &= fd >= 0;
        }
        registered = ports;
    }

    @Override
    public void close() {
        poll.close();
        commandArrived.close();
    }
}
