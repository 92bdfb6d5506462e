// SPDX-License-Identifier: Apache-2.0
package io.makas.dataplane.port;

import io.makas.dataplane.memory.FrameBatch;
import io.makas.dataplane.memory.FramePool;
import io.makas.dataplane.memory.NativeFramePool;
import io.makas.dataplane.sys.Memory;
import java.util.concurrent.ArrayBlockingQueue;

/**
 * A port in memory: the other end is a test or a tool of this process, which {@link #inject injects} and
 * {@link #collect collects} whole frames as byte arrays. It copies and allocates, so it is no fast path, but it keeps the
 * contract of every port and needs neither root nor a kernel.
 *
 * <p>Thread: {@code inject} and {@code collect} from any thread, the rest from the worker.
 */
public final class MemoryPort extends Port {

    /** Frames that each direction holds at most. */
    public static final int QUEUE_FRAMES = 1024;

    private static final int MAX_FRAME_BYTES = 9_018;

    private final FramePool pool =
            new NativeFramePool(2 * QUEUE_FRAMES, FramePool.MIN_HEADROOM_BYTES + MAX_FRAME_BYTES);
    private final ArrayBlockingQueue<byte[]> toSwitch = new ArrayBlockingQueue<>(QUEUE_FRAMES);
    private final ArrayBlockingQueue<byte[]> fromSwitch = new ArrayBlockingQueue<>(QUEUE_FRAMES);

    /** Opens the port. */
    public MemoryPort(PortConfig.Memory config) {
        super(config);
    }

    /** Gives a frame to the switch. Returns false when the queue is full. */
    public boolean inject(byte[] frame) {
        if (frame.length == 0 || frame.length > MAX_FRAME_BYTES) {
            throw new IllegalArgumentException(
                    "a frame of " + frame.length + " bytes is not of 1 to " + MAX_FRAME_BYTES);
        }
        return toSwitch.offer(frame.clone());
    }

    /** Takes the next frame that the switch sent, or null when there is none. */
    public byte[] collect() {
        return fromSwitch.poll();
    }

    @Override
    public FramePool pool() {
        return pool;
    }

    @Override
    public boolean linkUp() {
        return true;
    }

    @Override
    public String description() {
        return "in memory";
    }

    @Override
    public int maxFrameBytes() {
        return MAX_FRAME_BYTES;
    }

    @Override
    public int receive(FrameBatch into) {
        long bytes = 0;
        while (into.hasRoom()) {
            byte[] frame = toSwitch.poll();
            if (frame == null) {
                break;
            }
            long handle = pool.allocate();
            if (handle == FramePool.NONE) {
                counters().dropOnReceive(1);
                break;
            }
            long address = pool.bufferAddress(handle) + FramePool.MIN_HEADROOM_BYTES;
            Memory.copyIn(frame, 0, address, frame.length);
            into.add(handle, address, frame.length);
            bytes += frame.length;
        }
        if (into.count > 0) {
            counters().received(into.count, bytes);
        }
        return into.count;
    }

    @Override
    public int transmit(FrameBatch from) {
        int sent = 0;
        long bytes = 0;
        for (int i = 0; i < from.count; i++) {
            byte[] frame = new byte[from.lengthBytes[i]];
            Memory.copyOut(from.address[i], frame, 0, frame.length);
            if (fromSwitch.offer(frame)) {
                sent++;
                bytes += frame.length;
            }
        }
        counters().transmitted(sent, bytes);
        if (sent < from.count) {
            counters().dropOnTransmit(from.count - sent);
        }
        pool.release(from.handle, 0, from.count);
        from.clear();
        return sent;
    }

    @Override
    public void close() {
        pool.close();
    }
}
