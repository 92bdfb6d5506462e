// SPDX-License-Identifier: Apache-2.0
package io.makas.dataplane.sys;

import static java.lang.foreign.ValueLayout.JAVA_BYTE;
import static java.lang.foreign.ValueLayout.JAVA_INT;
import static java.lang.foreign.ValueLayout.JAVA_LONG;
import static java.lang.foreign.ValueLayout.JAVA_SHORT;

import io.makas.flow.packet.MacAddress;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.stream.IntStream;

/**
 * A DPDK Ethernet device, from its probing to its removal.
 *
 * <p>With several queues, the device spreads what it receives over them by a hash of addresses and ports, if it can; one that
 * cannot spreads by a rule of its own ({@code net_af_packet}: that of the kernel's packet fan-out).
 *
 * <p>Thread: control threads, one at a time; {@link #queues} each from one worker. Owner: the one who opened it; it must be
 * closed after the workers' last bursts.
 */
public final class EthDev implements AutoCloseable {

    /** Larger than {@code struct rte_eth_conf} of any release. */
    private static final int CONF_BYTES = 4096;
    // Offsets in it, the same in every release.
    private static final int CONF_RX_MQ_MODE = 8;
    private static final int CONF_RX_MTU = 12;
    private static final int CONF_TX_OFFLOADS = 72;
    private static final int CONF_RSS_HF = 144;
    /** {@code RTE_ETH_MQ_RX_RSS}. */
    private static final int SPREAD_BY_HASH = 1;
    /** {@code RTE_ETH_RSS_IP | RTE_ETH_RSS_UDP | RTE_ETH_RSS_TCP | RTE_ETH_RSS_SCTP}. */
    private static final long SPREAD_BY = 0x3_bffcL;
    /** {@code lsc} in {@code struct rte_intr_conf}. */
    private static final int LINK_INTERRUPTS = 1;
    /** {@code rxq} in it. */
    private static final int RECEIVE_INTERRUPTS = 1 << 1;
    /** {@code rmv} in it. */
    private static final int REMOVAL_INTERRUPTS = 1 << 2;
    /** {@code RTE_ETH_TX_OFFLOAD_UDP_CKSUM | RTE_ETH_TX_OFFLOAD_TCP_CKSUM}. */
    private static final long CHECKSUM_OFFLOADS = 1 << 2 | 1 << 3;

    /** Offset of the bit field with {@code link_status} in {@code struct rte_eth_link}. */
    private static final int LINK_FLAGS = 4;
    /** {@code link_status} in that bit field. */
    private static final int LINK_STATUS = 1 << 2;
    /** {@code RTE_ETH_SPEED_NUM_UNKNOWN}. */
    private static final int SPEED_UNKNOWN = -1;

    /**
     * Whose signals of frames are not to be used, all seen with 22.11: the handler of {@code net_virtio_user} uses freed memory
     * when it is closed while its other end goes away; {@code net_e1000_em} routes no signal where it says that it does.
     */
    private static final Set<String> DRIVERS_TO_POLL = Set.of("net_virtio_user", "net_e1000_em");

    /** Those in use: DPDK itself probes a device twice without a word, and hands out the same port again. */
    private static final Set<Short> OPEN = ConcurrentHashMap.newKeySet();

    private final String devargs;
    private final short port;
    private final EthInfo info;
    private final String deviceName;
    private final List<EthQueue> queues;

    private EthDev(String devargs, short port, EthInfo info, EthSettings settings, Mempool pool) {
        this.devargs = devargs;
        this.port = port;
        this.info = info;
        this.deviceName = EthCalls.deviceName(info.device());
        configure(settings, pool);
        this.queues = IntStream.range(0, settings.queues())
                .mapToObj(number -> new EthQueue(port, number))
                .toList();
    }

