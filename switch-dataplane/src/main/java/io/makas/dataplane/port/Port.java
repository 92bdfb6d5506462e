// SPDX-License-Identifier: Apache-2.0
package io.makas.dataplane.port;

import java.util.List;
import java.util.Map;

/**
 * A place where packets enter and leave the switch.
 *
 * <p>A port has one or more queues, each owned by one worker. The port itself is the first of them, so that a port with one
 * queue is all there is to it; {@link PortQueue} says what holds for every queue.
 *
 * <p>Life: constructed (and opened) by a control thread → its queues are attached, used and detached by workers →
 * {@link #close} by a control thread.
 */
public abstract sealed class Port extends PortQueue implements AutoCloseable
        permits AfXdpPort, DpdkPort, MemoryPort, VhostUserPort, VirtioPort {

    private final PortConfig config;

    /** Keeps what every port has. */
    protected Port(PortConfig config) {
        this.config = config;
    }

    /** How this port was asked for. */
    public final PortConfig config() {
        return config;
    }

    /** The port's unique name. */
    public final String name() {
        return config.name();
    }

    /** All queues, this port as the first; the same ones for as long as the port is open. */
    public List<? extends PortQueue> queues() {
        return List.of(this);
    }

    /** Whether a peer is there to talk to. */
    public abstract boolean linkUp();

    /** One line on how the port really runs: mode and fall-back, queue, peer. For people. */
    public abstract String description();

    /** What the device behind the port counts, by the names that its driver gives; none where there is no device. */
    public Map<String, Long> deviceStatistics() {
        return Map.of();
    }

    /** Frees what the port holds. The workers have let go of its queues before. */
    @Override
    public abstract void close();
}
