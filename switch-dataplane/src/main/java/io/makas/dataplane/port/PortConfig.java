// SPDX-License-Identifier: Apache-2.0
package io.makas.dataplane.port;

import io.makas.flow.packet.MacAddress;
import java.nio.file.Path;
import java.util.List;
import java.util.Objects;
import java.util.Optional;

/**
 * How to open a port: one record for each member of the {@link Port} family.
 *
 * <p>Every field is checked where the record is made, so that a wrong value is refused with its name before anything is
 * opened.
 */
public sealed interface PortConfig {

    /** Largest MTU that a port may have, in bytes of layer 3 payload. */
    int MAX_MTU_BYTES = 9_000;

    /** Unique name of the port: 1 to 63 of letters, digits, {@code . _ -}. */
    String name();

    /** The word for the port's type in configuration, API and command line. */
    String type();

    /**
     * AF_XDP sockets on a network interface that exists in the switch's own namespace: the host's end of a veth pair, or a
     * NIC.
     *
     * @param name unique name of the port
     * @param interfaceName the interface, e.g. {@code mk0a1b2c3d}
     * @param queue first receive queue to serve, from 0
     * @param queues how many to serve; 0 for all that a veth has from {@code queue} on, and one of a NIC, whose others stay the
     *     host's
     * @param mode how the kernel and the driver are to hand frames over
     * @param take the traffic of a NIC that the switch takes, while its host gets the rest; empty for all
     */
    record AfXdp(String name, String interfaceName, int queue, int queues, AfXdpMode mode, List<AfXdpTraffic> take)
            implements PortConfig {
        /** Queues of one port at most. */
        public static final int MAX_QUEUES = 64;

        /** Checks the fields. */
        public AfXdp {
            checkName(name);
            Objects.requireNonNull(mode, "mode");
            take = List.copyOf(take);
            if (interfaceName.isEmpty() || interfaceName.length() > 15) {
                throw new IllegalArgumentException(
                        "interface '" + interfaceName + "' is not a name of 1 to 15 characters; see 'ip link'");
            }
            if (queue < 0) {
                throw new IllegalArgumentException("queue " + queue + " is negative; queues count from 0");
            }
            if (queues < 0 || queues > MAX_QUEUES) {
                throw new IllegalArgumentException(
                        "queues " + queues + " is not from 1 to " + MAX_QUEUES + ", or 0 for what suits the interface");
            }
            if (take.size() > AfXdpTraffic.MAX_ENTRIES) {
                throw new IllegalArgumentException(
                        "take has " + take.size() + " entries; " + AfXdpTraffic.MAX_ENTRIES + " are the most");
            }
        }

        /** The usual port: the queues that suit the interface, in the best mode that works, with all of its traffic. */
        public AfXdp(String name, String interfaceName, int queue) {
            this(name, interfaceName, queue, 0, AfXdpMode.BEST_EFFORT, List.of());
        }

        @Override
        public String type() {
            return "afxdp";
        }
    }

    /**
     * A vhost-user socket that a guest with a virtio-net driver attaches to.
     *
     * @param name unique name of the port
     * @param socket path of the Unix socket, at most 107 bytes
     * @param role who creates the socket; {@link VhostRole#CLIENT} lets guest and switch restart independently
     * @param implementation who works the guest's rings
     * @param queues queues of the port, each polled by one worker: 1 to {@value #MAX_QUEUES}, and 1 for
     *     {@link VhostImplementation#LIBRARY}
     */
    record VhostUser(String name, Path socket, VhostRole role, VhostImplementation implementation, int queues)
            implements PortConfig {
        /** Most queues of a port. */
        public static final int MAX_QUEUES = 64;

        /** Longest socket path in bytes: {@code sun_path} of {@code struct sockaddr_un} less its end mark. */
        public static final int MAX_SOCKET_PATH_BYTES = 107;

        /** Checks the fields. */
        public VhostUser {
            checkName(name);
            Objects.requireNonNull(role, "role");
            Objects.requireNonNull(implementation, "implementation");
            int mostQueues = implementation == VhostImplementation.OWN ? MAX_QUEUES : 1;
            if (queues < 1 || queues > mostQueues) {
                throw new IllegalArgumentException("queues " + queues + " must be 1 to " + mostQueues
                        + (mostQueues == 1 ? "; implementation 'own' can have " + MAX_QUEUES : ""));
            }
            int bytes = socket.toString().getBytes(java.nio.charset.StandardCharsets.UTF_8).length;
            if (!socket.isAbsolute() || bytes > MAX_SOCKET_PATH_BYTES) {
                throw new IllegalArgumentException("socket '" + socket + "' (" + bytes
                        + " bytes) must be an absolute path of at most " + MAX_SOCKET_PATH_BYTES + " bytes");
            }
        }

        /** The usual implementation, and one queue. */
        public VhostUser(String name, Path socket, VhostRole role) {
            this(name, socket, role, VhostImplementation.DEFAULT, 1);
        }

        @Override
        public String type() {
            return "vhost-user";
        }
    }

