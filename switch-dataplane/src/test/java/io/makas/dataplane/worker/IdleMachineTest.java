// SPDX-License-Identifier: Apache-2.0
package io.makas.dataplane.worker;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.junit.jupiter.api.Test;

final class IdleMachineTest {

    private static final long US = 1_000;
    private static final long MS = 1_000_000;

    private long nowNs = Long.MAX_VALUE - 50 * MS;

    @Test
    void shouldSpinForEverForLowLatency() {
        IdleMachine machine = new IdleMachine(IdlePolicy.LATENCY);
        for (int i = 0; i < 100; i++) {
            assertEquals(IdleMachine.SPIN, machine.decide(nowNs));
            nowNs += MS;
        }
    }

    @Test
    void shouldSpinAtFirstAndThenBlock() {
        IdleMachine machine = new IdleMachine(IdlePolicy.BALANCED);

        assertEquals(50 * US, spunNs(machine), 2 * US);
        assertEquals(IdleMachine.BLOCK, machine.decide(nowNs));
    }

    @Test
    void shouldGoOnSpinningWhilePacketsComeCloseTogether() {
        IdleMachine machine = new IdleMachine(IdlePolicy.BALANCED);
        gaps(machine, 100, 30 * US);

        assertEquals(50 * US, spunNs(machine), 2 * US);
    }

    @Test
    void shouldNotSpinForPacketsThatComeAMillisecondApart() {
        IdleMachine machine = new IdleMachine(IdlePolicy.BALANCED);
        gaps(machine, 20, MS);

        assertTrue(spunNs(machine) <= 3 * US);
    }

    @Test
    void shouldNotForgetFastTrafficForOnePause() {
        IdleMachine machine = new IdleMachine(IdlePolicy.BALANCED);
        gaps(machine, 100, 0);
        gaps(machine, 1, 10_000 * MS);
        gaps(machine, 8, US);

        assertEquals(50 * US, spunNs(machine), 2 * US);
    }

    @Test
    void shouldSpinAgainSoonAfterTrafficBecameFast() {
        IdleMachine machine = new IdleMachine(IdlePolicy.BALANCED);
        gaps(machine, 1_000, 10 * MS);
        gaps(machine, 24, 5 * US);

        assertEquals(50 * US, spunNs(machine), 2 * US);
    }

    @Test
    void shouldLetPacketsGatherToSavePowerAndBlockWhenFewCome() {
        IdleMachine machine = new IdleMachine(IdlePolicy.POWER);
        gaps(machine, 100, 100 * US);
        assertEquals(500 * US, machine.decide(nowNs));

        gaps(machine, 100, 5 * MS);
        assertEquals(IdleMachine.BLOCK, machine.decide(nowNs));
    }

    @Test
    void shouldSleepForAPartOfTheIdleTimeUpToTheLongestSleep() {
        IdleMachine machine = new IdleMachine(IdlePolicy.BALANCED);
        machine.decide(nowNs);
        assertEquals(20 * US, machine.sleepNs(nowNs + 50 * US));
        assertEquals(100 * US, machine.sleepNs(nowNs + 400 * US));
        assertEquals(2 * MS, machine.sleepNs(nowNs + 8 * MS));
        assertEquals(20 * MS, machine.sleepNs(nowNs + 10_000 * MS));
    }

    @Test
    void shouldSleepForAPartOfTheGapThatItExpects() {
        IdleMachine machine = new IdleMachine(IdlePolicy.BALANCED);
        gaps(machine, 100, MS);
        machine.decide(nowNs);

        assertEquals(200 * US, machine.sleepNs(nowNs), 5 * US);
    }

    @Test
    void shouldKnowWhetherItIsIdle() {
        IdleMachine machine = new IdleMachine(IdlePolicy.BALANCED);
        assertFalse(machine.isIdle());
        machine.decide(nowNs);
        assertTrue(machine.isIdle());
        machine.worked(nowNs);
        assertFalse(machine.isIdle());
    }

    @Test
    void shouldRefuseTimesThatMakeNoSense() {
        assertThrows(IllegalArgumentException.class, () -> new IdlePolicy(-1, 0, MS));
        assertThrows(IllegalArgumentException.class, () -> new IdlePolicy(0, -1, MS));
        assertThrows(IllegalArgumentException.class, () -> new IdlePolicy(0, 0, 999));
        assertThrows(IllegalArgumentException.class, () -> IdlePolicy.of("lazy"));
        assertEquals(IdlePolicy.POWER, IdlePolicy.of("power"));
    }

    private void gaps(IdleMachine machine, int count, long gapNs) {
        for (int i = 0; i < count; i++) {
            machine.decide(nowNs);
            nowNs += gapNs;
            machine.worked(nowNs);
        }
    }

    private long spunNs(IdleMachine machine) {
        long beganNs = nowNs;
        while (machine.decide(nowNs) == IdleMachine.SPIN) {
            nowNs += US;
        }
        return nowNs - beganNs;
    }
}
