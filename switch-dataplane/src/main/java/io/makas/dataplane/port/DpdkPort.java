// SPDX-License-Identifier: Apache-2.0
package io.makas.dataplane.port;

import io.makas.dataplane.memory.FrameBatch;
import io.makas.dataplane.memory.FramePool;
import io.makas.dataplane.memory.MbufPool;
import io.makas.dataplane.sys.EthDev;
import io.makas.dataplane.sys.EthQueue;
import io.makas.dataplane.sys.EthSettings;
import io.makas.dataplane.sys.LinkMonitor;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.locks.LockSupport;

/**
 * A port on a device that one of DPDK's drivers runs: a NIC by its PCI address, or a virtual device such as {@code net_tap},
 * {@code net_af_packet}, {@code net_pcap}, {@code net_ring}, or {@code net_virtio_user}, which makes this process the guest of
 * another switch.
 *
 * <p>The driver owns a buffer from when it took it until it was sent, and frees it then.
 *
 * <p>A device that is taken from the machine, or whose network interface is deleted, takes its port down and nothing else: the
 * workers let go of it, it is closed so that the kernel can remove it, and the port stays, loses what is sent to it, and says what
 * happened until it is deleted.
 *
 * <p>Thread: see {@link Port}. DPDK tells of a removal on its interrupt thread; a thread made for it closes the device.
 */
public final class DpdkPort extends Port {

    /** An Ethernet header and two VLAN tags, which devices do not count to the MTU. */
    public static final int OVERHEAD_BYTES = 14 + 2 * 4;

    private static final long PAUSE_NS = 1_000_000;
    private static final System.Logger LOG = System.getLogger(DpdkPort.class.getName());

    private final MbufPool pool;
    private final EthDev device;
    private final int maxFrameBytes;
    private final LinkMonitor interfaces;
    private final DpdkQueue first;
    private final List<DpdkQueue> halves = new ArrayList<>();
    private final List<PortQueue> queues = new ArrayList<>();

    /** Why the device is lost, or null. Guarded by this. */
    private String lostBecause;
    /** Guarded by this. */
    private boolean deviceClosed;

    private DpdkPort(PortConfig.Dpdk config, MbufPool pool, EthDev device) {
        super(config);
        this.pool = pool;
        this.device = device;
        int mtuBytes = device.mtuBytes();
        this.maxFrameBytes = Math.min(pool.maxFrameBytes(), mtuBytes + OVERHEAD_BYTES);
        this.interfaces = device.interfaceIndex() == 0 ? null : LinkMonitor.open();
        boolean canScatter = mtuBytes + OVERHEAD_BYTES > MbufPool.USUAL_FRAME_BYTES;
        for (EthQueue queue : device.queues()) {
            PortQueue outer = queues.isEmpty() ? this : new Further();
            DpdkQueue half = new DpdkQueue(queue, pool, outer.counters(), canScatter);
            if (outer instanceof Further further) {
                further.half = half;
            }
            halves.add(half);
            queues.add(outer);
        }
        this.first = halves.getFirst();
        // On a thread of its own: DPDK waits for its interrupt thread while it closes a device, this port locked.
        device.onRemoval(() -> removalThread(() -> lose("the device was removed from the machine")));
    }

    /**
     * Opens the port. DPDK must have been started.
     *
     * @param pool where frames are received into; its buffers must hold frames of the port's MTU
     * @throws io.makas.dataplane.sys.SysException when the device cannot be used, with what to do about it
     */
    public static DpdkPort open(PortConfig.Dpdk config, MbufPool pool) {
        var settings = new EthSettings(config.queues(), config.descriptors(), config.mtuBytes(), config.mac());
        EthDev device = EthDev.open(config.devargs(), pool.mempool(), settings);
        try {
            return new DpdkPort(config, pool, device);
        } catch (RuntimeException e) {
            device.close();
            throw e;
        }
    }

