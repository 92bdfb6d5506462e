// SPDX-License-Identifier: Apache-2.0
package io.makas.dataplane.port;

import io.makas.dataplane.sys.Epoll;
import io.makas.dataplane.sys.EventFd;
import io.makas.dataplane.sys.Vhost;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;

/**
 * What wakes an idle worker on behalf of a guest: the guest's own "kicks", one event descriptor for each ring it sends by,
 * and the news that a guest came. Together they are one descriptor that stays the same while guests come and go.
 *
 * <p>Descriptors of guests are watched for edges and never read, see {@link Epoll}.
 *
 * <p>Thread: {@link #watch} and {@link #consume} from the worker while it holds the {@link GuestSeat}, {@link #forget} and
 * {@link #guestCame} from the message thread while nobody holds it.
 */
final class GuestKicks implements AutoCloseable {

    private final Arena arena = Arena.ofShared();
    private final MemorySegment vring = arena.allocate(Vhost.VRING_BYTES, Long.BYTES);
    private final Epoll epoll = new Epoll();
    private final EventFd arrivals = new EventFd();
    private final int[] watched = new int[Long.SIZE];
    private int watchedCount;

    GuestKicks() {
        epoll.watch(arrivals.fileDescriptor());
    }

    /** Readable when a guest came, or a watched ring was kicked since {@link #consume}. */
    int fileDescriptor() {
        return epoll.fileDescriptor();
    }

    /**
     * Watches the kicks of rings.
     *
     * @return whether each of them has a descriptor; a guest may choose to be polled instead
     */
    boolean watch(int vid, long rings) {
        watchedCount = 0;
        boolean all = true;
        for (long left = rings; left != 0; left &= left - 1) {
            int fd = Vhost.kickFileDescriptor(vid, Long.numberOfTrailingZeros(left), vring);
            // The guest may have replaced the descriptor by another of the same number, so each is added again.
            if (fd >= 0 && epoll.watch(fd) == 0) {
                watched[watchedCount++] = fd;
            } else {
                all = false;
            }
        }
        return all;
    }

    /**
     * Watches one more kick.
     *
     * @param fd the guest's descriptor, or −1 when the ring has none
     * @return whether it can be waited for
     */
    boolean watch(int fd) {
        if (fd < 0 || watchedCount == watched.length || epoll.watch(fd) != 0) {
            return false;
        }
        watched[watchedCount++] = fd;
        return true;
    }

    /** Forgets the kicks up to now. */
    void consume() {
        epoll.consume();
    }

    /** The guest goes, and its descriptors are about to be closed. */
    void forget() {
        for (int i = 0; i < watchedCount; i++) {
            epoll.unwatch(watched[i]);
        }
        watchedCount = 0;
    }

    /** Wakes the worker, so that it finds the guest that came. */
    void guestCame() {
        arrivals.signal();
    }

    @Override
    public void close() {
        epoll.close();
        arrivals.close();
        arena.close();
    }
}
