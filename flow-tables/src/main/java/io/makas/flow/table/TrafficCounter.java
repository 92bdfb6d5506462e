// SPDX-License-Identifier: Apache-2.0
package io.makas.flow.table;

import java.util.concurrent.atomic.LongAdder;

/**
 * Counts packets and their bytes: those of a group, a bucket, a meter.
 *
 * <p>Threads: any may add and read at once; no packet is lost.
 */
public final class TrafficCounter {

    private final LongAdder packets = new LongAdder();
    private final LongAdder bytes = new LongAdder();

    /**
     * A count at a moment.
     *
     * @param packets how many packets
     * @param bytes their bytes
     */
    public record Count(long packets, long bytes) {}

    /** Makes a counter that starts from 0. */
    public TrafficCounter() {}

    /** Counts packets; fewer than 0 are taken back. */
    public void add(long morePackets, long moreBytes) {
        packets.add(morePackets);
        bytes.add(moreBytes);
    }

    /** The count as it is now. */
    public Count count() {
        return new Count(Math.max(0, packets.sum()), Math.max(0, bytes.sum()));
    }
}
