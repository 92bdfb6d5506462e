// SPDX-License-Identifier: Apache-2.0
package io.makas.flow.action;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.makas.flow.key.Field;
import io.makas.flow.packet.FrameBuilder;
import io.makas.flow.pipeline.DropReason;
import java.util.Arrays;
import org.junit.jupiter.api.Test;

class ProgramRunnerTest {

    private static final String A = "02:00:00:00:00:0a";
    private static final String B = "02:00:00:00:00:0b";
    private static final int HEADROOM_BYTES = 128;

    @Test
    void shouldDropWithTheReasonOfAnEmptyProgram() {
        RecordingSink sink = run(udp().build());

        assertTrue(sink.outputs.isEmpty());
        assertEquals(1, sink.doneCount);
        assertEquals(DropReason.FLOW_DROP, sink.reason);
    }

    @Test
    void shouldHandOverTheBufferWithTheLastOutput() {
        byte[] frame = udp().build();

        RecordingSink sink = run(frame, Code.last(4));

        assertArrayEquals(frame, sink.only());
        assertEquals(4, sink.outputs.getFirst().port());
        assertTrue(sink.outputs.getFirst().last());
        assertEquals(0, sink.doneCount);
    }

    @Test
    void shouldGiveTheBufferBackAfterCopiesOnly() {
        RecordingSink sink = run(udp().build(), Code.output(1), Code.output(2));

        assertEquals(2, sink.outputs.size());
        assertEquals(1, sink.doneCount);
        assertNull(sink.reason);
    }

    @Test
    void shouldSendEachOutputAsChangedByWhatIsBeforeIt() {
        byte[] frame = udp().build();

        RecordingSink sink = run(
                frame,
                Code.output(1),
                Code.set(Field.UDP_DST, 53),
                Code.output(2),
                Code.pushVlan(0x8100, 10),
                Code.output(3),
                Code.popVlan(),
                Code.last(4));

        byte[] changed = base().ipv4("10.0.0.1", "10.0.0.2")
                .udp(1000, 53)
                .payload(new byte[10])
                .build();
        byte[] tagged = base().vlan(10)
                .ipv4("10.0.0.1", "10.0.0.2")
                .udp(1000, 53)
                .payload(new byte[10])
                .build();
        assertArrayEquals(frame, sink.outputs.get(0).bytes());
        assertArrayEquals(changed, sink.outputs.get(1).bytes());
        assertArrayEquals(tagged, sink.outputs.get(2).bytes());
        assertArrayEquals(changed, sink.outputs.get(3).bytes());
    }

    @Test
    void shouldHandThePacketToTheController() {
        byte[] frame = udp().build();

        RecordingSink sink = run(frame, Code.controller(20, 3), Code.controller(0xffff, 4));

        RecordingSink.PacketIn first = sink.packetIns.get(0);
        assertArrayEquals(Arrays.copyOf(frame, 20), first.bytes());
        assertEquals(3, first.context());
        assertArrayEquals(frame, sink.packetIns.get(1).bytes());
        assertNull(sink.reason);
    }

    @Test
    void shouldPushAServiceTagOutsideOfTheCustomerTag() {
        byte[] frame = base().vlan(7).ipv4("10.0.0.1", "10.0.0.2").udp(1, 2).build();

        byte[] pushed = run(frame, Code.pushVlan(0x88a8, 0x6009), Code.last(1)).only();

        byte[] expected = base().vlan(0x88a8, 0x6009)
                .vlan(7)
                .ipv4("10.0.0.1", "10.0.0.2")
                .udp(1, 2)
                .build();
        assertArrayEquals(expected, pushed);
    }

    @Test
    void shouldDropWhenThereIsNoRoomForATag() {
        RecordingSink sink = RecordingSink.run(udp().build(), 7, Code.of(Code.output(1), twice(), Code.last(2)));

        assertEquals(1, sink.outputs.size());
        assertEquals(1, sink.doneCount);
        assertEquals(DropReason.NO_HEADROOM, sink.reason);
    }

