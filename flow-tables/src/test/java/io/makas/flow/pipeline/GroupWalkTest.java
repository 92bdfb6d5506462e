// SPDX-License-Identifier: Apache-2.0
package io.makas.flow.pipeline;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.makas.flow.action.ActionProgram;
import io.makas.flow.action.PacketInReason;
import io.makas.flow.group.GroupStatistics;
import io.makas.flow.table.TrafficCounter;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/** What groups do to packets and flows. The numbers in the names are those of the list of semantics in the OpenFlow notes. */
final class GroupWalkTest extends PipelineFixture {

    private static final int PACKETS = 6_000;

    @Test
    void item22ShouldNotLetABucketSeeWhatAnotherOneChangedNorWhatComesAfterTheGroup() {
        edit(
                "group group_id=1,type=all,bucket=set_field:10.0.0.9->ip_dst,output:2,bucket=output:3,bucket=dec_ttl,output:4",
                "ip,actions=group:1,output:4");

        assertEquals(
                "clone(set_field:10.0.0.9->ip_dst,output:2),output:3,clone(dec_ttl,output:4),output:4",
                send("in_port=1,ip,nw_ttl=64"));
    }

    @Test
    void item22ShouldMatchThePacketAsItWasBeforeTheGroup() {
        edit(
                "group group_id=1,type=all,bucket=set_field:10.0.0.9->ip_dst,output:2",
                "ip,actions=group:1,goto_table:1",
                "table=1,priority=9,ip,nw_dst=10.0.0.9,actions=output:3",
                "table=1,priority=1,actions=output:4");

        assertEquals("clone(set_field:10.0.0.9->ip_dst,output:2),output:4", send("in_port=1,ip,nw_dst=10.0.0.1"));
    }

    @Test
    void item22ShouldExecuteBucketsInTheOrderOfActionSets() {
        edit(
                "group group_id=1,type=indirect,bucket=output:2,set_field:10.0.0.9->ip_dst,dec_ttl,output:3,pop_vlan",
                "ip,dl_vlan=5,actions=group:1");

        assertEquals("pop_vlan,dec_ttl,set_field:10.0.0.9->ip_dst,output:3", send("in_port=1,ip,dl_vlan=5,nw_ttl=64"));
    }

    @Test
    void item12ShouldIgnoreTheOutputOfAnActionSetThatHasAGroup() {
        edit(
                "group group_id=1,type=all,bucket=output:3",
                "ip,actions=write_actions(output:2,group:1,set_field:10.0.0.9->ip_dst)");

        assertEquals("set_field:10.0.0.9->ip_dst,output:3", send("in_port=1,ip"));
    }

    @Test
    void item15ShouldNotSendBackFromABucket() {
        edit("group group_id=1,type=all,bucket=output:1,bucket=output:2,bucket=IN_PORT", "actions=group:1");

        assertEquals("output:2,output:1", send("in_port=1"));
    }

    @Test
    void item17ShouldSkipActionsOfABucketThatThePacketCannotFollow() {
        edit("group group_id=1,type=all,bucket=pop_vlan,set_field:80->tcp_dst,output:2", "actions=group:1");

        assertEquals("output:2", send("in_port=1,udp"));
    }

    @Test
    void item22ShouldDropWithoutALiveBucket() {
        edit(
                "group group_id=1,type=all",
                "group group_id=2,type=select",
                "group group_id=3,type=ff,bucket=watch_port:9,output:2",
                "group group_id=4,type=select,bucket=weight:0,output:2",
                "in_port=1,actions=group:1",
                "in_port=2,actions=group:2",
                "in_port=3,actions=group:3",
                "in_port=4,actions=group:4");

        for (int port = 1; port <= 4; port++) {
            assertEquals("no-live-bucket", send("in_port=" + port));
        }
    }

