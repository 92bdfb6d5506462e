// SPDX-License-Identifier: Apache-2.0
package io.makas.dataplane.memory;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
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

    @Test
    void shouldTakeBackOnlyWhatTheKernelWasGivenByTheSameQueue() {
        try (Umem umem = new Umem(8, Umem.SMALL_FRAME_BYTES)) {
            long handle = umem.allocateChunk();
            long offset = umem.offset(handle);
            umem.lendToReceive(handle, 1);

            assertEquals(FramePool.NONE, umem.takeReceived(offset + 256, 60, 2), "another queue's");
            assertEquals(FramePool.NONE, umem.takeReceived(offset + 2048, 60, 1), "never lent");
            assertEquals(FramePool.NONE, umem.takeReceived(offset + 256, 1793, 1), "beyond the end of the chunk");
            assertEquals(FramePool.NONE, umem.takeReceived(offset + 256, -1, 1), "a length of 4 GiB");
            assertEquals(FramePool.NONE, umem.takeReceived(8 * 2048, 60, 1), "outside the memory");
            assertEquals(FramePool.NONE, umem.takeReceived(-1, 60, 1), "outside the memory");
            assertFalse(umem.takeSent(offset, 1), "never given to be sent");
            assertEquals(handle, umem.takeReceived(offset + 256, 1792, 1));
            assertEquals(FramePool.NONE, umem.takeReceived(offset + 256, 60, 1), "twice");
        }
    }

    @Test
    void shouldReleaseABufferWhenItsLastPieceWasSent() {
        try (Umem umem = new Umem(4, Umem.LARGE_FRAME_BYTES, 2)) {
            long handle = umem.allocate(9_018);
            long offset = umem.offset(handle);
            assertEquals(12_288, umem.bufferSizeBytes(handle));
            assertEquals(4_096, umem.bufferSizeBytes());
            assertEquals(FramePool.NONE, umem.allocate(12_289));
            assertEquals(handle, umem.handle(offset + 9_000));
            umem.lendToSend(handle, 3, 3);

            assertTrue(umem.takeSent(offset + 8_192, 3));
            assertTrue(umem.takeSent(offset + 128, 3));
            assertEquals(1, umem.availableLarge());
            assertFalse(umem.takeSent(offset, 2), "another queue's");
            assertTrue(umem.takeSent(offset + 4_096, 3));

            assertEquals(2, umem.availableLarge());
            assertFalse(umem.takeSent(offset, 3), "all pieces came already");
            assertFalse(umem.takeSent(-1, 3), "outside the memory");
            assertFalse(umem.takeSent(10L * 4096, 3), "outside the memory");
        }
    }

    @Test
    void shouldFindWhatAClosedQueueLeftWithTheKernel() {
        try (Umem umem = new Umem(8, Umem.LARGE_FRAME_BYTES, 2)) {
            for (int i = 0; i < 4; i++) {
                umem.lendToReceive(umem.allocateChunk(), 1);
                umem.lendToReceive(umem.allocateChunk(), 2);
            }
            umem.lendToSend(umem.allocateLarge(), 1, 3);
            assertEquals(FramePool.NONE, umem.allocateChunk());

            umem.reclaim(1);

            assertEquals(4, umem.available());
            assertEquals(2, umem.availableLarge());
        }
    }
}
