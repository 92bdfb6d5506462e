// SPDX-License-Identifier: Apache-2.0
package io.makas.dataplane.worker;

import io.makas.dataplane.counter.DropCounters;
import io.makas.dataplane.fastpath.FastPath;
import io.makas.dataplane.fastpath.OutputQueue;
import io.makas.dataplane.fastpath.SlowPath;
import io.makas.dataplane.memory.FrameBatch;
import io.makas.dataplane.port.Port;
import io.makas.dataplane.port.PortQueue;
import io.makas.flow.cache.CacheStatistics;
import io.makas.flow.cache.FlowCache;
import io.makas.flow.pipeline.DropReason;
import io.makas.flow.pipeline.Pipeline;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.LongSupplier;

/**
 * Polls its ports and carries what arrives. Owns its receive side, its caches and its counters; shares only the pipeline, which
 * it reads.
 *
 * <p>Thread: one, which calls {@link #onStart}, then {@link #doWork} again and again, then {@link #onClose}. Others talk to it
 * through {@link #commands()}, and read its statistics.
 */
public final class Worker {

    private final String name;
    private final CommandQueue commands = new CommandQueue();
    private final FlowCache cache;
    private final SlowPath slowPath;
    private final FastPath fastPath;
    private final DropCounters drops = new DropCounters();
    private final OutputQueue[] queuesByNumber;
    private final FrameBatch burst = new FrameBatch();
    private final LoadCounters load = new LoadCounters();

    /** Polled in order. Replaced, never changed, so that a command may add or remove a port between two bursts. */
    private OutputQueue[] polled = {};

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
        this.cache = new FlowCache(limits.exactMatchEntries(), limits.megaflows());
        this.slowPath = new SlowPath(pipeline, cache, clockNs);
        this.queuesByNumber = new OutputQueue[limits.highestPortNumber() + 1];
        this.fastPath = new FastPath(cache, slowPath, drops, queuesByNumber);
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
    public void onStart() {}

    /**
     * One turn: the commands that wait, then one burst of each port.
     *
     * @return packets received and commands run; 0 when there was nothing to do
     */
    public int doWork() {
        int work = commands.runAll();
        for (OutputQueue queue : polled) {
            work += poll(queue);
        }
        load.turn(work);
        return work;
    }

    /** Called once by the worker's thread after the last turn: lets go of the ports, and turns later commands away. */
    public void onClose() {
        commands.close();
        for (OutputQueue queue : polled) {
            queue.port().detach();
        }
        polled = new OutputQueue[0];
        slowPath.creditEntries();
    }

    /** Worker, by command: polls all queues of a port from now on, and sends by its first. */
    public void addPort(Port port, int number) {
        List<OutputQueue> ports = new ArrayList<>(List.of(polled));
        for (PortQueue queue : port.queues()) {
            queue.attach();
            ports.add(new OutputQueue(queue, number));
        }
        queuesByNumber[number] = ports.get(ports.size() - port.queues().size());
        polled = ports.toArray(OutputQueue[]::new);
    }

    /** Worker, by command: lets go of a port. */
    public void removePort(int number) {
        queuesByNumber[number] = null;
        List<OutputQueue> ports = new ArrayList<>(List.of(polled));
        ports.removeIf(queue -> queue.number() == number);
        OutputQueue[] before = polled;
        polled = ports.toArray(OutputQueue[]::new);
        for (OutputQueue queue : before) {
            if (queue.number() == number) {
                queue.port().detach();
            }
        }
    }

    /** Worker, by command: adds what the cache counted to the flow entries, so that they are exact. */
    public void creditFlowEntries() {
        slowPath.creditEntries();
    }

    /** The ports that are polled. Worker only. */
    OutputQueue[] polled() {
        return polled;
    }

    /** Packets dropped by reason. From any thread. */
    public Map<DropReason, Long> drops() {
        return drops.snapshot();
    }

    /** Figures of the cache. Worker only, hence by command. */
    public CacheStatistics cacheStatistics() {
        return cache.statistics();
    }

    /** Figures of the load. From any thread. */
    public LoadCounters load() {
        return load;
    }

    private int poll(OutputQueue queue) {
        PortQueue port = queue.port();
        int received = port.receive(burst);
        if (received > 0) {
            slowPath.followPipeline();
            fastPath.process(burst, queue);
            load.burst(received);
        }
        port.maintain();
        return received;
    }
}
