// SPDX-License-Identifier: Apache-2.0
package io.makas.flow.action;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;

import io.makas.flow.key.Field;
import io.makas.flow.packet.FrameBuilder;
import io.makas.flow.pipeline.DropReason;
import java.util.Arrays;
import org.junit.jupiter.api.Test;

/** MPLS label stack entries pushed, popped and changed: byte for byte the frame that was built so. */
class MplsProgramTest {

    private static final int MPLS = 0x8847;
    private static final int MPLS_MULTICAST = 0x8848;
    private static final int IPV4 = 0x0800;
    private static final int IPV6 = 0x86dd;

    @Test
    void shouldPushAnEntryBeforeIpAndPopIt() {
        RecordingSink sink = run(
                4,
                ipv4(base(), 64).build(),
                Code.pushMpls(MPLS, 0xabcde, 5, true, 63),
                Code.output(1),
                Code.popMpls(IPV4),
                Code.last(2));

        assertArrayEquals(
                labelled(base().mpls(0xabcde, 5, true, 63), 64),
                sink.outputs.get(0).bytes());
        assertArrayEquals(ipv4(base(), 64).build(), sink.outputs.get(1).bytes());
    }

    @Test
    void shouldPushAnEntryBehindTheTagsAndBeforeOtherEntries() {
        byte[] sent = run(
                        64,
                        ipv4(base().vlan(7), 64).build(),
                        Code.pushMpls(MPLS, 1, 0, true, 9),
                        Code.pushVlan(0x88a8, 8),
                        Code.pushVlan(0x8100, 9),
                        Code.pushMpls(MPLS, 2, 0, false, 9),
                        Code.last(1))
                .only();

        FrameBuilder expected = base().vlan(9).vlan(0x88a8, 8).vlan(7).mpls(2, 0, false, 9);
        assertArrayEquals(labelled(expected.mpls(1, 0, true, 9), 64), sent);
    }

    @Test
    void shouldTakeTheTtlOfTheHeaderThatTheTypeNames() {
        byte[] whole = ipv4(base(), 64).build();
        byte[] tooLong = whole.clone();
        tooLong[16] = 0x7f;
        byte[] ofOtherVersion = whole.clone();
        ofOtherVersion[14] = 0x65;

        assertEquals(64, pushedTtl(whole));
        assertEquals(0, pushedTtl(tooLong));
        assertEquals(64, pushedTtl(ofOtherVersion));
    }

    /** The TTL of an entry that is pushed and copies that of IP. */
    private static int pushedTtl(byte[] frame) {
        byte[] sent = run(4, frame, Code.pushMpls(MPLS, 1, 0, true, 0), Code.copyTtlOut(), Code.last(1))
                .only();
        return sent[17];
    }

    @Test
    void shouldKeepToTheTypeThatWasAskedFor() {
        byte[] sent = run(
                        8,
                        ipv4(base(), 64).build(),
                        Code.pushMpls(MPLS_MULTICAST, 1, 0, true, 9),
                        Code.pushMpls(MPLS, 2, 0, false, 9),
                        Code.popMpls(MPLS_MULTICAST),
                        Code.last(1))
                .only();

        byte[] expected = labelled(base().mpls(1, 0, true, 9), 64);
        expected[13] = 0x48;
        assertArrayEquals(expected, sent);
    }

    @Test
    void shouldChangeIpThatWasPoppedFree() {
        byte[] sent = run(
                        0,
                        labelled(base().vlan(3).mpls(1, 0, true, 9), 64),
                        Code.popMpls(IPV4),
                        Code.set(Field.IP_DST, 0x0a000063),
                        Code.set(Field.UDP_DST, 99),
                        Code.decTtl(),
                        Code.last(1))
                .only();

        assertArrayEquals(
                base().vlan(3)
                        .ipv4("10.0.0.1", "10.0.0.99")
                        .ttl(63)
                        .udp(1000, 99)
                        .payload(new byte[10])
                        .build(),
                sent);
    }

    @Test
    void shouldTellTheNewLengthOfASnapFrame() {
        byte[] frame = ipv4(base().snap(), 64).build();

        RecordingSink sink =
                run(4, frame, Code.pushMpls(MPLS, 1, 0, true, 9), Code.output(1), Code.popMpls(IPV4), Code.last(1));

        byte[] pushed = sink.outputs.get(0).bytes();
        assertEquals(pushed.length - 14, (pushed[12] & 0xff) << 8 | pushed[13] & 0xff);
        assertEquals((byte) 0x88, pushed[20]);
        assertArrayEquals(frame, sink.outputs.get(1).bytes());
    }

    @Test
    void shouldSetFieldsOfTheOuterEntryAlone() {
        byte[] sent = run(
                        0,
                        labelled(base().mpls(1, 2, false, 3).mpls(4, 5, true, 6), 64),
                        Code.set(Field.MPLS_LABEL, 0xfff00, 0xfff00),
                        Code.set(Field.MPLS_TC, 7),
                        Code.set(Field.MPLS_TTL, 200),
                        Code.decMplsTtl(),
                        Code.last(1))
                .only();

        assertArrayEquals(labelled(base().mpls(0xfff01, 7, false, 199).mpls(4, 5, true, 6), 64), sent);
    }

