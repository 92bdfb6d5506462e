// SPDX-License-Identifier: Apache-2.0
package io.makas.flow.oracle;

import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import java.util.Set;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Makas beside the plain switch, on random cases: what leaves, what the controllers get, what is counted. */
final class PlainSwitchTest {

    private static final int CASES = Integer.getInteger("makas.cases", 2_000);

    @ParameterizedTest
    @ValueSource(longs = {41, 42, 43})
    void shouldDoWhatThePlainSwitchDoes(long seed) {
        RandomCases random = new RandomCases(Long.getLong("makas.seed", 0) + seed);
        int compared = 0;
        int sending = 0;
        for (int number = 0; number < CASES; number++) {
            Case given = random.make(number);
            Outcome ours = MakasSide.run(given, number % 2 == 0 ? 1_000 : 0);
            PlainSide plain = PlainSide.run(given, ours, Set.of());
            if (plain.isDefined() && !(plain.isLoop() && isCutElsewhere(given))) {
                List<String> differences = ours.differences(plain.outcome(), given, "makas", "plain");
                assertTrue(differences.isEmpty(), () -> given.text() + "\n" + String.join("\n", differences));
                compared++;
                sending += ours.packets().stream().allMatch(List::isEmpty) ? 0 : 1;
            }
        }
        System.out.println("seed " + seed + ": compared " + compared + " cases, of which sent something: " + sending);
        assertTrue(sending > CASES / 4);
    }

    /** Whether an endless walk may be cut off at another place: within groups, and where walks are interrupted. */
    private static boolean isCutElsewhere(Case given) {
        return !given.groups().isEmpty()
                || given.text().contains("pop_mpls")
                || given.text().contains("check_pkt_larger");
    }
}
