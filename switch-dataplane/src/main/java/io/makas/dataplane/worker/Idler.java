// SPDX-License-Identifier: Apache-2.0
package io.makas.dataplane.worker;

import io.makas.dataplane.sys.EventFd;
import io.makas.dataplane.sys.Poll;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;

/**
 * Lets a worker's thread rest as its {@link IdlePolicy} says, which {@link IdleMachine} turns into decisions.
 *
 * <p>Every rest is one {@code ppoll}, with the queues' file descriptors if packets are to end it.
 *
 * <p>Thread: the worker's; {@link #wakeUp} from any. Owner: {@link WorkerThread}.
 */
final class Idler implements AutoCloseable {

    /** Bounds the wait so that a lost wake-up costs a moment and not a port. */
    private static final long LONGEST_BLOCK_NS = 100_000_000;

    /** Idle turns between two looks at the clock, a power of two: the next packet must not wait for the clock to be read. */
    private static final int TURNS_PER_LOOK = 16;

    private static final int INITIAL_SLOTS = 64;

    private static final VarHandle RESTING = restingHandle();

    private final Worker worker;
    private final IdleMachine machine;
    private final EventFd signal = new EventFd();
    private Poll poll;
    private int pollSlots;

    /** The queues in {@link #poll}, to notice when they change. */
    private PolledQueue[] registered = {};

    private boolean canBlock = true;
    private int idleTurns;

    /** The thread that rests now, or null. Set by the worker's thread, cleared by it or by who wakes it. */
    private volatile Thread resting;

    Idler(Worker worker, IdlePolicy policy) {
        this.worker = worker;
        this.machine = new IdleMachine(policy);
        makePoll(INITIAL_SLOTS);
    }

    /** Called after each turn with what the turn did. */
    void rest(int work) {
        if (work > 0) {
            idleTurns = 0;
            if (machine.isIdle()) {
                machine.worked(System.nanoTime());
            }
            return;
        }
        if ((++idleTurns & TURNS_PER_LOOK - 1) != 0) {
            Thread.onSpinWait();
            return;
        }
        long nowNs = System.nanoTime();
        long decision = machine.decide(nowNs);
        if (decision == IdleMachine.SPIN) {
            Thread.onSpinWait();
        } else {
            rest(nowNs, decision);
        }
    }

    /** Ends a rest early. From any thread. */
    void wakeUp() {
        Thread thread = resting;
        // Of those that come while the worker wakes up, one is enough.
        if (thread != null && RESTING.compareAndSet(this, thread, null)) {
            signal.signal();
        }
    }

    private void rest(long nowNs, long decision) {
        if (registered != worker.polled()) {
            register(worker.polled());
        }
        resting = Thread.currentThread();
        // Who hands something over after this look sees that the worker rests.
        VarHandle.fullFence();
        if (!worker.commands().isPending() && !worker.hasArrivals()) {
            if (decision != IdleMachine.BLOCK) {
                sleep(1, decision);
            } else if (areArmed()) {
                sleep(registered.length + 1, canBlock ? LONGEST_BLOCK_NS : machine.sleepNs(nowNs));
            }
            worker.rested(nowNs, System.nanoTime());
        }
        resting = null;
        // One look at the queues for each rest: the next turn may find nothing, and then the worker rests on.
        idleTurns = TURNS_PER_LOOK - 1;
    }

    private void sleep(int descriptors, long forNs) {
        if (poll.awaitNs(descriptors, forNs) > 0 && poll.answer(0) != 0) {
            signal.drain();
        }
    }

    /** Whether every queue that can wake the worker will do so, and has nothing yet. */
    private boolean areArmed() {
        for (PolledQueue each : registered) {
            if (!each.queue.armWakeUp()) {
                return false;
            }
        }
        return true;
    }

    private void makePoll(int slots) {
        poll = new Poll(slots);
        pollSlots = slots;
        poll.set(0, signal.fileDescriptor(), Poll.POLLIN);
    }

    private void register(PolledQueue[] queues) {
        if (queues.length + 1 > pollSlots) {
            poll.close();
            registered = new PolledQueue[0];
            makePoll(Math.max(2 * pollSlots, queues.length + 1));
        }
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
