// SPDX-License-Identifier: Apache-2.0
package io.makas.dataplane.ring;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Random;
import java.util.concurrent.FutureTask;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The rings against a kernel's side in plain Java, begun at 0 and where indices turn negative and where they wrap. */
final class RingTest {

    private static final int SIZE = 16;
    private static final int STEPS = 20_000;
    private static final long SEED = 20260314;

    @ParameterizedTest
    @ValueSource(longs = {0, 0x7fff_fff8L, 0xffff_fff8L})
    void shouldGiveBuffersToTheKernelInOrderAcrossTheWrap(long start) {
        try (KernelSide kernel = new KernelSide(SIZE, 8, start)) {
            FillRing ring = new FillRing(kernel.ring());
            Random random = new Random(SEED);
            long written = 0;
            long taken = 0;
            for (int step = 0; step < STEPS; step++) {
                int wanted = random.nextInt(SIZE + 2);
                int room = ring.reserve(wanted);
                assertEquals(Math.min(wanted, SIZE - (int) (written - taken)), room, "seed " + SEED + " step " + step);
                for (int i = 0; i < room; i++) {
                    ring.write(ring.head() + i, 2048 * written++);
                }
                ring.publish(room);
                for (int i = random.nextInt(SIZE + 1); i > 0 && taken < written; i--) {
                    assertEquals(2048 * taken++, kernel.take());
                }
                assertEquals(written - taken, ring.pending());
            }
        }
    }

    @ParameterizedTest
    @ValueSource(longs = {0, 0x7fff_fff8L, 0xffff_fff8L})
    void shouldSeeFramesOfTheKernelInOrderAcrossTheWrap(long start) {
        try (KernelSide kernel = new KernelSide(SIZE, 16, start)) {
            ReceiveRing ring = new ReceiveRing(kernel.ring());
            Random random = new Random(SEED);
            long put = 0;
            long read = 0;
            for (int step = 0; step < STEPS; step++) {
                for (int i = random.nextInt(SIZE + 2); i > 0; i--) {
                    boolean room = put - read < SIZE;
                    assertEquals(room, kernel.put(4096 * put + 256, 60 + (int) (put % 1400)));
                    put += room ? 1 : 0;
                }
                assertEquals(put == read, ring.isEmpty());
                int ready = ring.peek(1 + random.nextInt(SIZE));
                assertTrue(ready > 0 || put == read, "seed " + SEED + " step " + step);
                for (int i = 0; i < ready; i++) {
                    assertEquals(4096 * read + 256, ring.frameOffset(ring.tail() + i));
                    assertEquals(60 + (int) (read++ % 1400), ring.lengthBytes(ring.tail() + i));
                }
                ring.release(ready);
            }
        }
    }

    @ParameterizedTest
    @ValueSource(longs = {0, 0xffff_fff8L})
    void shouldHandDescriptorsWithTheirLengthToTheKernel(long start) {
        try (KernelSide kernel = new KernelSide(SIZE, 16, start)) {
            TransmitRing ring = new TransmitRing(kernel.ring());
            for (int i = 0; i < 3 * SIZE; i++) {
                assertEquals(1, ring.reserve(1));
                ring.write(ring.head(), 2048L * i + 128, 100 + i);
                assertEquals(-1, kernel.take(), "not published yet");

                ring.publish(1);

                assertEquals(2048L * i + 128, kernel.take());
                assertEquals(100 + i, kernel.lengthOfLastTaken());
            }
        }
    }

    @ParameterizedTest
    @ValueSource(longs = {0, 0xffff_fff8L})
    void shouldHaveNoRoomWhileTheKernelTakesNothing(long start) {
        try (KernelSide kernel = new KernelSide(SIZE, 16, start)) {
            TransmitRing ring = new TransmitRing(kernel.ring());
            assertEquals(SIZE, ring.reserve(100));
            ring.publish(SIZE);

            assertEquals(0, ring.reserve(1));
            kernel.take();

            assertEquals(1, ring.reserve(2));
        }
    }

    @ParameterizedTest
    @ValueSource(longs = {0, 0xffff_fff8L})
    void shouldSeeWhenTheKernelWantsToBeCalled(long start) {
        try (KernelSide kernel = new KernelSide(SIZE, 16, start)) {
            TransmitRing ring = new TransmitRing(kernel.ring());
            assertFalse(ring.needsWakeUp());

            kernel.sleep(true);

            assertTrue(ring.needsWakeUp());
        }
    }

    /** Two threads, so that a missing barrier shows as an entry read before it was written. */
    @ParameterizedTest
    @ValueSource(longs = {0xffff_8000L})
    void shouldPublishWholeEntriesToAnotherProcessor(long start) throws Exception {
        long entries = 400_000;
        try (KernelSide toKernel = new KernelSide(SIZE, 8, start);
                KernelSide fromKernel = new KernelSide(SIZE, 8, start)) {
            FutureTask<Void> echo = new FutureTask<>(() -> {
                for (long i = 0; i < entries; i++) {
                    long entry = toKernel.take();
                    while (entry == -1) {
                        Thread.onSpinWait();
                        entry = toKernel.take();
                    }
                    while (!fromKernel.put(entry, 0)) {
                        Thread.onSpinWait();
                    }
                }
                return null;
            });
            Thread.ofPlatform().start(echo);
            FillRing out = new FillRing(toKernel.ring());
            CompletionRing in = new CompletionRing(fromKernel.ring());
            long written = 0;
            long read = 0;
            while (read < entries) {
                int room = out.reserve((int) Math.min(8, entries - written));
                for (int i = 0; i < room; i++) {
                    out.write(out.head() + i, 3 * written++);
                }
                out.publish(room);
                int ready = in.peek(8);
                for (int i = 0; i < ready; i++) {
                    assertEquals(3 * read++, in.frameOffset(in.tail() + i));
                }
                in.release(ready);
            }
            echo.get();
        }
    }
}
