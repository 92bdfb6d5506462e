// SPDX-License-Identifier: Apache-2.0
package io.makas.flow.pipeline;

import static org.junit.jupiter.api.Assertions.assertNotEquals;

import org.junit.jupiter.api.Test;

/** Walks that are interrupted, and what they mean for the answers that caches hold. */
final class InterruptionTest extends PipelineFixture {

    @Test
    void shouldMakeOlderAnswersVoidWhenTheFirstWalkToBeInterruptedIsOnlyWatched() {
        edit("priority=2,tcp,actions=check_pkt_larger(100)->reg0[0],output:2", "priority=1,actions=output:3");
        long generation = pipeline.translate(key("in_port=1,udp")).generation();

        pipeline.trace(key("in_port=1,tcp"));
        pipeline.translate(key("in_port=1,tcp"));

        assertNotEquals(generation, pipeline.generation());
    }
}
