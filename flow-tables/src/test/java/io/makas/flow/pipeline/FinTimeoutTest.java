// SPDX-License-Identifier: Apache-2.0
package io.makas.flow.pipeline;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.makas.flow.table.FlowRemoved.Reason;
import java.util.List;
import org.junit.jupiter.api.Test;

/** {@code fin_timeout}: flows that end when their connection does. */
final class FinTimeoutTest extends PipelineFixture {

    @Test
    void shouldShortenTimeoutsWhenATcpConnectionEnds() {
        edit("tcp,idle_timeout=60,actions=fin_timeout(idle_timeout=5,hard_timeout=20),output:2");
        send("in_port=1,tcp,tcp_flags=0x10");
        passSeconds(10);
        assertEquals(List.of(), pipeline.expire(nowNs));
        assertEquals(60, flows().getFirst().idleTimeoutS());

        assertEquals("output:2", send("in_port=1,tcp,tcp_flags=0x11"));

        assertEquals(5, flows().getFirst().idleTimeoutS());
        assertEquals(20, flows().getFirst().hardTimeoutS());
        passSeconds(4);
        send("in_port=1,tcp,tcp_flags=0x04");
        passSeconds(4);
        assertEquals(List.of(), pipeline.expire(nowNs));
        send("in_port=1,tcp,tcp_flags=0x10");
        passSeconds(2);
        assertEquals(Reason.HARD_TIMEOUT, pipeline.expire(nowNs).getFirst().reason());
    }

    @Test
    void shouldGiveTimeoutsToAFlowThatHadNone() {
        edit("tcp,actions=fin_timeout(idle_timeout=5)");
        passSeconds(100);
        assertEquals(List.of(), pipeline.expire(nowNs));

        pipeline.trace(key("in_port=1,tcp,tcp_flags=0x01"));
        assertEquals(0, flows().getFirst().idleTimeoutS());
        send("in_port=1,tcp,tcp_flags=0x01");
        passSeconds(5);

        assertEquals(Reason.IDLE_TIMEOUT, pipeline.expire(nowNs).getFirst().reason());
    }
}
