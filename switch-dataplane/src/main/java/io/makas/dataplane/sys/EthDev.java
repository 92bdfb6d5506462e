// SPDX-License-Identifier: Apache-2.0
package io.makas.dataplane.sys;

import static java.lang.foreign.ValueLayout.ADDRESS;
import static java.lang.foreign.ValueLayout.JAVA_BYTE;
import static java.lang.foreign.ValueLayout.JAVA_INT;
import static java.lang.foreign.ValueLayout.JAVA_LONG;
import static java.lang.foreign.ValueLayout.JAVA_SHORT;

import io.makas.flow.packet.MacAddress;
import java.lang.foreign.Arena;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.MemorySegment;
import java.lang.invoke.MethodHandle;

/**
 * A DPDK Ethernet device with one receive and one transmit queue, from its probing to its removal.
 *
 * <p>{@code rte_eth_rx_burst} and {@code rte_eth_tx_burst} are inline functions: they look up two function pointers of the
 * device in the exported table {@code rte_eth_fp_ops}. Here the pointers are read once, after the device was started (before,
 * the table points at dummies), and called directly. They are ordinary downcalls, not critical ones: many drivers make a
 * system call in them, and the switch between thread states costs well below a nanosecond for each packet of a full burst.
 *
 * <p>Thread: {@link #receive} and {@link #transmit} from one worker, the rest from control threads. Owner: the one who opened
 * it; it must be closed after the worker's last burst.
 */
public final class EthDev implements AutoCloseable {

    /** Larger than {@code struct rte_eth_conf}, {@code rte_eth_dev_info} and {@code rte_eth_stats} of any release. */
    private static final int STRUCT_BYTES = 4096;
    /** Size of {@code struct rte_eth_fp_ops} of rte_ethdev_core.h. */
    private static final int FP_OPS_BYTES = 128;
    /** Offset of {@code device} in {@code struct rte_eth_dev_info} of rte_ethdev.h. */
    private static final int INFO_DEVICE = 0;
    /** Offset of {@code driver_name} in it. */
    private static final int INFO_DRIVER = 8;
    /** Offset of the bit field with {@code link_status} in {@code struct rte_eth_link}. */
    private static final int LINK_FLAGS = 4;
    /** {@code link_status} in that bit field. */
    private static final int LINK_STATUS = 1 << 2;
    /** Offset of {@code imissed} in {@code struct rte_eth_stats}. */
    private static final int STATS_IMISSED = 32;
    /** Offset of {@code rx_nombuf} in it. */
    private static final int STATS_RX_NOMBUF = 56;

    /** {@code rxq} in {@code struct rte_intr_conf}. */
    private static final int RECEIVE_INTERRUPTS = 1 << 1;
    /** When it is closed while its other end goes away, its interrupt handler uses freed memory (seen with 22.11). */
    private static final String DRIVER_WITH_CRASHING_INTERRUPTS = "net_virtio_user";

    /** {@code eth_rx_burst_t} and {@code eth_tx_burst_t}: queue, array, count. */
    @SuppressWarnings("restricted")
    private static final MethodHandle BURST =
            Linker.nativeLinker().downcallHandle(FunctionDescriptor.of(JAVA_SHORT, JAVA_LONG, JAVA_LONG, JAVA_SHORT));

    private final String devargs;
    private final short port;
    private final MemorySegment device;
    private final String driver;
    private MemorySegment receiveBurst;
    private MemorySegment transmitBurst;
    private long receiveQueue;
    private long transmitQueue;
    private int interruptFileDescriptor;

    private EthDev(String devargs, short port, MemorySegment device, String driver) {
        this.devargs = devargs;
        this.port = port;
        this.device = device;
        this.driver = driver;
    }

    /**
     * Probes, configures and starts a device.
     *
     * @param devargs PCI address or name of a virtual device, with its options after a comma, e.g.
     *     {@code net_tap0,iface=tap0}
     * @param pool where frames are received into
     * @param descriptors length of each queue; 0 leaves it to the driver
     * @throws SysException when the device does not exist, has no driver, or refuses the settings
     */
    public static EthDev open(String devargs, Mempool pool, int descriptors) {
        return EalLog.keepingMessages(() -> openNow(devargs, pool, descriptors));
    }

    /** What drives it, e.g. {@code net_tap}. */
    public String driver() {
        return driver;
    }

