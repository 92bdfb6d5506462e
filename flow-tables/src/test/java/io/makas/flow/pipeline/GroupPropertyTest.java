// SPDX-License-Identifier: Apache-2.0
package io.makas.flow.pipeline;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.makas.flow.RandomFlows;
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
import io.makas.flow.meter.Meter;
import io.makas.flow.meter.MeterBand;
import io.makas.flow.meter.MeterMod;
import io.makas.flow.table.FlowFilter;
import io.makas.flow.table.FlowMod;
import io.makas.flow.table.FlowModException;
import io.makas.flow.table.FlowStatistics;
import io.makas.flow.table.PipelineMod;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Random groups, meters and flows that refer to them, and random edits of all. */
final class GroupPropertyTest {

    private static final int IDS = 6;

    private final Pipeline pipeline = new Pipeline(() -> 0, 10_000);
    private RandomFlows random;

    /** The correctness property of {@link Translation}, with groups whose buckets are chosen by fields of packets. */
    @ParameterizedTest
    @ValueSource(longs = {81, 82, 83, 84})
    void shouldAnswerTheSameForEveryPacketOfAMegaflow(long seed) {
        System.out.println("seed " + seed);
        random = new RandomFlows(seed);
        int grouped = 0;
        for (int round = 0; round < 1_500; round++) {
            edit(round);
            if (random.once(20)) {
                setPorts();
            }
            for (int i = 0; i < 3; i++) {
                long[] key = random.key();
                Translation answer = pipeline.translate(key);
                grouped += answer.credits().counters().length > 0 ? 1 : 0;
                for (int j = 0; j < 10; j++) {
                    Translation other = pipeline.translate(random.like(key, answer.mask()));
                    assertEquals(answer.program(), other.program());
                    assertArrayEquals(
                            answer.credits().entries(), other.credits().entries());
                    assertArrayEquals(
                            answer.credits().counters(), other.credits().counters());
                }
            }
        }
        System.out.println("with groups: " + grouped);
        assertTrue(grouped > 300, "with groups: " + grouped);
    }

    /** What refers to what, however it came about. */
    @ParameterizedTest
    @ValueSource(longs = {85, 86, 87})
    void shouldNeverHaveAFlowOrGroupThatRefersToNothingAndCountReferencesExactly(long seed) {
        System.out.println("seed " + seed);
        random = new RandomFlows(seed);
        int refused = 0;
        for (int round = 0; round < 3_000; round++) {
            List<GroupStatistics> before = pipeline.groups();
            List<FlowStatistics> flowsBefore = pipeline.flows(FlowFilter.ALL);
            List<PipelineMod> mods = Stream.of(mod(round), mod(round), mod(round))
                    .limit(1 + random.below(3))
                    .toList();
            try {
                pipeline.apply(mods);
            } catch (FlowModException e) {
                assertEquals(before, pipeline.groups());
                assertEquals(flowsBefore, pipeline.flows(FlowFilter.ALL));
                refused++;
            }
            requireReferences();
        }
        assertTrue(refused > 300, "refused " + refused);
    }

    private void requireReferences() {
        List<GroupStatistics> groups = pipeline.groups();
        List<FlowStatistics> flows = pipeline.flows(FlowFilter.ALL);
        Set<Integer> ids = new HashSet<>();
        groups.forEach(each -> ids.add(each.group().id()));
        Set<Integer> meters = new HashSet<>();
        pipeline.meters().forEach(each -> meters.add(each.meter().id()));
        for (FlowStatistics flow : flows) {
            assertTrue(ids.containsAll(groupsOf(flow.instructions())));
            int meter = flow.instructions().meter();
            assertTrue(meter == Instructions.NO_METER || meters.contains(meter));
        }
        for (GroupStatistics each : groups) {
            assertTrue(ids.containsAll(groupsOf(each.group())));
            int id = each.group().id();
            long references = flows.stream()
                            .filter(flow -> groupsOf(flow.instructions()).contains(id))
                            .count()
                    + groups.stream()
                            .filter(other -> groupsOf(other.group()).contains(id))
                            .count();
            assertEquals(references, each.references());
        }
        pipeline.meters()
                .forEach(each -> assertEquals(
                        flows.stream()
                                .filter(flow -> flow.instructions().meter()
                                        == each.meter().id())
                                .count(),
                        each.flows()));
    }

    private static Set<Integer> groupsOf(Instructions instructions) {
        Set<Integer> ids = new HashSet<>();
        Stream.concat(instructions.apply().stream(), instructions.write().stream())
                .forEach(action -> addGroup(action, ids));
        return ids;
    }

