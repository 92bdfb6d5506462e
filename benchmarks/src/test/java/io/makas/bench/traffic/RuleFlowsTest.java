// SPDX-License-Identifier: Apache-2.0
package io.makas.bench.traffic;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.makas.flow.text.FlowText;
import io.makas.flow.text.FlowTextException;
import java.io.IOException;
import java.util.HashSet;
import java.util.Set;
import org.junit.jupiter.api.Test;

class RuleFlowsTest {

    private static final long SEED = 3;

    @Test
    void shouldMakeFlowsOfARule() throws FlowTextException {
        FlowSet flows = flows("table=0,tcp,nw_src=10.1.0.0/16,nw_dst=192.0.2.7,tp_dst=443,actions=output:2", 100);

        for (int i = 0; i < flows.count(); i++) {
            FiveTuple flow = flows.flow(i);
            assertEquals(0x0a01, flow.source() >>> 16);
            assertEquals(0xc0000207, flow.destination());
            assertEquals(443, flow.destinationPort());
            assertEquals(FiveTuple.TCP, flow.protocol());
        }
        assertEquals(100, flows.distinct());
    }

    @Test
    void shouldLeaveOutRulesThatNoPacketFromPort1Meets() throws FlowTextException {
        FlowSet flows = flows("""
                table=0,in_port=2,ip,nw_dst=192.0.2.1,actions=output:1
                table=0,ipv6,actions=drop
                table=1,ip,nw_dst=192.0.2.2,actions=output:2
                table=0,in_port=1,ip,nw_dst=192.0.2.3,actions=output:2
                """, 10);

        for (int i = 0; i < flows.count(); i++) {
            assertEquals(0xc0000203, flows.flow(i).destination());
        }
    }

    @Test
    void shouldMakeAnyFlowsWhereRulesSayNothing() throws FlowTextException {
        FlowSet flows = flows("table=0,priority=0,actions=normal", 1_000);

        assertEquals(1_000, flows.distinct());
        assertEquals(FiveTuple.UDP, flows.flow(0).protocol());
    }

    @Test
    void shouldSayHowManyAreDifferentWhereRulesLeaveNoRoom() throws FlowTextException {
        FlowSet flows =
                flows("table=0,udp,nw_src=10.0.0.1,nw_dst=10.0.0.2,tp_src=1,tp_dst=0x2/0xfffe,actions=output:2", 50);

        assertEquals(50, flows.count());
        assertEquals(2, flows.distinct());
    }

    @Test
    void shouldMakeFlowsOfManyRulesOfAnAccessList() throws IOException {
        RuleText rules = RuleText.of("acl24", false, SEED);
        FlowSet flows = new RuleFlows(rules.mods(), 1, 2, SEED).flows(1_000);
        Set<Integer> protocols = new HashSet<>();
        for (int i = 0; i < flows.count(); i++) {
            protocols.add(flows.flow(i).protocol());
        }

        assertEquals(1_000, flows.distinct());
        assertTrue(protocols.containsAll(Set.of(FiveTuple.TCP, FiveTuple.UDP)), protocols.toString());
    }

    private static FlowSet flows(String rules, int count) throws FlowTextException {
        return new RuleFlows(FlowText.parseFile(rules), 1, 2, SEED).flows(count);
    }
}
