// SPDX-License-Identifier: Apache-2.0
package io.makas.flow.pipeline;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.makas.flow.RandomFlows;
import io.makas.flow.table.FlowFilter;
import io.makas.flow.table.FlowModException;
import io.makas.flow.table.FlowMonitor;
import io.makas.flow.table.FlowRemoved;
import io.makas.flow.table.PipelineMod;
import io.makas.flow.table.TableConfig;
import java.util.ArrayList;
import java.util.List;
import java.util.TreeSet;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Bundles of flows, groups and meters of which one edit, anywhere, is wrong: afterwards everything is as before, and goes on as
 * on a switch that never saw them.
 */
final class BundleTest extends PipelineFixture {

    private static final int STEPS = 3_000;
    private static final String WRONG = "table=3,actions=goto_table:1";

    /** Does the same, without the wrong bundles. */
    private final Pipeline spared = new Pipeline(() -> nowNs, 60);

    private final Pipeline tried = new Pipeline(() -> nowNs, 60);

    @ParameterizedTest
    @ValueSource(longs = {81, 82, 83})
    void shouldLeaveNothingOfABundleThatFails(long seed) {
        System.out.println("seed " + seed);
        RandomFlows random = new RandomFlows(seed);
        for (Pipeline each : List.of(tried, spared)) {
            each.setPorts(List.of(new PortState(1), new PortState(2), new PortState(3)));
            each.configureTable(1, new TableConfig("small", 6, true));
            each.configureTable(2, new TableConfig("smaller", 4, false));
        }
        FlowMonitor monitor = tried.monitor(FlowFilter.ALL, 1_000);
        int done = 0;
        for (int step = 0; step < STEPS; step++) {
            String where = "seed " + seed + " step " + step;
            List<PipelineMod> bundle = bundle(random);
            bundle.add(random.below(bundle.size() + 1), mods(WRONG).getFirst());
            fail(bundle, monitor, where);
            send(random, where);
            done += carryOut(bundle(random), where);
            if (random.once(4)) {
                passSeconds(random.below(3));
                assertEquals(told(spared.expire(nowNs)), told(tried.expire(nowNs)), where);
            }
        }
        System.out.println(done + " right bundles");
        assertTrue(done > STEPS / 10, "too few bundles were right");
    }

    private void fail(List<PipelineMod> bundle, FlowMonitor monitor, String where) {
        String before = state(tried);
        long generation = tried.generation();
        monitor.resynchronise();
        try {
            tried.apply(bundle);
            throw new AssertionError(where + ": a wrong bundle was carried out");
        } catch (FlowModException e) {
            assertEquals(before, state(tried), where);
            assertEquals(generation, tried.generation(), where);
            assertNull(monitor.poll(), where);
        }
    }

    /** Carries the same out on both; 1 if it could be. */
    private int carryOut(List<PipelineMod> bundle, String where) {
        String refusal = null;
        List<String> told = List.of();
        try {
            told = told(spared.apply(bundle));
        } catch (FlowModException e) {
            refusal = e.index() + " " + e.getMessage();
        }
        try {
            assertEquals(told, told(tried.apply(bundle)), where);
            assertNull(refusal, where);
        } catch (FlowModException e) {
            assertEquals(refusal, e.index() + " " + e.getMessage(), where);
        }
        assertEquals(state(spared), state(tried), where);
        return refusal == null ? 1 : 0;
    }

    private void send(RandomFlows random, String where) {
        for (int i = 0; i < 3; i++) {
            long[] key = random.key();
            Translation expected = spared.translate(key);
            Translation actual = tried.translate(key);
            spared.credit(expected, 1, 60, nowNs);
            tried.credit(actual, 1, 60, nowNs);
            assertEquals(expected.program(), actual.program(), where);
        }
        assertEquals(state(spared), state(tried), where);
    }

    /** What there is, but for the order of the groups' watchers and the like, which nobody sees. */
    private static String state(Pipeline pipeline) {
        return pipeline.flows(FlowFilter.ALL) + "\n" + pipeline.groups() + "\n" + pipeline.meters() + "\n"
                + pipeline.tables();
    }

    private static List<String> told(List<FlowRemoved> removed) {
        return List.copyOf(new TreeSet<>(removed.stream()
                .map(each -> each.reason() + " " + each.statistics())
                .toList()));
    }

    private static List<PipelineMod> bundle(RandomFlows random) {
        List<PipelineMod> bundle = new ArrayList<>();
        for (int i = random.below(5); i >= 0; i--) {
            bundle.addAll(mods(edit(random)));
        }
        return bundle;
    }

    /** Priorities differ between the flows of a packet, so that it is plain which one it meets. */
    private static String edit(RandomFlows random) {
        int port = 1 + random.below(3);
        int id = 1 + random.below(4);
        int table = random.below(3);
        String flow = "table=" + table + ",priority=" + port + ",in_port=" + port;
        String target = table == 2 ? "output:3" : "output:3,resubmit(," + (table + 1) + ")";
        return switch (random.below(16)) {
            case 0 -> "delete table=" + table + ",in_port=" + port;
            case 1 -> "modify " + flow + ",actions=group:" + id;
            case 2 -> "delete cookie=" + id + "/0x3";
            case 3 -> flow + ",actions=group:" + id;
            case 4 -> flow + ",idle_timeout=3,actions=meter:" + id + "," + target;
            case 5 -> "group group_id=" + id + ",type=select,bucket=output:1,bucket=weight:2,output:2";
            case 6 -> "group group_id=" + (id + 1) + ",type=all,bucket=group:" + id;
            case 7 -> "group modify group_id=" + id + ",type=indirect,bucket=output:" + port;
            case 8 -> "group delete group_id=" + id;
            case 9 -> "meter meter=" + id + ",kbps,band=type=drop,rate=" + (1 + random.below(9));
            case 10 -> "meter delete meter=" + id;
            case 11 -> "table=3,priority=1,actions=learn(table=1,cookie=1,delete_learned,in_port=in_port,output:reg0)";
            case 12 -> "delete table=3";
            default ->
                "table=" + table + ",in_port=" + port + ",cookie=" + random.below(4) + ",importance=" + random.below(3)
                        + ",tcp,tp_dst="
                        + random.below(6) + ",priority=" + (10 + port) + ",idle_timeout=" + (1 + random.below(9))
                        + ",hard_timeout=" + random.below(20) + ",actions=" + target;
        };
    }
}
