// SPDX-License-Identifier: Apache-2.0
package io.makas.flow.oracle;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;

import io.makas.flow.packet.FrameBuilder;
import io.makas.flow.pipeline.PortState;
import io.makas.flow.replay.Replay;
import io.makas.flow.replay.ReplayResult;
import io.makas.flow.text.FlowText;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;

/**
 * Items of the list of OpenFlow semantics that are about the bytes of packets, on whole frames. The others have tests named with their
 * number: 1 to 6 in {@code FlowModTest}, 7 and 8 in {@code MatchTest}, 10 to 20 in {@code WalkTest}, 5 and 22 to 25 in the tests of
 * groups and meters, 26, 28, 30 to 32 in those of entries. Of 27 and 29, and of the messages of 6, 20, 26 and 28, there is nothing
 * without a channel.
 */
final class OpenFlowItemsTest {

    private final Replay replay =
            new Replay(List.of(new PortState(1), new PortState(2), new PortState(3)), 1_000, 1_000);

    @Test
    void item9ShouldSeePortsOfFirstFragmentsOnly() throws Exception {
        add("priority=2,udp,udp_dst=53,actions=output:2", "priority=1,ip,ip_frag=later,actions=output:3");

        assertEquals(
                2,
                send(ipv4().fragment(0, true).udp(1, 53)).outputs().getFirst().port());
        assertEquals(
                3,
                send(ipv4().fragment(8, false).protocol(17))
                        .outputs()
                        .getFirst()
                        .port());
    }

    @Test
    void item18ShouldKeepChecksumsRight() throws Exception {
        add("tcp,actions=set_field:10.0.0.9->ip_dst,set_field:81->tcp_dst,set_field:9->nw_ttl,output:2");

        byte[] sent = send(ipv4().tcp(1, 80).payload((byte) 1, (byte) 2, (byte) 3))
                .outputs()
                .getFirst()
                .frame();

        byte[] expected = FrameBuilder.ethernet("02:00:00:00:00:01", "02:00:00:00:00:02")
                .ipv4("10.0.0.1", "10.0.0.9")
                .ttl(9)
                .tcp(1, 81)
                .payload((byte) 1, (byte) 2, (byte) 3)
                .build();
        assertArrayEquals(expected, sent);
    }

    @Test
    void item20ShouldCutWhatTheControllerGetsAndTellTheWholeLength() throws Exception {
        add("cookie=7,udp,actions=controller:20");
        byte[] frame = ipv4().udp(1, 2).build();

        ReplayResult.PacketIn in = replay.send(1, frame, 0).packetIns().getFirst();

        assertArrayEquals(Arrays.copyOf(frame, 20), in.data());
        assertEquals(frame.length, in.totalBytes());
        assertEquals(7, in.cookie());
    }

    @Test
    void item21ShouldLeaveBytesAloneWhenAQueueIsSet() throws Exception {
        add("udp,actions=set_queue:4711,output:2");
        byte[] frame = ipv4().udp(1, 2).build();

        ReplayResult.Output sent = replay.send(1, frame, 0).outputs().getFirst();

        assertEquals(2, sent.port());
        assertArrayEquals(frame, sent.frame());
    }

    private void add(String... flows) throws Exception {
        for (String flow : flows) {
            replay.pipeline().apply(List.of(FlowText.parse(flow)));
        }
    }

    private ReplayResult send(FrameBuilder frame) {
        return replay.send(1, frame.build(), 0);
    }

    private static FrameBuilder ipv4() {
        return FrameBuilder.ethernet("02:00:00:00:00:01", "02:00:00:00:00:02").ipv4("10.0.0.1", "10.0.0.2");
    }
}
