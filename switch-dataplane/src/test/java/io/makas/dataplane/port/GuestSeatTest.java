// SPDX-License-Identifier: Apache-2.0
package io.makas.dataplane.port;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;

import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicIntegerArray;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.Test;

class GuestSeatTest {

    private static final int GUESTS = 20_000;

    private final GuestSeat seat = new GuestSeat();

    @Test
    void shouldBeEmptyUntilAGuestCame() {
        assertEquals(GuestSeat.EMPTY, seat.enter());
        assertEquals(GuestSeat.EMPTY, seat.occupant());
    }

    @Test
    void shouldLendTheNumberAgainAfterEachBurst() {
        seat.seat(7);

        for (int burst = 0; burst < 3; burst++) {
            assertEquals(7, seat.enter());
            seat.leave();
        }
    }

    @Test
    void shouldNotLendTheNumberOfAGuestThatLeft() {
        seat.seat(7);
        seat.vacate(7);

        assertEquals(GuestSeat.EMPTY, seat.enter());
    }

    @Test
    void shouldKeepTheNewcomerWhenTheGuestBeforeItLeavesLate() {
        seat.seat(7);
        seat.seat(8);

        assertFalse(seat.vacate(7));

        assertEquals(8, seat.enter());
    }

    @Test
    void shouldCountArrivalsSoThatTheSameNumberIsKnownForAnotherGuest() {
        seat.seat(7);
        int first = seat.arrivals();
        seat.vacate(7);
        seat.seat(7);

        assertEquals(first + 1, seat.arrivals());
    }

    /** The property of the class: after vacate, nobody is inside, and nobody gets in. */
    @Test
    void shouldNeverBeUsedAfterVacateHasReturned() throws InterruptedException {
        // 1 while the guest of that number may be used.
        AtomicIntegerArray alive = new AtomicIntegerArray(GUESTS);
        AtomicBoolean done = new AtomicBoolean();
        AtomicReference<String> violation = new AtomicReference<>();
        Thread worker = Thread.ofPlatform().start(() -> {
            while (!done.get()) {
                int guest = seat.enter();
                if (guest != GuestSeat.EMPTY) {
                    for (int look = 0; look < 20; look++) {
                        if (alive.get(guest) == 0) {
                            violation.set("guest " + guest + " was used after it had left");
                        }
                    }
                    seat.leave();
                }
            }
        });

        for (int guest = 0; guest < GUESTS; guest++) {
            alive.set(guest, 1);
            seat.seat(guest);
            if (guest % 3 == 0) {
                Thread.onSpinWait();
            }
            seat.vacate(guest);
            alive.set(guest, 0);
        }
        done.set(true);
        worker.join();

        assertEquals(null, violation.get());
        assertFalse(worker.isAlive());
    }
}
