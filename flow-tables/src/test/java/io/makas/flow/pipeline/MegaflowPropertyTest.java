// SPDX-License-Identifier: Apache-2.0
package io.makas.flow.pipeline;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.makas.flow.RandomFlows;
import io.makas.flow.table.FlowFilter;
import io.makas.flow.table.FlowModException;
import io.makas.flow.table.FlowStatistics;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What the pipeline answers, for random flows and packets, beside what the tables plainly say. */
final class MegaflowPropertyTest {

    private static final List<Integer> PORTS = List.of(1, 2, 3, 4);

    private final Pipeline pipeline = new Pipeline(() -> 0, 10_000);

    /** The correctness property of {@link Translation}. */
    @ParameterizedTest
    @ValueSource(longs = {11, 12, 13, 14, 15, 16})
    void shouldAnswerTheSameForEveryPacketOfAMegaflow(long seed) {
        System.out.println("seed " + seed);
        RandomFlows random = seed % 2 == 0 ? RandomFlows.withAllActions(seed) : new RandomFlows(seed);
        setPorts();
        long cases = 0;
        for (int round = 0; round < 1_500; round++) {
            edit(random, round);
            if (round % 3 != 0) {
                pipeline.index();
            }
            for (int i = 0; i < 3; i++) {
                long[] key = random.key();
                Translation answer = pipeline.translate(key);
                for (int j = 0; j < 10; j++) {
                    Translation other = pipeline.translate(random.like(key, answer.mask()));
                    assertEquals(answer.program(), other.program());
                    assertArrayEquals(
                            answer.credits().entries(), other.credits().entries());
                    assertArrayEquals(answer.credits().tables(), other.credits().tables());
                    cases++;
                }
            }
        }
        assertTrue(cases >= 45_000);
    }

    @ParameterizedTest
    @ValueSource(longs = {21, 22, 23, 24})
    void shouldSendWhatThePlainInterpreterSends(long seed) {
        System.out.println("seed " + seed);
        RandomFlows random = new RandomFlows(seed);
        setPorts();
        int compared = 0;
        int sending = 0;
        for (int round = 0; round < 1_500; round++) {
            edit(random, round);
            if (round % 3 != 0) {
                pipeline.index();
            }
            List<FlowStatistics> flows = pipeline.flows(FlowFilter.ALL);
            for (int i = 0; i < 10; i++) {
                long[] key = random.key();
                NaivePipeline naive = new NaivePipeline(flows, PORTS);
                List<String> expected = naive.send(key);
                if (!naive.isAmbiguous()) {
                    List<String> sent = KeyProgram.run(pipeline.translate(key), key);
                    assertEquals(expected, sent);
                    compared++;
                    sending += sent.isEmpty() ? 0 : 1;
                }
            }
        }
        System.out.println("compared " + compared + ", of which sent something: " + sending);
        assertTrue(sending > 1_000);
    }

    @Test
    void shouldLeaveNothingBehindAfterRefusedEdits() {
        System.out.println("seed 31");
        RandomFlows random = new RandomFlows(31);
        int refused = 0;
        for (int round = 0; round < 500; round++) {
            List<FlowStatistics> before = pipeline.flows(FlowFilter.ALL);
            long generation = pipeline.generation();
            try {
                pipeline.apply(Stream.of(random.mod(1), random.mod(2), random.mod(3), random.mod(4))
                        .toList());
            } catch (FlowModException e) {
                assertEquals(before, pipeline.flows(FlowFilter.ALL));
                assertEquals(generation, pipeline.generation());
                refused++;
            }
        }
        assertTrue(refused > 50, "refused " + refused);
    }

    private void edit(RandomFlows random, int round) {
        try {
            pipeline.apply(List.of(random.mod(round)));
        } catch (FlowModException e) {
            assertEquals(FlowModException.Kind.MATCH_INCONSISTENT, e.kind(), e.getMessage());
        }
    }

    private void setPorts() {
        pipeline.setPorts(PORTS.stream().map(PortState::new).toList());
    }
}
