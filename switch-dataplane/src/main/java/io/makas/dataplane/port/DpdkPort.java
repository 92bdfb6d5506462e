// SPDX-License-Identifier: Apache-2.0
package io.makas.dataplane.port;

import io.makas.dataplane.memory.FrameBatch;
import io.makas.dataplane.memory.FramePool;
import io.makas.dataplane.memory.MbufPool;
import io.makas.dataplane.sys.Eal;
import io.makas.dataplane.sys.EthDev;

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

    private final MbufBurst burst = new MbufBurst();
    private final MbufPool pool;
    private final EthDev device;

    private DpdkPort(PortConfig.Dpdk config, MbufPool pool) {
        super(config);
        this.pool = pool;
        try {
            this.device = EthDev.open(config.devargs(), pool.mempool(), DRIVERS_CHOICE);
        } catch (RuntimeException e) {
            burst.close();
            throw e;
        }
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
                + (burst.malformedFrames() == 0
                        ? ""
                        : ", " + burst.malformedFrames() + " frames too long or too short");
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
        int count = device.receive(burst.arrayAddress(), FrameBatch.CAPACITY);
        return count == 0 ? 0 : burst.unpack(count, into, counters());
    }

    @Override
    public int transmit(FrameBatch from) {
        int count = from.count;
        long bytes = burst.pack(from);
        int sent = device.transmit(burst.arrayAddress(), count);
        if (sent < count) {
            bytes -= MbufBurst.bytesFrom(from, sent);
            counters().dropOnTransmit(count - sent);
            pool.release(from.handle, sent, count - sent);
        }
        if (sent > 0) {
            counters().transmitted(sent, bytes);
        }
        from.clear();
        return sent;
    }

    @Override
    public void close() {
        device.close();
        burst.close();
    }
}
