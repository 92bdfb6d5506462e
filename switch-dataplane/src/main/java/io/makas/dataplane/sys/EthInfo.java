// SPDX-License-Identifier: Apache-2.0
package io.makas.dataplane.sys;

import static java.lang.foreign.ValueLayout.ADDRESS;
import static java.lang.foreign.ValueLayout.JAVA_INT;
import static java.lang.foreign.ValueLayout.JAVA_LONG;
import static java.lang.foreign.ValueLayout.JAVA_SHORT;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;

/**
 * What a driver says of its device: {@code struct rte_eth_dev_info} of rte_ethdev.h.
 *
 * @param device {@code struct rte_device *}
 * @param driver name of the driver, e.g. {@code net_tap}
 * @param interfaceIndex network interface of the kernel that the device leads to, or 0
 * @param minMtu least MTU in bytes
 * @param maxMtu greatest MTU in bytes
 * @param flags {@code RTE_ETH_DEV_INTR_LSC} and others
 * @param maxReceiveQueues queues at most
 * @param maxTransmitQueues queues at most
 * @param transmitOffloads what the device can do to frames that it sends: {@code RTE_ETH_TX_OFFLOAD_…}
 * @param spreadBy headers by which it can spread frames over queues: {@code RTE_ETH_RSS_…}
 * @param minDescriptors least length of a receive queue
 * @param maxDescriptors greatest length of a receive queue
 * @param usualDescriptors the driver's choice of that length, or 0 when it does not tell
 */
record EthInfo(
        MemorySegment device,
        String driver,
        int interfaceIndex,
        int minMtu,
        int maxMtu,
        int flags,
        int maxReceiveQueues,
        int maxTransmitQueues,
        long transmitOffloads,
        long spreadBy,
        int minDescriptors,
        int maxDescriptors,
        int usualDescriptors) {

    /** {@code RTE_ETH_DEV_INTR_LSC}: the driver notices by itself that the link changes. */
    static final int NOTICES_LINK = 1 << 1;
    /** {@code RTE_ETH_DEV_INTR_RMV}: the driver notices by itself that the device goes. */
    static final int NOTICES_REMOVAL = 1 << 3;

    /** Larger than the structure of any release. */
    private static final int STRUCT_BYTES = 1024;
    /** {@code UINT16_MAX}, which ethdev fills in where a driver says no greatest MTU. */
    private static final int NO_BOUND = 0xffff;
    /** {@code RTE_ETHER_HDR_LEN + RTE_ETHER_CRC_LEN}: what a frame is longer than its payload. */
    private static final int FRAME_OVERHEAD_BYTES = 18;

    // Offsets of the fields.
    private static final int DEVICE = 0;
    private static final int DRIVER_NAME = 8;
    private static final int IF_INDEX = 16;
    private static final int MIN_MTU = 20;
    private static final int MAX_MTU = 22;
    private static final int DEV_FLAGS = 24;
    /** {@code max_rx_pktlen}, counted from {@code max_rx_queues}. */
    private static final int MAX_RX_PKTLEN_BEFORE_QUEUES = -8;

    private static final int TX_OFFLOAD_CAPA = 80;
    private static final int FLOW_TYPE_RSS_OFFLOADS = 112;
    private static final int RX_DESC_LIM_MAX = 262;
    private static final int RX_DESC_LIM_MIN = 264;
    private static final int DEFAULT_RX_RING_SIZE = 296;

    /** Asks the driver of a port. */
    static EthInfo of(short port, String devargs) {
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment info = arena.allocate(STRUCT_BYTES, Long.BYTES);
            int answer = EthCalls.info(port, info);
            if (answer < 0) {
                throw new SysException("rte_eth_dev_info_get of '" + devargs + "'", -answer, "");
            }
            int queues = Dpdk.release().infoQueues();
            int flags = Memory.ALL.get(JAVA_INT, info.get(JAVA_LONG, DEV_FLAGS));
            return new EthInfo(
                    info.get(ADDRESS, DEVICE),
                    Dpdk.text(info.get(JAVA_LONG, DRIVER_NAME)),
                    info.get(JAVA_INT, IF_INDEX),
                    unsigned(info, MIN_MTU),
                    maxMtu(unsigned(info, MAX_MTU), info.get(JAVA_INT, queues + MAX_RX_PKTLEN_BEFORE_QUEUES)),
                    flags,
                    unsigned(info, queues),
                    unsigned(info, queues + Short.BYTES),
                    info.get(JAVA_LONG, TX_OFFLOAD_CAPA),
                    info.get(JAVA_LONG, FLOW_TYPE_RSS_OFFLOADS),
                    unsigned(info, RX_DESC_LIM_MIN),
                    unsigned(info, RX_DESC_LIM_MAX),
                    unsigned(info, DEFAULT_RX_RING_SIZE));
        }
    }

    boolean has(int flag) {
        return (flags & flag) != 0;
    }

    /**
     * Refuses what the device cannot do, in words that say what it can.
     *
     * @param freeBuffers buffers that its receive queues can be filled with
     */
    void check(EthSettings wanted, String devargs, int freeBuffers) {
        int queues = Math.min(maxReceiveQueues, maxTransmitQueues);
        if (wanted.queues() > queues) {
            throw refusal(
                    devargs,
                    "has " + queues + " pairs of queues, not the " + wanted.queues()
                            + " asked for; ask for fewer"
                            + (driver.startsWith("net_af_packet")
                                    ? ", or give it more with its option qpairs=" + wanted.queues()
                                    : ""));
        }
        int mtu = wanted.mtuBytes();
        if (mtu != 0 && (mtu < minMtu || mtu > maxMtu)) {
            throw refusal(devargs, "takes an MTU of " + minMtu + " to " + maxMtu + " bytes, not " + mtu);
        }
        int descriptors = wanted.descriptors();
        if (descriptors != 0 && (descriptors < minDescriptors || descriptors > maxDescriptors)) {
            throw refusal(
                    devargs,
                    "takes queues of " + minDescriptors + " to " + maxDescriptors + " descriptors, not " + descriptors);
        }
        int needed = wanted.queues() * (descriptors == 0 ? usualDescriptors : descriptors);
        if (needed > freeBuffers) {
            throw refusal(
                    devargs,
                    "fills its " + wanted.queues() + " receive queues with " + needed
                            + " frame buffers, and " + freeBuffers
                            + " are free; ask for fewer or shorter queues, or start the"
                            + " switch with more buffers (dpdk.mbufs) and the memory for them (dpdk.memory-mb)");
        }
    }

    private SysException refusal(String devargs, String why) {
        return new SysException("device '" + devargs + "' (driver " + driver + ") " + why);
    }

    /** A driver without a bound for the MTU has one for the frame. */
    private static int maxMtu(int said, int maxFrameBytes) {
        return said == NO_BOUND && maxFrameBytes > 0 ? Math.min(said, maxFrameBytes - FRAME_OVERHEAD_BYTES) : said;
    }

    private static int unsigned(MemorySegment info, int offset) {
        return Short.toUnsignedInt(info.get(JAVA_SHORT, offset));
    }
}
