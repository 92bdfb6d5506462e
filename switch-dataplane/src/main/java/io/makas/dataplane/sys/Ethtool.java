// SPDX-License-Identifier: Apache-2.0
package io.makas.dataplane.sys;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;

/**
 * Offloads and queues of the interfaces of one network namespace: what {@code ethtool -k}, {@code -K}, {@code -l} and
 * {@code -L} do, by {@code ioctl(SIOCETHTOOL)}.
 *
 * <p>The object is bound to the namespace in which it was opened and is then used from any thread. Owner: the one who opened
 * it.
 */
public final class Ethtool implements AutoCloseable {

    /** An offload that can be switched: a pair of commands of {@code linux/ethtool.h}. */
    public enum Feature {
        /** Checksums of received packets: {@code ETHTOOL_GRXCSUM}. */
        RX_CHECKSUM(0x14, 0x15),
        /**
         * Checksums of sent packets are left to the other end: {@code ETHTOOL_GTXCSUM}. On a veth whose peer carries XDP they
         * are never filled in, so that the ping works and TCP does not: switch it off there. Segmentation offloads go off
         * with it.
         */
        TX_CHECKSUM(0x16, 0x17),
        /** Packets in pieces: {@code ETHTOOL_GSG}. */
        SCATTER_GATHER(0x18, 0x19),
        /** TCP segmentation: {@code ETHTOOL_GTSO}. */
        TCP_SEGMENTATION(0x1e, 0x1f),
        /** Generic segmentation: {@code ETHTOOL_GGSO}. */
        GENERIC_SEGMENTATION(0x23, 0x24),
        /** Joining received segments: {@code ETHTOOL_GGRO}. */
        GENERIC_RECEIVE(0x2b, 0x2c);

        private final int readCommand;
        private final int writeCommand;

        Feature(int readCommand, int writeCommand) {
            this.readCommand = readCommand;
            this.writeCommand = writeCommand;
        }
    }

    /**
     * Queues of an interface: {@code struct ethtool_channels}.
     *
     * @param rx receive queues in use
     * @param tx transmit queues in use
     * @param combined queues in use that both receive and transmit
     * @param maxRx receive queues possible
     * @param maxTx transmit queues possible
     * @param maxCombined combined queues possible
     */
    public record Channels(int rx, int tx, int combined, int maxRx, int maxTx, int maxCombined) {

        /** Receive queues in use, of either kind. */
        public int receiveQueues() {
            return rx + combined;
        }
    }

    /** {@code SIOCETHTOOL} of {@code linux/sockios.h}. */
    private static final long SIOCETHTOOL = 0x8946;
    /** {@code ETHTOOL_GCHANNELS}. */
    private static final int ETHTOOL_GCHANNELS = 0x3c;
    /** {@code ETHTOOL_SCHANNELS}. */
    private static final int ETHTOOL_SCHANNELS = 0x3d;
    /** {@code sizeof(struct ifreq)} of {@code linux/if.h}: name of 16 bytes, then a union. */
    private static final int IFREQ_BYTES = 40;

    private static final int IFREQ_DATA = 16;
    private static final int CHANNELS_BYTES = 36;

    private final Descriptor socket =
            new Descriptor(LibcSockets.socket(LibcSockets.AF_INET, LibcSockets.SOCK_DGRAM, 0), "socket(AF_INET)", "");

    private Ethtool() {}

    /** Opens it for the namespace of the calling thread. */
    public static Ethtool open() {
        return new Ethtool();
    }

    /** Opens it for another namespace. */
    public static Ethtool open(NetNamespace namespace) {
        return namespace.supply(Ethtool::new);
    }

    /** Whether an offload is on. */
    public boolean isOn(String link, Feature feature) {
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment value = arena.allocateFrom(ValueLayout.JAVA_INT, feature.readCommand, 0);
            check(call(arena, link, value), "reading offload " + feature, link);
            return value.getAtIndex(ValueLayout.JAVA_INT, 1) != 0;
        }
    }

    /**
     * Switches an offload.
     *
     * @throws SysException when the interface is not there or its driver has no such switch
     */
    public void set(String link, Feature feature, boolean on) {
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment value = arena.allocateFrom(ValueLayout.JAVA_INT, feature.writeCommand, on ? 1 : 0);
            check(call(arena, link, value), "switching offload " + feature + (on ? " on" : " off"), link);
        }
    }

    /** The queues of an interface. A driver that does not say has one. */
    public Channels channels(String link) {
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment value = arena.allocate(CHANNELS_BYTES, Integer.BYTES);
            value.set(ValueLayout.JAVA_INT, 0, ETHTOOL_GCHANNELS);
            int answer = call(arena, link, value);
            if (answer == -Errno.EOPNOTSUPP) {
                return new Channels(0, 0, 1, 0, 0, 1);
            }
            check(answer, "reading the queues", link);
            int[] words = value.toArray(ValueLayout.JAVA_INT);
            return new Channels(words[5], words[6], words[8], words[1], words[2], words[4]);
        }
    }

    /** Sets the queues in use; the maxima of the argument are ignored. */
    public void setChannels(String link, Channels channels) {
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment value = arena.allocateFrom(
                    ValueLayout.JAVA_INT,
                    ETHTOOL_SCHANNELS,
                    0,
                    0,
                    0,
                    0,
                    channels.rx(),
                    channels.tx(),
                    0,
                    channels.combined());
            check(call(arena, link, value), "setting " + channels, link);
        }
    }

    @Override
    public void close() {
        socket.close();
    }

    private int call(Arena arena, String link, MemorySegment data) {
        MemorySegment request = arena.allocate(IFREQ_BYTES, Long.BYTES);
        if (link.length() > Netlink.MAX_NAME_LENGTH) {
            throw new IllegalArgumentException("'" + link + "' is too long for the name of an interface");
        }
        request.setString(0, link);
        request.set(ValueLayout.ADDRESS, IFREQ_DATA, data);
        return LibcFiles.ioctl(socket.number(), SIOCETHTOOL, request);
    }

    private static void check(int answer, String what, String link) {
        if (answer < 0) {
            String advice = switch (-answer) {
                case Errno.ENODEV -> "there is no such interface in this namespace";
                case Errno.EPERM -> "it needs CAP_NET_ADMIN: run as root";
                case Errno.EOPNOTSUPP -> "its driver cannot";
                default -> "";
            };
            throw new SysException(what + " of interface " + link, -answer, advice);
        }
    }
}
