// SPDX-License-Identifier: Apache-2.0
package io.makas.dataplane.worker;

import io.makas.dataplane.counter.DropCounters;
import io.makas.dataplane.fastpath.FastPath;
import io.makas.dataplane.fastpath.HandOffReceiver;
import io.makas.dataplane.fastpath.OutputQueue;
import io.makas.dataplane.fastpath.SlowPath;
import io.makas.dataplane.handoff.HandOff;
import io.makas.dataplane.handoff.HandOffPort;
import io.makas.dataplane.memory.FrameBatch;
import io.makas.dataplane.port.Port;
import io.makas.dataplane.port.PortQueue;
import io.makas.flow.cache.CacheStatistics;
import io.makas.flow.cache.FlowCache;
import io.makas.flow.pipeline.DropReason;
import io.makas.flow.pipeline.Pipeline;
import io.makas.flow.timing.Stage;
import io.makas.flow.timing.StageClock;
import io.makas.flow.timing.TimeHistogram;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.LongSupplier;

/**
 * Polls its queues and carries what arrives. Owns its receive side, its caches and its counters; shares the pipeline, which it
 * reads, and hands frames for ports without a queue of its own to the worker that has one.
 *
 * <p>Thread: one, which calls {@link #onStart}, then {@link #doWork} again and again, then {@link #onClose}. Others talk to it
 * through {@link #commands()}, and read its statistics.
 */
public final class Worker {

    private static final HandOff[] ALONE = {};

    private final String name;
    private final CommandQueue commands = new CommandQueue();
    private final FlowCache cache;
    private final SlowPath slowPath;
    private final FastPath fastPath;
    private final DropCounters drops = new DropCounters();
    private final FrameBatch burst = new FrameBatch();
    private final LoadCounters load = new LoadCounters();

    private final LoopWatch watch = new LoopWatch(System::nanoTime, load);
    private final StageClock clock = new StageClock(System::nanoTime);

    /** What a frame for a port is sent by: a queue of this worker, else the way to another's, else null. */
    private final OutputQueue[] outputs;

    /** The ways to other workers' ports, by port number, whether in use or not. */
    private final OutputQueue[] ways;

    private final HandOffReceiver handOffReceiver;

    /** What other workers hand over. */
    private HandOff[] arrivals = ALONE;

    /** Polled in order. Replaced, never changed, so that a command may add or remove a port between two bursts. */
    private PolledQueue[] polled = {};

    /**
     * Makes a worker without ports.
     *
     * @param name for people: thread name, statistics
     * @param pipeline the tables
     * @param limits sizes of what it owns
     * @param clockNs clock of idle timeouts, in nanoseconds
     */
    public Worker(String name, Pipeline pipeline, WorkerLimits limits, LongSupplier clockNs) {
        this.name = name;
        this.cache = new FlowCache(limits.exactMatchEntries(), limits.megaflows(), pipeline.changes());
        this.slowPath = new SlowPath(pipeline, cache, clockNs);
        this.outputs = new OutputQueue[limits.highestPortNumber() + 1];
        this.ways = new OutputQueue[limits.highestPortNumber() + 1];
        this.fastPath = new FastPath(cache, slowPath, drops, outputs);
        slowPath.timeBy(clock);
        cache.timeBy(clock);
        this.handOffReceiver = new HandOffReceiver(drops, outputs);
    }

    /** What this worker is called. */
    public String name() {
        return name;
    }

    /** Where control threads hand over work that must be done between two bursts. */
    public CommandQueue commands() {
        return commands;
    }

    /** Called once by the worker's thread before the first turn. */
    public void onStart() {
        watch.start();
    }

    /**
     * One turn: the commands that wait, then what other workers hand over, then one burst of each queue.
     *
     * @return packets received and commands run; 0 when there was nothing to do
     */
    public int doWork() {
        int work = commands.runAll();
        for (HandOff handOff : arrivals) {
            work += handOffReceiver.receive(handOff);
        }
        for (PolledQueue queue : polled) {
            work += poll(queue);
        }
        load.turn(work);
        watch.turn(work);
        return work;
    }

    /** Called once by the worker's thread after the last turn: lets go of the ports, and turns later commands away. */
    public void onClose() {
        commands.close();
        for (PolledQueue queue : polled) {
            queue.queue.detach();
        }
        polled = new PolledQueue[0];
        slowPath.creditEntries();
    }

    /** Before the first turn, or by command: takes what other workers hand over out of these rings. */
    void takeFrom(HandOff[] rings) {
        arrivals = rings.clone();
    }

