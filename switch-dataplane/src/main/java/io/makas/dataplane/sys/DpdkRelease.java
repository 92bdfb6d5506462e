// SPDX-License-Identifier: Apache-2.0
package io.makas.dataplane.sys;

import java.util.List;

/**
 * The releases of DPDK whose memory layouts are known here. DPDK keeps them from one minor release to the next, and breaks
 * them once a year together with the number in its libraries' names, so an unknown release is refused by name rather than
 * tried.
 *
 * <p>What differs is little: where {@code struct rte_eth_fp_ops} keeps the burst functions, {@code struct rte_eth_conf}
 * its last field, and {@code struct rte_eth_dev_info} the numbers of queues. All other offsets used by this
 * package are the same in these four, and were computed with {@code offsetof} from each release's headers.
 */
enum DpdkRelease {
    /** Debian 12. */
    V22_11("22.11", 23, new EthOps(0, 24, 64, 72, 88), 2264, 44),
    /** Ubuntu 24.04. */
    V23_11("23.11", 24, EthOps.SINCE_23_11, 2272, 48),
    /** Debian 13. */
    V24_11("24.11", 25, EthOps.SINCE_23_11, 2272, 48),
    /** In no release of Debian or Ubuntu yet. */
    V25_11("25.11", 26, EthOps.SINCE_23_11, 2272, 48);

    /**
     * Offsets in {@code struct rte_eth_fp_ops} of rte_ethdev_core.h.
     *
     * @param receiveBurst {@code rx_pkt_burst}
     * @param receiveQueues {@code rxq.data}
     * @param transmitBurst {@code tx_pkt_burst}
     * @param transmitPrepare {@code tx_pkt_prepare}
     * @param transmitQueues {@code txq.data}
     */
    record EthOps(int receiveBurst, int receiveQueues, int transmitBurst, int transmitPrepare, int transmitQueues) {
        private static final EthOps SINCE_23_11 = new EthOps(16, 0, 80, 88, 64);
    }

    private final String version;
    private final int libraryNumber;
    private final EthOps ethOps;
    private final int confInterrupts;
    private final int infoQueues;

    DpdkRelease(String version, int libraryNumber, EthOps ethOps, int confInterrupts, int infoQueues) {
        this.version = version;
        this.libraryNumber = libraryNumber;
        this.ethOps = ethOps;
        this.confInterrupts = confInterrupts;
        this.infoQueues = infoQueues;
    }

    /** In the order in which they are looked for. */
    static List<DpdkRelease> newestFirst() {
        return List.of(values()).reversed();
    }

    /** The number at the end of its libraries' names, e.g. 23 for {@code librte_eal.so.23}. */
    int libraryNumber() {
        return libraryNumber;
    }

    EthOps ethOps() {
        return ethOps;
    }

    /** Offset of {@code intr_conf} in {@code struct rte_eth_conf} of rte_ethdev.h. */
    int confInterrupts() {
        return confInterrupts;
    }

    /** Offset of {@code max_rx_queues} in {@code struct rte_eth_dev_info}, behind which is {@code max_tx_queues}. */
    int infoQueues() {
        return infoQueues;
    }

    /** Whether {@code rte_version()} answers this for a library of this release, e.g. {@code DPDK 22.11.11}. */
    boolean isNamedBy(String rteVersion) {
        String number = rteVersion.startsWith("DPDK ") ? rteVersion.substring(5) : "";
        return number.equals(version) || number.startsWith(version + ".") || number.startsWith(version + "-");
    }

    /** The releases supported, for people. */
    static String names() {
        return "22.11 (Debian 12), 23.11 (Ubuntu 24.04), 24.11 (Debian 13) and 25.11";
    }
}