    @Test
    void item23ShouldHandPacketsFromGroupToGroup() {
        edit(
                "group group_id=3,type=all,bucket=output:2,bucket=set_field:10.0.0.9->ip_dst,output:3",
                "group group_id=2,type=indirect,bucket=dec_ttl,group:3",
                "group group_id=1,type=all,bucket=group:2,output:3,bucket=output:4",
                "ip,actions=group:1");

        assertEquals(
                "clone(dec_ttl,output:2,set_field:10.0.0.9->ip_dst,output:3),output:4", send("in_port=1,ip,nw_ttl=64"));
    }

    @Test
    void shouldLookUpAgainFromBucketsAsAntreaDoes() {
        edit(
                "group group_id=1,type=select,bucket=weight:100,set_field:0x7/0xf->reg3,set_field:0x20/0xf0->reg3,resubmit(,2)",
                "actions=group:1,output:4",
                "table=2,priority=2,reg3=0x27,actions=output:2",
                "table=2,priority=1,actions=output:3");

        assertEquals("output:2,output:4", send("in_port=1"));
    }

    @Test
    void item31ShouldFailOverToTheFirstBucketThatIsLiveWhenPortsChange() {
        edit(
                "group group_id=2,type=ff,bucket=watch_port:4,output:4",
                "group group_id=1,type=ff,bucket=watch_port:2,output:2,bucket=watch_port:9,watch_port:3,output:3,"
                        + "bucket=watch_group:2,group:2",
                "actions=group:1");
        assertEquals("output:2", send("in_port=1"));
        long generation = pipeline.generation();

        ports(1, 3, 4);
        assertTrue(pipeline.generation() > generation);
        assertEquals("output:3", send("in_port=1"));
        ports(1, 4);
        assertEquals("output:4", send("in_port=1"));
        ports(1);
        assertEquals("no-live-bucket", send("in_port=1"));
        ports(1, 2, 3, 4);
        assertEquals("output:2", send("in_port=1"));
    }

    @Test
    void item24ShouldShareSelectedPacketsByWeight() {
        edit(
                "group group_id=1,type=select,bucket=weight:10,output:1,bucket=weight:20,output:2,"
                        + "bucket=weight:0,output:9,bucket=weight:30,output:3",
                "actions=group:1");

        Map<Integer, Integer> shares = new HashMap<>();
        chosen(PACKETS).forEach(port -> shares.merge(port, 1, Integer::sum));

        // Chi-square with two degrees of freedom: 13.8 once in a thousand hashes.
        double deviation = 0;
        for (int port = 1; port <= 3; port++) {
            double expected = PACKETS * port / 6.0;
            deviation += Math.pow(shares.get(port) - expected, 2) / expected;
        }
        assertTrue(deviation < 13.8, shares + " deviates by " + deviation);
        assertEquals(3, shares.size());
    }

    @Test
    void item24ShouldMoveOnlyThePacketsOfABucketThatGoes() {
        edit(
                "group group_id=1,type=select,bucket=output:1,bucket=output:2,bucket=watch_port:3,output:3",
                "actions=group:1");
        List<Integer> before = chosen(1_000);

        ports(1, 2, 4, 10);
        List<Integer> dead = chosen(1_000);
        ports(1, 2, 3, 4, 10);
        assertEquals(before, chosen(1_000), "as before");
        edit("group remove_bucket group_id=1,command_bucket_id=2");
        assertEquals(dead, chosen(1_000), "gone or dead");
        edit("group insert_bucket group_id=1,command_bucket_id=first,bucket=bucket_id:2,output:3");

        assertEquals(before, chosen(1_000), "wherever it stands");
        for (int i = 0; i < before.size(); i++) {
            assertTrue(before.get(i) == 3 ? dead.get(i) != 3 : dead.get(i).equals(before.get(i)));
        }
    }

