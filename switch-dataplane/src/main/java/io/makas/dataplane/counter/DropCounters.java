// SPDX-License-Identifier: Apache-2.0
package io.makas.dataplane.counter;

import io.makas.flow.pipeline.DropReason;
import java.util.EnumMap;
import java.util.Map;
import java.util.concurrent.atomic.AtomicLongArray;

/** Packets that a worker dropped, by reason. Written by the worker, read from anywhere. */
public final class DropCounters {

    private static final DropReason[] REASONS = DropReason.values();

    private final AtomicLongArray counts = new AtomicLongArray(REASONS.length);

    /** Worker: one packet was dropped. */
    public void count(DropReason reason) {
        int i = reason.ordinal();
        // One writer: a plain read and an opaque write are enough, and cost no locked instruction.
        counts.setOpaque(i, counts.getPlain(i) + 1);
    }

    /** Worker: so many packets were dropped. */
    public void count(DropReason reason, int packets) {
        int i = reason.ordinal();
        counts.setOpaque(i, counts.getPlain(i) + packets);
    }

    /** Packets dropped so far, every reason listed. */
    public Map<DropReason, Long> snapshot() {
        Map<DropReason, Long> snapshot = new EnumMap<>(DropReason.class);
        for (DropReason reason : REASONS) {
            snapshot.put(reason, counts.getOpaque(reason.ordinal()));
        }
        return snapshot;
    }
}
