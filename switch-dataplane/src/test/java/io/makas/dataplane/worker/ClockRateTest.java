// SPDX-License-Identifier: Apache-2.0
package io.makas.dataplane.worker;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.nio.file.Path;
import org.junit.jupiter.api.Test;

final class ClockRateTest {

    @Test
    void shouldReadTheRateThatTheKernelMeasured() {
        assertEquals(
                2.596_135, ClockRate.of("flags\t: fpu constant_tsc\nbogomips\t: 5192.27\nclflush size\t: 64\n"), 1e-9);
    }

    @Test
    void shouldKnowNothingOfProcessorsThatCountOtherwise() {
        assertEquals(0, ClockRate.of("BogoMIPS\t: 50.00\nFeatures\t: fp asimd\n"));
        assertEquals(0, ClockRate.of("flags\t: constant_tsc\n"));
        assertEquals(0, ClockRate.read(Path.of("/nowhere/cpuinfo")));
    }
}
