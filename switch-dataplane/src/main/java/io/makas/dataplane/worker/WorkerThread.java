// SPDX-License-Identifier: Apache-2.0
package io.makas.dataplane.worker;

import io.makas.dataplane.sys.CpuAffinity;
import io.makas.dataplane.sys.SysException;
import io.makas.dataplane.sys.TimerSlack;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.util.concurrent.CountDownLatch;

/**
 * Runs a {@link Worker} on a thread of its own, pinned to a core where one is named.
 *
 * <p>Owner: the data path. {@link #close} stops the worker after its turn and waits for it.
 */
public final class WorkerThread implements AutoCloseable {

    /** For {@code core}: the scheduler chooses. */
    public static final int ANY_CORE = -1;

    /** A sleep may last longer by so much: less than waking up takes. */
    private static final long SLACK_NS = 1_000;

    private static final Logger LOG = System.getLogger(WorkerThread.class.getName());

    private final Worker worker;
    private final int core;
    private final Idler idler;
    private final Thread thread;

    private final CountDownLatch begun = new CountDownLatch(1);

    private volatile boolean running = true;

    /** Why the worker stopped by itself, or null. Written by its thread. */
    private volatile Throwable failure;

    private WorkerThread(Worker worker, int core, IdlePolicy policy) {
        this.worker = worker;
        this.core = core;
        this.idler = new Idler(worker, policy);
        this.thread = Thread.ofPlatform().name(worker.name()).unstarted(this::run);
        worker.commands().onCommand(idler::wakeUp);
    }

    /**
     * Starts a worker.
     *
     * @param core processor to pin it to, or {@link #ANY_CORE}
     * @throws io.makas.dataplane.sys.SysException when it may not run on that processor
     */
    public static WorkerThread start(Worker worker, int core, IdlePolicy policy) {
        WorkerThread started = new WorkerThread(worker, core, policy);
        started.thread.start();
        try {
            started.begun.await();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        if (started.failure instanceof SysException e) {
            started.close();
            throw e;
        }
        return started;
    }

    /** Ends the worker's rest if it rests. From any thread. */
    public void wakeUp() {
        idler.wakeUp();
    }

    /** The worker that runs here. */
    public Worker worker() {
        return worker;
    }

    /** The processor that the worker is pinned to, or {@link #ANY_CORE}. */
    public int core() {
        return core;
    }

    /** Why the worker stopped by itself, or null while it is well. */
    public Throwable failure() {
        return failure;
    }

    private void run() {
        try {
            if (core != ANY_CORE) {
                CpuAffinity.pinTo(core);
            }
            TimerSlack.set(SLACK_NS);
            worker.onStart();
            begun.countDown();
            turn();
        } catch (Throwable e) {
            failure = e;
            if (begun.getCount() == 0) {
                LOG.log(Level.ERROR, worker.name() + " stopped: " + e, e);
            }
        } finally {
            begun.countDown();
            letGo();
        }
    }

    /** What made the worker fail may fail again here; the first reason is the one to tell. */
    private void letGo() {
        try {
            worker.onClose();
        } catch (RuntimeException e) {
            LOG.log(Level.WARNING, worker.name() + " did not let go of everything: " + e, e);
        }
    }

    private void turn() {
        while (running) {
            idler.rest(turnOnce());
        }
    }

    /**
     * A guest that makes its shared memory shorter has the virtual machine throw, a little later than the access. Ports catch that;
     * should it be later still, it costs a burst and not the worker.
     */
    private int turnOnce() {
        try {
            return worker.doWork();
        } catch (InternalError e) {
            LOG.log(Level.WARNING, worker.name() + " lost a burst: " + e.getMessage(), e);
            return 0;
        }
    }

    @Override
    public void close() {
        running = false;
        idler.wakeUp();
        boolean interrupted = false;
        while (thread.isAlive()) {
            try {
                thread.join();
            } catch (InterruptedException e) {
                interrupted = true;
            }
        }
        idler.close();
        if (interrupted) {
            Thread.currentThread().interrupt();
        }
    }
}
