// SPDX-License-Identifier: Apache-2.0
package io.makas.dataplane.worker;

import io.makas.dataplane.handoff.HandOff;
import io.makas.dataplane.memory.FramePool;
import io.makas.dataplane.port.Port;
import io.makas.dataplane.port.PortQueue;
import io.makas.dataplane.worker.QueueAssignment.Demand;
import io.makas.dataplane.worker.QueueAssignment.Seat;
import io.makas.flow.pipeline.DropReason;
import io.makas.flow.pipeline.Pipeline;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;

/**
 * All workers of a data path: gives the queues of ports to them, takes them away, moves them, and tells each worker by which
 * other one it reaches the ports that it has no queue of.
 *
 * <p>No frame that was received is lost when a queue moves. The new owner first lets frames for the port wait where they are
 * handed over; the old one detaches the queue, and passes on what it still has or is handed; the new one attaches it; the others
 * learn the new way. A port that goes is first forgotten by those who hand over, then by its owners, after they have sent what was
 * handed over before.
 *
 * <p>Thread: any control thread, one at a time. Owner: the data path, which closes it before the ports.
 */
public final class Workers implements AutoCloseable {

    private final WorkersConfig config;
    private final NumaNodes numa;
    private final List<WorkerThread> threads = new ArrayList<>();

    /** The way from a worker (first index) to another; null to itself. */
    private final HandOff[][] handOffs;

    private final List<PlacedQueue> placed = new ArrayList<>();

    /** What queues had cost at the last look at the loads, and when that was. */
    private final Map<PortQueue, Long> busySeenNs = new IdentityHashMap<>();

    private long lookedNs = System.nanoTime();
    private Rebalancer rebalancer;

    private Workers(WorkersConfig config, NumaNodes numa) {
        this.config = config;
        this.numa = numa;
        this.handOffs = new HandOff[config.cores().size()][config.cores().size()];
    }

    /**
     * Starts the workers.
     *
     * @throws io.makas.dataplane.sys.SysException when one may not run on its processor; then none runs
     */
    public static Workers start(WorkersConfig config, WorkerLimits limits, Pipeline pipeline) {
        Workers workers = new Workers(config, NumaNodes.OF_THIS_MACHINE);
        try {
            for (int core : config.cores()) {
                String name = "makas-worker-" + workers.threads.size();
                Worker worker = new Worker(name, pipeline, limits, System::nanoTime);
                workers.threads.add(WorkerThread.start(worker, core, config.idle()));
            }
            workers.join();
            if (config.rebalance().isEnabled()) {
                workers.rebalancer =
                        Rebalancer.start(workers, config.rebalance().intervalMs());
            }
        } catch (RuntimeException e) {
            workers.close();
            throw e;
        }
        return workers;
    }

    /** The threads, by worker number. */
    public List<WorkerThread> threads() {
        return List.copyOf(threads);
    }

    /** Where each queue is now. */
    synchronized List<PlacedQueue> queues() {
        return List.copyOf(placed);
    }

    /**
     * Has workers poll the queues of a port from now on.
     *
     * @param number its OpenFlow number
     * @param affinity which of its queues are pinned where
     * @throws IllegalArgumentException when the affinity names a queue or a worker that there is not
     * @throws IllegalStateException when a queue cannot be used by its worker, with the reason as cause; then none is used
     */
    public synchronized void add(Port port, int number, QueueAffinity affinity) {
        List<PlacedQueue> fresh = place(port, number, affinity);
        List<PlacedQueue> attached = new ArrayList<>();
        try {
            for (PlacedQueue queue : fresh) {
                call(queue.worker(), worker -> worker.attach(queue.queue(), number, queue.load()));
                attached.add(queue);
            }
        } catch (RuntimeException e) {
            attached.forEach(queue -> tell(queue.worker(), worker -> worker.detach(queue.queue())));
            throw e;
        }
        placed.addAll(fresh);
        showTheWay(number);
        leaveIsolated();
    }

    /** Has workers let go of the queues of a port. The port may be closed afterwards. */
    public synchronized void remove(int number) {
        for (int index = 0; index < threads.size(); index++) {
            if (!owns(index, number)) {
                tell(index, worker -> worker.forgetWay(number));
            }
        }
        for (int index = 0; index < threads.size(); index++) {
            if (owns(index, number)) {
                tell(index, worker -> {
                    worker.settle();
                    worker.removePort(number);
                });
            }
        }
        placed.removeIf(queue -> queue.number() == number);
    }

