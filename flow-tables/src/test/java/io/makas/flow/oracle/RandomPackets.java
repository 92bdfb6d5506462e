// SPDX-License-Identifier: Apache-2.0
package io.makas.flow.oracle;

import io.makas.flow.packet.Ethernet;
import io.makas.flow.packet.FrameBuilder;
import io.makas.flow.packet.Icmpv6;
import io.makas.flow.packet.IpProtocol;
import io.makas.flow.packet.RandomFrames;
import java.util.Random;

/** Random frames out of a small world: few addresses, ports and tags, so that flows made for one packet hit others. */
final class RandomPackets {

    private static final int[] PORTS = {22, 53, 80, 443};
    private static final int[] TTLS = {0, 1, 2, 64, 255};

    private final Random random;
    private final RandomFrames spoiler;

    RandomPackets(Random random) {
        this.random = random;
        spoiler = new RandomFrames(random);
    }

    /** A frame of any kind; one in ten is cut short or spoilt. */
    byte[] next() {
        byte[] frame = right();
        return switch (random.nextInt(20)) {
            case 0 -> RandomFrames.cut(frame, 14 + random.nextInt(frame.length - 13));
            case 1 -> spoiler.spoil(frame);
            default -> frame;
        };
    }

    private byte[] right() {
        FrameBuilder frame = FrameBuilder.ethernet(mac(), random.nextInt(4) == 0 ? "ff:ff:ff:ff:ff:ff" : mac());
        int tags = new int[] {0, 0, 0, 1, 1, 2}[random.nextInt(6)];
        for (int tag = 0; tag < tags; tag++) {
            frame.vlan(random.nextInt(3) == 0 ? Ethernet.TYPE_SERVICE_VLAN : Ethernet.TYPE_VLAN, tci());
        }
        switch (random.nextInt(12)) {
            case 0 -> frame.arp(1 + random.nextInt(2), mac(), ipv4(), mac(), ipv4());
            case 1 -> mpls(frame);
            case 2 -> frame.type(0x88b5).payload(bytes(random.nextInt(30)));
            case 3 -> frame.snap().ipv4(ipv4(), ipv4()).udp(port(), port());
            case 4, 5, 6 -> ipv6(frame);
            default -> {
                frame.ipv4(ipv4(), ipv4()).tos(tos()).ttl(ttl());
                if (random.nextInt(8) == 0) {
                    frame.options(bytes(4 * random.nextInt(4)));
                }
                if (random.nextInt(6) == 0) {
                    frame.fragment(8 * random.nextInt(2), random.nextBoolean());
                }
                transport(frame);
            }
        }
        return (random.nextBoolean() ? frame.padTo(FrameBuilder.MIN_WIRE_BYTES) : frame).build();
    }

    private void mpls(FrameBuilder frame) {
        int entries = 1 + random.nextInt(3);
        for (int entry = 1; entry <= entries; entry++) {
            frame.mpls(16 + random.nextInt(3), random.nextInt(3), entry == entries, ttl());
        }
        if (random.nextBoolean()) {
            frame.payload(FrameBuilder.ethernet(mac(), mac())
                    .ipv4(ipv4(), ipv4())
                    .ttl(ttl())
                    .tcp(port(), port())
                    .build());
        } else {
            frame.payload(bytes(random.nextInt(30)));
        }
    }

    private void ipv6(FrameBuilder frame) {
        frame.ipv6(ipv6(), ipv6()).tos(tos()).ttl(ttl()).label(random.nextInt(3));
        switch (random.nextInt(8)) {
            case 0 -> frame.extension(IpProtocol.HOP_BY_HOP, new byte[8]);
            case 1 -> frame.extension(IpProtocol.DESTINATION_OPTIONS, new byte[8]);
            case 2 -> {
                byte low = (byte) new int[] {0, 1, 8, 9}[random.nextInt(4)];
                frame.extension(IpProtocol.FRAGMENT, new byte[] {0, 0, 0, low, 1, 2, 3, 4});
            }
            default -> {
                // No extension header.
            }
        }
        if (random.nextInt(4) == 0) {
            neighbour(frame);
        } else {
            transport(frame);
        }
    }

    private void neighbour(FrameBuilder frame) {
        boolean isAdvertisement = random.nextBoolean();
        byte[] target = new byte[16];
        target[0] = (byte) 0xfd;
        target[15] = (byte) random.nextInt(3);
        frame.icmp(Icmpv6.NEIGHBOUR_SOLICITATION + (isAdvertisement ? 1 : 0), 0).payload(target);
        if (random.nextBoolean()) {
            frame.payload(
                    (byte) (isAdvertisement ? 2 : 1), (byte) 1, (byte) 2, (byte) 0, (byte) 0, (byte) 0, (byte) 0, (byte)
                            random.nextInt(3));
        }
    }

    private void transport(FrameBuilder frame) {
        switch (random.nextInt(8)) {
            case 0, 1, 2 -> frame.tcp(port(), port()).flags(random.nextInt(64));
            case 3, 4 -> frame.udp(port(), port());
            case 5 -> frame.sctp(port(), port());
            case 6 -> frame.icmp(random.nextBoolean() ? 8 : 0, random.nextInt(2));
            default -> frame.protocol(47);
        }
        frame.payload(bytes(random.nextInt(12)));
    }

    String mac() {
        return "02:00:00:00:00:0" + random.nextInt(3);
    }

    String ipv4() {
        return "10.0." + random.nextInt(2) + "." + random.nextInt(3);
    }

    String ipv6() {
        return "fd00::" + random.nextInt(3);
    }

    int port() {
        return PORTS[random.nextInt(PORTS.length)];
    }

    private int ttl() {
        return TTLS[random.nextInt(TTLS.length)];
    }

    private int tos() {
        return random.nextInt(3) == 0 ? random.nextInt(256) : 0;
    }

    private int tci() {
        return random.nextInt(3) << 13 | 1 + random.nextInt(2);
    }

    private byte[] bytes(int count) {
        byte[] bytes = new byte[count];
        random.nextBytes(bytes);
        return bytes;
    }
}
