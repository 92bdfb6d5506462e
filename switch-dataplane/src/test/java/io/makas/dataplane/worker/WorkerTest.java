// SPDX-License-Identifier: Apache-2.0
package io.makas.dataplane.worker;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.sun.management.ThreadMXBean;
import io.makas.dataplane.port.MemoryPort;
import io.makas.dataplane.port.PortConfig;
import io.makas.flow.packet.FrameBuilder;
import io.makas.flow.pipeline.DropReason;
import io.makas.flow.pipeline.Pipeline;
import io.makas.flow.pipeline.PortState;
import io.makas.flow.table.FlowFilter;
import io.makas.flow.table.FlowStatistics;
import io.makas.flow.text.FlowText;
import io.makas.flow.text.MeterText;
import java.lang.management.ManagementFactory;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** A worker without a thread: the test takes each turn itself, with a clock of its own. */
final class WorkerTest {

    private static final int PORTS = 3;

    private long nowNs = 1_000_000_000L;
    private final Pipeline pipeline = new Pipeline(() -> nowNs, 1_000);
    private final Worker worker = new Worker("test-worker", pipeline, new WorkerLimits(64, 8, 15), () -> nowNs);
    private final MemoryPort[] ports = new MemoryPort[PORTS + 1];

    @BeforeEach
    void addPorts() {
        worker.onStart();
        for (int number = 1; number <= PORTS; number++) {
            ports[number] = new MemoryPort(new PortConfig.Memory("m" + number));
            worker.addPort(ports[number], number);
        }
        setPorts(1, 2, 3);
    }

    @AfterEach
    void close() {
        worker.onClose();
        for (int number = 1; number <= PORTS; number++) {
            ports[number].close();
        }
    }

    @Test
    void shouldCarryAFrameByTheFlowThatMatches() throws Exception {
        add("in_port=1,actions=output:2");
        byte[] frame = udp(1, 2);

        ports[1].inject(frame);
        worker.doWork();

        assertArrayEquals(frame, ports[2].collect());
        assertNull(ports[3].collect());
    }

    @Test
    void shouldDropWhatNoFlowMatchesAndSayWhy() {
        ports[1].inject(udp(1, 2));
        worker.doWork();

        assertEquals(1, worker.drops().get(DropReason.TABLE_MISS));
    }

    @Test
    void shouldDropAndCountWhatAFlowDrops() throws Exception {
        add("udp,tp_dst=2,actions=drop");

        ports[1].inject(udp(1, 2));
        worker.doWork();
        ports[1].inject(udp(1, 2));
        worker.doWork();

        assertEquals(2, worker.drops().get(DropReason.FLOW_DROP));
        assertEquals(2, packetsOfTheOnlyFlow());
    }

    @Test
    void shouldHandleThePacketAfterAnEditByTheNewTables() throws Exception {
        add("in_port=1,actions=output:2");
        ports[1].inject(udp(1, 2));
        worker.doWork();

        add("in_port=1,actions=output:3");
        ports[1].inject(udp(1, 2));
        worker.doWork();

        assertTrue(ports[2].collect() != null && ports[2].collect() == null);
        assertTrue(ports[3].collect() != null);
    }

    @Test
    void shouldCreditEveryPacketOnceWhetherCachedOrNot() throws Exception {
        add("table=0,in_port=1,actions=goto_table:1");
        add("table=1,udp,actions=output:2");
        int lengthBytes = udp(1, 2).length;

        for (int i = 0; i < 100; i++) {
            // More flows than megaflows fit, were each port to make one.
            ports[1].inject(udp(i, 2));
            worker.doWork();
        }
        worker.creditFlowEntries();

        List<FlowStatistics> flows = pipeline.flows(FlowFilter.ALL);
        assertEquals(2, flows.size());
        for (FlowStatistics flow : flows) {
            assertEquals(100, flow.packets());
            assertEquals(100L * lengthBytes, flow.bytes());
        }
    }

    @Test
    void shouldGoOnWhenThereAreMoreMegaflowsThanFit() throws Exception {
        for (int port = 0; port < 40; port++) {
            add("udp,tp_dst=" + port + ",actions=output:2");
        }

        for (int round = 0; round < 3; round++) {
            for (int port = 0; port < 40; port++) {
                ports[1].inject(udp(1, port));
            }
            while (worker.doWork() > 0) {
                // Until all are handled.
            }
        }
        worker.creditFlowEntries();

        assertTrue(worker.cacheStatistics().evictions() > 0);
        for (FlowStatistics flow : pipeline.flows(FlowFilter.ALL)) {
            assertEquals(3, flow.packets());
        }
    }

