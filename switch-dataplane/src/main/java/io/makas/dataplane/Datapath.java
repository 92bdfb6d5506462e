// SPDX-License-Identifier: Apache-2.0
package io.makas.dataplane;

import io.makas.dataplane.PortException.Kind;
import io.makas.dataplane.port.Port;
import io.makas.dataplane.port.PortConfig;
import io.makas.dataplane.port.PortCounters;
import io.makas.dataplane.sys.SysException;
import io.makas.dataplane.worker.QueueAffinity;
import io.makas.dataplane.worker.Rebalance;
import io.makas.dataplane.worker.WorkerStatistics;
import io.makas.dataplane.worker.Workers;
import io.makas.flow.pipeline.DropReason;
import io.makas.flow.pipeline.Pipeline;
import io.makas.flow.pipeline.PortState;
import io.makas.flow.table.FlowFilter;
import io.makas.flow.table.FlowModException;
import io.makas.flow.table.FlowRemoved;
import io.makas.flow.table.FlowStatistics;
import io.makas.flow.table.PipelineMod;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.ToLongFunction;

/**
 * The data path as one thing: ports, the workers that carry packets between them, and the pipeline that says how.
 *
 * <p>Thread: every method from any control thread; ports are added and removed one at a time. Owner: whoever opened it;
 * {@link #close} stops the workers and then closes every port.
 */
public final class Datapath implements AutoCloseable {

    private final DatapathConfig config;
    private final Pipeline pipeline;
    private final PortFactory factory;
    private final Workers workers;

    /** Ports by number. Guarded by this. */
    private final Map<Integer, Port> ports = new TreeMap<>();

    private boolean closed;

    private Datapath(DatapathConfig config, Pipeline pipeline) {
        this.config = config;
        this.pipeline = pipeline;
        this.factory = new PortFactory(config.dpdk(), config.workers().cores().size() == 1);
        this.workers = Workers.start(config.workers(), config.limits(), pipeline);
    }

    /** Starts the workers with empty tables and no ports. */
    public static Datapath open(DatapathConfig config) {
        return new Datapath(config, new Pipeline(System::nanoTime, config.maxFlows()));
    }

    /** The flow tables themselves. */
    public Pipeline pipeline() {
        return pipeline;
    }

    /**
     * Carries out edits of flows, groups and meters in order, all of them or none. When it returns, every packet received later is handled
     * by the tables as they are then.
     *
     * @return the flows that were deleted, with counters that may lack packets in flight
     * @throws FlowModException if an edit cannot be carried out; then nothing has changed
     */
    public List<FlowRemoved> edit(List<? extends PipelineMod> mods) throws FlowModException {
        return pipeline.apply(mods);
    }

    /** The flows that a filter accepts, with the counters of all packets handled before the call. */
    public List<FlowStatistics> flows(FlowFilter filter) {
        creditFlowEntries();
        return pipeline.flows(filter);
    }

    /** Removes the flows whose time is over. To be called about once a second. */
    public List<FlowRemoved> expireFlows() {
        creditFlowEntries();
        return pipeline.expire(System.nanoTime());
    }

    /**
     * Starts DPDK now rather than with the first port that needs it.
     *
     * @throws PortException when it cannot be started
     */
    public synchronized void startDpdk() throws PortException {
        checkOpen();
        factory.startDpdk();
    }

    /**
     * Opens a port and polls it from now on.
     *
     * @param number OpenFlow port number, or 0 for the lowest free one
     * @throws PortException when the name or number is taken, or the port cannot be opened
     */
    public PortInfo addPort(PortConfig portConfig, int number) throws PortException {
        return addPort(portConfig, number, QueueAffinity.NONE);
    }

    /**
     * Opens a port and polls it from now on, each queue by the worker that it is pinned to or that the workers' policy gives it.
     *
     * @param number OpenFlow port number, or 0 for the lowest free one
     * @param affinity which queues are pinned
     * @throws PortException when the name or number is taken, the affinity is wrong, or the port cannot be opened
     */
    public synchronized PortInfo addPort(PortConfig portConfig, int number, QueueAffinity affinity)
            throws PortException {
        checkOpen();
        int chosen = number == 0 ? lowestFreeNumber() : checkedNumber(number);
        for (Port port : ports.values()) {
            if (port.name().equals(portConfig.name())) {
                throw new PortException(
                        Kind.ALREADY_EXISTS,
                        "a port named '" + portConfig.name() + "' exists already; choose another name");
            }
        }
        Port port = factory.open(portConfig);
        try {
            workers.add(port, chosen, affinity);
        } catch (IllegalArgumentException e) {
            port.close();
            throw new PortException(Kind.INVALID, "port '" + portConfig.name() + "': " + e.getMessage(), e);
        } catch (RuntimeException e) {
            port.close();
            if (e.getCause() instanceof SysException refused) {
                throw new PortException(
                        Kind.UNAVAILABLE, "port '" + portConfig.name() + "': " + refused.getMessage(), refused);
            }
            throw e;
        }
        ports.put(chosen, port);
        publishPorts();
        return info(chosen, port);
    }

