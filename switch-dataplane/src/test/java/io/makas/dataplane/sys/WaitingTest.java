// SPDX-License-Identifier: Apache-2.0
package io.makas.dataplane.sys;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.BitSet;
import java.util.concurrent.FutureTask;
import org.junit.jupiter.api.Test;

/** {@link Poll}, {@link EventFd} and {@link CpuAffinity}: what an idle worker stands on. */
final class WaitingTest {

    @Test
    void shouldWakeThePollerOnceForManySignals() {
        try (EventFd event = new EventFd();
                Poll poll = new Poll(2)) {
            poll.set(1, event.fileDescriptor(), Poll.POLLIN);
            assertEquals(0, poll.await(0));

            event.signal();
            event.signal();

            assertEquals(1, poll.await(0));
            assertEquals(0, poll.answer(0));
            assertEquals(Poll.POLLIN, poll.answer(1));
            assertEquals(2, event.drain());
            assertEquals(0, poll.await(0));
            assertEquals(0, event.drain());
        }
    }

    @Test
    void shouldNotSignalIntoWhateverHasTheNumberOfAClosedDescriptor() {
        EventFd closed = new EventFd();
        int number = closed.fileDescriptor();
        closed.close();
        try (EventFd successor = new EventFd()) {
            assertEquals(number, successor.fileDescriptor());

            closed.signal();

            assertEquals(0, successor.drain());
        }
    }

    @Test
    void shouldWakeAThreadThatWaits() throws Exception {
        try (EventFd event = new EventFd();
                Poll poll = new Poll(1)) {
            poll.set(0, event.fileDescriptor(), Poll.POLLIN);
            FutureTask<Integer> waiter = new FutureTask<>(() -> poll.await(10_000));
            Thread thread = Thread.ofPlatform().start(waiter);

            event.signal();

            assertEquals(1, waiter.get());
            thread.join();
        }
    }

    @Test
    void shouldRefuseASlotThatIsNotThere() {
        try (Poll poll = new Poll(1)) {
            assertThrows(IndexOutOfBoundsException.class, () -> poll.set(1, 0, Poll.POLLIN));
        }
    }

    @Test
    void shouldPinOnlyTheCallingThread() throws Exception {
        BitSet before = CpuAffinity.allowed();
        int last = before.length() - 1;
        FutureTask<BitSet> pinned = new FutureTask<>(() -> {
            CpuAffinity.pinTo(last);
            return CpuAffinity.allowed();
        });

        Thread.ofPlatform().start(pinned).join();

        assertEquals(BitSet.valueOf(new long[] {1L << last}), pinned.get());
        assertEquals(before, CpuAffinity.allowed());
    }

    @Test
    void shouldSayWhichProcessorsThereAreWhenOneIsNot() {
        SysException e = assertThrows(SysException.class, () -> CpuAffinity.pinTo(8_000));

        assertTrue(e.getMessage().contains("this process may use " + CpuAffinity.allowed()), e.getMessage());
    }

    @Test
    void shouldRefuseToPinAVirtualThread() throws Exception {
        FutureTask<Void> task = new FutureTask<>(() -> {
            assertThrows(IllegalStateException.class, () -> CpuAffinity.pinTo(0));
            return null;
        });

        Thread.ofVirtual().start(task);

        task.get();
    }
}