    @Override
    public List<? extends PortQueue> queues() {
        return List.copyOf(queues);
    }

    @Override
    public FramePool pool() {
        return pool;
    }

    /** Asks the driver, and whether the kernel's interface is still there; for the control side. */
    @Override
    public synchronized boolean linkUp() {
        if (lostBecause == null && interfaces != null) {
            interfaces.take(this::follow);
        }
        return lostBecause == null && device.linkUp();
    }

    @Override
    public synchronized String description() {
        if (lostBecause != null) {
            return "dpdk " + device + ": " + lostBecause
                    + "; delete the port, and add it again when the device is back";
        }
        int speed = device.linkSpeedMbps();
        long malformed = halves.stream().mapToLong(DpdkQueue::malformedFrames).sum();
        return "dpdk " + device + ", driver " + device.driver() + ", address " + device.mac() + ", MTU "
                + device.mtuBytes() + (queues.size() == 1 ? "" : ", " + queues.size() + " queues")
                + (speed == 0 ? "" : ", " + speed + " Mbit/s")
                + (malformed == 0 ? "" : ", " + malformed + " frames too long or too short");
    }

    @Override
    public synchronized Map<String, Long> deviceStatistics() {
        return lostBecause == null ? device.statistics() : Map.of();
    }

    @Override
    public int maxFrameBytes() {
        return maxFrameBytes;
    }

    @Override
    public void attach() {
        first.attach();
    }

    @Override
    public void detach() {
        first.detach();
    }

    @Override
    public int receive(FrameBatch into) {
        return first.receive(into);
    }

    @Override
    public int transmit(FrameBatch from) {
        return first.transmit(from);
    }

    @Override
    public int wakeUpFileDescriptor() {
        return first.wakeUpFileDescriptor();
    }

    @Override
    public boolean armWakeUp() {
        return first.armWakeUp();
    }

    @Override
    public void close() {
        closeDevice();
        if (interfaces != null) {
            interfaces.close();
        }
        halves.forEach(DpdkQueue::close);
    }

    private void follow(LinkMonitor.Event event) {
        if (event instanceof LinkMonitor.Event.Removed removed && removed.link().index() == device.interfaceIndex()) {
            lose("its network interface " + removed.link().name() + " was deleted");
        }
    }

    /** Takes the port down for good. From any thread; does not wait. */
    private synchronized void lose(String because) {
        if (lostBecause != null || deviceClosed) {
            return;
        }
        lostBecause = because;
        halves.forEach(DpdkQueue::lose);
        LOG.log(System.Logger.Level.WARNING, "port ''{0}'' on {1} is down: {2}", name(), device, because);
        removalThread(() -> {
            while (halves.stream().anyMatch(DpdkQueue::isHeld)) {
                LockSupport.parkNanos(PAUSE_NS);
            }
            closeDevice();
        });
    }

    private static void removalThread(Runnable task) {
        Thread.ofPlatform().name("makas-dpdk-removal").daemon().start(task);
    }

    private synchronized void closeDevice() {
        if (!deviceClosed) {
            deviceClosed = true;
            halves.forEach(DpdkQueue::unwatch);
            device.close();
        }
    }

    /** A queue of the port besides the first. */
    private final class Further extends PortQueue {

        private DpdkQueue half;

        @Override
        public FramePool pool() {
            return pool;
        }

        @Override
        public int maxFrameBytes() {
            return maxFrameBytes;
        }

        @Override
        public void attach() {
            half.attach();
        }

        @Override
        public void detach() {
            half.detach();
        }

        @Override
        public int receive(FrameBatch into) {
            return half.receive(into);
        }

        @Override
        public int transmit(FrameBatch from) {
            return half.transmit(from);
        }

        @Override
        public int wakeUpFileDescriptor() {
            return half.wakeUpFileDescriptor();
        }

        @Override
        public boolean armWakeUp() {
            return half.armWakeUp();
        }
    }
}