    @Test
    void shouldCopyTheTtlOutwards() {
        assertArrayEquals(
                labelled(base().mpls(1, 2, false, 6).mpls(4, 5, true, 6), 64),
                sent(labelled(base().mpls(1, 2, false, 3).mpls(4, 5, true, 6), 64), Code.copyTtlOut()));
        assertArrayEquals(
                labelled(base().mpls(1, 2, true, 77), 77),
                sent(labelled(base().mpls(1, 2, true, 3), 77), Code.copyTtlOut()));
        assertArrayEquals(
                labelled6(base().mpls(1, 2, true, 77), 77),
                sent(labelled6(base().mpls(1, 2, true, 3), 77), Code.copyTtlOut()));
    }

    @Test
    void shouldCopyTheTtlInwards() {
        assertArrayEquals(
                labelled(base().mpls(1, 2, false, 3).mpls(4, 5, true, 3), 64),
                sent(labelled(base().mpls(1, 2, false, 3).mpls(4, 5, true, 6), 64), Code.copyTtlIn()));
        assertArrayEquals(
                labelled(base().mpls(1, 2, true, 3), 3),
                sent(labelled(base().mpls(1, 2, true, 3), 64), Code.copyTtlIn()));
        assertArrayEquals(
                labelled6(base().mpls(1, 2, true, 3), 3),
                sent(labelled6(base().mpls(1, 2, true, 3), 64), Code.copyTtlIn()));
    }

    @Test
    void shouldLeaveAloneWhatHasNoEntryOrNothingKnownBehindIt() {
        byte[] other = base().mpls(1, 2, true, 3).payload(new byte[60]).build();
        int[][] operations = {
            Code.copyTtlIn(),
            Code.copyTtlOut(),
            Code.decMplsTtl(),
            Code.popMpls(IPV4),
            Code.set(Field.MPLS_LABEL, 9),
            Code.set(Field.MPLS_TTL, 9)
        };

        for (byte[] frame :
                new byte[][] {ipv4(base(), 9).build(), base().type(0x9999).build(), Arrays.copyOf(other, 17)}) {
            for (int[] operation : operations) {
                assertArrayEquals(frame, sent(frame, operation));
            }
        }
        for (int bytes : new int[] {18, 19, 37, 60, 74}) {
            byte[] cut = Arrays.copyOf(other, bytes);
            assertArrayEquals(cut, sent(cut, Code.copyTtlIn()));
            assertArrayEquals(cut, sent(cut, Code.copyTtlOut()));
        }
    }

    @Test
    void shouldDropWhenThereIsNoRoomForAnEntry() {
        RecordingSink sink = run(3, ipv4(base(), 64).build(), Code.pushMpls(MPLS, 1, 0, true, 9), Code.last(1));

        assertEquals(DropReason.NO_HEADROOM, sink.reason);
    }

    @Test
    void shouldPopTagsThatAPoppedEntryHid() {
        byte[] hidden =
                base().vlan(5).vlan(6).type(0x9999).payload(new byte[40]).build();
        byte[] frame = base().vlan(7)
                .mpls(1, 0, true, 9)
                .payload(Arrays.copyOfRange(hidden, 14, hidden.length))
                .build();

        byte[] sent = sent(
                frame,
                Code.of(
                        Code.popMpls(0x8100),
                        Code.popVlan(),
                        Code.popVlan(),
                        Code.popVlan(),
                        Code.popVlan(),
                        Code.set(Field.MPLS_LABEL, 1),
                        Code.set(Field.IP_SRC, 1)));

        assertArrayEquals(base().type(0x9999).payload(new byte[40]).build(), sent);
    }

    private static byte[] sent(byte[] frame, int[] operation) {
        return run(0, frame, operation, Code.last(1)).only();
    }

    private static byte[] labelled(FrameBuilder frame, int ttl) {
        return withPayload(frame, ipv4(base(), ttl).build());
    }

    private static byte[] labelled6(FrameBuilder frame, int ttl) {
        return withPayload(
                frame, base().ipv6("fd00::1", "fd00::2").ttl(ttl).udp(1, 2).build());
    }

    private static byte[] withPayload(FrameBuilder frame, byte[] other) {
        return frame.payload(Arrays.copyOfRange(other, 14, other.length)).build();
    }

    private static FrameBuilder ipv4(FrameBuilder frame, int ttl) {
        return frame.ipv4("10.0.0.1", "10.0.0.2").ttl(ttl).udp(1000, 2000).payload(new byte[10]);
    }

    private static FrameBuilder base() {
        return FrameBuilder.ethernet("02:00:00:00:00:0a", "02:00:00:00:00:0b");
    }

    private static RecordingSink run(int headroomBytes, byte[] frame, int[]... operations) {
        return RecordingSink.run(frame, headroomBytes, Code.of(operations));
    }
}
