// SPDX-License-Identifier: Apache-2.0
package io.makas.dataplane.worker;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.sun.management.ThreadMXBean;
import io.makas.dataplane.memory.NativeFramePool;
import io.makas.dataplane.memory.Offload;
import io.makas.dataplane.testing.Unfinished;
import io.makas.flow.pipeline.DropReason;
import io.makas.flow.table.FlowFilter;
import io.makas.flow.text.MeterText;
import java.lang.management.ManagementFactory;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Frames that their senders left unfinished, between ports whose peers finish frames themselves, or do not. */
final class OffloadForwardingTest extends OffloadScenario {

    private static final int LARGEST_PAYLOAD = 65_535 - 40;

    @Test
    void shouldHandASegmentOnWholeToAPeerThatCutsItItself() throws Exception {
        add("in_port=1,actions=output:2");
        ports[2].setOffloads(Offload.CHECKSUM | Offload.TCPV4);
        Unfinished large = Unfinished.tcp(LARGEST_PAYLOAD);

        send(large);

        assertSent(2, List.of(large));
    }

    @Test
    void shouldCutASegmentForAPeerThatTakesFinishedFramesOnly() throws Exception {
        add("in_port=1,actions=output:2");
        Unfinished large = Unfinished.tcp(LARGEST_PAYLOAD);

        send(large);

        List<Unfinished> sent = sent(2);
        assertEquals((LARGEST_PAYLOAD + 1_459) / 1_460, sent.size());
        assertTrue(sent.stream().allMatch(s -> s.offload() == Offload.NONE && s.bytes().length <= 1_514));
        assertArrayEquals(
                Unfinished.payload(List.of(Unfinished.tcpFrame(LARGEST_PAYLOAD))), Unfinished.payload(bytes(sent)));
    }

    @Test
    void shouldLeaveTheChecksumsOfSegmentsToAPeerThatCompletesThem() throws Exception {
        add("in_port=1,actions=push_vlan:0x8100,output:2");
        ports[2].setOffloads(Offload.CHECKSUM | Offload.TCPV6);
        Unfinished large = Unfinished.tcp(10_000);

        send(large);

        List<Unfinished> sent = sent(2);
        assertEquals(7, sent.size());
        for (Unfinished segment : sent) {
            assertEquals(
                    Offload.of(Offload.NEEDS_CHECKSUM, Offload.GSO_NONE, 0, 38, 16),
                    segment.offload(),
                    "TCP behind a tag");
        }
        assertArrayEquals(
                Unfinished.payload(large.finished()),
                Unfinished.payload(
                        sent.stream().flatMap(s -> s.finished().stream()).toList()));
    }

    @Test
    void shouldCompleteAChecksumOnlyWhereThePeerDoesNot() throws Exception {
        add("in_port=1,actions=output:2,output:3,output:2");
        ports[2].setOffloads(Offload.CHECKSUM);
        byte[] finished = Unfinished.tcpFrame(33);
        Unfinished partial = Unfinished.partial(finished);

        send(partial);

        // What is complete stays complete: the second copy for port 2 comes after that for port 3.
        assertSent(2, List.of(partial, new Unfinished(finished, Offload.NONE)));
        assertSent(3, List.of(new Unfinished(finished, Offload.NONE)));
    }

    @Test
    void shouldFloodToEachAsItsPeerTakesIt() throws Exception {
        add("in_port=1,actions=flood");
        ports[2].setOffloads(ALL);
        ports[3].setOffloads(Offload.CHECKSUM);
        Unfinished large = Unfinished.cut(udp(9_000), 1_000);

        send(large);

        assertSent(2, List.of(large));
        assertEquals(9, ports[3].nextOffload() == 0 ? 0 : sent(3).size());
        List<byte[]> segments = bytes(sent(4));
        assertEquals(9, segments.size());
        for (int i = 0; i < segments.size(); i++) {
            Unfinished.assertChecksums(segments.get(i));
            assertArrayEquals(large.finished().get(i), segments.get(i));
        }
    }