    /**
     * Moves a queue to another worker.
     *
     * @throws IllegalStateException when it cannot be used there, with the reason as cause; then it is where it was
     */
    synchronized void move(PlacedQueue queue, int to) {
        int from = queue.worker();
        int number = queue.number();
        if (from == to) {
            return;
        }
        boolean isFirst = !owns(to, number);
        if (isFirst) {
            call(to, worker -> worker.await(number, true));
        }
        tell(from, worker -> {
            worker.sendBy(number, handOffs[from][to], queue.queue());
            worker.detach(queue.queue());
        });
        PlacedQueue moved = queue.at(to);
        try {
            call(to, worker -> worker.attach(queue.queue(), number, queue.load()));
        } catch (RuntimeException e) {
            tell(from, worker -> worker.attach(queue.queue(), number, queue.load()));
            tell(to, worker -> worker.await(number, false));
            throw e;
        }
        placed.set(placed.indexOf(queue), moved);
        showTheWay(number);
    }

    /**
     * Looks at what each queue cost since the last look, and moves queues if that is worth it.
     *
     * @param isDryRun whether to only say what would move
     */
    public synchronized Rebalance rebalance(boolean isDryRun) {
        long nowNs = System.nanoTime();
        List<Demand> costs = new ArrayList<>();
        for (Demand each : demands(placed)) {
            PlacedQueue queue = placed.get(costs.size());
            long sinceNs = each.load() - busySeenNs.getOrDefault(queue.queue(), 0L);
            costs.add(new Demand(each.group(), each.node(), sinceNs, each.worker(), each.isPinned()));
        }
        RebalancePlan plan = RebalancePlan.of(costs, seats(), config, Math.max(1, nowNs - lookedNs));
        List<Rebalance.Move> moves = new ArrayList<>();
        for (int i = 0; i < placed.size(); i++) {
            PlacedQueue queue = placed.get(i);
            if (queue.worker() != plan.workers()[i]) {
                moves.add(new Rebalance.Move(queue.portName(), queue.index(), queue.worker(), plan.workers()[i]));
            }
        }
        if (!isDryRun) {
            moveAll(plan.workers());
            lookedNs = nowNs;
            busySeenNs.clear();
            placed.forEach(queue -> busySeenNs.put(queue.queue(), queue.load().busyNs()));
        }
        return new Rebalance(moves, !isDryRun && !moves.isEmpty(), plan.reason());
    }

    /** Brings the counters of all flow entries up to date with the packets handled so far. */
    public void creditFlowEntries() {
        boolean any = false;
        for (int index = 0; index < threads.size(); index++) {
            any |= tell(index, Worker::creditFlowEntries);
        }
        if (!any) {
            throw new IllegalStateException("no worker runs any more");
        }
    }

    /** Packets dropped in the pipeline by reason, by all workers. */
    public Map<DropReason, Long> drops() {
        Map<DropReason, Long> sum = new EnumMap<>(DropReason.class);
        for (WorkerThread thread : threads) {
            thread.worker().drops().forEach((reason, count) -> sum.merge(reason, count, Long::sum));
        }
        return sum;
    }

    /** Figures of each worker. */
    public synchronized List<WorkerStatistics> statistics() {
        List<WorkerStatistics> statistics = new ArrayList<>();
        for (int index = 0; index < threads.size(); index++) {
            int number = index;
            List<WorkerStatistics.Queue> queues = placed.stream()
                    .filter(queue -> queue.worker() == number)
                    .map(PlacedQueue::figures)
                    .toList();
            statistics.add(FiguresReader.read(threads.get(index), handOffs[index], queues));
        }
        return statistics;
    }

    /** Why a worker stopped by itself, or null while all are well. */
    public Throwable failure() {
        for (WorkerThread thread : threads) {
            if (thread.failure() != null) {
                return thread.failure();
            }
        }
        return null;
    }

    /** Stops all workers. */
    @Override
    public void close() {
        if (rebalancer != null) {
            rebalancer.close();
        }
        threads.forEach(WorkerThread::close);
        for (HandOff[] row : handOffs) {
            for (HandOff handOff : row) {
                if (handOff != null) {
                    handOff.close();
                }
            }
        }
    }

    private void join() {
        int count = threads.size();
        for (int to = 0; to < count; to++) {
            List<HandOff> arrivals = new ArrayList<>();
            for (int from = 0; from < count; from++) {
                if (from != to) {
                    handOffs[from][to] = new HandOff(threads.get(to)::wakeUp);
                    arrivals.add(handOffs[from][to]);
                }
            }
            call(to, worker -> worker.takeFrom(arrivals.toArray(HandOff[]::new)));
        }
    }