    /**
     * Stops polling a port and closes it.
     *
     * @throws PortException when there is no port of this name
     */
    public synchronized void removePort(String name) throws PortException {
        checkOpen();
        int number = numberOf(name);
        Port port = ports.remove(number);
        publishPorts();
        try {
            workers.remove(number);
        } finally {
            port.close();
        }
    }

    /** Every port as it is now, by number. */
    public synchronized List<PortInfo> ports() {
        List<PortInfo> list = new ArrayList<>();
        ports.forEach((number, port) -> list.add(info(number, port)));
        return list;
    }

    /**
     * One port as it is now.
     *
     * @throws PortException when there is no port of this name
     */
    public synchronized PortInfo portInfo(String name) throws PortException {
        int number = numberOf(name);
        return info(number, ports.get(number));
    }

    /** The port of a name itself, for the process that talks to a port in memory. */
    public synchronized Port port(String name) throws PortException {
        return ports.get(numberOf(name));
    }

    /** Brings the counters of all flow entries up to date with the packets handled so far. */
    public void creditFlowEntries() {
        workers.creditFlowEntries();
    }

    /** Packets dropped in the pipeline by reason, since the start. */
    public Map<DropReason, Long> drops() {
        return workers.drops();
    }

    /** Figures of each worker. */
    public List<WorkerStatistics> workers() {
        return workers.statistics();
    }

    /**
     * Looks at what each queue cost since the last look, and moves queues to other workers if that is worth it.
     *
     * @param isDryRun whether to only say what would move
     */
    public Rebalance rebalance(boolean isDryRun) {
        return workers.rebalance(isDryRun);
    }

    /** Why a worker stopped by itself, so that its queues carry nothing any more, or null while all are well. */
    public Throwable failure() {
        return workers.failure();
    }

    /** Stops the workers and closes every port. */
    @Override
    public synchronized void close() {
        if (closed) {
            return;
        }
        closed = true;
        workers.close();
        RuntimeException failure = null;
        for (Port port : ports.values()) {
            try {
                port.close();
            } catch (RuntimeException e) {
                failure = failure == null ? e : failure;
            }
        }
        ports.clear();
        factory.close();
        if (failure != null) {
            throw failure;
        }
    }

    private void checkOpen() {
        if (closed) {
            throw new IllegalStateException("the data path is closed");
        }
    }

    private void publishPorts() {
        pipeline.setPorts(ports.keySet().stream().map(PortState::new).toList());
    }

    private int lowestFreeNumber() throws PortException {
        for (int number = 1; number <= config.limits().highestPortNumber(); number++) {
            if (!ports.containsKey(number)) {
                return number;
            }
        }
        throw new PortException(
                Kind.UNAVAILABLE,
                "all " + config.limits().highestPortNumber()
                        + " port numbers are taken; remove a port or raise the limit");
    }

    private int checkedNumber(int number) throws PortException {
        int highest = config.limits().highestPortNumber();
        if (number < 0 || number > highest) {
            throw new PortException(Kind.INVALID, "port number " + number + " is not from 1 to " + highest);
        }
        Port taken = ports.get(number);
        if (taken != null) {
            throw new PortException(
                    Kind.ALREADY_EXISTS, "port number " + number + " is taken by '" + taken.name() + "'");
        }
        return number;
    }

    private int numberOf(String name) throws PortException {
        for (Map.Entry<Integer, Port> entry : ports.entrySet()) {
            if (entry.getValue().name().equals(name)) {
                return entry.getKey();
            }
        }
        throw new PortException(
                Kind.NOT_FOUND, "there is no port named '" + name + "'; 'makas port list' shows the ports");
    }

    private static PortInfo info(int number, Port port) {
        return new PortInfo(
                number,
                port.config(),
                port.linkUp(),
                port.description(),
                sum(port, PortCounters::receivedPackets),
                sum(port, PortCounters::receivedBytes),
                sum(port, PortCounters::receiveDropped),
                sum(port, PortCounters::transmittedPackets),
                sum(port, PortCounters::transmittedBytes),
                sum(port, PortCounters::transmitDropped));
    }

    private static long sum(Port port, ToLongFunction<PortCounters> counter) {
        return port.queues().stream()
                .mapToLong(queue -> counter.applyAsLong(queue.counters()))
                .sum();
    }
}