    @Test
    void shouldFinishWhatIsRewrittenByTheHeadersItLeavesWith() throws Exception {
        String rewrite = "mod_nw_src:10.9.9.9,mod_nw_dst:1.2.3.4,mod_tp_dst:99,mod_nw_tos:8,dec_ttl,";
        add("in_port=1,tcp,actions=" + rewrite
                + "push_vlan:0x8100,output:2,pop_vlan,output:3,push_mpls:0x8847,output:4");
        ports[2].setOffloads(ALL);
        ports[4].setOffloads(ALL);
        Unfinished large = Unfinished.tcp(5_000);

        send(large);

        List<Unfinished> whole = sent(2);
        assertEquals(38, Offload.checksumStart(whole.getFirst().offload()));
        byte[] payload = Unfinished.payload(large.finished());
        assertArrayEquals(payload, Unfinished.payload(whole.getFirst().finished()));
        assertArrayEquals(payload, Unfinished.payload(bytes(sent(3))));
        List<byte[]> unlabelled = new ArrayList<>();
        for (byte[] labelled : bytes(sent(4))) {
            byte[] frame = new byte[labelled.length - 4];
            System.arraycopy(labelled, 0, frame, 0, 12);
            System.arraycopy(labelled, 16, frame, 12, frame.length - 12);
            frame[12] = 8;
            frame[13] = 0;
            unlabelled.add(frame);
        }
        assertArrayEquals(payload, Unfinished.payload(unlabelled), "behind labels no peer finds it: cut by us");
    }

    @Test
    void shouldCountTheLargeFrameOnceAndMeasureMtusBySegments() throws Exception {
        pipeline.apply(List.of(MeterText.parse("meter=1,kbps,burst,bands=type=drop,rate=1000000,burst_size=1000000")));
        add("in_port=1,actions=meter:1,check_pkt_larger(1600)->reg0[0],resubmit(,1)");
        add("table=1,reg0=0,actions=output:2");
        add("table=1,reg0=1,actions=output:3");
        ports[2].setOffloads(ALL);

        send(Unfinished.tcp(20_000), Unfinished.cut(Unfinished.tcpFrame(20_000), 1_600));

        assertEquals(1, sent(2).size());
        assertEquals(13, sent(3).size());
        worker.creditFlowEntries();
        assertEquals(
                2L * Unfinished.tcpFrame(20_000).length,
                pipeline.flows(FlowFilter.ALL).stream()
                        .filter(flow -> flow.table() == 0)
                        .findFirst()
                        .orElseThrow()
                        .bytes());
    }

    @Test
    void shouldDropSegmentsThatAreLongerThanThePortTakes() throws Exception {
        add("in_port=1,actions=output:2");
        ports[2].setOffloads(ALL);

        send(Unfinished.cut(Unfinished.tcpFrame(30_000), 9_000));

        assertEquals(1, worker.drops().get(DropReason.FRAME_TOO_LONG));
    }

    @Test
    void shouldCutWhenNoLargeBufferIsLeft() throws Exception {
        add("in_port=1,actions=output:2,output:3");
        ports[2].setOffloads(ALL);
        List<Long> taken = new ArrayList<>();
        NativeFramePool pool = (NativeFramePool) ports[2].pool();
        while (pool.availableLarge() > 0) {
            taken.add(pool.allocate(20_000));
        }

        send(Unfinished.tcp(20_000));

        pool.release(taken.stream().mapToLong(Long::longValue).toArray(), 0, taken.size());
        assertEquals(14, sent(2).size());
        assertEquals(14, sent(3).size());
    }

    @Test
    void shouldCountTheSegmentsThatNoBufferIsLeftFor() throws Exception {
        add("in_port=1,actions=output:2");
        NativeFramePool pool = (NativeFramePool) ports[2].pool();
        List<Long> taken = new ArrayList<>();
        while (pool.available() > 3) {
            taken.add(pool.allocate());
        }

        send(Unfinished.tcp(10 * 1_460));

        pool.release(taken.stream().mapToLong(Long::longValue).toArray(), 0, taken.size());
        assertEquals(3, sent(2).size());
        assertEquals(7, worker.drops().get(DropReason.NO_BUFFER));
    }

    @Test
    void shouldAllocateNothing() throws Exception {
        add("in_port=1,tcp,actions=mod_tp_dst:7,output:2,output:3");
        ports[2].setOffloads(ALL);
        Unfinished large = Unfinished.tcp(30_000);
        Unfinished small = Unfinished.partial(Unfinished.tcpFrame(10));
        turns(5_000, large, small);
        ThreadMXBean threads = (ThreadMXBean) ManagementFactory.getThreadMXBean();
        long least = Long.MAX_VALUE;

        for (int i = 0; i < 5; i++) {
            long before = threads.getCurrentThreadAllocatedBytes();
            turns(1_000, large, small);
            least = Math.min(least, threads.getCurrentThreadAllocatedBytes() - before);
        }

        assertTrue(least < 1_000, least + " bytes in 2,000 frames");
    }

    private void turns(int count, Unfinished... frames) {
        for (int i = 0; i < count; i++) {
            for (Unfinished frame : frames) {
                ports[1].inject(frame.bytes(), frame.offload());
            }
            worker.doWork();
            ports[2].discard();
            ports[3].discard();
        }
    }
}
