// SPDX-License-Identifier: Apache-2.0
package io.makas.agent.config;

import io.makas.dataplane.port.PortConfig;
import java.nio.file.Path;
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

    /** Copies the lists. */
    public SwitchConfig {
        ports = List.copyOf(ports);
    }

    /** The configuration of a switch that is told nothing. */
    public static SwitchConfig defaults() {
        return new SwitchConfig(
                new Grpc(DEFAULT_SOCKET, 0660, Optional.empty()),
                new Cni(CniMode.AUTO, Optional.empty()),
                new Workers(List.of(), Idle.ADAPTIVE, 50, 50),
                new Dpdk(DpdkMode.AUTO, true, 256, 16_384, List.of()),
                Optional.empty(),
                List.of(),
                new Limits(1_048_576, 1_023, 65_536, 16_384, 250_000, 4 << 20, 64),
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
     * @param cores a worker for each, pinned to it; empty: one worker that the scheduler may move
     * @param idle what a worker does without traffic
     * @param spinUs how long a worker without traffic polls before it blocks, in microseconds
     * @param sleepUs length of one sleep, in microseconds, where a port cannot wake the worker
     */
    public record Workers(List<Integer> cores, Idle idle, int spinUs, int sleepUs) {
        /** Copies the list. */
        public Workers {
            cores = List.copyOf(cores);
        }
    }

    /** What a worker does without traffic. */
    public enum Idle {
        /** Polls for a while, then blocks until a port has a packet: costs next to nothing without traffic. */
        ADAPTIVE,
        /** Polls for ever: lowest latency, a whole core. */
        POLL
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
     */
    public record PortSpec(int number, PortConfig config) {}

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
