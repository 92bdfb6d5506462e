// SPDX-License-Identifier: Apache-2.0
package io.makas.dataplane.memory;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.HashSet;
import java.util.Set;
import org.junit.jupiter.api.Test;

final class UmemTest {

    @Test
    void shouldLendEveryBufferOnceAndThenNone() {
        try (Umem umem = new Umem(64, Umem.SMALL_FRAME_BYTES)) {
            Set<Long> lent = new HashSet<>();

            for (int i = 0; i < 64; i++) {
                assertTrue(lent.add(umem.allocate()));
            }

            assertEquals(FramePool.NONE, umem.allocate());
            assertEquals(0, umem.available());
        }
    }

    @Test
    void shouldLendNextWhatCameBackLast() {
        try (Umem umem = new Umem(64, Umem.SMALL_FRAME_BYTES)) {
            long[] lent = {umem.allocate(), umem.allocate()};

            umem.release(lent, 0, 2);

            assertEquals(lent[1], umem.allocate());
        }
    }

    @Test
    void shouldFindTheBufferOfAnyOffsetWithinIt() {
        try (Umem umem = new Umem(64, Umem.LARGE_FRAME_BYTES)) {
            long handle = umem.allocate();
            long offset = umem.offset(handle);

            assertEquals(handle, umem.handle(offset));
            assertEquals(handle, umem.handle(offset + 256));
            assertEquals(handle, umem.handle(offset + Umem.LARGE_FRAME_BYTES - 1));
            assertEquals(handle + 256, umem.address(offset + 256));
        }
    }

    @Test
    void shouldRefuseASizeThatTheKernelDoesNotHave() {
        assertThrows(IllegalArgumentException.class, () -> new Umem(64, 9_000));
    }

    @Test
    void shouldNoticeABufferThatComesBackTwice() {
        try (Umem umem = new Umem(2, Umem.SMALL_FRAME_BYTES)) {
            long handle = umem.allocate();
            umem.release(handle);

            assertThrows(AssertionError.class, () -> umem.release(handle));
        }
    }
}
