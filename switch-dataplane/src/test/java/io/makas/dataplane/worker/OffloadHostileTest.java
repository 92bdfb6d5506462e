// SPDX-License-Identifier: Apache-2.0
package io.makas.dataplane.worker;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.makas.dataplane.memory.Offload;
import io.makas.dataplane.testing.Unfinished;
import io.makas.flow.packet.Bytes;
import io.makas.flow.packet.FrameBuilder;
import io.makas.flow.packet.Udp;
import io.makas.flow.pipeline.DropReason;
import java.lang.foreign.MemorySegment;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

/** Frames whose guests ask for what they like, and frames under random flows. */
final class OffloadHostileTest extends OffloadScenario {

    @Test
    void shouldDropWhatNoPacketCanBeAskedFor() throws Exception {
        add("in_port=1,actions=output:2");
        ports[2].setOffloads(ALL);
        byte[] tcp = Unfinished.tcp(8_000).bytes();
        int needs = Offload.NEEDS_CHECKSUM;
        byte[] liar = tcp.clone();
        liar[46] = (byte) 0x10;
        List<Unfinished> hostile = List.of(
                new Unfinished(tcp, Offload.of(needs, Offload.GSO_TCPV4, 0, 34, 16)),
                new Unfinished(tcp, Offload.of(needs, Offload.GSO_TCPV4, 1, 34, 16)),
                new Unfinished(tcp, Offload.of(needs, Offload.GSO_TCPV6, 1_460, 34, 16)),
                new Unfinished(tcp, Offload.of(needs, Offload.GSO_UDP_L4, 1_460, 34, 16)),
                new Unfinished(tcp, Offload.of(needs, 3, 1_460, 34, 16)),
                new Unfinished(tcp, Offload.of(needs, 0x7f, 1_460, 34, 16)),
                new Unfinished(tcp, Offload.of(needs, Offload.GSO_TCPV4, 1_460, 33, 16)),
                new Unfinished(tcp, Offload.of(needs, Offload.GSO_TCPV4, 1_460, 34, 6)),
                new Unfinished(liar, Offload.of(needs, Offload.GSO_TCPV4, 1_460, 34, 16)),
                new Unfinished(new byte[60], Offload.of(needs, Offload.GSO_TCPV4, 1_460, 34, 16)),
                new Unfinished(udp(100), Offload.of(needs, Offload.GSO_NONE, 0, 65_535, 6)),
                new Unfinished(udp(100), Offload.of(needs, Offload.GSO_NONE, 0, 34, 65_535)),
                new Unfinished(udp(100), Offload.of(needs, Offload.GSO_NONE, 0, 141, 0)),
                new Unfinished(udp(100), Offload.of(needs, Offload.GSO_NONE, 0, 2, 2)),
                new Unfinished(new byte[60], Offload.of(needs, Offload.GSO_NONE, 0, 0, 0)),
                new Unfinished(new byte[5], Offload.of(needs, Offload.GSO_NONE, 0, 0, 0)));

        for (Unfinished frame : hostile) {
            send(frame);
        }

        assertEquals(hostile.size(), worker.drops().get(DropReason.BAD_OFFLOAD));
        assertNull(ports[2].collect());
        send(Unfinished.tcp(8_000));
        assertSent(2, List.of(Unfinished.tcp(8_000)));
    }

    @Test
    void shouldTakeASegmentSizeThatCutsNothingForNone() throws Exception {
        add("in_port=1,actions=output:2,output:3");
        ports[2].setOffloads(Offload.CHECKSUM);
        byte[] finished = Unfinished.tcpFrame(1_000);

        send(new Unfinished(
                finished, Offload.of(Offload.NEEDS_CHECKSUM, Offload.GSO_TCPV4 | Offload.GSO_ECN, 65_535, 34, 16)));

        assertSent(2, List.of(Unfinished.partial(finished)));
        assertSent(3, List.of(new Unfinished(finished, Offload.NONE)));
    }

    @Test
    void shouldCompleteChecksumsWithinTunnelsOfGuestsAtOnce() throws Exception {
        add("in_port=1,actions=output:2");
        ports[2].setOffloads(ALL);
        byte[] inner = Unfinished.tcpFrame(50);
        byte[] payload = new byte[8 + inner.length];
        System.arraycopy(Unfinished.partial(inner).bytes(), 0, payload, 8, inner.length);
        byte[] outer = FrameBuilder.ethernet("02:00:00:00:00:01", "02:00:00:00:00:02")
                .ipv4("192.0.2.1", "192.0.2.2")
                .udp(7_777, 4_789)
                .payload(payload)
                .build();
        Bytes.put16(MemorySegment.ofArray(outer), 34 + Udp.CHECKSUM, 0);

        send(new Unfinished(outer, Offload.of(Offload.NEEDS_CHECKSUM, Offload.GSO_NONE, 0, 50 + 34, 16)));

        List<Unfinished> sent = sent(2);
        assertEquals(Offload.NONE, sent.getFirst().offload());
        byte[] received = sent.getFirst().bytes();
        assertArrayEquals(inner, Arrays.copyOfRange(received, 50, received.length));
    }

