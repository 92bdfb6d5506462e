// SPDX-License-Identifier: Apache-2.0
package io.makas.flow.packet;

import java.util.Arrays;
import java.util.random.RandomGenerator;

/** Makes frames of all kinds that the switch knows, from a seeded generator, right or spoilt. */
public final class RandomFrames {

    private static final int[] INTERESTING = {
        0x00, 0x01, 0x02, 0x05, 0x06, 0x08, 0x0f, 0x11, 0x1f, 0x20, 0x2b, 0x2c, 0x33, 0x3a, 0x3c, 0x40, 0x45, 0x46,
        0x47, 0x60, 0x7f, 0x81, 0x84, 0x86, 0x88, 0xa8, 0xaa, 0xdd, 0xff
    };

    private final RandomGenerator random;

    public RandomFrames(RandomGenerator random) {
        this.random = random;
    }

    /** A right frame of any kind. */
    public byte[] next() {
        FrameBuilder frame = ethernet();
        switch (random.nextInt(12)) {
            case 0 -> arp(frame);
            case 1 -> mpls(frame);
            case 2 -> frame.type(random.nextInt(0x10000)).payload(bytes(random.nextInt(50)));
            case 3, 4, 5, 6 -> {
                ipv6(frame);
                if (random.nextInt(3) == 0) {
                    neighbour(frame);
                } else {
                    transportOrOther(frame);
                }
            }
            default -> {
                ipv4(frame);
                transportOrOther(frame);
            }
        }
        return pad(frame).build();
    }

    /** A right frame with IPv4 or IPv6 and a transport that has ports or is ICMP; never a later fragment. */
    public byte[] nextWithTransport() {
        FrameBuilder frame = ethernet();
        if (random.nextBoolean()) {
            frame.ipv4(ipv4Address(), ipv4Address());
        } else {
            frame.ipv6(ipv6Address(), ipv6Address());
        }
        transport(frame);
        return pad(frame).build();
    }

    /** A copy of the frame with a few bytes changed, mostly in the headers. */
    public byte[] spoil(byte[] frame) {
        byte[] spoilt = frame.clone();
        for (int count = 1 + random.nextInt(3); count > 0; count--) {
            int at = random.nextInt(Math.min(spoilt.length, 12 + random.nextInt(90)));
            spoilt[at] =
                    (byte) (random.nextBoolean() ? random.nextInt() : INTERESTING[random.nextInt(INTERESTING.length)]);
        }
        return spoilt;
    }

    public byte[] bytes(int count) {
        byte[] bytes = new byte[count];
        random.nextBytes(bytes);
        return bytes;
    }

    private FrameBuilder ethernet() {
        FrameBuilder frame = FrameBuilder.ethernet(mac(), mac());
        int tags = new int[] {0, 0, 0, 1, 1, 2, 3}[random.nextInt(7)];
        for (int tag = 0; tag < tags; tag++) {
            frame.vlan(random.nextBoolean() ? Ethernet.TYPE_VLAN : Ethernet.TYPE_SERVICE_VLAN, random.nextInt(0x10000));
        }
        return random.nextInt(10) == 0 ? frame.snap() : frame;
    }

    private void arp(FrameBuilder frame) {
        int operation = random.nextInt(5) == 0 ? random.nextInt(0x10000) : 1 + random.nextInt(2);
        frame.arp(operation, mac(), ipv4Address(), mac(), ipv4Address());
    }

    private void mpls(FrameBuilder frame) {
        int entries = 1 + random.nextInt(5);
        for (int entry = 1; entry <= entries; entry++) {
            frame.mpls(random.nextInt(1 << 20), random.nextInt(8), entry == entries, random.nextInt(256));
        }
        frame.payload(bytes(random.nextInt(40)));
    }

