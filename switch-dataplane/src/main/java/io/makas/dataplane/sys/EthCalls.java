// SPDX-License-Identifier: Apache-2.0
package io.makas.dataplane.sys;

import static java.lang.foreign.ValueLayout.ADDRESS;
import static java.lang.foreign.ValueLayout.JAVA_INT;
import static java.lang.foreign.ValueLayout.JAVA_LONG;
import static java.lang.foreign.ValueLayout.JAVA_SHORT;

import java.lang.foreign.Arena;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.MemorySegment;
import java.lang.invoke.MethodHandle;

/**
 * Calls of librte_ethdev that set a device up and ask about it. Each answers what the function answers: 0 or more, or −errno.
 *
 * <p>Thread: control threads, one at a time for each device.
 */
final class EthCalls {

    private static final FunctionDescriptor INT_OF_PORT = FunctionDescriptor.of(JAVA_INT, JAVA_SHORT);
    private static final FunctionDescriptor INT_OF_PORT_AND_STRUCT =
            FunctionDescriptor.of(JAVA_INT, JAVA_SHORT, ADDRESS);

    private static final FunctionDescriptor INT_OF_PORT_AND_SHORT =
            FunctionDescriptor.of(JAVA_INT, JAVA_SHORT, JAVA_SHORT);

    private static final MethodHandle PROBE =
            Dpdk.link("eal", "rte_dev_probe", FunctionDescriptor.of(JAVA_INT, ADDRESS));
    private static final MethodHandle REMOVE =
            Dpdk.link("eal", "rte_dev_remove", FunctionDescriptor.of(JAVA_INT, ADDRESS));
    private static final MethodHandle DEV_NAME =
            Dpdk.link("eal", "rte_dev_name", FunctionDescriptor.of(ADDRESS, ADDRESS));
    private static final MethodHandle ITERATOR_INIT =
            Dpdk.link("ethdev", "rte_eth_iterator_init", FunctionDescriptor.of(JAVA_INT, ADDRESS, ADDRESS));
    private static final MethodHandle ITERATOR_NEXT =
            Dpdk.link("ethdev", "rte_eth_iterator_next", FunctionDescriptor.of(JAVA_SHORT, ADDRESS));
    private static final MethodHandle ITERATOR_CLEANUP =
            Dpdk.link("ethdev", "rte_eth_iterator_cleanup", FunctionDescriptor.ofVoid(ADDRESS));
    private static final MethodHandle IS_VALID_PORT = Dpdk.link("ethdev", "rte_eth_dev_is_valid_port", INT_OF_PORT);
    private static final MethodHandle INFO = Dpdk.link("ethdev", "rte_eth_dev_info_get", INT_OF_PORT_AND_STRUCT);
    private static final MethodHandle CONFIGURE = Dpdk.link(
            "ethdev",
            "rte_eth_dev_configure",
            FunctionDescriptor.of(JAVA_INT, JAVA_SHORT, JAVA_SHORT, JAVA_SHORT, ADDRESS));
    private static final MethodHandle RX_QUEUE_SETUP = Dpdk.link(
            "ethdev",
            "rte_eth_rx_queue_setup",
            FunctionDescriptor.of(JAVA_INT, JAVA_SHORT, JAVA_SHORT, JAVA_SHORT, JAVA_INT, ADDRESS, JAVA_LONG));
    private static final MethodHandle TX_QUEUE_SETUP = Dpdk.link(
            "ethdev",
            "rte_eth_tx_queue_setup",
            FunctionDescriptor.of(JAVA_INT, JAVA_SHORT, JAVA_SHORT, JAVA_SHORT, JAVA_INT, ADDRESS));
    private static final MethodHandle START = Dpdk.link("ethdev", "rte_eth_dev_start", INT_OF_PORT);
    private static final MethodHandle STOP = Dpdk.link("ethdev", "rte_eth_dev_stop", INT_OF_PORT);
    private static final MethodHandle CLOSE = Dpdk.link("ethdev", "rte_eth_dev_close", INT_OF_PORT);
    private static final MethodHandle PROMISCUOUS = Dpdk.link("ethdev", "rte_eth_promiscuous_enable", INT_OF_PORT);
    private static final MethodHandle ALL_MULTICAST = Dpdk.link("ethdev", "rte_eth_allmulticast_enable", INT_OF_PORT);
    private static final MethodHandle SET_MTU = Dpdk.link("ethdev", "rte_eth_dev_set_mtu", INT_OF_PORT_AND_SHORT);
    private static final MethodHandle MTU = Dpdk.link("ethdev", "rte_eth_dev_get_mtu", INT_OF_PORT_AND_STRUCT);
    private static final MethodHandle SET_MAC =
            Dpdk.link("ethdev", "rte_eth_dev_default_mac_addr_set", INT_OF_PORT_AND_STRUCT);
    private static final MethodHandle MAC = Dpdk.link("ethdev", "rte_eth_macaddr_get", INT_OF_PORT_AND_STRUCT);
    private static final MethodHandle LINK = Dpdk.link("ethdev", "rte_eth_link_get_nowait", INT_OF_PORT_AND_STRUCT);
    private static final MethodHandle INTERRUPT_ENABLE =
            Dpdk.link("ethdev", "rte_eth_dev_rx_intr_enable", INT_OF_PORT_AND_SHORT);
    private static final MethodHandle INTERRUPT_DISABLE =
            Dpdk.link("ethdev", "rte_eth_dev_rx_intr_disable", INT_OF_PORT_AND_SHORT);
    private static final MethodHandle INTERRUPT_FD =
            Dpdk.link("ethdev", "rte_eth_dev_rx_intr_ctl_q_get_fd", INT_OF_PORT_AND_SHORT);
    private static final FunctionDescriptor INT_OF_PORT_ARRAY_COUNT =
            FunctionDescriptor.of(JAVA_INT, JAVA_SHORT, ADDRESS, JAVA_INT);
    private static final MethodHandle XSTATS = Dpdk.link("ethdev", "rte_eth_xstats_get", INT_OF_PORT_ARRAY_COUNT);
    private static final MethodHandle XSTATS_NAMES =
            Dpdk.link("ethdev", "rte_eth_xstats_get_names", INT_OF_PORT_ARRAY_COUNT);

