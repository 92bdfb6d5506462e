// SPDX-License-Identifier: Apache-2.0
package io.makas.dataplane.worker;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;

/**
 * What a queue costs the worker that polls it. Packets are counted all, time is measured for some bursts: the product of packets and
 * mean time is what the queue costs. It stays with the queue when that moves.
 *
 * <p>Threads: written by the worker that polls, read from anywhere, slightly late.
 */
final class QueueLoad {

    private static final VarHandle PACKETS = handle("packets");
    private static final VarHandle TIMED_PACKETS = handle("timedPackets");
    private static final VarHandle TIMED_NS = handle("timedNs");

    private long packets;
    private long timedPackets;
    private long timedNs;

    /** Worker: a burst was carried. */
    void burst(int count) {
        PACKETS.setOpaque(this, packets + count);
    }

    /** Worker: so many of those took so long, from receive to send. */
    void timed(int count, long ns) {
        TIMED_NS.setOpaque(this, timedNs + ns);
        TIMED_PACKETS.setOpaque(this, timedPackets + count);
    }

    /** Packets received. */
    long packets() {
        return (long) PACKETS.getOpaque(this);
    }

    /** Time that all packets took, as far as the timed ones tell, in nanoseconds. */
    long busyNs() {
        long timed = (long) TIMED_PACKETS.getOpaque(this);
        return timed == 0 ? 0 : (long) ((double) (long) TIMED_NS.getOpaque(this) / timed * packets());
    }

    private static VarHandle handle(String field) {
        try {
            return MethodHandles.lookup().findVarHandle(QueueLoad.class, field, long.class);
        } catch (ReflectiveOperationException e) {
            throw new AssertionError(e);
        }
    }
}
