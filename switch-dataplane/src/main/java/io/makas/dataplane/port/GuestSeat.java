// SPDX-License-Identifier: Apache-2.0
package io.makas.dataplane.port;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.util.concurrent.locks.LockSupport;

/**
 * The place of one guest at a vhost-user port, and the handshake by which a guest leaves it.
 *
 * <p>librte_vhost names a guest by a small number and gives the same number to another guest later, and it unmaps the
 * guest's memory as soon as its {@code destroy_device} callback has returned. So the property to keep is: <em>no call with
 * the number is under way or begins after {@link #vacate} has returned.</em>
 *
 * <p>One word says who uses the number. The worker {@linkplain #enter takes} it with a compare-and-set before each burst and
 * {@linkplain #leave gives} it back right after; when it does not get it, it has no guest for this turn and waits for
 * nothing. The message thread takes the same word to change the number, and waits until it gets it. It waits no longer than
 * one burst takes, as the worker holds the word around one native call only, and that call depends on nothing that the
 * message thread holds: {@code new_device} and {@code destroy_device} are called without the locks of the rings (releases
 * 22.11 to 24.11). If the worker's thread is preempted inside, the wait lasts until it runs again; giving up instead would
 * crash the process. The price for the worker is one uncontended compare-and-set for each burst.
 *
 * <p>Thread: {@code enter} and {@code leave} from the worker, {@code seat} and {@code vacate} from librte_vhost's threads or
 * the one that closes the port.
 */
final class GuestSeat {

    /** What stands for a guest's number when nobody is there. */
    static final int EMPTY = -1;

    private static final int FREE = 0;
    private static final int TAKEN = 1;
    private static final int SPINS = 1_000;
    private static final long PAUSE_NS = 20_000;

    private static final VarHandle USER = handle("user", int.class);
    private static final VarHandle VID = handle("vid", int.class);

    /** {@link #FREE} or {@link #TAKEN}; written by whoever takes or gives back the number. */
    private int user = FREE;
    /** The guest's number or {@link #EMPTY}; written by the message thread while it holds {@link #user}. */
    private int vid = EMPTY;
    /** Guests seen so far; written like {@link #vid}. */
    private int arrivals;

    /** Worker: takes the guest's number for one burst. Returns {@link #EMPTY} when there is none, and then holds nothing. */
    int enter() {
        if ((int) VID.getOpaque(this) == EMPTY || !USER.compareAndSet(this, FREE, TAKEN)) {
            return EMPTY;
        }
        int guest = vid;
        if (guest == EMPTY) {
            leave();
        }
        return guest;
    }

    /** Worker: gives the number back after a successful {@link #enter}. */
    void leave() {
        USER.setRelease(this, FREE);
    }

    /** How many guests have come so far; for the worker, between {@link #enter} and {@link #leave}. */
    int arrivals() {
        return arrivals;
    }

    /** The number of the guest that is there, or {@link #EMPTY}; for people only, as it may be stale at once. */
    int occupant() {
        return (int) VID.getOpaque(this);
    }

    /** Message thread: a guest may be used from now on, in place of another that may be there still. */
    void seat(int guest) {
        take();
        arrivals++;
        VID.setOpaque(this, guest);
        leave();
    }

    /**
     * Message thread: a guest goes; when this returns it is not used any more.
     *
     * @return whether it was there; not, if another has come meanwhile, which stays
     */
    boolean vacate(int guest) {
        take();
        boolean seated = vid == guest;
        if (seated) {
            VID.setOpaque(this, EMPTY);
        }
        leave();
        return seated;
    }

    private void take() {
        for (int tries = 0; !USER.compareAndSet(this, FREE, TAKEN); tries++) {
            if (tries < SPINS) {
                Thread.onSpinWait();
            } else {
                LockSupport.parkNanos(PAUSE_NS);
            }
        }
    }

    private static VarHandle handle(String field, Class<?> type) {
        try {
            return MethodHandles.lookup().findVarHandle(GuestSeat.class, field, type);
        } catch (ReflectiveOperationException e) {
            throw new AssertionError(e);
        }
    }
}
