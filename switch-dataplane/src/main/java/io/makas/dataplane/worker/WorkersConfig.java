// SPDX-License-Identifier: Apache-2.0
package io.makas.dataplane.worker;

import java.util.Collections;
import java.util.HashSet;
import java.util.List;
import java.util.Objects;
import java.util.Set;

/**
 * How many workers there are, where they run, and how queues are given to them.
 *
 * @param cores the processor of each worker, from the first on, or {@link WorkerThread#ANY_CORE} for all: 1 to {@link #MAX_WORKERS}
 * @param idle what workers do without traffic
 * @param assignment how queues that are not pinned are given to workers
 * @param isolation whether a worker with a pinned queue takes no queue that is not pinned
 * @param rebalance when queues move by themselves
 */
public record WorkersConfig(
        List<Integer> cores, IdlePolicy idle, AssignmentPolicy assignment, boolean isolation, AutoRebalance rebalance) {

    /** Workers at most. */
    public static final int MAX_WORKERS = 64;

    /** One worker that the scheduler places. */
    public static final WorkersConfig DEFAULT = single(WorkerThread.ANY_CORE, IdlePolicy.DEFAULT);

    /** Checks the cores. */
    public WorkersConfig {
        cores = List.copyOf(cores);
        Objects.requireNonNull(idle, "idle");
        Objects.requireNonNull(assignment, "assignment");
        Objects.requireNonNull(rebalance, "rebalance");
        if (cores.isEmpty() || cores.size() > MAX_WORKERS) {
            throw new IllegalArgumentException(cores.size() + " workers are not 1 to " + MAX_WORKERS);
        }
        Set<Integer> distinct = new HashSet<>();
        for (int core : cores) {
            boolean isPinned = core != WorkerThread.ANY_CORE;
            if (core < WorkerThread.ANY_CORE || isPinned && !distinct.add(core)) {
                throw new IllegalArgumentException("worker cores " + cores
                        + (core < 0 ? ": a processor has no negative number" : " name processor " + core + " twice"));
            }
        }
        if (!distinct.isEmpty() && distinct.size() != cores.size()) {
            throw new IllegalArgumentException("worker cores " + cores + " pin some workers and others not");
        }
    }

    /** One worker. */
    public static WorkersConfig single(int core, IdlePolicy idle) {
        return onCores(List.of(core), idle);
    }

    /** A worker pinned to each of these processors. */
    public static WorkersConfig onCores(List<Integer> cores, IdlePolicy idle) {
        return new WorkersConfig(cores, idle, AssignmentPolicy.ROUND_ROBIN, true, AutoRebalance.OFF);
    }

    /** So many workers, placed by the scheduler. */
    public static WorkersConfig unpinned(int count, IdlePolicy idle) {
        return onCores(Collections.nCopies(count, WorkerThread.ANY_CORE), idle);
    }

    /** The worker that is meant by a core, or by its own number if workers are not pinned; −1 if there is none. */
    int workerOf(int core) {
        boolean isPinned = cores.getFirst() != WorkerThread.ANY_CORE;
        return isPinned ? cores.indexOf(core) : core < cores.size() ? core : -1;
    }
}