    @Test
    void shouldDoTheSameToALargeFrameAsToItsSegments() throws Exception {
        String[] rewrites = {
            "resubmit(,11),",
            "resubmit(,12),",
            "resubmit(,13),",
            "resubmit(,14),",
            "resubmit(,15),",
            "push_vlan:0x88a8,",
            "mod_dl_dst:02:00:00:00:00:55,",
            "resubmit(,16),",
            "clone(push_vlan:0x8100,resubmit(,11),output:3),",
            "clone(resubmit(,12),resubmit(,13),output:2,resubmit(,16),output:4),",
            "output:2,",
            "output:3,",
            "flood,"
        };
        for (String flow : REWRITES) {
            add(flow);
        }
        long seed = 20261122;
        Random random = new Random(seed);
        for (int round = 0; round < 600; round++) {
            StringBuilder actions = new StringBuilder();
            for (int i = random.nextInt(5); i >= 0; i--) {
                actions.append(rewrites[random.nextInt(rewrites.length)]);
            }
            add("in_port=1,actions=" + actions + "output:2");
            Unfinished frame = randomFrame(random);
            List<List<byte[]>> expected = new ArrayList<>();
            for (int number = 2; number <= PORTS; number++) {
                ports[number].setOffloads(0);
            }
            for (byte[] segment : frame.finished()) {
                send(new Unfinished(segment, Offload.NONE));
            }
            for (int number = 2; number <= PORTS; number++) {
                expected.add(bySegments(sent(number), frame.finished().size()));
                ports[number].setOffloads(random.nextInt() & ALL);
            }

            send(frame);

            for (int number = 2; number <= PORTS; number++) {
                List<byte[]> actual = sent(number).stream()
                        .flatMap(sent -> sent.finished().stream())
                        .toList();
                String where = "seed " + seed + ", round " + round + ", port " + number + ", actions " + actions;
                assertEquals(expected.get(number - 2).size(), actual.size(), where);
                for (int i = 0; i < actual.size(); i++) {
                    assertArrayEquals(expected.get(number - 2).get(i), actual.get(i), where + ", frame " + i);
                }
            }
        }
    }

    @Test
    void shouldSurviveWhateverAGuestAsksFor() throws Exception {
        for (String flow : REWRITES) {
            add(flow);
        }
        add(
                "in_port=1,actions=resubmit(,11),flood,resubmit(,12),output(port=3,max_len=100),clone(push_vlan:0x8100,output:2),"
                        + "resubmit(,13),output(port=4,max_len=20000),resubmit(,14),resubmit(,15)");
        ports[2].setOffloads(ALL);
        ports[3].setOffloads(Offload.CHECKSUM);
        Random random = new Random(31);
        HostileFrames frames = new HostileFrames(random);
        for (int round = 0; round < 3_000; round++) {
            for (int i = random.nextInt(10); i > 0; i--) {
                byte[] frame = random.nextBoolean()
                        ? frames.next()
                        : randomFrame(random).bytes();
                long offload = Offload.of(
                        random.nextInt(4),
                        random.nextInt(7),
                        random.nextInt(random.nextBoolean() ? 2_000 : 65_536),
                        random.nextBoolean() ? 34 : random.nextInt(random.nextBoolean() ? 100 : 65_536),
                        random.nextBoolean() ? 16 : random.nextInt(65_536));
                ports[1].inject(frame, random.nextInt(50) == 0 ? random.nextLong() | 1 : offload | 1);
            }
            worker.doWork();
            for (int number = 1 + round / 1_000; number <= PORTS; number++) {
                ports[number].discard();
            }
        }
        while (worker.doWork() > 0) {
            // Until all are handled.
        }

        assertTrue(worker.drops().get(DropReason.BAD_OFFLOAD) > 100);
    }

    private static final String[] REWRITES = {
        "table=11,ip,actions=mod_nw_src:10.9.9.9,mod_nw_dst:1.2.3.4",
        "table=11,ipv6,actions=set_field:fd00::99->ipv6_dst",
        "table=12,tcp,actions=mod_tp_src:7,mod_tp_dst:8",
        "table=12,tcp6,actions=mod_tp_src:7,mod_tp_dst:8",
        "table=12,udp,actions=mod_tp_src:7,mod_tp_dst:8",
        "table=12,udp6,actions=mod_tp_src:7,mod_tp_dst:8",
        "table=13,ip,actions=dec_ttl,mod_nw_tos:8",
        "table=13,ipv6,actions=dec_ttl,set_field:5->ipv6_label",
        "table=14,ip,actions=push_mpls:0x8847,pop_mpls:0x0800,resubmit(,12),output:4",
        "table=16,vlan_tci=0x1000/0x1000,actions=pop_vlan",
        "table=15,ipv6,actions=push_mpls:0x8847,output:4,pop_mpls:0x86dd,resubmit(,11)",
    };

    /** From the frames that each of so many segments gave, those of the first output first. */
    private static List<byte[]> bySegments(List<Unfinished> sent, int segments) {
        int outputs = sent.size() / segments;
        List<byte[]> frames = new ArrayList<>();
        for (int output = 0; output < outputs; output++) {
            for (int segment = 0; segment < segments; segment++) {
                frames.add(sent.get(segment * outputs + output).bytes());
            }
        }
        return frames;
    }

    private static Unfinished randomFrame(Random random) {
        FrameBuilder builder = FrameBuilder.ethernet("02:00:00:00:00:01", "02:00:00:00:00:02");
        if (random.nextBoolean()) {
            builder.vlan(1 + random.nextInt(100));
        }
        if (random.nextBoolean()) {
            builder.ipv4("10.0.0.1", "10.0.0.2");
        } else {
            builder.ipv6("fd00::1", "fd00::2");
        }
        byte[] payload = new byte[1 + random.nextInt(8_000)];
        random.nextBytes(payload);
        byte[] frame = random.nextBoolean()
                ? builder.tcp(1_024, 80)
                        .flags(random.nextInt(256))
                        .payload(payload)
                        .build()
                : builder.udp(1_024, 53).payload(payload).build();
        return payload.length > 500
                ? Unfinished.cut(frame, 200 + random.nextInt(payload.length - 200))
                : Unfinished.partial(frame);
    }
}
