// SPDX-License-Identifier: Apache-2.0
package io.makas.bench.traffic;

import io.makas.dataplane.sys.Mapping;
import io.makas.dataplane.sys.Memory;
import java.lang.foreign.ValueLayout;

/**
 * Flows ready to be written into frames, and the order in which they are: two rows in memory of large pages.
 *
 * <pre>
 *  flows:  16 bytes each, as {@link FrameTemplate} writes them
 *  order:  index of a flow (i32), packet after packet, then again from the start
 * </pre>
 *
 * <p>Thread: any may read. Owner: the one who made it.
 */
public final class PacketStream implements AutoCloseable {

    /** Bytes of a flow. */
    public static final int FLOW_BYTES = 16;

    private final Mapping flows;
    private final Mapping order;
    private final int length;

    /** Lays out the flows for frames of a template, in an order of their indices. */
    public PacketStream(FlowSet set, FrameTemplate template, int[] indices) {
        flows = Mapping.anonymous((long) set.count() * FLOW_BYTES);
        order = Mapping.anonymous((long) indices.length * Integer.BYTES);
        length = indices.length;
        for (int i = 0; i < set.count(); i++) {
            FiveTuple flow = set.flow(i);
            long address = flows.address() + (long) i * FLOW_BYTES;
            Memory.ALL.set(ValueLayout.JAVA_LONG, address, template.first(flow));
            Memory.ALL.set(ValueLayout.JAVA_LONG, address + Long.BYTES, template.second(flow));
        }
        for (int i = 0; i < length; i++) {
            Memory.ALL.set(ValueLayout.JAVA_INT, order.address() + (long) i * Integer.BYTES, indices[i]);
        }
    }

    /** Address of the first flow. */
    public long flows() {
        return flows.address();
    }

    /** Address of the first index. */
    public long order() {
        return order.address();
    }

    /** Packets until it begins again. */
    public int length() {
        return length;
    }

    @Override
    public void close() {
        flows.close();
        order.close();
    }
}
