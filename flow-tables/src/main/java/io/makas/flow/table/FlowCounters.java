// SPDX-License-Identifier: Apache-2.0
package io.makas.flow.table;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;

/**
 * What a flow has seen. Apart from the entry, because it outlives it: an entry that is replaced or modified hands its counters
 * on, and workers that still hold the old entry credit the right place.
 *
 * <p>Threads: any may credit and read at once; no packet is lost.
 */
final class FlowCounters {

    private static final VarHandle PACKETS = handle("packets");
    private static final VarHandle BYTES = handle("bytes");
    private static final VarHandle LAST_USED_NS = handle("lastUsedNs");

    private volatile long packets;
    private volatile long bytes;
    private volatile long lastUsedNs;

    FlowCounters(long nowNs) {
        lastUsedNs = nowNs;
    }

    void credit(long morePackets, long moreBytes, long usedNs) {
        if (morePackets != 0) {
            PACKETS.getAndAdd(this, morePackets);
        }
        if (moreBytes != 0) {
            BYTES.getAndAdd(this, moreBytes);
        }
        long seen = lastUsedNs;
        while (usedNs - seen > 0 && !LAST_USED_NS.compareAndSet(this, seen, usedNs)) {
            seen = lastUsedNs;
        }
    }

    /** Counts from 0 again; packets credited at the same time may be counted on either side. */
    void reset() {
        PACKETS.setVolatile(this, 0L);
        BYTES.setVolatile(this, 0L);
    }

    long packets() {
        // What a meter drops is taken back before what it lets pass is credited.
        return Math.max(0, packets);
    }

    long bytes() {
        return Math.max(0, bytes);
    }

    long lastUsedNs() {
        return lastUsedNs;
    }

    private static VarHandle handle(String field) {
        try {
            return MethodHandles.lookup().findVarHandle(FlowCounters.class, field, long.class);
        } catch (ReflectiveOperationException e) {
            throw new ExceptionInInitializerError(e);
        }
    }
}
