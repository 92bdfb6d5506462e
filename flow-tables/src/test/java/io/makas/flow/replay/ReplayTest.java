// SPDX-License-Identifier: Apache-2.0
package io.makas.flow.replay;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.makas.flow.RandomFlows;
import io.makas.flow.action.PacketInReason;
import io.makas.flow.key.KeyExtractor;
import io.makas.flow.key.KeyLayout;
import io.makas.flow.packet.FrameBuilder;
import io.makas.flow.pipeline.DropReason;
import io.makas.flow.pipeline.PortState;
import io.makas.flow.table.FlowFilter;
import io.makas.flow.table.FlowMod;
import io.makas.flow.table.FlowModException;
import io.makas.flow.table.FlowRemoved;
import io.makas.flow.table.FlowStatistics;
import io.makas.flow.text.FlowText;
import io.makas.flow.text.FlowTextException;
import io.makas.flow.text.MeterText;
import java.lang.foreign.MemorySegment;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

final class ReplayTest {

    private static final List<PortState> PORTS =
            List.of(new PortState(1), new PortState(2), new PortState(3), new PortState(4));
    private static final String RED = "02:00:00:00:00:01";
    private static final String BLUE = "02:00:00:00:00:02";

    private final Replay replay = new Replay(PORTS, 1_000, 100);

    @Test
    void shouldSendWhatTheFlowsSay() {
        add("priority=5,in_port=1,ip,actions=output:2,dec_ttl,output:3");
        byte[] frame = ip(64);

        ReplayResult result = replay.send(1, frame, 0);

        assertEquals(List.of(2, 3), ports(result));
        assertArrayEquals(frame, result.outputs().getFirst().frame());
        assertArrayEquals(ip(63), result.outputs().getLast().frame());
        assertNull(result.dropReason());
        assertEquals("ip,in_port=1,nw_ttl=0x40/0xc0", result.megaflowText());
        assertArrayEquals(new int[] {0}, result.tables());
    }

    @Test
    void shouldHandTheFirstBytesToTheControllers() {
        add("table=0,cookie=0xab,priority=5,ip,actions=controller:20", "table=0,priority=0,actions=controller");
        byte[] frame = ip(64);

        ReplayResult.PacketIn byAction = replay.send(1, frame, 0).packetIns().getFirst();
        ReplayResult missed = replay.send(1, arp(), 0);

        assertEquals(PacketInReason.ACTION, byAction.reason());
        assertEquals(0xab, byAction.cookie());
        assertArrayEquals(Arrays.copyOf(frame, 20), byAction.data());
        assertEquals(frame.length, byAction.totalBytes());
        assertEquals(PacketInReason.NO_MATCH, missed.packetIns().getFirst().reason());
        assertArrayEquals(arp(), missed.packetIns().getFirst().data());
        assertNull(missed.dropReason());
    }

    @Test
    void shouldNameWhyNothingIsSent() {
        add(
                "priority=5,ip,actions=dec_ttl,output:2",
                "priority=4,arp,actions=drop",
                "priority=3,ipv6,actions=output:1");
        byte[] ipv6 =
                FrameBuilder.ethernet(RED, BLUE).ipv6("fd00::1", "fd00::2").build();

        assertEquals(DropReason.TTL_EXPIRED, replay.send(1, ip(1), 0).dropReason());
        assertEquals(DropReason.FLOW_DROP, replay.send(1, arp(), 0).dropReason());
        assertEquals(DropReason.OUTPUT_TO_INPUT, replay.send(1, ipv6, 0).dropReason());
        assertEquals(
                DropReason.TABLE_MISS,
                replay.send(1, FrameBuilder.ethernet(RED, BLUE).type(0x88cc).build(), 0)
                        .dropReason());
        ReplayResult tooShort = replay.send(1, new byte[13], 0);
        assertEquals(DropReason.FRAME_TOO_SHORT, tooShort.dropReason());
        assertEquals("", tooShort.megaflowText());
        assertEquals(0, tooShort.tables().length);
    }

    @Test
    void shouldTellTablesUpToTheMeterThatDropped() throws Exception {
        replay.pipeline().apply(List.of(MeterText.parse("meter=1 pktps bands=type=drop rate=1")));
        add("table=0,actions=goto_table:1", "table=1,actions=meter:1,goto_table:2", "table=2,actions=output:2");

        assertArrayEquals(new int[] {0, 1, 2}, replay.send(1, ip(64), 0).tables());
        ReplayResult dropped = replay.send(1, ip(64), 1);
        assertEquals(DropReason.METER, dropped.dropReason());
        assertArrayEquals(new int[] {0, 1}, dropped.tables());
    }

