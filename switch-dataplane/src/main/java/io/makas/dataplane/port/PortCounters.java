// SPDX-License-Identifier: Apache-2.0
package io.makas.dataplane.port;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;

/**
 * What a port received, sent and lost. Written by the port's worker with plain adds to fields of its own and published
 * with opaque writes once a burst, so that a reader elsewhere sees whole values, at most a burst late.
 */
public final class PortCounters {

    private static final VarHandle RX_PACKETS = handle("receivedPackets");
    private static final VarHandle RX_BYTES = handle("receivedBytes");
    private static final VarHandle RX_DROPPED = handle("receiveDropped");
    private static final VarHandle TX_PACKETS = handle("transmittedPackets");
    private static final VarHandle TX_BYTES = handle("transmittedBytes");
    private static final VarHandle TX_DROPPED = handle("transmitDropped");

    private long receivedPackets;
    private long receivedBytes;
    private long receiveDropped;
    private long transmittedPackets;
    private long transmittedBytes;
    private long transmitDropped;

    /** Worker: a burst was received. */
    public void received(int packets, long bytes) {
        RX_PACKETS.setOpaque(this, receivedPackets + packets);
        RX_BYTES.setOpaque(this, receivedBytes + bytes);
    }

    /** Worker: frames came that the port could not use (too long, malformed descriptors, no buffer). */
    public void dropOnReceive(int packets) {
        RX_DROPPED.setOpaque(this, receiveDropped + packets);
    }

    /** Worker: a burst was handed to the peer. */
    public void transmitted(int packets, long bytes) {
        TX_PACKETS.setOpaque(this, transmittedPackets + packets);
        TX_BYTES.setOpaque(this, transmittedBytes + bytes);
    }

    /** Worker: frames for which the peer had no room. */
    public void dropOnTransmit(int packets) {
        TX_DROPPED.setOpaque(this, transmitDropped + packets);
    }

    /** Packets received. */
    public long receivedPackets() {
        return (long) RX_PACKETS.getOpaque(this);
    }

    /** Bytes received. */
    public long receivedBytes() {
        return (long) RX_BYTES.getOpaque(this);
    }

    /** Packets that arrived and were lost before the pipeline. */
    public long receiveDropped() {
        return (long) RX_DROPPED.getOpaque(this);
    }

    /** Packets handed to the peer. */
    public long transmittedPackets() {
        return (long) TX_PACKETS.getOpaque(this);
    }

    /** Bytes handed to the peer. */
    public long transmittedBytes() {
        return (long) TX_BYTES.getOpaque(this);
    }

    /** Packets that the peer had no room for. */
    public long transmitDropped() {
        return (long) TX_DROPPED.getOpaque(this);
    }

    private static VarHandle handle(String field) {
        try {
            return MethodHandles.lookup().findVarHandle(PortCounters.class, field, long.class);
        } catch (ReflectiveOperationException e) {
            throw new AssertionError(e);
        }
    }
}
