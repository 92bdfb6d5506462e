// SPDX-License-Identifier: Apache-2.0
package io.makas.flow.action;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.makas.flow.key.Field;
import io.makas.flow.packet.FrameBuilder;
import io.makas.flow.pipeline.DropReason;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Copies that go their own way, and whatever else a program can end with or be held up by. */
class NestedProgramTest {

    private static final int HEADROOM_BYTES = 128;

    @Test
    void shouldKeepWhatACloneChangesToTheClone() {
        RecordingSink sink = run(
                udp(2000).build(),
                Code.set(Field.UDP_DST, 53),
                Code.cloned(Code.set(Field.UDP_DST, 99), Code.pushVlan(0x8100, 7), Code.last(1)),
                Code.pushVlan(0x8100, 8),
                Code.last(2));

        assertArrayEquals(tagged(7, 99), sink.outputs.get(0).bytes());
        assertArrayEquals(tagged(8, 53), sink.outputs.get(1).bytes());
    }

    @Test
    void shouldNotCopyForACloneThatIsTheLast() {
        byte[] sent = new RecordingSink()
                .copying(0)
                .with(udp(2000).build(), 4, Code.cloned(Code.cloned(Code.pushVlan(0x8100, 7), Code.last(1))))
                .only();

        assertArrayEquals(tagged(7, 2000), sent);
    }

    @Test
    void shouldRunClonesInClones() {
        RecordingSink sink = run(
                udp(1).build(),
                Code.cloned(
                        Code.set(Field.UDP_DST, 2),
                        Code.cloned(Code.set(Field.UDP_DST, 3), Code.cloned(Code.last(10)), Code.last(11)),
                        Code.cloned(Code.last(12)),
                        Code.output(13)),
                Code.last(14));

        assertEquals(
                List.of(10, 11, 12, 13, 14),
                sink.outputs.stream().map(RecordingSink.Output::port).toList());
        int[] ports = {3, 3, 2, 2, 1};
        for (int i = 0; i < ports.length; i++) {
            assertArrayEquals(udp(ports[i]).build(), sink.outputs.get(i).bytes());
        }
    }

    @Test
    void shouldGoOnWithThePacketWhenThereIsNoBufferForAClone() {
        RecordingSink sink = new RecordingSink()
                .copying(0)
                .with(
                        udp(1).build(),
                        HEADROOM_BYTES,
                        Code.of(Code.cloned(Code.set(Field.UDP_DST, 9), Code.last(1)), Code.last(2)));

        assertEquals(2, sink.outputs.getFirst().port());
        assertArrayEquals(udp(1).build(), sink.only());
    }

    @Test
    void shouldDropACloneAloneThatHasNoHeadroom() {
        int[][] tags = new int[20][];
        Arrays.fill(tags, Code.pushVlan(0x8100, 1));

        RecordingSink sink = run(udp(1).build(), Code.cloned(Code.of(tags), Code.last(1)), Code.last(2));

        assertEquals(List.of(DropReason.NO_HEADROOM), sink.reasons);
        assertArrayEquals(udp(1).build(), sink.only());
    }

    @Test
    void shouldRefuseClonesThatAWorkerCouldNotRun() {
        int[] deepest = Code.last(1);
        for (int depth = 0; depth < ActionProgram.MAX_CLONE_DEPTH; depth++) {
            deepest = Code.of(Code.cloned(deepest), Code.output(2));
        }
        int[] tooDeep = Code.cloned(deepest);

        assertEquals(
                ActionProgram.MAX_CLONE_DEPTH + 1,
                run(udp(1).build(), deepest).outputs.size());
        assertRefused("more than 64 clones in clones", tooDeep);
        assertRefused("a clone of 3 numbers", ActionProgram.OP_CLONE, 3, ActionProgram.OP_OUTPUT, 1);
        assertRefused("a clone of -1 numbers", ActionProgram.OP_CLONE, -1);
        assertRefused("lacks operands", Code.of(Code.cloned(new int[] {ActionProgram.OP_OUTPUT}), Code.last(1)));
        assertRefused("behind the last output", Code.cloned(Code.last(1), Code.output(1)));
        assertRefused("behind the last output", Code.of(Code.recirculate(1), Code.output(1)));
        assertRefused("a frame of 13 bytes", Code.truncated(1, 13));
    }

    @Test
    void shouldSendTheFirstBytesAndGoOnWithAll() {
        byte[] frame = udp(1).build();

        RecordingSink sink = run(frame, Code.truncated(1, 20), Code.truncated(2, 1000), Code.last(3));

        assertArrayEquals(Arrays.copyOf(frame, 20), sink.outputs.get(0).bytes());
        assertArrayEquals(frame, sink.outputs.get(1).bytes());
        assertArrayEquals(frame, sink.outputs.get(2).bytes());
    }

    @Test
    void shouldUseTheQueueForTheOutputsThatFollow() {
        RecordingSink sink = run(
                udp(1).build(),
                Code.output(1),
                Code.queue(5),
                Code.cloned(Code.output(2), Code.queue(6), Code.last(3)),
                Code.output(4),
                Code.queue(ActionProgram.NO_QUEUE),
                Code.last(5));

        assertEquals(
                List.of(ActionProgram.NO_QUEUE, 5, 6, 5, ActionProgram.NO_QUEUE),
                sink.outputs.stream().map(RecordingSink.Output::queue).toList());
    }

    @Test
    void shouldHandTheFrameAsItIsToTheCollector() {
        RecordingSink sink = run(
                udp(1).build(), Code.set(Field.UDP_DST, 2), Code.sample(7), Code.set(Field.UDP_DST, 3), Code.last(1));

        assertEquals(7, sink.samples.getFirst().sample());
        assertArrayEquals(udp(2).build(), sink.samples.getFirst().bytes());
        assertArrayEquals(udp(3).build(), sink.only());
    }