    @Test
    void shouldRemoveFlowsWhoseTimeIsOverBeforeThePacketIsLookedUp() {
        add("priority=5,idle_timeout=2,ip,actions=output:2", "priority=5,hard_timeout=3,arp,actions=output:3");

        assertEquals(List.of(2), ports(replay.send(1, ip(64), 1_999)));
        assertEquals(List.of(3), ports(replay.send(1, arp(), 2_999)));
        assertEquals(List.of(), ports(replay.send(1, arp(), 3_000)));
        assertEquals(List.of(2), ports(replay.send(1, ip(64), 3_998)));
        assertEquals(List.of(), ports(replay.send(1, ip(64), 5_998)));

        assertEquals(
                List.of(FlowRemoved.Reason.HARD_TIMEOUT, FlowRemoved.Reason.IDLE_TIMEOUT),
                replay.removed().stream().map(FlowRemoved::reason).toList());
        assertEquals(2, replay.removed().getLast().statistics().packets());
    }

    @Test
    void shouldLearnAddressesAndForgetThemWhenTheyAreOld() {
        add("actions=normal");
        byte[] there =
                FrameBuilder.ethernet(RED, BLUE).ipv4("10.0.0.1", "10.0.0.2").build();
        byte[] back =
                FrameBuilder.ethernet(BLUE, RED).ipv4("10.0.0.2", "10.0.0.1").build();

        assertEquals(List.of(2, 3, 4), ports(replay.send(1, there, 0)));
        assertEquals(List.of(1), ports(replay.send(2, back, 299_999)));
        assertEquals(List.of(2), ports(replay.send(1, there, 300_500)));
        assertEquals(List.of(1), ports(replay.send(2, back, 600_499)));
        assertEquals(List.of(2, 3, 4), ports(replay.send(1, there, 900_499)));
    }

    @Test
    void shouldCountEveryPacketOnceForEachFlowThatItMatches() {
        add("table=0,priority=5,actions=resubmit(,1),goto_table:1", "table=1,priority=5,actions=output:2");

        for (int i = 0; i < 10; i++) {
            replay.send(1, ip(64), i);
        }

        List<FlowStatistics> flows = replay.pipeline().flows(FlowFilter.ALL);
        assertEquals(10, flows.getFirst().packets());
        assertEquals(20, flows.getLast().packets());
        assertEquals(20L * ip(64).length, flows.getLast().bytes());
        assertEquals(20, replay.pipeline().tables().getLast().lookups());
    }

    @Test
    void shouldTellControllersOfAnExpiredTtlAndCallThePacketDroppedAllTheSame() {
        add("priority=5,cookie=7,ip,actions=dec_ttl,output:2");

        ReplayExplanation explanation = replay.explain(1, ip(1), 0);

        assertEquals(
                PacketInReason.INVALID_TTL,
                explanation.result().packetIns().getFirst().reason());
        assertEquals(DropReason.TTL_EXPIRED, explanation.result().dropReason());
        assertEquals(DropReason.TTL_EXPIRED, explanation.traces().getFirst().dropReason());
    }

    @Test
    void shouldLookAgainAtWhatAPoppedLabelHid() {
        add("priority=5,mpls,actions=pop_mpls:0x0800,resubmit(,1)", "table=1,ip,nw_dst=10.0.0.2,actions=output:2");
        // Label 7, bottom of stack, TTL 64, then an IPv4 header without options.
        byte[] frame = HexFormat.of()
                .parseHex(
                        "020000000002020000000001" + "8847" + "00007140" + "4500001400010000403d66a90a0000010a000002");

        ReplayExplanation explanation = replay.explain(1, frame, 0);

        assertEquals(List.of(2), ports(explanation.result()));
        assertArrayEquals(new int[] {0, 1}, explanation.result().tables());
        assertEquals("mpls,in_port=1", explanation.result().megaflowText());
        assertEquals(2, explanation.traces().size());
        assertTrue(explanation.traces().getLast().text().contains("table 1: priority=32768,ip,nw_dst=10.0.0.2"));
        assertEquals(List.of(2), ports(replay.send(1, frame, 0)));
    }

    @Test
    void shouldSendWhatACloneChangedAndGoOnWithoutThat() {
        add("ip,actions=clone(dec_ttl,output:2),output:3");

        ReplayResult result = replay.send(1, ip(64), 0);

        assertEquals(List.of(2, 3), ports(result));
        assertArrayEquals(ip(63), result.outputs().getFirst().frame());
        assertArrayEquals(ip(64), result.outputs().getLast().frame());
    }

    @Test
    void shouldRefuseTimeThatGoesBackAndFramesThatAreTooLong() {
        replay.send(1, ip(64), 5);

        assertThrows(IllegalArgumentException.class, () -> replay.send(1, ip(64), 4));
        assertThrows(IllegalArgumentException.class, () -> replay.send(1, new byte[Replay.MAX_FRAME_BYTES + 1], 5));
        assertNull(replay.send(1, new byte[Replay.MAX_FRAME_BYTES], 5).outputs().stream()
                .findFirst()
                .orElse(null));
    }

