// SPDX-License-Identifier: Apache-2.0
package io.makas.dataplane.port;

import io.makas.dataplane.memory.FrameBatch;
import io.makas.dataplane.memory.FramePool;
import io.makas.dataplane.memory.MbufPool;
import io.makas.dataplane.sys.Eal;
import io.makas.dataplane.sys.Epoll;
import io.makas.dataplane.sys.EthDev;
import io.makas.dataplane.sys.Mempool;

/**
 * A port on a device that one of DPDK's drivers runs: a NIC by its PCI address, or a virtual device such as {@code net_tap},
 * {@code net_af_packet}, {@code net_pcap}, {@code net_ring}, or {@code net_virtio_user}, which makes this process the guest of
 * another switch.
 *
 * <p>The driver owns a buffer from when it took it until it was sent, and frees it then.
 *
 * <p>Thread: see {@link Port}.
 */
public final class DpdkPort extends Port {

    /** Descriptors of each queue: 0 leaves it to the driver. */
    private static final int DRIVERS_CHOICE = 0;

    private final MbufBurst received = new MbufBurst();
    private final MbufBurst sent = new MbufBurst();
    private final Epoll interrupts = new Epoll();
    private final MbufPool pool;
    private final EthDev device;
    private final boolean canBeWoken;

    // Of the worker.
    private boolean armed;
    private int foundWhenArmed;

    private DpdkPort(PortConfig.Dpdk config, MbufPool pool) {
        super(config);
        this.pool = pool;
        try {
            this.device = EthDev.open(config.devargs(), pool.mempool(), DRIVERS_CHOICE);
        } catch (RuntimeException e) {
            closeBuffers();
            throw e;
        }
        this.canBeWoken =
                device.interruptFileDescriptor() >= 0 && interrupts.watch(device.interruptFileDescriptor()) == 0;
    }

    /**
     * Opens the port. DPDK must have been started.
     *
     * @param pool where frames are received into
     * @throws io.makas.dataplane.sys.SysException when the device cannot be used, with what to do about it
     */
    public static DpdkPort open(PortConfig.Dpdk config, MbufPool pool) {
        return new DpdkPort(config, pool);
    }

    @Override
    public FramePool pool() {
        return pool;
    }

    /** Asks the driver; for the control side. */
    @Override
    public boolean linkUp() {
        return device.linkUp();
    }

    @Override
    public String description() {
        long missed = device.missedFrames();
        return "dpdk " + device + ", driver " + device.driver() + ", address " + device.mac()
                + (missed == 0 ? "" : ", " + missed + " frames missed by the device")
                + (received.malformedFrames() == 0
                        ? ""
                        : ", " + received.malformedFrames() + " frames too long or too short");
    }

    @Override
    public int maxFrameBytes() {
        return pool.maxFrameBytes();
    }

    @Override
    public void attach() {
        Eal.registerThread();
    }

    @Override
    public void detach() {
        Eal.unregisterThread();
    }

    @Override
    public int receive(FrameBatch into) {
        if (armed) {
            disarm();
        }
        int count = foundWhenArmed;
        if (count > 0) {
            foundWhenArmed = 0;
        } else {
            count = device.receive(received.arrayAddress(), FrameBatch.CAPACITY);
        }
        return count == 0 ? 0 : received.unpack(count, into, counters());
    }

    @Override
    public int transmit(FrameBatch from) {
        int count = from.count;
        long bytes = sent.pack(from);
        int taken = device.transmit(sent.arrayAddress(), count);
        if (taken < count) {
            bytes -= MbufBurst.bytesFrom(from, taken);
            counters().dropOnTransmit(count - taken);
            pool.release(from.handle, taken, count - taken);
        }
        if (taken > 0) {
            counters().transmitted(taken, bytes);
        }
        from.clear();
        return taken;
    }

    @Override
    public int wakeUpFileDescriptor() {
        return canBeWoken ? interrupts.fileDescriptor() : -1;
    }

    /**
     * A device may signal only what comes after it was asked to, and cannot tell what came before: so the worker asks it, and
     * then receives once more.
     */
    @Override
    public boolean armWakeUp() {
        if (foundWhenArmed > 0 || !canBeWoken) {
            return foundWhenArmed == 0;
        }
        interrupts.consume();
        armed = true;
        device.enableInterrupt();
        foundWhenArmed = device.receive(received.arrayAddress(), FrameBatch.CAPACITY);
        return foundWhenArmed == 0;
    }

    @Override
    public void close() {
        if (foundWhenArmed > 0) {
            Mempool.free(received.arrayAddress(), foundWhenArmed);
        }
        if (canBeWoken) {
            interrupts.unwatch(device.interruptFileDescriptor());
        }
        device.close();
        closeBuffers();
    }

    private void disarm() {
        armed = false;
        device.disableInterrupt();
    }

    private void closeBuffers() {
        interrupts.close();
        received.close();
        sent.close();
    }
}