    @Test
    void shouldSendEveryOutputAsItWasWhenItWasSent() throws Exception {
        add("in_port=1,actions=output:2,set_field:02:00:00:00:00:99->eth_dst,output:3");
        byte[] frame = udp(1, 2);

        ports[1].inject(frame);
        worker.doWork();

        assertArrayEquals(frame, ports[2].collect());
        byte[] changed = ports[3].collect();
        assertEquals((byte) 0x99, changed[5]);
        assertArrayEquals(Arrays.copyOfRange(frame, 6, frame.length), Arrays.copyOfRange(changed, 6, changed.length));
    }

    @Test
    void shouldFloodToEveryPortButTheInput() throws Exception {
        add("actions=flood");
        byte[] frame = udp(1, 2);

        ports[2].inject(frame);
        worker.doWork();

        assertArrayEquals(frame, ports[1].collect());
        assertArrayEquals(frame, ports[3].collect());
        assertNull(ports[2].collect());
    }

    @Test
    void shouldRefuseFramesTooShortToBeEthernet() {
        for (int length = 1; length < 14; length++) {
            ports[1].inject(new byte[length]);
        }
        worker.doWork();

        assertEquals(13, worker.drops().get(DropReason.FRAME_TOO_SHORT));
    }

    @Test
    void shouldNotTakeTheRestOfAnEarlierKeyForPartOfAShorterOne() throws Exception {
        add("ipv6,ipv6_dst=2001:db8::1,actions=output:3");
        add("ip,actions=output:2");
        byte[] ipv6 = FrameBuilder.ethernet("02:00:00:00:00:01", "02:00:00:00:00:02")
                .ipv6("2001:db8::2", "2001:db8::1")
                .udp(1, 2)
                .build();
        for (int round = 0; round < 2; round++) {
            ports[1].inject(ipv6);
            worker.doWork();
            ports[1].inject(udp(1, 2));
            worker.doWork();
        }

        assertTrue(ports[3].collect() != null && ports[3].collect() != null);
        assertTrue(ports[2].collect() != null && ports[2].collect() != null);
        assertEquals(2, worker.cacheStatistics().misses());
    }

    @Test
    void shouldLookAtWhatIsBehindALabelThatWasPopped() throws Exception {
        add("priority=1,ip,actions=output:3");
        add("priority=2,mpls,actions=pop_mpls:0x0800,resubmit(,1)");
        add("table=1,udp,tp_dst=2,actions=set_field:9->udp_dst,output:2");
        byte[] labelled = FrameBuilder.ethernet("02:00:00:00:00:01", "02:00:00:00:00:02")
                .mpls(16, 0, true, 64)
                .payload(Arrays.copyOfRange(udp(1, 2), 14, udp(1, 2).length))
                .build();

        // The answer for the first packet is cached before anybody knows that packets will come back.
        ports[1].inject(udp(1, 2));
        worker.doWork();
        assertArrayEquals(udp(1, 2), ports[3].collect());
        for (int round = 0; round < 3; round++) {
            ports[1].inject(labelled);
            ports[1].inject(udp(1, 2));
            worker.doWork();

            assertArrayEquals(udp(1, 9), ports[2].collect());
            assertArrayEquals(udp(1, 2), ports[3].collect());
            assertNull(ports[3].collect());
        }
    }

    @Test
    void shouldKeepWhatACloneChangesToTheClone() throws Exception {
        add("in_port=1,udp,actions=clone(set_field:7->udp_dst,output:2),set_field:8->udp_src,output:3,output:2");

        for (int round = 0; round < 3; round++) {
            ports[1].inject(udp(1, 2));
            worker.doWork();

            assertArrayEquals(udp(1, 7), ports[2].collect());
            assertArrayEquals(udp(8, 2), ports[2].collect());
            assertArrayEquals(udp(8, 2), ports[3].collect());
        }
    }

    @Test
    void shouldTellLongPacketsFromShortOnes() throws Exception {
        add("in_port=1,actions=check_pkt_larger(100)->reg0[0],resubmit(,1)");
        add("table=1,reg0=1,actions=output:2");
        add("table=1,reg0=0,actions=output:3");

        for (int round = 0; round < 3; round++) {
            ports[1].inject(Arrays.copyOf(udp(1, 2), 101));
            ports[1].inject(Arrays.copyOf(udp(1, 2), 100));
            worker.doWork();

            assertEquals(101, ports[2].collect().length);
            assertEquals(100, ports[3].collect().length);
        }
    }

