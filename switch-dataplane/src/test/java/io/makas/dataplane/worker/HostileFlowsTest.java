// SPDX-License-Identifier: Apache-2.0
package io.makas.dataplane.worker;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.makas.dataplane.memory.NativeFramePool;
import io.makas.dataplane.port.MemoryPort;
import io.makas.dataplane.port.PortConfig;
import io.makas.flow.pipeline.Pipeline;
import io.makas.flow.pipeline.PortState;
import io.makas.flow.table.FlowModException;
import io.makas.flow.table.PipelineMod;
import io.makas.flow.text.FlowText;
import io.makas.flow.text.FlowTextException;
import io.makas.flow.text.GroupText;
import io.makas.flow.text.MeterText;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Flows, groups and meters at random, under frames that no honest sender makes: nothing may end the worker or be lost. */
final class HostileFlowsTest {

    private static final int PORTS = 4;
    private static final int TABLES = 5;
    private static final int GROUPS = 8;
    private static final int METERS = 3;
    private static final int ROUNDS = 1_500;

    private static final String[] MATCHES = {
        "",
        "",
        "ip,",
        "tcp,",
        "udp,",
        "ipv6,",
        "mpls,",
        "mpls,mpls_bos=1,",
        "vlan_tci=0x1000/0x1000,",
        "reg0=1,",
        "in_port=2,",
        "arp,",
        "tcp6,"
    };

    private static final String[] ACTIONS = {
        "output:1",
        "output:2",
        "output:3",
        "output:9",
        "in_port",
        "flood",
        "all",
        "normal",
        "controller:40",
        "exit",
        "output(port=2,max_len=20)",
        "push_vlan:0x8100",
        "push_vlan:0x88a8",
        "pop_vlan",
        "mod_vlan_vid:7",
        "push_mpls:0x8847",
        "pop_mpls:0x0800",
        "pop_mpls:0x86dd",
        "pop_mpls:0x8847",
        "pop_mpls:0x6558",
        "dec_mpls_ttl",
        "copy_ttl_in",
        "copy_ttl_out",
        "dec_ttl",
        "mod_nw_src:10.9.9.9",
        "mod_nw_tos:8",
        "mod_tp_dst:9",
        "set_field:2001:db8::7->ipv6_dst",
        "set_field:9->mpls_label",
        "set_field:2->arp_op",
        "mod_dl_dst:02:00:00:00:00:55",
        "set_queue:3",
        "pop_queue",
        "check_pkt_larger(64)->reg0[0]",
        "check_pkt_larger(1000)->reg0[1]",
        "sample(probability=65535)",
        "push:reg0[]",
        "pop:reg1[]",
        "push:eth_src[]",
        "pop:eth_dst[]",
        "move:eth_src[0..7]->reg1[0..7]",
        "output:reg1[0..15]",
        "load:2->NXM_OF_IN_PORT[]",
        "multipath(symmetric_l4,50,modulo_n,4,0,reg1[0..3])",
        "bundle(eth_src,0,hrw,ofport,members:1,2,9)",
        "note:01",
        "learn(table=4,idle_timeout=9,eth_dst[]=eth_src[],output:in_port[])",
        "resubmit(,1)",
        "resubmit(3,2)",
        "resubmit(,3)",
        "resubmit(,4)",
        "resubmit(,0)",
        "set_field:1->reg0"
    };

    private static final String[] BUCKET_ACTIONS = {
        "output:1",
        "output:2",
        "in_port",
        "flood",
        "push_vlan:0x8100",
        "pop_vlan",
        "push_mpls:0x8847",
        "pop_mpls:0x0800",
        "dec_ttl",
        "mod_nw_src:10.9.9.9",
        "mod_tp_dst:9",
        "resubmit(,2)",
        "resubmit(,4)",
        "move:eth_src[0..7]->reg1[0..7]",
        "copy_ttl_out",
        "dec_mpls_ttl"
    };