    /**
     * Probes, configures and starts a device.
     *
     * @param devargs PCI address or name of a virtual device, with its options after a comma, e.g.
     *     {@code net_tap0,iface=tap0}
     * @param pool where frames are received into
     * @param settings what is asked of it
     * @throws SysException when the device does not exist, has no driver, or refuses the settings
     */
    public static EthDev open(String devargs, Mempool pool, EthSettings settings) {
        PciDevice.check(devargs);
        return EalLog.keepingMessages(() -> openNow(devargs, pool, settings));
    }

    /** Its queues, a receive and a transmit queue each. */
    public List<EthQueue> queues() {
        return queues;
    }

    /** What drives it, e.g. {@code net_tap}. */
    public String driver() {
        return info.driver();
    }

    /** Number of the network interface of the kernel that the device leads to, or 0 when there is none. */
    public int interfaceIndex() {
        return info.interfaceIndex();
    }

    /** Its Ethernet address. */
    public MacAddress mac() {
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment address = arena.allocate(MacAddress.BYTES);
            check("rte_eth_macaddr_get", EthCalls.mac(port, address));
            return MacAddress.of(address.toArray(JAVA_BYTE));
        }
    }

    /** Longest layer 3 payload that it sends and receives, in bytes. */
    public int mtuBytes() {
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment mtu = arena.allocate(JAVA_SHORT);
            check("rte_eth_dev_get_mtu", EthCalls.mtu(port, mtu));
            return Short.toUnsignedInt(mtu.get(JAVA_SHORT, 0));
        }
    }

    /** Whether the link was up when the driver looked last. */
    public boolean linkUp() {
        long link = link();
        return (link >>> Integer.SIZE & LINK_STATUS) != 0;
    }

    /** Speed of the link in Mbit/s, or 0 when it is down or the driver does not know. */
    public int linkSpeedMbps() {
        int speed = (int) link();
        return speed == SPEED_UNKNOWN ? 0 : speed;
    }

    /** What the device counts, by name, since it was started. */
    public Map<String, Long> statistics() {
        return EthStatistics.of(port);
    }

    /** Has something run when the device is taken from the machine; it must not wait, and close the device elsewhere. */
    public void onRemoval(Runnable action) {
        EthEvents.watch(port, deviceName, action);
    }

    /** Stops the device and takes it from DPDK; a kernel device that it made is gone afterwards. */
    @Override
    public void close() {
        EthEvents.unwatch(port, deviceName);
        EalLog.keepingMessages(() -> remove(port, info.device()));
    }

    @Override
    public String toString() {
        return devargs;
    }

    private long link() {
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment link = arena.allocate(Long.BYTES, Long.BYTES);
            return EthCalls.link(port, link) == 0 ? link.get(JAVA_LONG, 0) : 0;
        }
    }

    private static EthDev openNow(String devargs, Mempool pool, EthSettings settings) {
        short port = probed(devargs);
        if (!OPEN.add(port)) {
            throw new SysException(
                    "device '" + devargs + "' cannot be opened: another port uses this device already; name"
                            + " another device, or give a virtual one another number");
        }
        EthInfo info = EthInfo.of(port, devargs);
        try {
            info.check(settings, devargs, pool.available());
            return new EthDev(devargs, port, info, settings, pool);
        } catch (SysException e) {
            remove(port, info.device());
            throw e;
        }
    }

    private static short probed(String devargs) {
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment name = Native.string(arena, devargs);
            int answer = EthCalls.probe(name);
            if (answer < 0) {
                throw new SysException("rte_dev_probe of '" + devargs + "'", -answer, adviceOnProbe(devargs));
            }
            int port = EthCalls.portOf(name);
            if (port < 0) {
                throw new SysException(
                        "rte_eth_iterator_init of '" + devargs + "'",
                        -port,
                        "the device is there but its driver made no Ethernet port of it");
            }
            return (short) port;
        }
    }

    /** Prefers a device that can signal frames to an idle worker, and takes one that cannot. */
    private void configure(EthSettings settings, Mempool pool) {
        int others = info.has(EthInfo.NOTICES_REMOVAL) ? REMOVAL_INTERRUPTS : 0;
        // Signals of frames and of the link exclude each other with some drivers, which then tell of the link only when
        // asked.
        boolean signalling =
                !DRIVERS_TO_POLL.contains(driver()) && isStarted(settings, pool, RECEIVE_INTERRUPTS | others);
        if (!signalling) {
            start(settings, pool, others | (info.has(EthInfo.NOTICES_LINK) ? LINK_INTERRUPTS : 0));
        }
        acceptEverything();
        settings.mac().ifPresent(this::setMac);
    }

    private boolean isStarted(EthSettings settings, Mempool pool, int interrupts) {
        try {
            start(settings, pool, interrupts);
            return true;
        } catch (SysException _) {
            return false;
        }
    }

    private void start(EthSettings settings, Mempool pool, int interrupts) {
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment conf = arena.allocate(CONF_BYTES, Long.BYTES);
            conf.set(JAVA_INT, CONF_RX_MTU, settings.mtuBytes());
            conf.set(JAVA_LONG, CONF_TX_OFFLOADS, info.transmitOffloads() & CHECKSUM_OFFLOADS);
            conf.set(JAVA_INT, Dpdk.release().confInterrupts(), interrupts);
            long spreadBy = info.spreadBy() & SPREAD_BY;
            if (settings.queues() > 1 && spreadBy != 0) {
                conf.set(JAVA_INT, CONF_RX_MQ_MODE, SPREAD_BY_HASH);
                conf.set(JAVA_LONG, CONF_RSS_HF, spreadBy);
            }
            check("rte_eth_dev_configure", EthCalls.configure(port, settings.queues(), conf));
        }
        if (settings.mtuBytes() != 0) {
            checkUnlessUnknown("rte_eth_dev_set_mtu", EthCalls.setMtu(port, settings.mtuBytes()));
        }
        for (int queue = 0; queue < settings.queues(); queue++) {
            check("rte_eth_rx_queue_setup", EthCalls.receiveQueue(port, queue, settings.descriptors(), pool.address()));
            check("rte_eth_tx_queue_setup", EthCalls.transmitQueue(port, queue, settings.descriptors()));
        }
        check("rte_eth_dev_start", EthCalls.start(port));
    }

    /** A switch forwards what is addressed to others. */
    private void acceptEverything() {
        checkUnlessUnknown("rte_eth_promiscuous_enable", EthCalls.promiscuous(port));
        // Where promiscuity is refused, as to a virtual function, this is what is left; elsewhere it adds nothing.
        EthCalls.allMulticast(port);
    }

    private void setMac(MacAddress mac) {
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment address = arena.allocateFrom(JAVA_BYTE, mac.bytes());
            check("rte_eth_dev_default_mac_addr_set to " + mac, EthCalls.setMac(port, address));
        }
    }

    private static int remove(short port, MemorySegment device) {
        EthCalls.stop(port);
        EthCalls.close(port);
        int answer = EthCalls.remove(device);
        OPEN.remove(port);
        return answer;
    }

    private void checkUnlessUnknown(String call, int answer) {
        if (answer != -Errno.EOPNOTSUPP) {
            check(call, answer);
        }
    }

    private void check(String call, int answer) {
        if (answer < 0) {
            String advice = -answer == Errno.ENOMEM || -answer == Errno.ENOBUFS
                    ? "; start the switch with more frame buffers (dpdk.mbufs) and memory for them (dpdk.memory-mb)"
                    : "";
            throw new SysException(call + " of '" + devargs + "'", -answer, "driver " + driver() + advice);
        }
    }

    private static String adviceOnProbe(String devargs) {
        return PciDevice.isAddress(devargs)
                ? "its driver refused it; see that no other program uses it, and that DPDK has a driver for this model"
                : "check the driver's name and options; each driver is a library librte_net_*.so of its own";
    }
}
