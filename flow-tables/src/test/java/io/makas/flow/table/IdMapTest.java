// SPDX-License-Identifier: Apache-2.0
package io.makas.flow.table;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertSame;

import java.util.HashMap;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;

final class IdMapTest {

    @Test
    void shouldHoldWhatAHashMapHoldsAndLeaveOlderMapsAsTheyWere() {
        long seed = 71;
        System.out.println("seed " + seed);
        SplittableRandom random = new SplittableRandom(seed);
        IdMap<String> map = IdMap.empty();
        Map<Integer, String> plain = new HashMap<>();
        IdMap<String> old = map;
        Map<Integer, String> plainOld = Map.of();
        for (int round = 0; round < 20_000; round++) {
            int id = random.nextInt(3) == 0 ? random.nextInt() : random.nextInt(300) - 100;
            if (random.nextInt(5) < 3) {
                map = map.with(id, "v" + round);
                plain.put(id, "v" + round);
            } else {
                map = map.without(id);
                plain.remove(id);
            }
            assertEquals(plain.get(id), map.get(id));
            assertEquals(plain.size(), map.size());
            if (round % 1_000 == 0) {
                requireSame(plain, map);
                requireSame(plainOld, old);
                old = map;
                plainOld = Map.copyOf(plain);
            }
        }
        for (int id : plain.keySet()) {
            map = map.without(id);
        }
        requireSame(Map.of(), map);
    }

    @Test
    void shouldStayTheSameWhenNothingIsTakenOut() {
        IdMap<String> map = IdMap.<String>empty().with(7, "seven");

        assertSame(map, map.without(8));
        assertNull(map.get(8));
    }

    private static void requireSame(Map<Integer, String> plain, IdMap<String> map) {
        TreeSet<String> values = new TreeSet<>();
        map.forEach(values::add);
        assertEquals(new TreeSet<>(plain.values()), values);
        plain.forEach((id, value) -> assertEquals(value, map.get(id)));
    }
}