    private void ipv4(FrameBuilder frame) {
        frame.ipv4(ipv4Address(), ipv4Address()).tos(random.nextInt(256)).ttl(random.nextInt(256));
        if (random.nextInt(5) == 0) {
            frame.options(bytes(4 * random.nextInt(11)));
        }
        if (random.nextInt(5) == 0) {
            frame.fragment(8 * random.nextInt(3), random.nextBoolean());
        }
    }

    private void ipv6(FrameBuilder frame) {
        frame.ipv6(ipv6Address(), ipv6Address())
                .tos(random.nextInt(256))
                .ttl(random.nextInt(256))
                .label(random.nextInt(1 << 20));
        for (int count = random.nextInt(3) == 0 ? random.nextInt(4) : 0; count > 0; count--) {
            extension(frame);
        }
    }

    private void extension(FrameBuilder frame) {
        int units = random.nextInt(3);
        byte[] body = bytes(8 + 8 * units);
        body[1] = (byte) units;
        switch (random.nextInt(5)) {
            case 0 -> frame.extension(IpProtocol.HOP_BY_HOP, body);
            case 1 -> frame.extension(IpProtocol.DESTINATION_OPTIONS, body);
            case 2 -> {
                body[3] = (byte) random.nextInt(2);
                frame.extension(IpProtocol.ROUTING, body);
            }
            case 3 -> {
                body[1] = (byte) (2 * units);
                frame.extension(IpProtocol.AUTHENTICATION, body);
            }
            default -> {
                byte low = (byte) new int[] {0, 1, 8, 9, 2}[random.nextInt(5)];
                frame.extension(
                        IpProtocol.FRAGMENT, (byte) 0, (byte) 0, (byte) 0, low, (byte) 1, (byte) 2, (byte) 3, (byte) 4);
            }
        }
    }

    private void transportOrOther(FrameBuilder frame) {
        if (random.nextInt(9) == 0) {
            frame.protocol(random.nextInt(256)).payload(bytes(random.nextInt(40)));
        } else {
            transport(frame);
        }
    }

    private void transport(FrameBuilder frame) {
        int source = random.nextInt(0x10000);
        int destination = random.nextInt(0x10000);
        switch (random.nextInt(8)) {
            case 0, 1, 2 -> frame.tcp(source, destination).flags(random.nextInt(0x1000));
            case 3, 4, 5 -> frame.udp(source, destination);
            case 6 -> frame.sctp(source, destination);
            default -> frame.icmp(random.nextInt(256), random.nextInt(256));
        }
        frame.payload(bytes(random.nextInt(40)));
    }

    private void neighbour(FrameBuilder frame) {
        frame.icmp(Icmpv6.NEIGHBOUR_SOLICITATION + random.nextInt(2), random.nextInt(6) == 0 ? 1 : 0)
                .payload(bytes(16));
        for (int count = random.nextInt(4); count > 0; count--) {
            int units = random.nextInt(6) == 0 ? random.nextInt(4) : 1;
            byte[] option = bytes(8 * Math.max(1, units));
            option[0] = (byte) (1 + random.nextInt(3));
            option[1] = (byte) units;
            frame.payload(option);
        }
    }

    private FrameBuilder pad(FrameBuilder frame) {
        return switch (random.nextInt(4)) {
            case 0 -> frame.padTo(FrameBuilder.MIN_WIRE_BYTES);
            case 1 -> frame.padTo(14 + random.nextInt(500));
            default -> frame;
        };
    }

    private String mac() {
        return new MacAddress(random.nextLong() & 0xfeff_ffff_ffffL).toString();
    }

    private String ipv4Address() {
        return IpAddress.text(random.nextInt());
    }

    private String ipv6Address() {
        return IpAddress.text(0xfd00_0000_0000_0000L | random.nextInt(), random.nextLong());
    }

    /** The first bytes of the frame, in an array of just that length. */
    public static byte[] cut(byte[] frame, int lengthBytes) {
        return Arrays.copyOf(frame, lengthBytes);
    }
}