    @Test
    void shouldDropWhatAMeterDoesNotLetPassAndRemarkWhatItLetsPassSo() throws Exception {
        pipeline.apply(List.of(
                MeterText.parse("meter=1,pktps,burst,bands=type=drop,rate=1,burst_size=2"),
                MeterText.parse("meter=2,pktps,burst,bands=type=dscp_remark,rate=1,burst_size=1,prec_level=1")));
        add("in_port=1,actions=meter:1,output:2");
        add("in_port=2,actions=meter:2,output:3");

        for (int i = 0; i < 5; i++) {
            ports[1].inject(tos(10 << 2));
            ports[2].inject(tos(10 << 2));
        }
        worker.doWork();

        assertArrayEquals(tos(10 << 2), ports[2].collect());
        assertArrayEquals(tos(10 << 2), ports[2].collect());
        assertNull(ports[2].collect());
        assertEquals(3, worker.drops().get(DropReason.METER));
        assertArrayEquals(tos(10 << 2), ports[3].collect());
        for (int i = 1; i < 5; i++) {
            assertArrayEquals(tos(12 << 2), ports[3].collect());
        }
    }

    @Test
    void shouldStopSendingToAPortThatWasRemoved() throws Exception {
        add("in_port=1,actions=output:2");
        ports[1].inject(udp(1, 2));
        worker.doWork();

        setPorts(1, 3);
        worker.removePort(2);
        ports[1].inject(udp(1, 2));
        worker.doWork();

        assertEquals(1, worker.drops().get(DropReason.NO_SUCH_PORT));
    }

    @Test
    void shouldCarryEveryFrameOfRandomTrafficAndGiveBackEveryBuffer() throws Exception {
        add("in_port=1,actions=output:2");
        add("in_port=2,actions=output:1,output:3");
        add("in_port=3,actions=drop");

        for (int i = 0; i < 20_000; i++) {
            for (int number = 1; number <= PORTS; number++) {
                assertTrue(ports[number].inject(udp(i & 0xff, number)), "frame " + i);
            }
            worker.doWork();
            for (int number = 1; number <= PORTS; number++) {
                ports[number].discard();
            }
        }

        worker.creditFlowEntries();
        for (FlowStatistics flow : pipeline.flows(FlowFilter.ALL)) {
            assertEquals(20_000, flow.packets());
        }
    }

    @Test
    void shouldAllocateNothingForPacketsWhoseAnswerIsCached() throws Exception {
        add("in_port=1,udp,actions=output:2");
        add("in_port=2,udp,actions=set_field:02:00:00:00:00:99->eth_dst,output:1,output:3");
        byte[][] frames = {udp(1, 2), udp(3, 4), udp(5, 6)};
        ThreadMXBean threads = (ThreadMXBean) ManagementFactory.getThreadMXBean();
        turns(frames, 20_000);

        // What the compiler does behind a loaded machine's back may allocate once; a packet that allocates does so in
        // each round.
        long least = Long.MAX_VALUE;
        for (int round = 0; round < 5 && least > 0; round++) {
            long before = threads.getCurrentThreadAllocatedBytes();
            turns(frames, 10_000);
            least = Math.min(least, threads.getCurrentThreadAllocatedBytes() - before);
        }

        assertNotEquals(0, worker.cacheStatistics().megaflowHits());
        assertEquals(0, least, "bytes for 60000 packets");
    }

    private void turns(byte[][] frames, int count) {
        for (int i = 0; i < count; i++) {
            for (byte[] frame : frames) {
                ports[1].inject(frame);
                ports[2].inject(frame);
            }
            worker.doWork();
            for (int number = 1; number <= PORTS; number++) {
                ports[number].discard();
            }
        }
    }

    private long packetsOfTheOnlyFlow() {
        worker.creditFlowEntries();
        List<FlowStatistics> flows = pipeline.flows(FlowFilter.ALL);
        assertEquals(1, flows.size());
        return flows.getFirst().packets();
    }

    private void setPorts(int... numbers) {
        pipeline.setPorts(Arrays.stream(numbers).mapToObj(PortState::new).toList());
    }

    private void add(String flow) throws Exception {
        pipeline.apply(List.of(FlowText.parse(flow)));
    }

    private static byte[] tos(int tos) {
        return FrameBuilder.ethernet("02:00:00:00:00:01", "02:00:00:00:00:02")
                .ipv4("10.0.0.1", "10.0.0.2")
                .tos(tos)
                .udp(1, 2)
                .build();
    }

    private static byte[] udp(int source, int destination) {
        return FrameBuilder.ethernet("02:00:00:00:00:01", "02:00:00:00:00:02")
                .ipv4("10.0.0.1", "10.0.0.2")
                .udp(source, destination)
                .build();
    }
}