    private List<PlacedQueue> place(Port port, int number, QueueAffinity affinity) {
        List<? extends PortQueue> queues = port.queues();
        List<PlacedQueue> fresh = new ArrayList<>();
        int node = numa.nodeOf(port.config());
        for (int i = 0; i < queues.size(); i++) {
            fresh.add(new PlacedQueue(queues.get(i), port.name(), number, i, node, QueueAssignment.NONE, false));
        }
        affinity.cores().forEach((queue, core) -> {
            if (queue >= queues.size()) {
                throw new IllegalArgumentException("queue affinity " + queue + ":" + core + ": port '" + port.name()
                        + "' has " + queues.size() + " queue(s), from 0");
            }
            int worker = config.workerOf(core);
            if (worker < 0 || !isRunning(worker)) {
                throw new IllegalArgumentException("queue affinity " + queue + ":" + core
                        + ": there is no worker on core " + core + "; 'makas workers' shows the workers");
            }
            fresh.set(queue, fresh.get(queue).pinnedTo(worker));
        });
        List<PlacedQueue> all = new ArrayList<>(placed);
        all.addAll(fresh);
        int[] answer = QueueAssignment.assign(demands(all), seats(), config.assignment(), config.isolation());
        for (int i = 0; i < fresh.size(); i++) {
            fresh.set(i, fresh.get(i).at(answer[placed.size() + i]));
        }
        return fresh;
    }

    /** Queues that nobody pinned leave the workers that a pinned queue isolates. */
    private void leaveIsolated() {
        boolean[] isolated = new boolean[threads.size()];
        placed.forEach(queue -> isolated[queue.worker()] |= config.isolation() && queue.isPinned());
        boolean isAnyOpen = false;
        for (int index = 0; index < isolated.length; index++) {
            isAnyOpen |= isRunning(index) && !isolated[index];
        }
        if (!isAnyOpen) {
            return;
        }
        List<PlacedQueue> wanted = new ArrayList<>();
        for (PlacedQueue queue : placed) {
            boolean mustLeave = isolated[queue.worker()] && !queue.isPinned();
            wanted.add(mustLeave ? queue.at(QueueAssignment.NONE) : queue);
        }
        int[] answer = QueueAssignment.assign(demands(wanted), seats(), config.assignment(), config.isolation());
        moveAll(answer);
    }

    private void moveAll(int[] workers) {
        List<PlacedQueue> before = List.copyOf(placed);
        for (int i = 0; i < workers.length; i++) {
            if (isRunning(before.get(i).worker())) {
                move(before.get(i), workers[i]);
            }
        }
    }

    private List<Demand> demands(List<PlacedQueue> queues) {
        Map<FramePool, Integer> groups = new IdentityHashMap<>();
        List<Demand> demands = new ArrayList<>();
        for (PlacedQueue each : queues) {
            FramePool pool = each.queue().pool();
            int own = -1 - demands.size();
            int group = pool.servesManyWorkers() ? own : groups.computeIfAbsent(pool, _ -> groups.size());
            demands.add(new Demand(group, each.node(), each.load().busyNs(), each.worker(), each.isPinned()));
        }
        return demands;
    }

    private List<Seat> seats() {
        List<Seat> seats = new ArrayList<>();
        for (int index = 0; index < threads.size(); index++) {
            seats.add(new Seat(numa.nodeOfCore(config.cores().get(index)), isRunning(index)));
        }
        return seats;
    }

    private void showTheWay(int number) {
        List<PlacedQueue> queues =
                placed.stream().filter(queue -> queue.number() == number).toList();
        for (int index = 0; index < threads.size(); index++) {
            int from = index;
            PlacedQueue target = queues.get(index % queues.size());
            if (owns(index, number)) {
                tell(index, worker -> worker.forgetWay(number));
            } else {
                tell(index, worker -> worker.sendBy(number, handOffs[from][target.worker()], target.queue()));
            }
        }
    }

    private boolean owns(int index, int number) {
        return placed.stream().anyMatch(queue -> queue.worker() == index && queue.number() == number);
    }

    private boolean isRunning(int index) {
        return threads.get(index).failure() == null;
    }

    private void call(int index, Consumer<Worker> command) {
        Worker worker = threads.get(index).worker();
        worker.commands().call(() -> {
            command.accept(worker);
            return null;
        });
    }

    /** A command that a worker which has failed need not carry out any more. Says whether it runs. */
    private boolean tell(int index, Consumer<Worker> command) {
        try {
            if (isRunning(index)) {
                call(index, command);
            }
        } catch (IllegalStateException e) {
            if (isRunning(index)) {
                throw e;
            }
        }
        return isRunning(index);
    }
}
