// SPDX-License-Identifier: Apache-2.0
package io.makas.bench.traffic;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Arrays;
import org.junit.jupiter.api.Test;

class PacketOrderTest {

    private static final long SEED = 7;

    @Test
    void shouldTakeFlowsInTurn() {
        assertArrayEquals(new int[] {0, 1, 2}, PacketOrder.SEQ.indices(3, SEED));
    }

    @Test
    void shouldDrawTheNthFlowOneNthAsOftenAsTheFirst() {
        int flows = 1_000;
        int[] order = PacketOrder.ZIPF.indices(flows, SEED);
        int[] drawn = new int[flows];
        Arrays.stream(order).forEach(flow -> drawn[flow]++);
        double harmonic = 0;
        for (int i = 1; i <= flows; i++) {
            harmonic += 1.0 / i;
        }

        for (int flow : new int[] {0, 1, 9, 99}) {
            double expected = order.length / harmonic / (flow + 1);
            assertEquals(expected, drawn[flow], 5 * Math.sqrt(expected), "flow " + flow + ", seed " + SEED);
        }
        assertTrue(drawn[flows - 1] > 0, "the rarest flow comes, too; seed " + SEED);
    }

    @Test
    void shouldDrawTheSameOrderFromTheSameSeed() {
        assertArrayEquals(PacketOrder.ZIPF.indices(100, SEED), PacketOrder.ZIPF.indices(100, SEED));
    }

    @Test
    void shouldKnowOneFlow() {
        assertTrue(Arrays.stream(PacketOrder.ZIPF.indices(1, SEED)).allMatch(flow -> flow == 0));
    }

    @Test
    void shouldReadItsOwnWordsAndNoOthers() {
        for (PacketOrder order : PacketOrder.values()) {
            assertEquals(order, PacketOrder.of(order.word()));
        }

        String message = assertThrows(IllegalArgumentException.class, () -> PacketOrder.of("random"))
                .getMessage();
        assertTrue(message.contains("'random'"), message);
    }
}
