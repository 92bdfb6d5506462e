// SPDX-License-Identifier: Apache-2.0
package io.makas.bench.traffic;

import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.makas.flow.packet.FrameBuilder;
import io.makas.flow.packet.MacAddress;
import java.io.IOException;
import org.junit.jupiter.api.Test;

class ArrivalCheckTest {

    private static final String FROM = "02:00:00:00:00:0a";
    private static final String TO = "02:00:00:00:00:0b";
    private static final FiveTuple FLOW = new FiveTuple(0x0a000001, 0xc0000201, 1, 2, FiveTuple.UDP);

    private final byte[] sent = new FrameTemplate(FROM, TO, 60).frame(FLOW);

    @Test
    void shouldAcceptWhatWasSent() throws IOException {
        assertNull(check("port").problem(sent));
    }

    @Test
    void shouldFindAWrongChecksum() throws IOException {
        sent[24] ^= 1;

        String problem = check("port").problem(sent);

        assertTrue(problem.contains("checksum"), problem);
    }

    @Test
    void shouldFindOtherAddresses() throws IOException {
        byte[] changed = sent.clone();
        changed[0] ^= 4;

        String problem = check("normal").problem(changed);

        assertTrue(problem.contains("06:00:00:00:00:0b"), problem);
    }

    @Test
    void shouldExpectOneHopLessAndTheAddressesOfTheNextFromARouter() throws IOException {
        long hop = RouterRules.of(100, 1).nextHop(FLOW.destination());
        byte[] routed = FrameBuilder.ethernet(
                        new MacAddress(RouterRules.ROUTER_MAC).toString(), new MacAddress(hop).toString())
                .ipv4("10.0.0.1", "192.0.2.1")
                .ttl(63)
                .udp(1, 2)
                .payload(new byte[18])
                .build();

        assertNull(check("router:100").problem(routed));
        String problem = check("router:100").problem(sent);
        assertTrue(problem.contains("TTL is 64, not 63"), problem);
    }

    private ArrivalCheck check(String rules) throws IOException {
        return new ArrivalCheck(sent, RuleText.of(rules, false, 1), 1);
    }
}