    private static Set<Integer> groupsOf(Group group) {
        Set<Integer> ids = new HashSet<>();
        for (Bucket bucket : group.buckets()) {
            bucket.actions().forEach(action -> addGroup(action, ids));
            if (bucket.watchGroup() != Bucket.NO_GROUP) {
                ids.add(bucket.watchGroup());
            }
        }
        return ids;
    }

    private static void addGroup(Action action, Set<Integer> ids) {
        if (action instanceof Action.Group(int id)) {
            ids.add(id);
        }
    }

    private void edit(int round) {
        try {
            pipeline.apply(List.of(mod(round)));
        } catch (FlowModException e) {
            // Refused for one of many good reasons.
        }
    }

    private void setPorts() {
        pipeline.setPorts(IntStream.range(1, 5)
                .filter(port -> !random.once(5))
                .mapToObj(PortState::new)
                .toList());
    }

    private PipelineMod mod(int round) {
        int id = random.below(IDS);
        return switch (random.below(16)) {
            case 0, 1, 2 -> new GroupMod.AddOrModify(group(id));
            case 3 -> new GroupMod.InsertBuckets(id, GroupMod.LAST, List.of(bucket(id, GroupType.SELECT)));
            case 4 -> new GroupMod.RemoveBuckets(id, GroupMod.FIRST);
            case 5 -> random.once(4) ? new GroupMod.Delete(id) : new GroupMod.Add(group(id));
            case 6 -> new MeterMod.Add(meter(id + 1));
            case 7 -> random.once(4) ? new MeterMod.Delete(id + 1) : new MeterMod.Modify(meter(id + 1));
            case 8, 9 -> random.mod(round);
            default -> add(round);
        };
    }

    private FlowMod.Add add(int round) {
        FlowMod.Add add = random.add(round);
        Instructions plain = add.instructions();
        List<Action> apply = withGroup(plain.apply());
        List<Action> write = random.once(3) ? withGroup(plain.write()) : plain.write();
        Instructions instructions = new Instructions(
                random.once(4) ? 1 + random.below(IDS) : plain.meter(),
                apply,
                plain.clear(),
                write,
                plain.metadata(),
                plain.metadataMask(),
                plain.gotoTable());
        return new FlowMod.Add(add.table(), add.priority(), add.match(), instructions);
    }

    private List<Action> withGroup(List<Action> actions) {
        List<Action> more = new ArrayList<>(actions);
        more.add(random.below(actions.size() + 1), new Action.Group(random.below(IDS)));
        return more;
    }

    private Meter meter(int id) {
        MeterBand band = random.once(2) ? MeterBand.drop(1, 0) : MeterBand.remark(1, 0, 1);
        return new Meter(id, Meter.Unit.PKTPS, false, false, List.of(band));
    }

    private Group group(int id) {
        GroupType type = GroupType.values()[random.below(4)];
        List<Bucket> buckets = new ArrayList<>();
        for (int i = type == GroupType.INDIRECT ? 1 : random.below(4); i > 0; i--) {
            buckets.add(bucket(id, type));
        }
        SelectionMethod selection = random.once(2)
                ? SelectionMethod.DEFAULT
                : new SelectionMethod(
                        SelectionMethod.Method.HASH,
                        random.below(3),
                        List.of(
                                new HashedField(Field.IP_DST, MaskedValue.masked(0xff, 0xff)),
                                new HashedField(Field.TCP_DST, MaskedValue.masked(0xffff, 0xffff)),
                                new HashedField(Field.VLAN_VID, MaskedValue.masked(0xfff, 0xfff))));
        return new Group(id, type, selection, buckets);
    }

    private Bucket bucket(int id, GroupType type) {
        List<Action> actions = new ArrayList<>();
        actions.add(random.once(3) ? new Action.Group(random.below(IDS)) : new Action.Output(1 + random.below(5)));
        for (Action action : random.instructions(0).apply()) {
            if (!(action instanceof Action.Resubmit) || random.once(2)) {
                actions.add(action);
            }
        }
        boolean isWatched = type == GroupType.FAST_FAILOVER || type == GroupType.SELECT && random.once(3);
        return new Bucket(
                Bucket.NO_ID,
                type == GroupType.SELECT ? random.below(4) : Bucket.USUAL_WEIGHT,
                isWatched ? 1 + random.below(5) : Bucket.NO_PORT,
                isWatched && random.once(3) ? random.below(IDS) : Bucket.NO_GROUP,
                actions);
    }
}