    /** Larger than {@code struct rte_dev_iterator} of rte_dev.h. */
    private static final int ITERATOR_BYTES = 256;
    /** {@code SOCKET_ID_ANY} of rte_memory.h: memory of any NUMA node. */
    private static final int ANY_SOCKET = -1;

    private EthCalls() {}

    static int probe(MemorySegment devargs) {
        try {
            return (int) PROBE.invokeExact(devargs);
        } catch (Throwable t) {
            throw Native.unexpected(t);
        }
    }

    static int remove(MemorySegment device) {
        try {
            return (int) REMOVE.invokeExact(device);
        } catch (Throwable t) {
            throw Native.unexpected(t);
        }
    }

    /** What its bus calls a device, e.g. {@code 0000:00:04.0}. */
    static String deviceName(MemorySegment device) {
        try {
            return Dpdk.text(((MemorySegment) DEV_NAME.invokeExact(device)).address());
        } catch (Throwable t) {
            throw Native.unexpected(t);
        }
    }

    /** The first port of a device, or −ENODEV. */
    static int portOf(MemorySegment devargs) {
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment iterator = arena.allocate(ITERATOR_BYTES, Long.BYTES);
            int answer = (int) ITERATOR_INIT.invokeExact(iterator, devargs);
            if (answer < 0) {
                return answer;
            }
            short port = (short) ITERATOR_NEXT.invokeExact(iterator);
            // Does nothing when the iterator had come to its end.
            ITERATOR_CLEANUP.invokeExact(iterator);
            return tell(IS_VALID_PORT, port) == 1 ? port : -Errno.ENODEV;
        } catch (Throwable t) {
            throw Native.unexpected(t);
        }
    }

    static int info(short port, MemorySegment info) {
        return ask(INFO, port, info);
    }

    /** Configures the device for so many queues each way. */
    static int configure(short port, int queues, MemorySegment conf) {
        try {
            return (int) CONFIGURE.invokeExact(port, (short) queues, (short) queues, conf);
        } catch (Throwable t) {
            throw Native.unexpected(t);
        }
    }

    /** Sets a receive queue up; 0 descriptors leave the number to the driver. */
    static int receiveQueue(short port, int queue, int descriptors, long pool) {
        try {
            return (int) RX_QUEUE_SETUP.invokeExact(
                    port, (short) queue, (short) descriptors, ANY_SOCKET, MemorySegment.NULL, pool);
        } catch (Throwable t) {
            throw Native.unexpected(t);
        }
    }

    /** Sets a transmit queue up; 0 descriptors leave the number to the driver. */
    static int transmitQueue(short port, int queue, int descriptors) {
        try {
            return (int) TX_QUEUE_SETUP.invokeExact(
                    port, (short) queue, (short) descriptors, ANY_SOCKET, MemorySegment.NULL);
        } catch (Throwable t) {
            throw Native.unexpected(t);
        }
    }

    static int start(short port) {
        return tell(START, port);
    }

    static int stop(short port) {
        return tell(STOP, port);
    }

    static int close(short port) {
        return tell(CLOSE, port);
    }

    static int promiscuous(short port) {
        return tell(PROMISCUOUS, port);
    }

    static int allMulticast(short port) {
        return tell(ALL_MULTICAST, port);
    }

    static int setMtu(short port, int mtuBytes) {
        return tell(SET_MTU, port, (short) mtuBytes);
    }

    /** Stores the MTU, a {@code uint16_t}. */
    static int mtu(short port, MemorySegment mtu) {
        return ask(MTU, port, mtu);
    }

    static int setMac(short port, MemorySegment address) {
        return ask(SET_MAC, port, address);
    }

    static int mac(short port, MemorySegment address) {
        return ask(MAC, port, address);
    }

    static int link(short port, MemorySegment link) {
        return ask(LINK, port, link);
    }

    /** Stores up to {@code count} statistics. Returns how many there are, or −errno. */
    static int statistics(short port, MemorySegment array, int count) {
        return ask(XSTATS, port, array, count);
    }

    /** Stores the names of up to {@code count} statistics. Returns how many there are, or −errno. */
    static int statisticsNames(short port, MemorySegment array, int count) {
        return ask(XSTATS_NAMES, port, array, count);
    }

    /** Has the device signal the next frame of a queue. {@code −EOPNOTSUPP}: the driver cannot switch its signals. */
    static int enableInterrupt(short port, short queue) {
        return tell(INTERRUPT_ENABLE, port, queue);
    }

    static int disableInterrupt(short port, short queue) {
        return tell(INTERRUPT_DISABLE, port, queue);
    }

    /** Where a queue signals frames, or −1. */
    static int interruptFileDescriptor(short port, short queue) {
        return tell(INTERRUPT_FD, port, queue);
    }

    private static int tell(MethodHandle call, short port, short value) {
        try {
            return (int) call.invokeExact(port, value);
        } catch (Throwable t) {
            throw Native.unexpected(t);
        }
    }

    private static int ask(MethodHandle call, short port, MemorySegment array, int count) {
        try {
            return (int) call.invokeExact(port, array, count);
        } catch (Throwable t) {
            throw Native.unexpected(t);
        }
    }

    private static int tell(MethodHandle call, short port) {
        try {
            return (int) call.invokeExact(port);
        } catch (Throwable t) {
            throw Native.unexpected(t);
        }
    }

    private static int ask(MethodHandle call, short port, MemorySegment answer) {
        try {
            return (int) call.invokeExact(port, answer);
        } catch (Throwable t) {
            throw Native.unexpected(t);
        }
    }
}
