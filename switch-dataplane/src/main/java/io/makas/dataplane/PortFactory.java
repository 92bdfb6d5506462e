// SPDX-License-Identifier: Apache-2.0
package io.makas.dataplane;

import io.makas.dataplane.PortException.Kind;
import io.makas.dataplane.memory.MbufPool;
import io.makas.dataplane.memory.StockedFramePool;
import io.makas.dataplane.port.AfXdpPort;
import io.makas.dataplane.port.DpdkPort;
import io.makas.dataplane.port.MemoryPort;
import io.makas.dataplane.port.Port;
import io.makas.dataplane.port.PortConfig;
import io.makas.dataplane.port.VhostUserPort;
import io.makas.dataplane.port.VirtioPort;
import io.makas.dataplane.port.XdpMemory;
import io.makas.dataplane.sys.Eal;
import io.makas.dataplane.sys.EalOptions;
import io.makas.dataplane.sys.SysException;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * Opens the port that a configuration asks for, and what ports of a kind share: DPDK is started, and its pool of buffers made,
 * when the first port needs it.
 *
 * <p>Thread: control, under the data path's lock. Owner: the data path, which closes it after all ports.
 */
final class PortFactory implements AutoCloseable {

    /** Pools of one process need different names. */
    private static final AtomicInteger POOLS = new AtomicInteger();
    /** Jumbo frames need more than four times the memory, so there are fewer buffers for them. */
    private static final int LONG_PER_USUAL = 4;

    /** Frame buffers for guests whose rings the switch works itself: more than all workers keep at hand. */
    private static final int GUEST_FRAMES = 8_192;

    private final DpdkConfig dpdk;
    private final XdpMemory xdpMemory;
    private MbufPool mbufs;
    /** For ports with jumbo frames. */
    private MbufPool longMbufs;

    private StockedFramePool guestFrames;

    /**
     * Makes a factory that has opened nothing.
     *
     * @param hasOneWorker whether one worker owns all queues, which may share memory then
     */
    PortFactory(DpdkConfig dpdk, boolean hasOneWorker) {
        this.dpdk = dpdk;
        this.xdpMemory = hasOneWorker ? XdpMemory.shared() : XdpMemory.apart();
    }

    Port open(PortConfig config) throws PortException {
        try {
            return switch (config) {
                case PortConfig.Memory memory -> new MemoryPort(memory);
                case PortConfig.AfXdp afXdp -> AfXdpPort.open(afXdp, xdpMemory);
                case PortConfig.VhostUser vhostUser ->
                    switch (vhostUser.implementation()) {
                        case LIBRARY -> VhostUserPort.open(vhostUser, mbufs());
                        case OWN -> VirtioPort.open(vhostUser, guestFrames());
                    };
                case PortConfig.Dpdk device -> DpdkPort.open(device, mbufs(device.mtuBytes()));
            };
        } catch (SysException e) {
            throw new PortException(Kind.UNAVAILABLE, "port '" + config.name() + "': " + e.getMessage(), e);
        }
    }

    /** Starts DPDK now. */
    void startDpdk() throws PortException {
        try {
            mbufs();
        } catch (SysException e) {
            throw new PortException(Kind.UNAVAILABLE, e.getMessage(), e);
        }
    }

    private StockedFramePool guestFrames() {
        if (guestFrames == null) {
            guestFrames = new StockedFramePool(GUEST_FRAMES, MbufPool.USUAL_FRAME_BYTES);
        }
        return guestFrames;
    }

    private MbufPool mbufs() {
        if (mbufs == null) {
            Eal.start(new EalOptions(dpdk.hugePages(), dpdk.memoryMiB(), "error", dpdk.ealOptions()));
            mbufs = new MbufPool("makas" + POOLS.getAndIncrement(), dpdk.mbufs(), MbufPool.USUAL_FRAME_BYTES);
        }
        return mbufs;
    }

    /** The pool whose buffers hold frames of an MTU. */
    private MbufPool mbufs(int mtuBytes) {
        MbufPool usual = mbufs();
        if (mtuBytes + DpdkPort.OVERHEAD_BYTES <= MbufPool.USUAL_FRAME_BYTES) {
            return usual;
        }
        if (longMbufs == null) {
            String name = "makas" + POOLS.getAndIncrement();
            longMbufs = new MbufPool(name, dpdk.mbufs() / LONG_PER_USUAL, MbufPool.JUMBO_FRAME_BYTES);
        }
        return longMbufs;
    }

    @Override
    public void close() {
        xdpMemory.close();
        if (longMbufs != null) {
            longMbufs.close();
        }
        if (guestFrames != null) {
            guestFrames.close();
        }
        if (mbufs != null) {
            mbufs.close();
        }
    }
}
