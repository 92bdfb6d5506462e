// SPDX-License-Identifier: Apache-2.0
package io.makas.dataplane.port;

import io.makas.dataplane.memory.FrameBatch;
import io.makas.dataplane.memory.FramePool;
import io.makas.dataplane.memory.NativeFramePool;
import io.makas.dataplane.memory.Offload;

/**
 * A port in memory: the other end is a test or a tool of this process, which {@link #inject injects} and
 * {@link #collect collects} whole frames as byte arrays. It copies, so it is no fast path, but it keeps the contract of every
 * port and needs neither root nor a kernel.
 *
 * <p>Thread: {@code inject}, {@code collect} and {@code discard} from any thread, the rest from the worker.
 */
public final class MemoryPort extends Port {

    /** Frames that each direction holds at most. */
    public static final int QUEUE_FRAMES = 256;

    private static final int MAX_FRAME_BYTES = 9_018;

    private final NativeFramePool pool = new NativeFramePool(
            2 * QUEUE_FRAMES, FramePool.MIN_HEADROOM_BYTES + MAX_FRAME_BYTES, 2 * FrameBatch.CAPACITY);
    private final FrameRing toSwitch = new FrameRing(QUEUE_FRAMES, MAX_FRAME_BYTES);
    private final FrameRing fromSwitch = new FrameRing(QUEUE_FRAMES, MAX_FRAME_BYTES);

    /** What the other end finishes itself; written by any thread. */
    private volatile int offloads;

    /** Opens the port. */
    public MemoryPort(PortConfig.Memory config) {
        super(config);
    }

    /** Gives a copy of a frame to the switch. Returns false when the queue is full. */
    public boolean inject(byte[] frame) {
        return inject(frame, Offload.NONE);
    }

    /**
     * Gives a copy of a frame to the switch. Returns false when the queue is full.
     *
     * @param offload what is left to be done with it, as {@link Offload} packs it
     */
    public boolean inject(byte[] frame, long offload) {
        int longest = offload == Offload.NONE ? MAX_FRAME_BYTES : NativeFramePool.LARGE_FRAME_BYTES;
        if (frame.length == 0 || frame.length > longest) {
            throw new IllegalArgumentException("a frame of " + frame.length + " bytes is not of 1 to " + longest);
        }
        return toSwitch.add(frame, offload);
    }

    /** Says what the other end finishes itself from now on: bits of {@link Offload}. */
    public void setOffloads(int offloads) {
        this.offloads = offloads;
    }

    @Override
    public int offloads() {
        return offloads;
    }

    /** What was left to be done with the frame that {@link #collect} takes next. */
    public long nextOffload() {
        return fromSwitch.nextOffload();
    }

    /** Takes the next frame that the switch sent, or null when there is none. */
    public byte[] collect() {
        return fromSwitch.take();
    }

    /** Forgets the frames that the switch sent. */
    public void discard() {
        fromSwitch.clear();
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
        int waiting = Math.min(toSwitch.size(), FrameBatch.CAPACITY - into.count);
        for (int i = 0; i < waiting; i++) {
            long offload = toSwitch.nextOffload();
            long handle = pool.allocate(toSwitch.nextBytes());
            if (handle == FramePool.NONE) {
                break;
            }
            long address = pool.bufferAddress(handle) + FramePool.MIN_HEADROOM_BYTES;
            int lengthBytes = toSwitch.take(address);
            into.add(handle, address, lengthBytes, offload);
            bytes += lengthBytes;
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
            long offload = from.offload[i];
            if (Offload.isTaken(offload, offloads) && fromSwitch.add(from.address[i], from.lengthBytes[i], offload)) {
                sent++;
                bytes += from.lengthBytes[i];
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