    /** A cache, even one that is too small, must not be noticed but for its speed. */
    @ParameterizedTest
    @ValueSource(longs = {41, 42, 43, 44})
    void shouldGiveTheSameResultsWithAndWithoutCache(long seed) throws FlowModException {
        System.out.println("seed " + seed);
        RandomFlows random = seed % 2 == 0 ? RandomFlows.withAllActions(seed) : new RandomFlows(seed);
        List<Replay> replays =
                List.of(new Replay(PORTS, 1_000, 0), new Replay(PORTS, 1_000, 1_000), new Replay(PORTS, 1_000, 7));
        long timeMs = 0;
        int sent = 0;
        for (int round = 0; round < 400; round++) {
            FlowMod mod = withTimeouts(random.mod(round), random);
            for (Replay each : replays) {
                try {
                    each.pipeline().apply(List.of(mod));
                } catch (FlowModException e) {
                    // All three refuse it.
                }
            }
            for (int i = 0; i < 20; i++) {
                timeMs += random.below(100);
                byte[] frame = frame(random);
                int inPort = 1 + random.below(4);
                String expected = null;
                for (Replay each : replays) {
                    ReplayResult result = each.send(inPort, frame, timeMs);
                    expected = expected == null ? text(result) : expected;
                    assertEquals(expected, text(result));
                    // Megaflows may overlap, so they need not be the same, but each must be one of the packet.
                    assertTrue(result.answers().getFirst().megaflow().matches(key(inPort, frame)));
                }
                sent += expected.startsWith("[]") ? 0 : 1;
            }
        }
        assertTrue(sent > 200, "sent " + sent);
        for (Replay each : replays) {
            assertEquals(flows(replays.getFirst()), flows(each));
            assertEquals(replays.getFirst().pipeline().tables(), each.pipeline().tables());
            assertEquals(replays.getFirst().removed().size(), each.removed().size());
        }
    }

    private static FlowMod withTimeouts(FlowMod mod, RandomFlows random) {
        return mod instanceof FlowMod.Add add
                ? new FlowMod.Add(
                        add.table(),
                        add.priority(),
                        add.match(),
                        add.instructions(),
                        add.cookie(),
                        random.once(4) ? 5 + random.below(20) : 0,
                        random.once(8) ? 10 + random.below(60) : 0,
                        add.flags(),
                        add.importance())
                : mod;
    }

    private static byte[] frame(RandomFlows random) {
        FrameBuilder frame = FrameBuilder.ethernet(
                "02:00:00:00:00:0" + random.below(3),
                random.once(4) ? "ff:ff:ff:ff:ff:ff" : "02:00:00:00:00:0" + random.below(3));
        if (random.once(3)) {
            frame.vlan(0x8100, random.below(3) << 13 | 1 + random.below(2));
        }
        frame.ipv4(address(random), address(random)).ttl(random.once(4) ? random.below(3) : 64);
        if (random.once(2)) {
            frame.tcp(1024 + random.below(3), random.once(2) ? 22 : 443);
        } else {
            frame.udp(1024 + random.below(3), 53);
        }
        return frame.build();
    }

    private static String address(RandomFlows random) {
        return "10." + random.below(2) + ".0." + random.below(4);
    }

    private static List<String> flows(Replay replay) {
        return replay.pipeline().flows(FlowFilter.ALL).stream()
                .map(FlowText::format)
                .sorted()
                .toList();
    }

    private static String text(ReplayResult result) {
        List<String> outputs = new ArrayList<>();
        result.outputs().forEach(each -> outputs.add(each.port() + Arrays.toString(each.frame())));
        List<String> packetIns = new ArrayList<>();
        result.packetIns()
                .forEach(each -> packetIns.add(
                        each.reason().text() + each.table() + each.cookie() + Arrays.toString(each.data())));
        return outputs + " " + packetIns + result.dropReason() + Arrays.toString(result.tables());
    }

    private static long[] key(int inPort, byte[] frame) {
        long[] key = new long[KeyLayout.WORDS];
        KeyExtractor.extract(MemorySegment.ofArray(frame), 0, frame.length, inPort, key, 0);
        return key;
    }

    private void add(String... flows) {
        try {
            List<FlowMod> mods = new ArrayList<>();
            for (String flow : flows) {
                mods.add(FlowText.parse(flow));
            }
            replay.pipeline().apply(mods);
        } catch (FlowTextException | FlowModException e) {
            throw new AssertionError(e);
        }
    }

    private static List<Integer> ports(ReplayResult result) {
        return result.outputs().stream().map(ReplayResult.Output::port).toList();
    }

    private static byte[] ip(int ttl) {
        return FrameBuilder.ethernet(RED, BLUE)
                .ipv4("10.0.0.1", "10.0.0.2")
                .ttl(ttl)
                .udp(1_000, 53)
                .build();
    }

    private static byte[] arp() {
        return FrameBuilder.ethernet(RED, BLUE)
                .arp(1, RED, "10.0.0.1", "00:00:00:00:00:00", "10.0.0.2")
                .build();
    }
}
