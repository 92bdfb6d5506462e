// SPDX-License-Identifier: Apache-2.0
package io.makas.bench.peer;

import static org.junit.jupiter.api.Assertions.assertEquals;

import com.google.gson.JsonObject;
import org.junit.jupiter.api.Test;

class OpenvSwitchPeerTest {

    @Test
    void shouldReadTheFiguresOfAPmdThread() {
        JsonObject figures = OpenvSwitchPeer.parseStatistics("""
                pmd thread numa_id 0 core_id 1:
                  packets received: 8405504
                  packet recirculations: 0
                  avg. datapath passes per packet: 1.00
                  phwol hits: 0
                  mfex opt hits: 0
                  simple match hits: 5
                  emc hits: 8400000
                  smc hits: 0
                  megaflow hits: 5499
                  avg. subtable lookups per megaflow hit: 1.50
                  miss with success upcall: 7
                  miss with failed upcall: 0
                  avg. packets per output batch: 31.99
                  idle cycles: 100 (4.05%)
                  processing cycles: 2567036132 (95.95%)
                  avg cycles per packet: 318.31 (2675458972/8405504)
                  avg processing cycles per packet: 305.40 (2567036132/8405504)
                """);

        assertEquals(305.4, figures.get("cycles_per_packet").getAsDouble());
        assertEquals(318.31, figures.get("all_cycles_per_packet").getAsDouble());
        JsonObject hits = figures.getAsJsonObject("cache_hits");
        assertEquals(8_400_000, hits.get("exact").getAsLong());
        assertEquals(1.5, hits.get("subtables_per_hit").getAsDouble());
        assertEquals(7, hits.get("miss").getAsLong());
    }

    @Test
    void shouldReadAThreadThatSawNoPackets() {
        JsonObject figures =
                OpenvSwitchPeer.parseStatistics("pmd thread numa_id 0 core_id 1:\n  packets received: 0\n");

        assertEquals(0, figures.get("cycles_per_packet").getAsDouble());
    }
}
