// SPDX-License-Identifier: Apache-2.0
package io.makas.dataplane.port;

import io.makas.dataplane.memory.FrameBatch;
import io.makas.dataplane.memory.FramePool;
import io.makas.dataplane.memory.MbufPool;
import io.makas.dataplane.sys.Eal;
import io.makas.dataplane.sys.Epoll;
import io.makas.dataplane.sys.EthQueue;
import io.makas.dataplane.sys.Mbuf;
import io.makas.dataplane.sys.Memory;
import io.makas.dataplane.sys.Mempool;
import java.lang.foreign.ValueLayout;

/**
 * What a queue of a {@link DpdkPort} does; the port's own first queue and its further ones do it by this.
 *
 * <p>A device may go while it is used. Then {@link #lose} is called once; from its next call on the worker touches the device no
 * more and says so, and only then is the device closed: {@link #isHeld} is the handshake.
 *
 * <p>Thread: the worker of the queue; {@link #lose}, {@link #isHeld} and {@link #malformedFrames} from control threads. Owner: the
 * port.
 */
final class DpdkQueue implements AutoCloseable {

    /** {@code ETH_ZLEN} of linux/if_ether.h: what Ethernet carries at least, and not every device pads to. */
    private static final int MIN_FRAME_BYTES = 60;

    private static final ValueLayout.OfLong LONG = ValueLayout.JAVA_LONG_UNALIGNED;

    private final MbufBurst received = new MbufBurst();
    private final MbufBurst sent = new MbufBurst();
    private final Epoll interrupts = new Epoll();
    private final EthQueue queue;
    private final MbufPool pool;
    private final PortCounters counters;
    private final boolean canScatter;
    private final boolean canBeWoken;

    // Of the worker.
    private boolean armed;
    private int foundWhenArmed;

    /** Written by the worker: it may touch the device. */
    private volatile boolean held;
    /** Written by whoever notices that the device goes. */
    private volatile boolean lost;

    /**
     * Makes a queue for a worker to come.
     *
     * @param canScatter whether the device may spread one frame over several buffers
     */
    DpdkQueue(EthQueue queue, MbufPool pool, PortCounters counters, boolean canScatter) {
        this.queue = queue;
        this.pool = pool;
        this.counters = counters;
        this.canScatter = canScatter;
        this.canBeWoken =
                queue.interruptFileDescriptor() >= 0 && interrupts.watch(queue.interruptFileDescriptor()) == 0;
    }

    MbufPool pool() {
        return pool;
    }

    long malformedFrames() {
        return received.malformedFrames();
    }

    void attach() {
        Eal.registerThread();
        held = true;
    }

    void detach() {
        if (armed && !lost) {
            disarm();
        }
        held = false;
        Eal.unregisterThread();
    }

    /** Has the worker let go of the device. */
    void lose() {
        lost = true;
    }

    /** Whether the worker may be touching the device now. */
    boolean isHeld() {
        return held;
    }

    int receive(FrameBatch into) {
        if (lost) {
            letGo();
            return 0;
        }
        if (armed) {
            disarm();
        }
        int count = foundWhenArmed;
        if (count > 0) {
            foundWhenArmed = 0;
        } else {
            count = queue.receive(received.arrayAddress(), FrameBatch.CAPACITY);
        }
        if (count == 0) {
            return 0;
        }
        if (canScatter) {
            gather(count);
        }
        return received.unpack(count, into, counters);
    }

    int transmit(FrameBatch from) {
        int count = from.count;
        if (lost) {
            counters.dropOnTransmit(count);
            pool.release(from.handle, 0, count);
            from.clear();
            return 0;
        }
        for (int i = 0; i < count; i++) {
            if (from.lengthBytes[i] < MIN_FRAME_BYTES) {
                pad(from, i);
            }
        }
        long bytes = sent.pack(from);
        int taken = queue.transmit(sent.arrayAddress(), count);
        if (taken < count) {
            bytes -= MbufBurst.bytesFrom(from, taken);
            counters.dropOnTransmit(count - taken);
            pool.release(from.handle, taken, count - taken);
        }
        if (taken > 0) {
            counters.transmitted(taken, bytes);
        }
        from.clear();
        return taken;
    }

    int wakeUpFileDescriptor() {
        return canBeWoken ? interrupts.fileDescriptor() : -1;
    }

    /**
     * A device may signal only what comes after it was asked to, and cannot tell what came before: so the worker asks it, and
     * then receives once more.
     */
    boolean armWakeUp() {
        if (lost) {
            letGo();
            return true;
        }
        if (foundWhenArmed > 0 || !canBeWoken) {
            return foundWhenArmed == 0;
        }
        interrupts.consume();
        armed = true;
        queue.enableInterrupt();
        foundWhenArmed = queue.receive(received.arrayAddress(), FrameBatch.CAPACITY);
        return foundWhenArmed == 0;
    }

    /** Forgets the device's signals, before the device is closed. */
    void unwatch() {
        if (canBeWoken) {
            interrupts.unwatch(queue.interruptFileDescriptor());
        }
    }

    /** After the worker detached; frames that it found and no worker took go back. */
    @Override
    public void close() {
        letGo();
        interrupts.close();
        received.close();
        sent.close();
    }

    private void letGo() {
        if (foundWhenArmed > 0) {
            Mempool.free(received.arrayAddress(), foundWhenArmed);
            foundWhenArmed = 0;
        }
        armed = false;
        if (held) {
            held = false;
        }
    }

    private void disarm() {
        armed = false;
        queue.disableInterrupt();
    }

    /** Brings frames that came in several buffers into one. */
    private void gather(int count) {
        long array = received.arrayAddress();
        for (int i = 0; i < count; i++) {
            long mbuf = Memory.ALL.get(LONG, array + (long) i * Long.BYTES);
            if (!Mbuf.isContiguous(Mbuf.layout(mbuf))) {
                Mbuf.gather(mbuf, sent.arrayAddress());
            }
        }
    }

    /** Fills a short frame up with zeros. */
    private void pad(FrameBatch batch, int index) {
        int length = batch.lengthBytes[index];
        long buffer = pool.bufferAddress(batch.handle[index]);
        long address = batch.address[index];
        // The zeros are written eight at a time, past the frame's new end.
        if (address + MIN_FRAME_BYTES + Long.BYTES > buffer + pool.bufferSizeBytes()) {
            address = buffer + FramePool.MIN_HEADROOM_BYTES;
            Memory.copy(batch.address[index], address, length);
            batch.address[index] = address;
        }
        for (int at = length; at < MIN_FRAME_BYTES; at += Long.BYTES) {
            Memory.ALL.set(LONG, address + at, 0);
        }
        batch.lengthBytes[index] = MIN_FRAME_BYTES;
    }
}
