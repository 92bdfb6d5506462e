// SPDX-License-Identifier: Apache-2.0
package io.makas.bench.fastpath;

import static java.lang.foreign.ValueLayout.JAVA_BYTE;

import io.makas.dataplane.memory.FrameBatch;
import io.makas.dataplane.memory.FramePool;
import io.makas.dataplane.port.PortQueue;
import io.makas.dataplane.sys.Memory;
import io.makas.flow.packet.Bytes;
import io.makas.flow.packet.FrameBuilder;
import java.lang.foreign.MemorySegment;

/**
 * A queue that receives full bursts for ever, written into its buffers as a guest's would be, and counts what it is to transmit.
 *
 * <p>Thread: the one that measures.
 */
final class ReplayQueue extends PortQueue {

    /** As many as two rings of a guest usually have. */
    private static final int BUFFERS = 512;

    private static final int BUFFER_BYTES = 2_048;
    private static final int TTL_AND_PROTOCOL = 22;
    private static final int ADDRESSES = 26;
    private static final int PORTS = 34;

    private final ReplayPool pool;
    private final long[] template = new long[8];
    private final byte[] frame = FrameBuilder.ethernet("02:00:00:00:00:01", "02:00:00:00:00:02")
            .ipv4("10.0.0.1", "10.0.0.2")
            .udp(1, 2)
            .padTo(FrameBuilder.MIN_WIRE_BYTES)
            .build();
    private final Traffic traffic;
    private int nextBuffer;
    private int transmitted;

    /** Makes a queue that receives. */
    ReplayQueue(Traffic traffic) {
        this(traffic, new ReplayPool(BUFFERS, BUFFER_BYTES));
    }

    /** Makes a queue that transmits frames of another's pool. */
    ReplayQueue(Traffic traffic, ReplayPool pool) {
        this.traffic = traffic;
        this.pool = pool;
        byte[] padded = java.util.Arrays.copyOf(frame, template.length * Long.BYTES);
        MemorySegment words = MemorySegment.ofArray(template);
        MemorySegment.copy(padded, 0, words, JAVA_BYTE, 0, padded.length);
    }

    /** Frames that were to be transmitted. */
    int transmitted() {
        return transmitted;
    }

    @Override
    public ReplayPool pool() {
        return pool;
    }

    @Override
    public int maxFrameBytes() {
        return BUFFER_BYTES - FramePool.MIN_HEADROOM_BYTES;
    }

    @Override
    public int receive(FrameBatch into) {
        MemorySegment memory = Memory.ALL;
        for (int i = 0; i < FrameBatch.CAPACITY; i++) {
            long handle = pool.buffer(nextBuffer++ & BUFFERS - 1);
            long address = handle + FramePool.MIN_HEADROOM_BYTES;
            for (int word = 0; word < template.length; word++) {
                memory.set(java.lang.foreign.ValueLayout.JAVA_LONG_UNALIGNED, address + word * 8L, template[word]);
            }
            int flow = traffic.next();
            Bytes.put16(memory, address + TTL_AND_PROTOCOL, 64 << 8 | traffic.protocol(flow));
            Bytes.put64(memory, address + ADDRESSES, traffic.addresses(flow));
            Bytes.put32(memory, address + PORTS, traffic.ports(flow));
            into.add(handle, address, frame.length);
        }
        return into.count;
    }

    @Override
    public int transmit(FrameBatch from) {
        int count = from.count;
        transmitted += count;
        from.clear();
        return count;
    }
}