    /** Its Ethernet address. */
    public MacAddress mac() {
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment address = arena.allocate(MacAddress.BYTES);
            check("rte_eth_macaddr_get", EthCalls.mac(port, address));
            return MacAddress.of(address.toArray(JAVA_BYTE));
        }
    }

    /** Whether the link was up when the driver looked last. */
    public boolean linkUp() {
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment link = arena.allocate(Long.BYTES, Long.BYTES);
            return EthCalls.link(port, link) == 0 && (link.get(JAVA_SHORT, LINK_FLAGS) & LINK_STATUS) != 0;
        }
    }

    /** Frames that the device lost because the worker was too slow or buffers were lacking, since it was started. */
    public long missedFrames() {
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment stats = arena.allocate(STRUCT_BYTES, Long.BYTES);
            return EthCalls.stats(port, stats) == 0
                    ? stats.get(JAVA_LONG, STATS_IMISSED) + stats.get(JAVA_LONG, STATS_RX_NOMBUF)
                    : 0;
        }
    }

    /**
     * Receives up to a number of frames.
     *
     * @param arrayAddress where to store the addresses of their buffers
     * @return number of frames; the buffers are the caller's
     */
    public int receive(long arrayAddress, int count) {
        try {
            return (short) BURST.invokeExact(receiveBurst, receiveQueue, arrayAddress, (short) count);
        } catch (Throwable t) {
            throw Native.unexpected(t);
        }
    }

    /**
     * Transmits frames.
     *
     * @param arrayAddress where the addresses of their buffers are stored
     * @return number of frames taken, the first ones; their buffers are the driver's from now on, the others the caller's
     */
    public int transmit(long arrayAddress, int count) {
        try {
            return (short) BURST.invokeExact(transmitBurst, transmitQueue, arrayAddress, (short) count);
        } catch (Throwable t) {
            throw Native.unexpected(t);
        }
    }

    /** The descriptor by which the device signals frames, or −1 when it has none and must be polled. */
    public int interruptFileDescriptor() {
        return interruptFileDescriptor;
    }

    /** Asks the device to signal frames from now on. Some do so always. */
    public void enableInterrupt() {
        EthCalls.enableInterrupt(port);
    }

    /** Asks the device not to signal frames. */
    public void disableInterrupt() {
        EthCalls.disableInterrupt(port);
    }

    /** Stops the device and takes it from DPDK; a kernel device that it made is gone afterwards. */
    @Override
    public void close() {
        EalLog.keepingMessages(this::remove);
    }

    @Override
    public String toString() {
        return devargs;
    }

    private static EthDev openNow(String devargs, Mempool pool, int descriptors) {
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment name = Native.string(arena, devargs);
            int answer = EthCalls.probe(name);
            if (answer < 0) {
                throw new SysException("rte_dev_probe of '" + devargs + "'", -answer, adviceOnProbe(devargs, -answer));
            }
            int port = EthCalls.portOf(name);
            if (port < 0) {
                throw new SysException(
                        "rte_eth_iterator_init of '" + devargs + "'",
                        -port,
                        "the device is there but its driver made no Ethernet port of it");
            }
            EthDev dev = ofPort(devargs, (short) port, arena);
            try {
                dev.configure(pool, (short) descriptors, arena);
            } catch (SysException e) {
                dev.remove();
                throw e;
            }
            return dev;
        }
    }

    private static EthDev ofPort(String devargs, short port, Arena arena) {
        MemorySegment info = arena.allocate(STRUCT_BYTES, Long.BYTES);
        int answer = EthCalls.info(port, info);
        if (answer < 0) {
            throw new SysException("rte_eth_dev_info_get of '" + devargs + "'", -answer, "");
        }
        String driver = Dpdk.text(info.get(JAVA_LONG, INFO_DRIVER));
        return new EthDev(devargs, port, info.get(ADDRESS, INFO_DEVICE), driver);
    }

    /** Prefers a device that can signal frames to an idle worker, and takes one that cannot. */
    private void configure(Mempool pool, short descriptors, Arena arena) {
        boolean tryInterrupts = !driver.equals(DRIVER_WITH_CRASHING_INTERRUPTS);
        if (!tryInterrupts || !isStarted(pool, descriptors, RECEIVE_INTERRUPTS, arena)) {
            start(pool, descriptors, 0, arena);
        }
        int answer = EthCalls.promiscuous(port);
        if (answer != -Errno.EOPNOTSUPP) {
            check("rte_eth_promiscuous_enable", answer);
        }
        interruptFileDescriptor = Math.max(EthCalls.interruptFileDescriptor(port), -1);
        DpdkRelease.EthOps offsets = Dpdk.release().ethOps();
        long ops = Dpdk.variable("ethdev", "rte_eth_fp_ops") + (long) port * FP_OPS_BYTES;
        receiveBurst = MemorySegment.ofAddress(Memory.ALL.get(JAVA_LONG, ops + offsets.receiveBurst()));
        transmitBurst = MemorySegment.ofAddress(Memory.ALL.get(JAVA_LONG, ops + offsets.transmitBurst()));
        receiveQueue = firstQueue(ops + offsets.receiveQueues());
        transmitQueue = firstQueue(ops + offsets.transmitQueues());
    }

    private boolean isStarted(Mempool pool, short descriptors, int interrupts, Arena arena) {
        try {
            start(pool, descriptors, interrupts, arena);
            return true;
        } catch (SysException _) {
            return false;
        }
    }

    private void start(Mempool pool, short descriptors, int interrupts, Arena arena) {
        // Else zero: no offloads, the driver's MTU, one queue without spreading.
        MemorySegment conf = arena.allocate(STRUCT_BYTES, Long.BYTES);
        conf.set(JAVA_INT, Dpdk.release().confInterrupts(), interrupts);
        check("rte_eth_dev_configure", EthCalls.configure(port, conf));
        check("rte_eth_rx_queue_setup", EthCalls.receiveQueue(port, descriptors, pool.address()));
        check("rte_eth_tx_queue_setup", EthCalls.transmitQueue(port, descriptors));
        check("rte_eth_dev_start", EthCalls.start(port));
    }

    private int remove() {
        EthCalls.stop(port);
        EthCalls.close(port);
        return EthCalls.remove(device);
    }

    private static long firstQueue(long queuesField) {
        return Memory.ALL.get(JAVA_LONG, Memory.ALL.get(JAVA_LONG, queuesField));
    }

    private void check(String call, int answer) {
        if (answer < 0) {
            throw new SysException(call + " of '" + devargs + "'", -answer, "driver " + driver);
        }
    }

    private static String adviceOnProbe(String devargs, int errno) {
        if (errno == Errno.EEXIST) {
            return "another port uses this device already; give a virtual device another number";
        }
        return devargs.startsWith("net_")
                ? "check the driver's name and options; each driver is a library librte_net_*.so of its own"
                : "bind the device to vfio-pci (dpdk-devbind.py -b vfio-pci ADDRESS) and see that it is not in use by the host";
    }
}
