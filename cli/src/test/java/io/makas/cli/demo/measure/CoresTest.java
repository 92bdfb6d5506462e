// SPDX-License-Identifier: Apache-2.0
package io.makas.cli.demo.measure;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.util.List;
import java.util.OptionalInt;
import org.junit.jupiter.api.Test;

class CoresTest {

    private static final List<String> COMMAND = List.of("sockperf", "server");

    @Test
    void shouldGiveTheWorkerACpuOfItsOwnWhereThereAreThree() {
        assertEquals(new Cores(0, OptionalInt.of(1), 7), Cores.choose(List.of(0, 1, 2, 7)));
    }

    @Test
    void shouldShareTheSecondCpuWithTheWorkerWhereThereAreTwo() {
        assertEquals(new Cores(2, OptionalInt.of(3), 3), Cores.choose(List.of(2, 3)));
    }

    @Test
    void shouldLeaveOutCrossCoreOnOneCpu() {
        Cores cores = Cores.choose(List.of(5));

        assertEquals(List.of(Placement.SAME_CORE, Placement.FREE), cores.placements());
        assertThrows(IllegalArgumentException.class, () -> Cores.choose(List.of()));
    }

    @Test
    void shouldPinTheEndsAsThePlacementSays() {
        Cores cores = Cores.choose(List.of(0, 1));

        assertEquals(pinned("0"), cores.firstEnd(Placement.SAME_CORE, COMMAND));
        assertEquals(pinned("0"), cores.secondEnd(Placement.SAME_CORE, COMMAND));
        assertEquals(pinned("0"), cores.firstEnd(Placement.CROSS_CORE, COMMAND));
        assertEquals(pinned("1"), cores.secondEnd(Placement.CROSS_CORE, COMMAND));
        assertEquals(COMMAND, cores.firstEnd(Placement.FREE, COMMAND));
        assertEquals(COMMAND, cores.secondEnd(Placement.FREE, COMMAND));
    }

    @Test
    void shouldNameEveryCpuOfAPlacement() {
        Cores cores = Cores.choose(List.of(0, 1));

        assertEquals("both ends on CPU 0, switch worker on CPU 1", cores.describe(Placement.SAME_CORE));
        assertEquals("ends on CPUs 0 and 1, switch worker on CPU 1", cores.describe(Placement.CROSS_CORE));
        assertEquals("ends wherever the scheduler puts them, switch worker on CPU 1", cores.describe(Placement.FREE));
    }

    private static List<String> pinned(String cpu) {
        return List.of("taskset", "--cpu-list", cpu, "sockperf", "server");
    }
}