    @Test
    void shouldKnowTheIpHeaderBehindAsManyTagsAsFit() {
        int[][] code = new int[66][];
        Arrays.fill(code, Code.pushVlan(0x8100, 7));
        code[64] = Code.set(Field.IP_SRC, 0x0a00_0063);
        code[65] = Code.last(1);
        FrameBuilder builder = base();
        for (int tag = 0; tag < 64; tag++) {
            builder.vlan(7);
        }

        RecordingSink sink = RecordingSink.run(udp().build(), 256, Code.of(code));

        byte[] expected = builder.ipv4("10.0.0.99", "10.0.0.2")
                .udp(1000, 2000)
                .payload(new byte[10])
                .build();
        assertArrayEquals(expected, sink.only());
    }

    @Test
    void shouldUseRoomThatAPoppedTagLeft() {
        byte[] frame = base().vlan(7).type(0x9999).payload(new byte[46]).build();

        byte[] swapped = RecordingSink.run(frame, 0, Code.of(Code.popVlan(), Code.pushVlan(0x88a8, 8), Code.last(1)))
                .only();

        assertArrayEquals(
                base().vlan(0x88a8, 8).type(0x9999).payload(new byte[46]).build(), swapped);
    }

    @Test
    void shouldLeaveFramesWithoutTagAlone() {
        byte[] untagged = udp().build();
        byte[] halfTag = Arrays.copyOf(base().vlan(7).type(0x0800).build(), 17);

        for (byte[] frame : new byte[][] {untagged, halfTag}) {
            assertArrayEquals(frame, run(frame, Code.popVlan(), Code.last(1)).only());
            assertArrayEquals(
                    frame,
                    run(frame, Code.set(Field.VLAN_VID, 0x1009), Code.last(1)).only());
        }
    }

    @Test
    void shouldKeepTheDropEligibleBitOfATag() {
        byte[] frame = base().vlan(0x8100, 0x3007).type(0x9999).build();

        byte[] changed = run(frame, Code.set(Field.VLAN_VID, 0x0009), Code.set(Field.VLAN_PCP, 7), Code.last(1))
                .only();

        assertArrayEquals(base().vlan(0x8100, 0xf009).type(0x9999).build(), changed);
    }

    @Test
    void shouldChangeIpBehindAThirdTagThatItPushed() {
        byte[] frame =
                base().vlan(1).vlan(2).ipv4("10.0.0.1", "10.0.0.2").udp(1, 2).build();

        byte[] changed = run(frame, Code.pushVlan(0x88a8, 3), Code.set(Field.IP_DST, 0x0a000003), Code.last(1))
                .only();

        byte[] expected = base().vlan(0x88a8, 3)
                .vlan(1)
                .vlan(2)
                .ipv4("10.0.0.1", "10.0.0.3")
                .udp(1, 2)
                .build();
        assertArrayEquals(expected, changed);
    }

    @Test
    void shouldDecrementTtlAndHopLimit() {
        byte[] ipv4 = base().ipv4("10.0.0.1", "10.0.0.2").ttl(2).udp(1, 2).build();
        byte[] ipv6 = base().ipv6("fd00::1", "fd00::2").ttl(255).udp(1, 2).build();
        byte[] other = base().type(0x9999).payload(new byte[46]).build();

        assertArrayEquals(
                base().ipv4("10.0.0.1", "10.0.0.2").ttl(1).udp(1, 2).build(),
                run(ipv4, Code.decTtl(), Code.last(1)).only());
        assertArrayEquals(
                base().ipv6("fd00::1", "fd00::2").ttl(254).udp(1, 2).build(),
                run(ipv6, Code.decTtl(), Code.last(1)).only());
        assertArrayEquals(other, run(other, Code.decTtl(), Code.last(1)).only());
    }

    @Test
    void shouldTouchNothingBehindTheFrame() {
        byte[] frame = Arrays.copyOf(udp().build(), 33);

        byte[] same = run(frame, Code.set(Field.IP_DST, 1), Code.set(Field.UDP_DST, 1), Code.decTtl(), Code.last(1))
                .only();

        assertArrayEquals(frame, same);
    }

    private static int[] twice() {
        return Code.of(Code.pushVlan(0x8100, 1), Code.pushVlan(0x8100, 2));
    }

    private static FrameBuilder base() {
        return FrameBuilder.ethernet(A, B);
    }

    private static FrameBuilder udp() {
        return base().ipv4("10.0.0.1", "10.0.0.2").udp(1000, 2000).payload(new byte[10]);
    }

    private static RecordingSink run(byte[] frame, int[]... operations) {
        return RecordingSink.run(frame, HEADROOM_BYTES, Code.of(operations));
    }
}