    /** Worker, by command: polls all queues of a port from now on, and sends by its first. */
    public void addPort(Port port, int number) {
        for (PortQueue queue : port.queues()) {
            attach(queue, number, new QueueLoad());
        }
    }

    /** Worker, by command: lets go of a port. */
    public void removePort(int number) {
        for (PolledQueue each : polled) {
            if (each.number == number) {
                detach(each.queue);
            }
        }
        forgetWay(number);
    }

    /** Worker, by command: polls a queue from now on. Frames that waited for it are sent. */
    void attach(PortQueue queue, int number, QueueLoad queueLoad) {
        queue.attach();
        List<PolledQueue> queues = new ArrayList<>(List.of(polled));
        queues.add(new PolledQueue(queue, number, queueLoad));
        polled = queues.toArray(PolledQueue[]::new);
        chooseOutput(number);
        handOffReceiver.await(number, false);
    }

    /** Worker, by command: lets go of a queue. */
    void detach(PortQueue queue) {
        List<PolledQueue> queues = new ArrayList<>(List.of(polled));
        PolledQueue gone = null;
        for (PolledQueue each : polled) {
            gone = each.queue == queue ? each : gone;
        }
        if (gone != null) {
            queues.remove(gone);
            polled = queues.toArray(PolledQueue[]::new);
            chooseOutput(gone.number);
            queue.detach();
        }
    }

    /** Worker, by command: frames for a port that has no queue here go this way from now on. */
    void sendBy(int number, HandOff handOff, PortQueue queue) {
        ways[number] = new OutputQueue(new HandOffPort(handOff, number, queue, drops), number);
        chooseOutput(number);
    }

    /** Worker, by command: frames for a port that has no queue here go nowhere. */
    void forgetWay(int number) {
        ways[number] = null;
        chooseOutput(number);
    }

    /** Worker, by command: lets frames for a port wait where they are handed over, until {@link #attach} or until they need not. */
    void await(int number, boolean isAwaited) {
        handOffReceiver.await(number, isAwaited);
    }

    /** Worker, by command: sends all that was handed over before, but for ports that are awaited. */
    void settle() {
        for (HandOff handOff : arrivals) {
            int left = HandOff.CAPACITY;
            for (int taken = 1; taken > 0 && left > 0; left -= taken) {
                taken = handOffReceiver.receive(handOff);
            }
        }
    }

    /** Worker, by command: adds what the cache counted to the flow entries, so that they are exact. */
    public void creditFlowEntries() {
        slowPath.creditEntries();
    }

    /** Worker: it rested from one time to another. */
    void rested(long fromNs, long toNs) {
        watch.rested(fromNs, toNs);
    }

    /** The queues that are polled. Worker only. */
    PolledQueue[] polled() {
        return polled;
    }

    /** Whether another worker's frames wait. Worker only. */
    boolean hasArrivals() {
        for (HandOff handOff : arrivals) {
            if (!handOff.isEmpty()) {
                return true;
            }
        }
        return false;
    }

    /** Packets dropped by reason. From any thread. */
    public Map<DropReason, Long> drops() {
        return drops.snapshot();
    }

    /** Figures of the cache. Worker only, hence by command. */
    public CacheStatistics cacheStatistics() {
        return cache.statistics();
    }

    /** What timed bursts took, stage by stage. From any thread. */
    public StageClock stages() {
        return clock;
    }

    /** How long turns took. From any thread. */
    public TimeHistogram.Snapshot turnTimes() {
        return watch.turnTimes();
    }

    /** Figures of the load. From any thread. */
    public LoadCounters load() {
        return load;
    }

    private void chooseOutput(int number) {
        OutputQueue output = ways[number];
        for (int i = polled.length - 1; i >= 0; i--) {
            output = polled[i].number == number ? polled[i].output : output;
        }
        outputs[number] = output;
    }

    private int poll(PolledQueue polledQueue) {
        PortQueue queue = polledQueue.queue;
        clock.start();
        int received = queue.receive(burst);
        if (received > 0) {
            clock.lap(Stage.RECEIVE);
            slowPath.followPipeline();
            fastPath.process(burst, polledQueue.output);
            load.burst(received);
            polledQueue.load.burst(received);
            long tookNs = clock.stop(received);
            if (tookNs > 0) {
                polledQueue.load.timed(received, tookNs);
            }
        } else {
            clock.cancel();
        }
        queue.maintain();
        return received;
    }
}
