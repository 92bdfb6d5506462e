// SPDX-License-Identifier: Apache-2.0
package io.makas.flow.text;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.makas.flow.action.Action;
import io.makas.flow.action.Instructions;
import io.makas.flow.group.Bucket;
import io.makas.flow.group.Group;
import io.makas.flow.group.GroupMod;
import io.makas.flow.group.GroupStatistics;
import io.makas.flow.group.GroupType;
import io.makas.flow.group.SelectionMethod;
import io.makas.flow.group.SelectionMethod.HashedField;
import io.makas.flow.key.Field;
import io.makas.flow.key.MaskedValue;
import io.makas.flow.table.TrafficCounter;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

final class GroupTextTest {

    @ParameterizedTest
    @ValueSource(
            strings = {
                "group:7",
                "group:0",
                "group:4294967040",
                "meter:1,output:2",
                "meter:4294901760",
                "meter:3,group:4,write_actions(group:5),goto_table:1",
            })
    void shouldWriteWhatItReadsOfGroupsAndMetersInFlows(String actions) throws FlowTextException {
        assertEquals(actions, FlowText.format(FlowText.parseActions("", actions)));
    }

    @Test
    void shouldReadMetersWhereverTheyStand() throws FlowTextException {
        assertEquals(
                Instructions.apply(new Action.Output(2)).throughMeter(9),
                FlowText.parseActions("", "output:2,meter:9"));
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "group: | 7 | nothing here where a number from 0 to 4294967040",
                "group:4294967041 | 7 | where a number from 0 to 4294967040",
                "meter:0 | 7 | where a meter from 1 to 4294901760",
                "meter:1,meter:2 | 9 | instruction meter is there twice",
                "write_actions(meter:1) | 15 | cannot be within another one",
            })
    void shouldPointToWhatIsWrongWithGroupsAndMetersInFlows(String actions, int column, String message) {
        FlowTextException e = assertThrows(FlowTextException.class, () -> FlowText.parseActions("", actions));

        assertEquals(column, e.column());
        assertTrue(e.getMessage().contains(message), e.getMessage());
    }

    @Test
    void shouldReadTheGroupOfTheManual() throws FlowTextException {
        GroupMod mod = GroupText.parse("group_id=1,type=select,selection_method=hash,fields(ip_dst,nw_src=255.255.0.0),"
                + "bucket=bucket_id:0,weight:10,watch_port:1,actions=output:1,bucket=output:2,group:3");

        SelectionMethod selection = new SelectionMethod(
                SelectionMethod.Method.HASH,
                0,
                List.of(
                        new HashedField(Field.IP_SRC, MaskedValue.masked(0xffff0000L, 0xffff0000L)),
                        new HashedField(Field.IP_DST, MaskedValue.exact(Field.IP_DST, 0xffffffffL))));
        Bucket first = new Bucket(0, 10, 1, Bucket.NO_GROUP, List.of(new Action.Output(1)));
        Bucket second = new Bucket(
                Bucket.NO_ID, 1, Bucket.NO_PORT, Bucket.NO_GROUP, List.of(new Action.Output(2), new Action.Group(3)));
        assertEquals(new GroupMod.Add(new Group(1, GroupType.SELECT, selection, List.of(first, second))), mod);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "group_id=1,type=all",
                "group_id=4294967040,type=indirect,bucket=bucket_id:7,actions=set_field:10.0.0.1->ip_dst,output:1",
                "group_id=1,type=all,bucket=actions=output:1,bucket=actions=drop",
                "group_id=2,type=select,bucket=weight:0,actions=output:1,bucket=actions=resubmit(,5)",
                "group_id=2,type=select,selection_method=dp_hash,selection_method_param=7,bucket=actions=output:1",
                "group_id=2,type=select,selection_method=hash,fields(ip_dst),bucket=actions=output:1",
                "group_id=2,type=select,selection_method=hash,fields(eth_src=ff:ff:ff:00:00:00,tcp_dst=0xff,ipv6_src),"
                        + "bucket=actions=output:1",
                "group_id=3,type=ff,bucket=watch_port:1,actions=output:1,bucket=watch_group:4,actions=group:4",
                "group_id=3,type=ff,bucket=watch_port:LOCAL,watch_group:4,actions=LOCAL",
                "modify group_id=1,type=all,bucket=actions=output:1",
                "add_or_mod group_id=1,type=all,bucket=actions=output:1",
                "delete",
                "delete group_id=5",
                "insert_bucket group_id=1,command_bucket_id=first,bucket=weight:3,actions=output:1",
                "insert_bucket group_id=1,command_bucket_id=17,bucket=actions=output:1",
                "remove_bucket group_id=1,command_bucket_id=last",
                "remove_bucket group_id=1,command_bucket_id=all",
            })
    void shouldWriteWhatItReads(String text) throws FlowTextException {
        assertEquals(text, GroupText.format(GroupText.parse(text)));
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "add group_id=1 type=all bucket=output:1 | group_id=1,type=all,bucket=actions=output:1",
                "group_id=1,type=fast_failover,bucket=watch_port=1,output:1 |"
                        + " group_id=1,type=ff,bucket=watch_port:1,actions=output:1",
                "group_id=1,type=select,bucket=actions=output:1,weight:5 |"
                        + " group_id=1,type=select,bucket=weight:5,actions=output:1",
                "group_id=1,type=select,selection_method=hash,fields=ip_src,bucket=output:1 |"
                        + " group_id=1,type=select,selection_method=hash,fields(ip_src),bucket=actions=output:1",
                "delete group_id=all | delete",
                "remove_buckets group_id=1 | remove_bucket group_id=1,command_bucket_id=all",
            })
    void shouldReadOtherWaysToSayIt(String text, String usual) throws FlowTextException {
        assertEquals(usual, GroupText.format(GroupText.parse(text)));
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "type=all | 9 | no group_id",
                "group_id=1 | 11 | no type",
                "group_id=1,type=most | 17 | where all, select, indirect or ff was expected",
                "group_id=4294967041,type=all | 10 | a number from 0 to 4294967040",
                "group_id=1,tipe=all | 12 | did you mean type?",
                "group_id=1,type=all,bucket= | 28 | no actions",
                "group_id=1,type=all,bucket=actions | 35 | no actions",
                "group_id=1,type=all,bucket=output:x | 35 | a port",
                "group_id=1,type=all,bucket=weight:x,output:1 | 35 | a number from 0 to 65535",
                "group_id=1,type=all,bucket=weight:1,actions=goto_table:2 | 45 | other instructions belong to flows",
                "group_id=1,type=select,fields(ip_dst) | 31 | selection_method=hash only",
                "group_id=1,type=select,selection_method=luck | 41 | where hash or dp_hash was expected",
                "group_id=1,type=select,selection_method=hash,fields(ip_dts) | 53 | did you mean ip_dst?",
                "group_id=1,type=select,selection_method=hash,fields(ip_dst,ip_dst) | 60 | twice",
                "group_id=1,type=select,selection_method=hash,fields(ip_dst=0.0.0.0) | 60 | the mask is 0",
                "group_id=1,type=all,command_bucket_id=1 | 39 | inserted or removed",
                "delete group_id=1,type=all | 24 | nothing else",
                "insert_bucket group_id=1,bucket=output:1 | 41 | no command_bucket_id",
                "insert_bucket group_id=1,command_bucket_id=all,bucket=output:1 | 44 | the bucket to insert behind",
                "remove_bucket group_id=1,bucket=output:1 | 33 | leave out bucket=",
            })
    void shouldPointToWhatIsWrong(String text, int column, String message) {
        FlowTextException e = assertThrows(FlowTextException.class, () -> GroupText.parse(text));

        assertTrue(e.getMessage().contains(message), e.getMessage());
        assertEquals(column, e.column(), e.getMessage());
    }

    @Test
    void shouldReadFilesWithCommentsAndCommandsAndTellTheLine() throws FlowTextException {
        String file = "# groups\ngroup_id=1,type=all\n\n  delete group_id=2 # gone\n";

        assertEquals(
                List.of(new GroupMod.Add(new Group(1, GroupType.ALL, List.of())), new GroupMod.Delete(2)),
                GroupText.parseFile(file));
        FlowTextException e =
                assertThrows(FlowTextException.class, () -> GroupText.parseFile(file + "group_id=x,type=all"));
        assertEquals("line 5, column 10", e.locatedMessage().substring(0, 17));
    }

    @Test
    void shouldWriteStatisticsAsDumpGroupStatsDoes() {
        GroupStatistics statistics = new GroupStatistics(
                new Group(7, GroupType.ALL, List.of()),
                2,
                new TrafficCounter.Count(3, 300),
                List.of(new TrafficCounter.Count(1, 100), new TrafficCounter.Count(2, 200)),
                1_234_000_000L);

        assertEquals(
                " group_id=7,duration=1.234s,ref_count=2,packet_count=3,byte_count=300,"
                        + "bucket0:packet_count=1,byte_count=100,bucket1:packet_count=2,byte_count=200",
                GroupText.format(statistics));
    }
}
