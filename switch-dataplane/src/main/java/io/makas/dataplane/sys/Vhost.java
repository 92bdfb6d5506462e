// SPDX-License-Identifier: Apache-2.0
package io.makas.dataplane.sys;

import static java.lang.foreign.ValueLayout.ADDRESS;
import static java.lang.foreign.ValueLayout.JAVA_INT;
import static java.lang.foreign.ValueLayout.JAVA_LONG;
import static java.lang.foreign.ValueLayout.JAVA_SHORT;

import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.MemorySegment;
import java.lang.invoke.MethodHandle;

/**
 * Calls of librte_vhost on a guest that is attached, named by its device number ("vid"). The number is valid from
 * {@link VhostGuest#arrived} until {@link VhostGuest#left} returns; afterwards the next guest may get it, and memory is
 * unmapped, so a late call would be a crash or, worse, another guest's packet. See {@code VhostUserPort} for how that is
 * excluded.
 *
 * <p>All are ordinary downcalls, also the bursts. Critical ones measured no faster (1.68 µs for a burst of 32 each way), and
 * would be wrong: an enqueue waits for the ring's lock, the message thread calls into Java with that lock held
 * ({@code vring_state_changed}), such a call waits for a running safepoint, and a safepoint waits for critical calls.
 *
 * <p>Thread: one thread for each ring of a guest.
 */
public final class Vhost {

    /** Packets that one call of {@link #enqueue} or {@link #dequeue} moves at most: {@code MAX_PKT_BURST} of vhost.h. */
    public static final int MAX_BURST = 32;

    /** Size of {@code struct rte_vhost_vring} of rte_vhost.h, or more. */
    public static final int VRING_BYTES = 64;

    /** Offset of {@code kickfd} in it. */
    private static final int VRING_KICKFD = 36;

    private static final MethodHandle DEQUEUE = Dpdk.link(
            "vhost",
            "rte_vhost_dequeue_burst",
            FunctionDescriptor.of(JAVA_SHORT, JAVA_INT, JAVA_SHORT, JAVA_LONG, JAVA_LONG, JAVA_SHORT));
    private static final MethodHandle ENQUEUE = Dpdk.link(
            "vhost",
            "rte_vhost_enqueue_burst",
            FunctionDescriptor.of(JAVA_SHORT, JAVA_INT, JAVA_SHORT, JAVA_LONG, JAVA_SHORT));
    private static final MethodHandle ENABLE_NOTIFICATION = Dpdk.link(
            "vhost",
            "rte_vhost_enable_guest_notification",
            FunctionDescriptor.of(JAVA_INT, JAVA_INT, JAVA_SHORT, JAVA_INT));
    private static final MethodHandle GET_VRING = Dpdk.link(
            "vhost", "rte_vhost_get_vhost_vring", FunctionDescriptor.of(JAVA_INT, JAVA_INT, JAVA_SHORT, ADDRESS));

    private Vhost() {}

    /**
     * Takes frames that the guest sends.
     *
     * @param ring number of the guest's transmit ring: 1, 3, 5, …
     * @param pool native address of the pool of the buffers to copy them into
     * @param arrayAddress where to store the addresses of the buffers
     * @return number of frames; the buffers are the caller's
     */
    public static int dequeue(int vid, int ring, long pool, long arrayAddress, int count) {
        try {
            return (short) DEQUEUE.invokeExact(vid, (short) ring, pool, arrayAddress, (short) count);
        } catch (Throwable t) {
            throw Native.unexpected(t);
        }
    }

    /**
     * Copies frames to the guest, and signals it if it asked for that.
     *
     * @param ring number of the guest's receive ring: 0, 2, 4, …
     * @param arrayAddress where the addresses of the buffers are stored
     * @return number of frames copied, the first ones; all buffers stay the caller's
     */
    public static int enqueue(int vid, int ring, long arrayAddress, int count) {
        try {
            return (short) ENQUEUE.invokeExact(vid, (short) ring, arrayAddress, (short) count);
        } catch (Throwable t) {
            throw Native.unexpected(t);
        }
    }

    /** Asks the guest to signal what it puts into a ring, or not to. */
    public static void enableNotification(int vid, int ring, boolean enable) {
        try {
            int _ = (int) ENABLE_NOTIFICATION.invokeExact(vid, (short) ring, enable ? 1 : 0);
        } catch (Throwable t) {
            throw Native.unexpected(t);
        }
    }

    /**
     * The event descriptor by which the guest signals that it put something into a ring. The library closes it when the guest
     * leaves.
     *
     * @param scratch room for a {@code struct rte_vhost_vring}
     * @return the descriptor, or −1 when there is none
     */
    public static int kickFileDescriptor(int vid, int ring, MemorySegment scratch) {
        try {
            int answer = (int) GET_VRING.invokeExact(vid, (short) ring, scratch);
            return answer == 0 ? scratch.get(JAVA_INT, VRING_KICKFD) : -1;
        } catch (Throwable t) {
            throw Native.unexpected(t);
        }
    }
}