    @Test
    void item24ShouldGiveAFlowOneBucketEitherWayAndAMegaflowOfItsOwn() {
        edit(
                "group group_id=1,type=select,bucket=set_field:1->reg0,resubmit(,1),bucket=set_field:2->reg0,resubmit(,1),"
                        + "bucket=set_field:3->reg0,resubmit(,1)",
                "actions=group:1",
                "table=1,reg0=1,actions=output:10",
                "table=1,reg0=2,actions=output:11",
                "table=1,reg0=3,actions=output:12");
        ports(1, 2, 10, 11, 12);

        for (int port = 1000; port < 1050; port++) {
            assertEquals(
                    send("in_port=1,tcp,dl_src=02:00:00:00:00:01,dl_dst=02:00:00:00:00:02,nw_src=10.0.0.1,"
                            + "nw_dst=10.0.0.2,tp_dst=80,tp_src=" + port),
                    send("in_port=2,tcp,dl_src=02:00:00:00:00:02,dl_dst=02:00:00:00:00:01,nw_src=10.0.0.2,"
                            + "nw_dst=10.0.0.1,tp_src=80,tp_dst=" + port));
        }
        assertEquals(
                "tcp,in_port=1,vlan_tci=0x0000/0x1fff,dl_src=00:00:00:00:00:00,dl_dst=00:00:00:00:00:00,"
                        + "nw_src=10.0.0.1,nw_dst=10.0.0.2,tp_src=5,tp_dst=80",
                megaflow("in_port=1,tcp,nw_src=10.0.0.1,nw_dst=10.0.0.2,tp_dst=80,tp_src=5")
                        .replace("nw_frag=no,", ""));
    }

    @Test
    void item24ShouldHashTheGivenFieldsAloneThoseThatThePacketHas() {
        edit(
                "group group_id=1,type=select,selection_method=hash,fields(nw_src=255.255.255.0,tcp_dst,ipv6_dst),"
                        + "bucket=output:2,bucket=output:3",
                "actions=group:1");

        assertEquals("udp,in_port=1,nw_src=10.0.0.0/24", megaflow("in_port=1,udp,nw_src=10.0.0.7,tp_dst=80"));
        assertEquals(
                "tcp,in_port=1,nw_src=10.0.0.0/24,tp_dst=80",
                megaflow("in_port=1,tcp,nw_src=10.0.0.7,tp_dst=80").replace("nw_frag=no,", ""));
        assertEquals("arp,in_port=1,arp_op=0", megaflow("in_port=1,arp"));
    }

    @Test
    void item24ShouldSpreadDifferentlyWithAnotherParameter() {
        edit(
                "group group_id=1,type=select,selection_method=dp_hash,selection_method_param=1,bucket=output:2,bucket=output:3",
                "actions=group:1");
        List<Integer> one = chosen(200);

        edit(
                "group modify group_id=1,type=select,selection_method=dp_hash,selection_method_param=2,bucket=output:2,bucket=output:3");
        List<Integer> other = chosen(200);

        int same = (int) IntStream.range(0, 200)
                .filter(i -> one.get(i).equals(other.get(i)))
                .count();
        assertTrue(same > 50 && same < 150, "same: " + same);
    }

    @Test
    void item24ShouldCountGroupsAndBucketsThroughCaches() {
        edit(
                "group group_id=2,type=indirect,bucket=output:4",
                "group group_id=1,type=all,bucket=group:2,bucket=output:3",
                "in_port=1,actions=group:1,group:2",
                "in_port=2,actions=group:2");
        passSeconds(2);
        Translation cached = pipeline.translate(key("in_port=1"));
        pipeline.credit(cached, 10, 1_000, nowNs);
        send("in_port=2");

        GroupStatistics one = pipeline.groups().get(0);
        GroupStatistics two = pipeline.groups().get(1);

        assertEquals(new TrafficCounter.Count(10, 1_000), one.handled());
        assertEquals(List.of(new TrafficCounter.Count(10, 1_000), new TrafficCounter.Count(10, 1_000)), one.buckets());
        assertEquals(1, one.references());
        assertEquals(new TrafficCounter.Count(21, 2_100), two.handled());
        assertEquals(List.of(new TrafficCounter.Count(21, 2_100)), two.buckets());
        assertEquals(3, two.references(), "two flows and a group");
        assertEquals(2_000_000_000L, two.durationNs());
    }

