// SPDX-License-Identifier: Apache-2.0
package io.makas.flow.table;

import java.util.ArrayDeque;
import java.util.List;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;

/**
 * Follows what becomes of the flows that a filter accepts, without a gap and without telling anything twice: first
 * {@link #flows()}, those that were there when it began, then {@link #poll event after event}. The flows of one edit come one
 * after the other, all of them when the edit is in force.
 *
 * <p>Edits never wait for a monitor. One that is read too slowly overruns: it tells so after what it still has room for, and
 * nothing more until {@link #resynchronise()} (as the monitors of Open vSwitch pause and resume).
 *
 * <p>Events hold entries, not counters; {@link FlowEntry#statistics} has these, as they are when it is asked.
 *
 * <p>Threads: edits put events in, under the lock of the tables; one thread at a time reads; any closes.
 */
public final class FlowMonitor implements AutoCloseable {

    private final FlowMonitors owner;
    private final FlowFilter filter;
    private final int capacity;

    private final ReentrantLock lock = new ReentrantLock();
    private final Condition hasChanged = lock.newCondition();

    // Under the lock:
    private final ArrayDeque<FlowEvent> events = new ArrayDeque<>();
    private List<FlowEntry> flows = List.of();
    private boolean isOverrun;
    private boolean isClosed;

    FlowMonitor(FlowMonitors owner, FlowFilter filter, int capacity) {
        this.owner = owner;
        this.filter = filter;
        this.capacity = capacity;
    }

    /**
     * The flows that were there when the monitor began, or was resynchronised last, in no order; events tell what became of them
     * since.
     */
    public List<FlowEntry> flows() {
        lock.lock();
        try {
            return flows;
        } finally {
            lock.unlock();
        }
    }

    /** The next event, taken off; null if there is none now. */
    public FlowEvent poll() {
        lock.lock();
        try {
            return events.poll();
        } finally {
            lock.unlock();
        }
    }

    /**
     * The next event, taken off.
     *
     * @param timeoutNs how long to wait for it
     * @return null if there was none in that time, or the monitor is closed
     * @throws InterruptedException if the thread is interrupted while it waits
     */
    public FlowEvent poll(long timeoutNs) throws InterruptedException {
        lock.lockInterruptibly();
        try {
            long leftNs = timeoutNs;
            while (events.isEmpty() && !isClosed && leftNs > 0) {
                leftNs = hasChanged.awaitNanos(leftNs);
            }
            return events.poll();
        } finally {
            lock.unlock();
        }
    }

    /** Whether it tells nothing any more. */
    public boolean isClosed() {
        lock.lock();
        try {
            return isClosed;
        } finally {
            lock.unlock();
        }
    }

    /** Forgets the events that were not read, and goes on from the flows that there are now, which are the answer, in no order. */
    public List<FlowEntry> resynchronise() {
        owner.begin(this);
        return flows();
    }

    /** Ends the monitor. What was told and not read can still be read. */
    @Override
    public void close() {
        lock.lock();
        try {
            isClosed = true;
            hasChanged.signalAll();
        } finally {
            lock.unlock();
        }
        owner.end(this);
    }

    FlowFilter filter() {
        return filter;
    }

    /** Starts anew. Under the lock of the tables. */
    void beginWith(List<FlowEntry> current) {
        lock.lock();
        try {
            events.clear();
            flows = List.copyOf(current);
            isOverrun = false;
        } finally {
            lock.unlock();
        }
    }

    /** Takes an event, if there is room. Under the lock of the tables. */
    void offer(FlowEvent event) {
        lock.lock();
        try {
            if (isOverrun || isClosed) {
                return;
            }
            isOverrun = events.size() == capacity;
            events.add(isOverrun ? new FlowEvent.Overrun() : event);
            hasChanged.signal();
        } finally {
            lock.unlock();
        }
    }
}
