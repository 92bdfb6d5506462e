// SPDX-License-Identifier: Apache-2.0
package io.makas.dataplane.worker;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.makas.dataplane.memory.NativeFramePool;
import io.makas.dataplane.port.MemoryPort;
import io.makas.dataplane.port.PortConfig;
import io.makas.flow.pipeline.DropReason;
import io.makas.flow.pipeline.Pipeline;
import io.makas.flow.pipeline.PortState;
import io.makas.flow.table.FlowMod;
import io.makas.flow.text.FlowText;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

/** Frames that no honest sender makes, under flows that do all that flows can do: nothing may end the worker or be lost. */
final class HostileFramesTest {

    private static final int PORTS = 4;
    private static final int ROUNDS = 3_000;

    private static final String[] FLOWS = {
        "table=0,priority=1,actions=resubmit(,1),resubmit(,2),resubmit(,3),resubmit(,4)",
        "table=1,priority=1,actions=flood",
        "table=1,priority=2,in_port=2,actions=in_port,output:1,output:1,output:9,controller:40",
        "table=1,priority=9,vlan_tci=0x1000/0x1000,actions=pop_vlan,output:1,output:2",
        "table=1,priority=3,in_port=3,actions=" + "push_vlan:0x88a8,".repeat(40) + "output:1",
        "table=1,priority=4,in_port=4,actions=push_vlan:0x8100,mod_vlan_vid:7,output:1,in_port",
        "table=2,priority=1,actions=drop",
        "table=2,priority=2,ip,actions=mod_nw_src:10.9.9.9,mod_nw_tos:8,dec_ttl,output:2",
        "table=2,priority=3,tcp,actions=mod_tp_src:9,mod_tp_dst:10,mod_nw_dst:1.2.3.4,output:3",
        "table=2,priority=3,udp,actions=mod_tp_src:9,mod_tp_dst:10,mod_nw_dst:1.2.3.4,output:3",
        "table=2,priority=3,sctp,actions=set_field:9->sctp_src,output:3,output:4",
        "table=2,priority=3,icmp,actions=set_field:3->icmp_type,output:1",
        "table=2,priority=2,ipv6,actions=set_field:2001:db8::9->ipv6_dst,set_field:5->ipv6_label,dec_ttl,output:4",
        "table=2,priority=3,icmp6,icmpv6_type=135,icmpv6_code=0,"
                + "actions=set_field:2001:db8::9->nd_target,set_field:02:00:00:00:00:07->nd_sll,output:1",
        "table=2,priority=3,tcp6,actions=set_field:2001:db8::9->ipv6_src,mod_tp_dst:1,output:1",
        "table=2,priority=2,arp,actions=set_field:10.0.0.7->arp_spa,set_field:2->arp_op,output:2,output:3",
        "table=3,priority=1,actions=mod_dl_dst:02:00:00:00:00:55,all",
        "table=4,priority=1,actions=check_pkt_larger(100)->reg0[0],resubmit(,5)",
        "table=4,priority=2,ip,actions=clone(push_mpls:0x8847,dec_mpls_ttl,output(port=1,max_len=60),pop_mpls:0x0800,"
                + "resubmit(,6)),clone(set_queue:7,resubmit(,6)),resubmit(,6)",
        "table=4,priority=2,mpls,actions=copy_ttl_in,set_field:9->mpls_label,clone(pop_mpls:0x86dd,resubmit(,6)),"
                + "pop_mpls:0x0800,resubmit(,6)",
        "table=5,reg0=1,actions=sample(probability=65535),clone(output:2),output:3",
        "table=5,reg0=0,actions=push_vlan:0x8100,check_pkt_larger(64)->reg0[0],resubmit(,5)",
        "table=6,priority=2,udp,actions=set_field:7->udp_dst,output:2",
        "table=6,priority=2,tcp6,actions=set_field:2001:db8::7->ipv6_dst,output:2",
        "table=6,priority=1,actions=clone(set_field:02:00:00:00:00:77->eth_dst,output:1),output:3",
    };

    private final Random random = new Random(77);
    private final HostileFrames frames = new HostileFrames(random);
    private final Pipeline pipeline = new Pipeline(() -> 0, 1_000);
    private final Worker worker = new Worker("test-worker", pipeline, new WorkerLimits(64, 50, 15), () -> 0);
    private final MemoryPort[] ports = new MemoryPort[PORTS + 1];

    @Test
    void shouldSurviveThemAndGiveBackEveryBuffer() throws Exception {
        List<PortState> states = new ArrayList<>();
        for (int number = 1; number <= PORTS; number++) {
            ports[number] = new MemoryPort(new PortConfig.Memory("m" + number));
            worker.addPort(ports[number], number);
            states.add(new PortState(number));
        }
        pipeline.setPorts(states);
        List<FlowMod> mods = new ArrayList<>();
        for (String flow : FLOWS) {
            mods.add(FlowText.parse(flow));
        }
        pipeline.apply(mods);

        for (int round = 0; round < ROUNDS; round++) {
            int injected = random.nextInt(40);
            for (int i = 0; i < injected; i++) {
                ports[1 + random.nextInt(PORTS)].inject(frames.next());
            }
            worker.doWork();
            // A port that nobody empties is full after a while.
            for (int number = 1 + round / 1_000; number <= PORTS; number++) {
                ports[number].discard();
            }
        }
        while (worker.doWork() > 0) {
            // Until all are handled.
        }

        for (int number = 1; number <= PORTS; number++) {
            assertEquals(2 * MemoryPort.QUEUE_FRAMES, ((NativeFramePool) ports[number].pool()).available());
        }
        for (DropReason reason : List.of(
                DropReason.FRAME_TOO_SHORT,
                DropReason.FRAME_TOO_LONG,
                DropReason.NO_HEADROOM,
                DropReason.NO_CONTROLLER)) {
            assertTrue(worker.drops().get(reason) > 0, reason + " was not tried");
        }
        worker.onClose();
        for (int number = 1; number <= PORTS; number++) {
            ports[number].close();
        }
    }
}
