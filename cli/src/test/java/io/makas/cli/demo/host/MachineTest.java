// SPDX-License-Identifier: Apache-2.0
package io.makas.cli.demo.host;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import java.util.OptionalInt;
import org.junit.jupiter.api.Test;

class MachineTest {

    @Test
    void shouldReadTheKernelsListsOfCpus() {
        assertEquals(List.of(0), Machine.cpuList("0"));
        assertEquals(List.of(0, 1), Machine.cpuList("0-1"));
        assertEquals(List.of(0, 1, 2, 5, 8, 9), Machine.cpuList("0-2,5,8-9"));
    }

    @Test
    void shouldKnowTheMachineItRunsOn() {
        Machine machine = Machine.look();

        assertFalse(machine.cpus().isEmpty());
        assertTrue(machine.jdk().startsWith(Runtime.version().toString()));
    }

    @Test
    void shouldSayWhatNetfilterCostsTheBridge() {
        assertTrue(with(OptionalInt.of(1)).bridgeNetfilterText().contains("about 8 %"));
        assertTrue(with(OptionalInt.of(0)).bridgeNetfilterText().contains("= 0"));
        assertTrue(with(OptionalInt.empty()).bridgeNetfilterText().contains("is not there"));
    }

    private static Machine with(OptionalInt bridgeNetfilter) {
        return new Machine("6.1", "CPU", List.of(0), "25", 0, 0, 2_048, bridgeNetfilter);
    }
}