    /** Which side listens on a vhost-user socket. */
    enum VhostRole {
        /** The guest listens, the switch connects and reconnects. */
        CLIENT,
        /** The switch listens, the guest connects. */
        SERVER
    }

    /** Who works the rings of a vhost-user guest. */
    enum VhostImplementation {
        /** DPDK's librte_vhost. */
        LIBRARY,
        /** The switch itself. */
        OWN;

        /** What is used when nobody says. */
        public static final VhostImplementation DEFAULT = LIBRARY;
    }

    /**
     * A DPDK ethdev.
     *
     * @param name unique name of the port
     * @param devargs PCI address or virtual device with its options, e.g. {@code 0000:00:04.0} or
     *     {@code net_af_packet0,iface=veth0}
     * @param queues pairs of a receive and a transmit queue, 1 to {@link #MAX_QUEUES}
     * @param descriptors length of each queue in frames; 0 leaves it to the driver
     * @param mtuBytes {@link #MIN_MTU_BYTES} to {@link #MAX_MTU_BYTES}, or 0 for the usual 1,500
     * @param mac Ethernet address to give to the device, or empty to leave it
     */
    record Dpdk(String name, String devargs, int queues, int descriptors, int mtuBytes, Optional<MacAddress> mac)
            implements PortConfig {
        /** More queues than a switch has workers help nobody. */
        public static final int MAX_QUEUES = 64;
        /** What IPv4 asks of a link (RFC 791). */
        public static final int MIN_MTU_BYTES = 68;
        /** The longest queue of any driver. */
        public static final int MAX_DESCRIPTORS = 32_768;

        private static final String PCI = "([0-9a-fA-F]{1,8}:)?[0-9a-fA-F]{2}:[0-9a-fA-F]{2}\\.[0-7]";
        /** {@code RTE_DEV_NAME_MAX_LEN} of rte_dev.h allows 63 bytes. */
        private static final String VIRTUAL = "(net|eth)_[a-z0-9_]{1,59}";
        /** Options in printable ASCII: DPDK takes no other, and a blank ends them. */
        private static final String OPTIONS = "(,[!-~]{0,4000})?";

        /** Checks the fields. */
        public Dpdk {
            checkName(name);
            if (devargs.isBlank()) {
                throw new IllegalArgumentException(
                        "devargs is empty; give a PCI address or a virtual device, e.g. net_tap0,iface=tap0");
            }
            if (!devargs.matches("(" + PCI + "|" + VIRTUAL + ")" + OPTIONS)) {
                throw new IllegalArgumentException(
                        "devargs '" + printable(devargs) + "' name no device; give a PCI address"
                                + " such as 0000:00:04.0, or a virtual device such as net_tap0,iface=tap0, without blanks");
            }
            checkRange("queues", queues, 1, MAX_QUEUES);
            if (descriptors != 0) {
                checkRange("descriptors", descriptors, 8, MAX_DESCRIPTORS);
            }
            if (mtuBytes != 0) {
                checkRange("mtu", mtuBytes, MIN_MTU_BYTES, MAX_MTU_BYTES);
            }
            mac.ifPresent(Dpdk::checkUnicast);
        }

        /** One queue, and all else as the driver has it. */
        public Dpdk(String name, String devargs) {
            this(name, devargs, 1, 0, 0, Optional.empty());
        }

        private static void checkUnicast(MacAddress address) {
            boolean isGroup = (address.bits() >>> 40 & 1) != 0;
            if (isGroup || address.bits() == 0) {
                throw new IllegalArgumentException(
                        "mac " + address + " is no address of one station; give one with an even"
                                + " first byte, such as 02:00:00:00:00:01");
            }
        }

        @Override
        public String type() {
            return "dpdk";
        }
    }

    /**
     * A port in memory whose other end is a test or a tool in this process.
     *
     * @param name unique name of the port
     */
    record Memory(String name) implements PortConfig {
        /** Checks the fields. */
        public Memory {
            checkName(name);
        }

        @Override
        public String type() {
            return "memory";
        }
    }

    private static void checkRange(String what, int value, int least, int most) {
        if (value < least || value > most) {
            throw new IllegalArgumentException(what + " " + value + " is not from " + least + " to " + most);
        }
    }

    /** Text of a client as it may be shown: at most 100 characters, none of them to steer a terminal by. */
    private static String printable(String text) {
        String shown = text.length() > 100 ? text.substring(0, 100) + "…" : text;
        return shown.replaceAll("\\p{Cntrl}", "?");
    }

    private static void checkName(String name) {
        if (!name.matches("[A-Za-z0-9._-]{1,63}")) {
            throw new IllegalArgumentException(
                    "port name '" + name + "' must be 1 to 63 of letters, digits, '.', '_' and '-'");
        }
    }
}
