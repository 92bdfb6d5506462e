// SPDX-License-Identifier: Apache-2.0
package io.makas.cli.demo;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class VhostUserPathTest {

    @Test
    void shouldReadWhatVhostPingWrites() {
        VhostUserPath.Result result = VhostUserPath.parse("""
                {"round_trips":[{"us":1.25,"count":600},{"us":9.5,"count":400}],"lost":3,"kpps":4321.5}
                """);

        assertEquals(1_000, result.roundTrips().samples());
        assertEquals(1.25, result.roundTrips().p50Us());
        assertEquals(9.5, result.roundTrips().p99Us());
        assertEquals(3, result.roundTrips().lost());
        assertEquals(4_321.5, result.udpKpps());
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "[]",
                "{}",
                "{\"round_trips\":[],\"lost\":0,\"kpps\":1}",
                "{\"round_trips\":[{\"us\":1,\"count\":1}],\"lost\":0,\"kpps\":0}",
                "{\"round_trips\":[{\"us\":1,\"count\":1}],\"lost\":0}",
                "{\"round_trips\":[{\"us\":\"fast\",\"count\":1}],\"lost\":0,\"kpps\":1}"
            })
    void shouldRefuseWhatIsNoResultAndShowIt(String json) {
        var refusal = assertThrows(IllegalStateException.class, () -> VhostUserPath.parse(json));

        assertTrue(refusal.getMessage().startsWith("makas bench vhost-ping wrote no result"), refusal.getMessage());
        assertTrue(refusal.getMessage().contains(json), refusal.getMessage());
    }
}
