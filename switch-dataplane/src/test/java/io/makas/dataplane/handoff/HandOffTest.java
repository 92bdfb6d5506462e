// SPDX-License-Identifier: Apache-2.0
package io.makas.dataplane.handoff;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.makas.dataplane.memory.FrameBatch;
import io.makas.dataplane.memory.FramePool;
import io.makas.dataplane.sys.Memory;
import java.lang.foreign.ValueLayout;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

final class HandOffTest {

    private static final int STRESS_FRAMES = 2_000_000;

    private int wakeUps;
    private final HandOff handOff = new HandOff(() -> wakeUps++);
    private final SlotPool slots = handOff.slots();
    private final FrameBatch batch = new FrameBatch();

    @AfterEach
    void close() {
        handOff.close();
    }

    @Test
    void shouldHandFramesOverInOrderWithAllThatIsKnownOfThem() {
        for (int i = 0; i < 3; i++) {
            batch.add(slots.allocate(), 1_000 + i, 60 + i, 7L + i);
        }
        long firstSlot = batch.handle[0];

        assertEquals(3, handOff.put(9, batch, slots));

        assertEquals(2, handOff.peek(2));
        assertEquals(3, handOff.peek(32));
        assertEquals(firstSlot, handOff.handle(0));
        for (int i = 0; i < 3; i++) {
            assertEquals(9, handOff.port(i));
            assertEquals(1_000 + i, handOff.address(i));
            assertEquals(60 + i, handOff.lengthBytes(i));
            assertEquals(7 + i, handOff.offload(i));
            assertEquals(slots, handOff.pool(i));
        }
        handOff.advance(3);
        assertTrue(handOff.isEmpty());
        assertEquals(0, handOff.peek(32));
        assertEquals(3, handOff.handedOver());
    }

    @Test
    void shouldTakeWhatFitsAndCountTheRest() {
        int offered = 0;
        int taken = 0;
        while (offered < HandOff.CAPACITY + 40) {
            batch.clear();
            for (int i = 0; i < 24; i++) {
                batch.add(1, 1, 60);
            }
            offered += 24;
            taken += handOff.put(1, batch, slots);
        }

        assertEquals(HandOff.CAPACITY, taken);
        assertEquals(offered - taken, handOff.refused());
        handOff.peek(32);
        handOff.advance(10);
        assertEquals(10, handOff.put(1, batch, slots));
    }

    @Test
    void shouldWakeTheReaderOnceForABatchAndNotForNothing() {
        batch.add(1, 1, 60);
        handOff.put(1, batch, slots);
        batch.clear();
        handOff.put(1, batch, slots);

        assertEquals(1, wakeUps);
    }

    @Test
    void shouldLendEverySlotOnceUntilItComesBack() {
        long last = FramePool.NONE;
        for (int i = 0; i < HandOff.CAPACITY; i++) {
            long slot = slots.allocate();
            assertNotEquals(FramePool.NONE, slot);
            assertNotEquals(last, slot);
            last = slot;
        }
        assertEquals(FramePool.NONE, slots.allocate());

        slots.giveBack(last);

        assertEquals(last, slots.allocate());
        assertEquals(FramePool.NONE, slots.allocate());
    }

    @Test
    void shouldHoldTheLongestSegmentInASlot() {
        long slot = slots.allocate();
        Memory.ALL.set(ValueLayout.JAVA_BYTE, slots.bufferAddress(slot) + slots.bufferSizeBytes() - 1, (byte) 1);

        assertTrue(slots.maxFrameBytes() >= 65_536 + 14);
    }

    /** Each frame carries its number in its slot and as its offload word: neither may be lost, doubled, swapped or stale. */
    @Test
    void shouldLoseAndSwapNothingBetweenTwoThreads() throws Exception {
        AtomicReference<Throwable> failure = new AtomicReference<>();
        Thread reader = Thread.ofPlatform().start(() -> {
            try {
                readAll();
            } catch (Throwable e) {
                failure.set(e);
            }
        });

        long next = 0;
        while (next < STRESS_FRAMES && reader.isAlive()) {
            batch.clear();
            int wanted = (int) Math.min(1 + next % FrameBatch.CAPACITY, STRESS_FRAMES - next);
            for (int i = 0; i < wanted; i++) {
                long slot = slots.allocate();
                if (slot != FramePool.NONE) {
                    Memory.ALL.set(ValueLayout.JAVA_LONG_UNALIGNED, slot, next + batch.count);
                    batch.add(slot, slot, 60, next + batch.count);
                }
            }
            int offered = batch.count;
            int taken = handOff.put(3, batch, slots);
            slots.release(batch.handle, taken, offered - taken);
            next += taken;
            if (taken == 0) {
                Thread.yield();
            }
        }
        reader.join();

        assertEquals(null, failure.get());
        assertEquals(STRESS_FRAMES, next);
        assertTrue(handOff.isEmpty());
    }

    private void readAll() {
        long expected = 0;
        while (expected < STRESS_FRAMES) {
            int waiting = handOff.peek(1 + (int) (expected % 48));
            for (int i = 0; i < waiting; i++) {
                assertEquals(expected, handOff.offload(i));
                assertEquals(expected, Memory.ALL.get(ValueLayout.JAVA_LONG_UNALIGNED, handOff.address(i)));
                slots.giveBack(handOff.handle(i));
                expected++;
            }
            handOff.advance(waiting);
            if (waiting == 0) {
                Thread.yield();
            }
        }
    }
}
