// SPDX-License-Identifier: Apache-2.0
package io.makas.agent.config;

import io.makas.dataplane.port.PortConfig;
import io.makas.dataplane.worker.AssignmentPolicy;
import io.makas.dataplane.worker.AutoRebalance;
import io.makas.dataplane.worker.IdlePolicy;
import io.makas.dataplane.worker.QueueAffinity;
import io.makas.dataplane.worker.WorkerThread;
import io.makas.dataplane.worker.WorkersConfig;
import java.nio.file.Path;
import java.util.Collections;
import java.util.List;
import java.util.Optional;

/**
 * All that a switch is started with. Immutable and checked; {@code default.yaml} beside this class documents each value for
 * people and is tested to agree with {@link #defaults()}.
 *
 * @param grpc where the control API is served
 * @param cni where container runtimes are served
 * @param workers threads that carry packets
 * @param dpdk DPDK, which ports of the types vhost-user and dpdk need
 * @param flowFile flows in the syntax of ovs-ofctl, a line each, that the switch starts with
 * @param ports ports that the switch starts with, in the order in which they are opened
 * @param limits upper bounds of what grows
 * @param log what is written to standard error
 */
public record SwitchConfig(
        Grpc grpc,
        Cni cni,
        Workers workers,
        Dpdk dpdk,
        Optional<Path> flowFile,
        List<PortSpec> ports,
        Limits limits,
        Log log) {

    /** Where the control API is served when nothing else is said. */
    public static final Path DEFAULT_SOCKET = Path.of("/run/makas/makas.sock");

    /** Where the CNI plugin asks when nothing else is said. */
    public static final Path DEFAULT_CNI_SOCKET = Path.of("/run/makas/cni.sock");

    private static final long NS_IN_US = 1_000;

    /** Copies the lists. */
    public SwitchConfig {
        ports = List.copyOf(ports);
    }

    /** The configuration of a switch that is told nothing. */
    public static SwitchConfig defaults() {
        return new SwitchConfig(
                new Grpc(DEFAULT_SOCKET, 0660, Optional.empty()),
                new Cni(CniMode.AUTO, Optional.empty()),
                Workers.defaults(),
                new Dpdk(DpdkMode.AUTO, true, 256, 16_384, List.of()),
                Optional.empty(),
                List.of(),
                new Limits(1_048_576, 1_023, 1 << 20, 1 << 20, 250_000, 4 << 20, 64),
                new Log(Log.Level.INFO, Log.Format.KEY_VALUE));
    }

    /**
     * Where the CNI endpoint listens; empty: nowhere. In {@link CniMode#AUTO} it is served only by a switch whose control
     * socket is the default one, so that a second switch beside it, for a test or a lab, does not answer for containers.
     */
    public Optional<Path> cniSocket() {
        return switch (cni.mode) {
            case OFF -> Optional.empty();
            case SOCKET -> cni.socket;
            case AUTO -> grpc.socket.equals(DEFAULT_SOCKET) ? Optional.of(DEFAULT_CNI_SOCKET) : Optional.empty();
        };
    }

    /**
     * The control API.
     *
     * @param socket absolute path of the Unix socket
     * @param mode permissions of the socket, as of chmod
     * @param group group that owns the socket; empty: that of the process
     */
    public record Grpc(Path socket, int mode, Optional<String> group) {}

    /**
     * The CNI endpoint.
     *
     * @param mode whether it is served
     * @param socket absolute path of the Unix socket, if and only if the mode is {@link CniMode#SOCKET}
     */
    public record Cni(CniMode mode, Optional<Path> socket) {}

    /** Whether container runtimes are served. */
    public enum CniMode {
        /** At the default socket, if the control API is served at its own default one. */
        AUTO,
        /** No. */
        OFF,
        /** At the socket given. */
        SOCKET
    }

    /**
     * The threads that carry packets.
     *
     * @param cores a worker for each, pinned to it; empty: {@code count} workers that the scheduler may move
     * @param count number of workers if no cores are named
     * @param idle what a worker does without traffic
     * @param spinUs instead of the policy's: how long it polls before it rests, in microseconds
     * @param longestSleepUs instead of the policy's: longest sleep while there is a port that cannot wake it, in microseconds
     * @param assignment how queues that are not pinned are given to workers
     * @param isIsolating whether a worker with a pinned queue takes no others
     * @param rebalance when queues move by themselves
     */
    public record Workers(
            List<Integer> cores,
            int count,
            Idle idle,
            Optional<Integer> spinUs,
            Optional<Integer> longestSleepUs,
            AssignmentPolicy assignment,
            boolean isIsolating,
            AutoRebalance rebalance) {

        /** Copies the list. */
        public Workers {
            cores = List.copyOf(cores);
        }

        /** One worker that the scheduler may move. */
        static Workers defaults() {
            return new Workers(
                    List.of(),
                    1,
                    Idle.BALANCED,
                    Optional.empty(),
                    Optional.empty(),
                    AssignmentPolicy.ROUND_ROBIN,
                    true,
                    AutoRebalance.OFF);
        }

        /** The same for the data path. */
        public WorkersConfig forDatapath() {
            IdlePolicy policy = switch (idle) {
                case LATENCY -> IdlePolicy.LATENCY;
                case BALANCED -> IdlePolicy.BALANCED;
                case POWER -> IdlePolicy.POWER;
            };
            var chosen = new IdlePolicy(
                    spinUs.map(us -> us * NS_IN_US).orElse(policy.spinNs()),
                    policy.napNs(),
                    longestSleepUs.map(us -> us * NS_IN_US).orElse(policy.longestSleepNs()));
            List<Integer> places = cores.isEmpty() ? Collections.nCopies(count, WorkerThread.ANY_CORE) : cores;
            return new WorkersConfig(places, chosen, assignment, isIsolating, rebalance);
        }
    }

    /** What a worker does without traffic; the data path's policies of these names. */
    public enum Idle {
        /** Polls for ever: lowest latency, a whole core. */
        LATENCY,
        /** Polls for a while where that pays, then waits for a packet. */
        BALANCED,
        /** Never polls for nothing, and lets packets gather. */
        POWER
    }

    /**
     * DPDK.
     *
     * @param mode whether it is started
     * @param hasHugepages whether it takes its memory from hugepages; without them there are no vhost-user ports
     * @param memoryMb memory to take, in MiB
     * @param mbufs frame buffers of all vhost-user and dpdk ports together
     * @param ealOptions further options of the environment abstraction layer, as on the command line of a DPDK program
     */
    public record Dpdk(DpdkMode mode, boolean hasHugepages, int memoryMb, int mbufs, List<String> ealOptions) {
        /** Copies the list. */
        public Dpdk {
            ealOptions = List.copyOf(ealOptions);
        }
    }

    /** Whether DPDK is started. */
    public enum DpdkMode {
        /** Never: ports of the types vhost-user and dpdk are refused. */
        OFF,
        /** With the first port that needs it. */
        AUTO,
        /** At once, and without it the switch does not start. */
        REQUIRED
    }

    /**
     * A port to start with.
     *
     * @param number its number; 0: the lowest free one
     * @param config how to open it
     * @param affinity which of its queues are pinned to which workers
     */
    public record PortSpec(int number, PortConfig config, QueueAffinity affinity) {
        /** No queue is pinned. */
        public PortSpec(int number, PortConfig config) {
            this(number, config, QueueAffinity.NONE);
        }
    }

    /**
     * Upper bounds of what grows.
     *
     * @param flows flows in all tables together
     * @param highestPortNumber highest port number
     * @param megaflows megaflows that a worker caches
     * @param exactMatchEntries entries of a worker's exact-match cache, a power of two
     * @param bundleEdits edits in one flow bundle
     * @param messageBytes size of one message
     * @param callsPerConnection calls of one connection that run at once
     */
    public record Limits(
            int flows,
            int highestPortNumber,
            int megaflows,
            int exactMatchEntries,
            int bundleEdits,
            int messageBytes,
            int callsPerConnection) {}

    /**
     * What is logged to standard error.
     *
     * @param level the least important level that is written
     * @param format how a line looks
     */
    public record Log(Level level, Format format) {

        /** How important a line is. */
        public enum Level {
            /** Only what stops the switch from doing its work. */
            ERROR,
            /** And what an operator should look at. */
            WARN,
            /** And what changes: ports, flows files, start and stop. */
            INFO,
            /** And each call of the control API. */
            DEBUG
        }

        /** How a line looks. */
        public enum Format {
            /** {@code time=… level=info event="port added" port=web}. */
            KEY_VALUE,
            /** A JSON object. */
            JSON
        }
    }
}
