// SPDX-License-Identifier: Apache-2.0
package io.makas.flow.pipeline;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.makas.flow.action.Instructions;
import io.makas.flow.table.FlowModException;
import io.makas.flow.table.FlowModException.Kind;
import io.makas.flow.table.FlowRemoved;
import io.makas.flow.text.FlowText;
import io.makas.flow.text.GroupText;
import io.makas.flow.text.MeterText;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Edits of groups and meters. The numbers in the names are those of the list of semantics in the OpenFlow notes. */
final class GroupModTest extends PipelineFixture {

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "group group_id=1,type=all | GROUP_EXISTS | group 1 is there already",
                "group modify group_id=2,type=all | UNKNOWN_GROUP | group 2 is not there",
                "group insert_bucket group_id=2,command_bucket_id=first,bucket=drop | UNKNOWN_GROUP | group 2 is not",
                "group remove_bucket group_id=2 | UNKNOWN_GROUP | group 2 is not there",
                "group group_id=2,type=indirect | INVALID_GROUP | one bucket, not 0",
                "group group_id=2,type=indirect,bucket=output:1,bucket=output:2 | INVALID_GROUP | one bucket, not 2",
                "group group_id=2,type=all,bucket=weight:1,output:1 | INVALID_GROUP | only in groups of type select",
                "group group_id=2,type=ff,bucket=watch_port:1,weight:1,output:1 | INVALID_GROUP | only in groups of type",
                "group group_id=2,type=ff,bucket=output:1 | INVALID_GROUP | needs a watch_port or watch_group",
                "group group_id=2,type=all,bucket=watch_port:1,output:1 | WATCH_UNSUPPORTED | select and ff only",
                "group group_id=2,type=indirect,bucket=watch_group:1,output:1 | WATCH_UNSUPPORTED | select and ff only",
                "group group_id=2,type=ff,bucket=watch_port:0,output:1 | BAD_WATCH | which can be none",
                "group group_id=2,type=ff,bucket=watch_group:3,output:1 | BAD_WATCH | watches group 3, which is not there",
                "group group_id=2,type=all,bucket=bucket_id:1,drop,bucket=bucket_id:1,drop | BAD_BUCKET | there twice",
                "group insert_bucket group_id=1,command_bucket_id=9,bucket=drop | BAD_BUCKET | no bucket 9",
                "group insert_bucket group_id=1,command_bucket_id=0,bucket=bucket_id:0,drop | BAD_BUCKET | twice",
                "group remove_bucket group_id=1,command_bucket_id=9 | BAD_BUCKET | no bucket 9",
                "group group_id=2,type=all,bucket=output:0 | BAD_OUT_PORT | port 0",
                "group group_id=2,type=all,bucket=set_field:1->eth_type | BAD_SET_TYPE | dl_type cannot be set",
            })
    void item22ShouldRefuseGroupsThatCannotBe(String edit, Kind kind, String message) {
        edit("group group_id=1,type=all,bucket=output:1,bucket=output:2");
        List<String> before = groups();
        long generation = pipeline.generation();

        FlowModException e = refused("group modify group_id=1,type=select,bucket=drop", edit);

        assertEquals(kind, e.kind(), e.getMessage());
        assertEquals(1, e.index());
        assertTrue(e.getMessage().contains(message), e.getMessage());
        assertEquals(before, groups());
        assertEquals(generation, pipeline.generation());
    }

    @Test
    void item22ShouldGiveBucketsTheLowestFreeIds() {
        edit("group group_id=1,type=all,bucket=drop,bucket=bucket_id:0,output:1,bucket=output:2");

        assertEquals(
                List.of("group_id=1,type=all,bucket=bucket_id:1,actions=drop,bucket=bucket_id:0,actions=output:1,"
                        + "bucket=bucket_id:2,actions=output:2"),
                groups());
    }

    @Test
    void item22ShouldInsertAndRemoveBuckets() {
        edit("group group_id=1,type=all,bucket=output:1,bucket=output:2");

        edit("group insert_bucket group_id=1,command_bucket_id=0,bucket=bucket_id:9,output:3");
        edit("group insert_bucket group_id=1,command_bucket_id=first,bucket=bucket_id:8,output:4,bucket=output:5");
        edit("group insert_bucket group_id=1,command_bucket_id=last,bucket=bucket_id:7,output:6");
        assertEquals(
                List.of("8 output:4", "2 output:5", "0 output:1", "9 output:3", "1 output:2", "7 output:6"), buckets());

        edit(
                "group remove_bucket group_id=1,command_bucket_id=9",
                "group remove_bucket group_id=1,command_bucket_id=last");
        edit("group remove_bucket group_id=1,command_bucket_id=first");
        assertEquals(List.of("2 output:5", "0 output:1", "1 output:2"), buckets());

        edit(
                "group remove_bucket group_id=1,command_bucket_id=all",
                "group remove_bucket group_id=1,command_bucket_id=first");
        assertEquals(List.of(), buckets());
    }

    @Test
    void item22ShouldAddOrModify() {
        edit(
                "group add_or_mod group_id=1,type=all,bucket=output:1",
                "group add_or_mod group_id=1,type=all,bucket=drop");

        assertEquals(List.of("0 drop"), buckets());
    }

    @Test
    void item23ShouldRefuseChainsToGroupsThatAreNotThereAndInCircles() {
        assertEquals(
                Kind.BAD_OUT_GROUP,
                refused("group group_id=1,type=all,bucket=group:2").kind());
        assertEquals(
                Kind.GROUP_LOOP,
                refused("group group_id=1,type=all,bucket=group:1").kind());
        edit(
                "group group_id=3,type=all,bucket=output:1",
                "group group_id=2,type=all,bucket=output:1,group:3",
                "group group_id=1,type=all,bucket=group:2,bucket=group:3");

        FlowModException e = refused("group modify group_id=3,type=select,bucket=output:2,bucket=group:1");

        assertEquals(Kind.GROUP_LOOP, e.kind());
        assertEquals(
                Kind.GROUP_LOOP,
                refused("group insert_bucket group_id=3,command_bucket_id=last,bucket=group:2")
                        .kind());
        assertEquals(
                Kind.GROUP_LOOP,
                refused("group modify group_id=3,type=ff,bucket=watch_group:1,output:2")
                        .kind(),
                "watching in a circle");
        edit("group modify group_id=1,type=all,bucket=output:1", "group modify group_id=3,type=all,bucket=group:1");
    }

    @Test
    void item23ShouldRefuseChainsThatAreTooLongWhereverTheyGrow() {
        edit("group group_id=0,type=all,bucket=output:1");
        for (int i = 1; i < 16; i++) {
            edit("group group_id=" + i + ",type=all,bucket=group:" + (i - 1));
        }

        assertEquals(
                Kind.CHAIN_TOO_LONG,
                refused("group group_id=16,type=all,bucket=group:15").kind());
        edit("group group_id=100,type=all,bucket=output:1");
        assertEquals(
                Kind.CHAIN_TOO_LONG,
                refused("group modify group_id=0,type=all,bucket=group:100").kind());
    }

    @Test
    void item5ShouldRefuseToDeleteAGroupThatAnotherOneRefersTo() {
        edit("group group_id=2,type=all,bucket=output:1", "group group_id=1,type=ff,bucket=watch_group:2,output:1");

        FlowModException e = refused("group delete group_id=2");

        assertEquals(Kind.CHAINED_GROUP, e.kind());
        assertTrue(e.getMessage().contains("group 2 is referred to by group 1"), e.getMessage());
        edit("group delete group_id=1", "group delete group_id=2");
        assertEquals(List.of(), groups());
    }

    @Test
    void item5ShouldDeleteAllGroupsAndMetersAndNoneIsNoError() {
        edit("group group_id=2,type=all,bucket=output:1", "group group_id=1,type=all,bucket=group:2");
        edit("meter meter=1 kbps bands=type=drop rate=1", "meter meter=2 kbps bands=type=drop rate=1");

        edit("group delete", "meter delete", "group delete group_id=2", "meter delete meter=1");

        assertEquals(List.of(), groups());
        assertEquals(List.of(), meters());
        long generation = pipeline.generation();
        edit("group delete", "meter delete", "group delete group_id=2", "meter delete meter=1");
        assertEquals(generation, pipeline.generation(), "nothing changed");
    }

    @Test
    void shouldTakeBackWhoRefersToWhomWhenAnEditIsRefused() {
        edit("group group_id=2,type=all,bucket=output:1", "group group_id=1,type=all,bucket=group:2");

        refused("group modify group_id=1,type=all", "group delete group_id=2", "group group_id=1,type=all");
        assertEquals(Kind.CHAINED_GROUP, refused("group delete group_id=2").kind());
        refused("group group_id=3,type=all,bucket=group:1", "group group_id=1,type=all");
        edit("group delete group_id=1", "group delete group_id=2");

        assertEquals(List.of(), groups());
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "meter meter=1 kbps bands=type=drop rate=1 | METER_EXISTS | meter 1 is there already",
                "meter modify meter=2 kbps bands=type=drop rate=1 | UNKNOWN_METER | meter 2 is not there",
            })
    void item25ShouldRefuseMetersThatCannotBe(String edit, Kind kind, String message) {
        edit("meter meter=1 pktps bands=type=drop rate=1");
        List<String> before = meters();

        FlowModException e = refused("meter modify meter=1 pktps bands=type=drop rate=2", edit);

        assertEquals(kind, e.kind(), e.getMessage());
        assertEquals(1, e.index());
        assertTrue(e.getMessage().contains(message), e.getMessage());
        assertEquals(before, meters());
    }

    @Test
    void item5ShouldDeleteTheFlowsOfADeletedGroup() {
        edit(
                "group group_id=1,type=all,bucket=output:2",
                "group group_id=2,type=all,bucket=output:2",
                "priority=1,send_flow_rem,actions=group:1",
                "table=3,priority=2,actions=write_actions(group:1)",
                "table=3,priority=3,actions=clone(output:1,clone(group:1))",
                "priority=4,in_port=7,actions=group:2");

        List<FlowRemoved> removed = edit("group delete group_id=1");

        assertEquals(3, removed.size());
        removed.forEach(each -> assertEquals(FlowRemoved.Reason.GROUP_DELETE, each.reason()));
        assertEquals(List.of("0 priority=4,in_port=7 group:2"), dump());
        assertEquals(1, edit("group delete").size());
    }

    @Test
    void item5ShouldDeleteTheFlowsAsTheyAreNowAndNotThoseThatWereModified() {
        edit(
                "group group_id=1,type=all,bucket=output:2",
                "priority=1,actions=group:1",
                "priority=2,actions=group:1",
                "priority=3,actions=group:1",
                "priority=4,actions=output:2");
        edit(
                "modify_strict priority=1,actions=output:3",
                "delete_strict priority=2",
                "priority=3,actions=output:4",
                "modify_strict priority=4,actions=group:1");

        assertEquals(1, pipeline.groups().getFirst().references());
        assertEquals(1, edit("group delete group_id=1").size());
        assertEquals(List.of("0 priority=3 output:4", "0 priority=1 output:3"), dump());
    }

    @Test
    void item23ShouldRefuseFlowsWithGroupsThatAreNotThere() {
        edit("group group_id=1,type=all,bucket=output:2", "priority=1,actions=output:1");

        for (String flow : List.of(
                "actions=group:2", "actions=write_actions(group:2)", "modify_strict priority=1,actions=group:2")) {
            assertEquals(Kind.BAD_OUT_GROUP, refused(flow).kind(), flow);
        }
        assertEquals(
                Kind.BAD_OUT_GROUP,
                refused("actions=group:1", "group delete", "in_port=1,actions=group:1")
                        .kind());
        edit("group group_id=2,type=all", "priority=1,actions=group:2", "group delete group_id=2");
    }

    @Test
    void item4ShouldDeleteAndListByOutGroup() {
        edit(
                "group group_id=1,type=all",
                "group group_id=2,type=all",
                "priority=1,actions=group:1",
                "priority=2,actions=write_actions(group:2)",
                "priority=3,actions=output:1");

        assertEquals(0, edit("delete out_group=3").size());
        assertEquals(1, edit("delete out_group=2").size());
        assertEquals(List.of("0 priority=3 output:1", "0 priority=1 group:1"), dump());
    }

    private List<String> groups() {
        return pipeline.groups().stream()
                .map(each -> GroupText.format(each.group()))
                .toList();
    }

    private List<String> meters() {
        return pipeline.meters().stream()
                .map(each -> MeterText.format(each.meter()))
                .toList();
    }

    private List<String> buckets() {
        return pipeline.groups().getFirst().group().buckets().stream()
                .map(bucket -> bucket.id() + " " + FlowText.format(Instructions.apply(bucket.actions())))
                .toList();
    }
}