    @Test
    void item24ShouldKeepTheCountersOfTheGroupWhenItIsModifiedAndThoseOfBucketsThatStay() {
        edit("group group_id=1,type=all,bucket=output:2,bucket=output:3", "actions=group:1");
        send("in_port=1");

        edit("group remove_bucket group_id=1,command_bucket_id=0");
        edit("group insert_bucket group_id=1,command_bucket_id=first,bucket=output:4");
        assertEquals(List.of(0L, 1L), bucketPackets());

        edit("group modify group_id=1,type=all,bucket=output:2,bucket=output:3");
        assertEquals(List.of(0L, 0L), bucketPackets());
        assertEquals(1, pipeline.groups().getFirst().handled().packets());
    }

    @Test
    void items13And20ShouldTellTheControllerAnActionThatIsNoSingleFlows() {
        edit("group group_id=1,type=all,bucket=CONTROLLER:64", "table=0,priority=0,cookie=0x77,actions=group:1");

        Translation translation = pipeline.translate(key("in_port=1"));

        assertEquals(
                PacketInReason.ACTION, translation.operands().packetIns()[0].reason());
        assertEquals(-1, translation.operands().packetIns()[0].cookie());
    }

    @Test
    void shouldShowAMixtureOfEditsToWalksWholeOrNotAtAll() {
        edit("group group_id=1,type=all,bucket=output:2", "actions=group:1");
        List<String> before = dump();

        refused("group modify group_id=1,type=all,bucket=output:3", "actions=output:4", "actions=group:7");
        assertEquals(before, dump());
        assertEquals("output:2", send("in_port=1"));

        edit("group modify group_id=1,type=all,bucket=output:3", "in_port=2,priority=40000,actions=output:4");
        assertEquals("output:3", send("in_port=1"));
        assertEquals("output:4", send("in_port=2"));
    }

    @Test
    void shouldGiveUpOnGroupsThatFanOutTooFar() {
        List<String> edits = new ArrayList<>();
        edits.add("group group_id=0,type=all,bucket=output:2");
        for (int i = 1; i < 16; i++) {
            edits.add("group group_id=" + i + ",type=all,bucket=group:" + (i - 1) + ",bucket=group:" + (i - 1));
        }
        edits.add("actions=group:15");
        edit(edits.toArray(String[]::new));

        assertEquals("walk-too-long", send("in_port=1"));
    }

    @Test
    void shouldTellWhichBucketWasChosen() {
        edit(
                "group group_id=1,type=ff,bucket=watch_port:9,output:2,bucket=bucket_id:7,watch_port:3,output:3",
                "actions=group:1");

        String text = pipeline.trace(key("in_port=1")).text();

        assertTrue(text.contains("group:1 (bucket 7)"), text);
    }

    private List<Long> bucketPackets() {
        return pipeline.groups().getFirst().buckets().stream()
                .map(TrafficCounter.Count::packets)
                .toList();
    }

    /** The ports that different flows are sent to. */
    private List<Integer> chosen(int flows) {
        List<Integer> chosen = new ArrayList<>();
        for (int i = 0; i < flows; i++) {
            long[] key = key("in_port=10,udp,nw_src=10.0." + i / 250 + "." + i % 250 + ",tp_dst=53");
            ActionProgram program = pipeline.translate(key).program();
            chosen.add(program.soleOutput());
        }
        return chosen;
    }

    private void ports(int... numbers) {
        pipeline.setPorts(IntStream.of(numbers).mapToObj(PortState::new).toList());
    }
}