    @Test
    void shouldEndByRecirculating() {
        RecordingSink sink = run(
                udp(1).build(),
                Code.cloned(Code.set(Field.UDP_DST, 2), Code.recirculate(8)),
                Code.set(Field.UDP_DST, 3),
                Code.recirculate(9));

        assertEquals(0, sink.doneCount);
        assertEquals(8, sink.recirculations.get(0).id());
        assertArrayEquals(udp(2).build(), sink.recirculations.get(0).bytes());
        assertEquals(9, sink.recirculations.get(1).id());
        assertArrayEquals(udp(3).build(), sink.recirculations.get(1).bytes());
    }

    @Test
    void shouldRecirculateByTheLengthOfTheFrameAsItIs() {
        byte[] frame = udp(1).build();

        for (int tags = 0; tags < 2; tags++) {
            int[] push = tags == 0 ? new int[0] : Code.pushVlan(0x8100, 1);
            int bytes = frame.length + 4 * tags;
            assertEquals(1, recirculation(run(frame, push, Code.recirculateByLength(bytes - 1, 1, 2))));
            assertEquals(2, recirculation(run(frame, push, Code.recirculateByLength(bytes, 1, 2))));
        }
    }

    @Test
    void shouldDropWhatAMeterDoesNotLetPass() {
        int[] code = Code.of(Code.output(1), Code.cloned(Code.meter(4), Code.last(2)), Code.meter(5), Code.last(3));

        RecordingSink clone =
                new RecordingSink().metering(ProgramRunner.Sink.METER_DROP).with(udp(1).build(), HEADROOM_BYTES, code);
        RecordingSink packet = new RecordingSink()
                .metering(0, ProgramRunner.Sink.METER_DROP)
                .with(udp(1).build(), HEADROOM_BYTES, code);

        assertEquals(List.of(4, 5), clone.meters);
        assertEquals(List.of(DropReason.METER), clone.reasons);
        assertEquals(List.of(1, 3), ports(clone));
        assertEquals(List.of(DropReason.METER), packet.reasons);
        assertEquals(List.of(1, 2), ports(packet));
    }

    @Test
    void shouldRaiseTheDropPrecedenceOfAssuredForwardingAlone() {
        for (int dscp = 0; dscp < 64; dscp++) {
            for (int levels = 0; levels < 5; levels++) {
                int expected = raised(dscp, levels);
                byte[] ipv4 = metered(
                        base().ipv4("10.0.0.1", "10.0.0.2").tos(dscp << 2 | 1).udp(1, 2), levels);
                byte[] ipv6 = metered(
                        base().vlan(3)
                                .ipv6("fd00::1", "fd00::2")
                                .tos(dscp << 2 | 3)
                                .udp(1, 2),
                        levels);

                assertArrayEquals(
                        base().ipv4("10.0.0.1", "10.0.0.2")
                                .tos(expected << 2 | 1)
                                .udp(1, 2)
                                .build(),
                        ipv4);
                assertArrayEquals(
                        base().vlan(3)
                                .ipv6("fd00::1", "fd00::2")
                                .tos(expected << 2 | 3)
                                .udp(1, 2)
                                .build(),
                        ipv6);
            }
        }
    }

    @Test
    void shouldLeaveWhatIsNotIpAloneWhenAMeterRemarks() {
        FrameBuilder mpls = base().mpls(1, 2, true, 3).payload(new byte[30]);

        assertArrayEquals(mpls.build(), metered(mpls, 2));
        assertArrayEquals(new byte[14], metered(new byte[14], 2));
    }

    /** RFC 2597: AF11 is 10, AF12 is 12, AF13 is 14, AF21 is 18 and so on, up to AF43 = 38. */
    private static int raised(int dscp, int levels) {
        List<List<Integer>> classes =
                List.of(List.of(10, 12, 14), List.of(18, 20, 22), List.of(26, 28, 30), List.of(34, 36, 38));
        for (List<Integer> precedences : classes) {
            int precedence = precedences.indexOf(dscp);
            if (precedence >= 0) {
                return precedences.get(Math.min(2, precedence + levels));
            }
        }
        return dscp;
    }

    private static byte[] metered(FrameBuilder frame, int levels) {
        return metered(frame.build(), levels);
    }

    private static byte[] metered(byte[] frame, int levels) {
        return new RecordingSink()
                .metering(levels)
                .with(frame, 0, Code.of(Code.meter(1), Code.last(1)))
                .only();
    }

    private static void assertRefused(String expected, int... code) {
        IllegalArgumentException refusal =
                assertThrows(IllegalArgumentException.class, () -> new ActionProgram(code, null));
        assertTrue(refusal.getMessage().contains(expected), refusal.getMessage());
    }

    private static int recirculation(RecordingSink sink) {
        assertNull(sink.reason);
        return sink.recirculations.getFirst().id();
    }

    private static List<Integer> ports(RecordingSink sink) {
        return sink.outputs.stream().map(RecordingSink.Output::port).toList();
    }

    private static byte[] tagged(int vid, int port) {
        return base().vlan(vid)
                .ipv4("10.0.0.1", "10.0.0.2")
                .udp(1000, port)
                .payload(new byte[10])
                .build();
    }

    private static FrameBuilder udp(int port) {
        return base().ipv4("10.0.0.1", "10.0.0.2").udp(1000, port).payload(new byte[10]);
    }

    private static FrameBuilder base() {
        return FrameBuilder.ethernet("02:00:00:00:00:0a", "02:00:00:00:00:0b");
    }

    private static RecordingSink run(byte[] frame, int[]... operations) {
        return RecordingSink.run(frame, HEADROOM_BYTES, Code.of(operations));
    }
}