    private final MemoryPort[] ports = new MemoryPort[PORTS + 1];
    private long nowNs = 1;

    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3, 4})
    void shouldSurviveThemAndGiveBackEveryBuffer(long seed) throws Exception {
        System.out.println("seed " + seed);
        Random random = new Random(seed);
        HostileFrames frames = new HostileFrames(random);
        Pipeline pipeline = new Pipeline(() -> nowNs, 1_000);
        Worker worker = new Worker("test-worker", pipeline, new WorkerLimits(64, 50, 15), () -> nowNs);
        List<PortState> states = new ArrayList<>();
        for (int number = 1; number <= PORTS; number++) {
            ports[number] = new MemoryPort(new PortConfig.Memory("m" + number));
            worker.addPort(ports[number], number);
            states.add(new PortState(number));
        }
        pipeline.setPorts(states);
        int accepted = 0;
        for (int round = 0; round < ROUNDS; round++) {
            for (int i = 0; i < 4; i++) {
                accepted += edit(pipeline, random) ? 1 : 0;
            }
            for (int injected = random.nextInt(20); injected > 0; injected--) {
                ports[1 + random.nextInt(PORTS)].inject(frames.next());
            }
            nowNs += random.nextInt(100_000_000);
            worker.doWork();
            if (round % 10 == 0) {
                pipeline.expire(nowNs);
            }
            for (int number = 1; number <= PORTS; number++) {
                ports[number].discard();
            }
        }
        while (worker.doWork() > 0) {
            // Until all are handled.
        }
        assertTrue(accepted > ROUNDS, accepted + " edits were accepted");
        for (int number = 1; number <= PORTS; number++) {
            assertEquals(2 * MemoryPort.QUEUE_FRAMES, ((NativeFramePool) ports[number].pool()).available());
        }
        worker.onClose();
        for (int number = 1; number <= PORTS; number++) {
            ports[number].close();
        }
    }

    private static boolean edit(Pipeline pipeline, Random random) {
        String text = "";
        try {
            PipelineMod mod;
            switch (random.nextInt(8)) {
                case 0 -> mod = GroupText.parse(text = group(random));
                case 1 -> mod = MeterText.parse(text = meter(random));
                default -> mod = FlowText.parse(text = flow(random));
            }
            pipeline.apply(List.of(mod));
            return true;
        } catch (FlowTextException e) {
            throw new AssertionError(text + ": " + e.getMessage(), e);
        } catch (FlowModException e) {
            return false;
        }
    }

    private static String flow(Random random) {
        if (random.nextInt(30) == 0) {
            return "delete table=" + random.nextInt(TABLES);
        }
        String match = MATCHES[random.nextInt(MATCHES.length)];
        String meter = random.nextInt(5) == 0 ? "meter:" + (1 + random.nextInt(METERS)) + "," : "";
        return "table=" + random.nextInt(TABLES) + ",priority=" + random.nextInt(4) + "," + match + "actions=" + meter
                + actions(random, 0)
                + (random.nextInt(3) == 0 ? ",write_actions(" + bucketActions(random, false) + ")" : "");
    }

    private static String group(Random random) {
        if (random.nextInt(20) == 0) {
            return "delete group_id=" + random.nextInt(GROUPS);
        }
        String type = List.of("all", "select", "ff", "indirect").get(random.nextInt(4));
        StringBuilder text = new StringBuilder("add_or_mod group_id=" + random.nextInt(GROUPS) + ",type=" + type);
        for (int bucket = type.equals("indirect") ? 1 : random.nextInt(4); bucket > 0; bucket--) {
            text.append(",bucket=").append(type.equals("ff") ? "watch_port:" + (1 + random.nextInt(5)) + "," : "");
            text.append("actions=").append(bucketActions(random, true));
        }
        return text.toString();
    }

    private static String meter(Random random) {
        return "meter=" + (1 + random.nextInt(METERS)) + " pktps bands=type=drop rate=" + (1 + random.nextInt(40))
                + (random.nextBoolean() ? " type=dscp_remark rate=" + (1 + random.nextInt(20)) + " prec_level=1" : "");
    }

    private static String bucketActions(Random random, boolean isBucket) {
        List<String> actions = new ArrayList<>();
        for (int i = random.nextInt(4); i >= 0; i--) {
            String action = BUCKET_ACTIONS[random.nextInt(BUCKET_ACTIONS.length)];
            if (isBucket || !action.startsWith("resubmit")) {
                actions.add(action);
            }
        }
        actions.add(random.nextInt(3) == 0 ? "group:" + random.nextInt(GROUPS) : "output:3");
        return String.join(",", actions);
    }

    private static String actions(Random random, int depth) {
        List<String> actions = new ArrayList<>();
        for (int i = random.nextInt(6); i >= 0; i--) {
            actions.add(
                    switch (random.nextInt(12)) {
                        case 0 -> depth < 4 ? "clone(" + actions(random, depth + 1) + ")" : "exit";
                        case 1 -> "group:" + random.nextInt(GROUPS);
                        default -> ACTIONS[random.nextInt(ACTIONS.length)];
                    });
        }
        return String.join(",", actions);
    }
}
