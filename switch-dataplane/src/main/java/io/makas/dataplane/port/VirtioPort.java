// SPDX-License-Identifier: Apache-2.0
package io.makas.dataplane.port;

import io.makas.dataplane.memory.FrameBatch;
import io.makas.dataplane.memory.FramePool;
import io.makas.dataplane.memory.StockedFramePool;
import io.makas.dataplane.vhost.RingReader;
import io.makas.dataplane.vhost.RingWriter;
import io.makas.dataplane.vhost.VhostBackend;
import io.makas.dataplane.vhost.VhostOwner;
import io.makas.dataplane.vhost.VirtioFeatures;
import java.util.ArrayList;
import java.util.List;

/**
 * A port to a guest with a virtio-net driver over a vhost-user socket, as {@link VhostUserPort} is, without a library: the switch
 * itself works the guest's rings.
 *
 * <p>Guests come and go, and come back, without the port being opened anew; its link is up while one is there. They are not
 * trusted: one that breaks the rules of a ring is disconnected, frames that make no sense are dropped and counted, and a guest
 * without room loses frames while nobody waits for it.
 *
 * <p>A guest's queue pairs are dealt out to the queues of the port. A queue with several of them polls all, and keeps each flow to
 * one.
 *
 * <p>Thread: see {@link Port}. Guests arrive and leave on the thread of the {@link VhostBackend}; {@link GuestSeat} keeps workers
 * away from one that has left.
 */
public final class VirtioPort extends Port {

    /** What every guest is offered. */
    private static final long FEATURES = VirtioFeatures.VERSION_1
            | VirtioFeatures.MRG_RXBUF
            | VirtioFeatures.INDIRECT_DESC
            | VirtioFeatures.EVENT_IDX
            | VirtioFeatures.ANY_LAYOUT
            | VirtioFeatures.IN_ORDER
            | VirtioFeatures.PROTOCOL_FEATURES
            | VirtioFeatures.CSUM
            | VirtioFeatures.GUEST_CSUM
            // What the front end does by itself, and only if the back end agrees.
            | VirtioFeatures.MQ
            | VirtioFeatures.MTU
            | VirtioFeatures.CTRL_VQ
            | VirtioFeatures.CTRL_RX
            | VirtioFeatures.GUEST_ANNOUNCE;

    private final List<PortQueue> queues = new ArrayList<>();
    private final List<GuestQueue> guests = new ArrayList<>();
    private final GuestQueue first;
    private final int maxFrameBytes;
    private final boolean client;
    private final VhostBackend backend;
    private volatile int queuePairs;

    private VirtioPort(PortConfig.VhostUser config, StockedFramePool pool) {
        super(config);
        this.client = config.role() == PortConfig.VhostRole.CLIENT;
        this.maxFrameBytes = pool.maxFrameBytes();
        this.first = new GuestQueue(counters(), pool);
        guests.add(first);
        queues.add(this);
        for (int i = 1; i < config.queues(); i++) {
            Queue queue = new Queue(pool, maxFrameBytes);
            guests.add(queue.guest);
            queues.add(queue);
        }
        try {
            this.backend = VhostBackend.open(config.socket(), client, FEATURES, new Guest());
        } catch (RuntimeException e) {
            guests.forEach(GuestQueue::close);
            throw e;
        }
        guests.forEach(guest -> guest.serve(backend));
        backend.start();
    }

    /**
     * Opens the port. A guest need not be there.
     *
     * @param pool where frames are received into
     * @throws io.makas.dataplane.sys.SysException when the socket is in use or cannot be made, with what to do about it
     */
    public static VirtioPort open(PortConfig.VhostUser config, StockedFramePool pool) {
        return new VirtioPort(config, pool);
    }

    @Override
    public List<PortQueue> queues() {
        return queues;
    }

    @Override
    public FramePool pool() {
        return first.pool();
    }

    @Override
    public boolean linkUp() {
        return queuePairs > 0;
    }

    @Override
    public String description() {
        String side = client ? "client of " : "server at ";
        String guest = queuePairs == 0 ? "no guest" : "guest with " + queuePairs + " queue pair(s)";
        long malformed = guests.stream().mapToLong(GuestQueue::malformed).sum();
        String failure = backend.lastFailure();
        return "vhost-user " + side + backend + ", " + guest
                + (malformed == 0 ? "" : ", " + malformed + " frames too long or too short")
                + (failure.isEmpty() ? "" : ", last disconnected: " + failure);
    }

    @Override
    public int maxFrameBytes() {
        return maxFrameBytes;
    }

    @Override
    public int offloads() {
        return first.offloads();
    }

    @Override
    public void attach() {
        first.attach();
    }

    @Override
    public int receive(FrameBatch into) {
        return first.receive(into);
    }

    @Override
    public int transmit(FrameBatch from) {
        return first.transmit(from);
    }

    @Override
    public int wakeUpFileDescriptor() {
        return first.wakeUpFileDescriptor();
    }

    @Override
    public boolean armWakeUp() {
        return first.arm();
    }

    @Override
    public void close() {
        backend.close();
        guests.forEach(GuestQueue::close);
    }

    /** Any queue but the first. */
    private static final class Queue extends PortQueue {

        private final GuestQueue guest;
        private final int maxFrameBytes;

        Queue(StockedFramePool pool, int maxFrameBytes) {
            this.guest = new GuestQueue(counters(), pool);
            this.maxFrameBytes = maxFrameBytes;
        }

        @Override
        public FramePool pool() {
            return guest.pool();
        }

        @Override
        public int maxFrameBytes() {
            return maxFrameBytes;
        }

        @Override
        public int offloads() {
            return guest.offloads();
        }

        @Override
        public void attach() {
            guest.attach();
        }

        @Override
        public int receive(FrameBatch into) {
            return guest.receive(into);
        }

        @Override
        public int transmit(FrameBatch from) {
            return guest.transmit(from);
        }

        @Override
        public int wakeUpFileDescriptor() {
            return guest.wakeUpFileDescriptor();
        }

        @Override
        public boolean armWakeUp() {
            return guest.arm();
        }
    }

    /** What the back end says, on its own thread. */
    private final class Guest implements VhostOwner {

        @Override
        public void startRings(RingReader[] readers, RingWriter[] writers) {
            int pairs = 0;
            for (int i = 0; i < readers.length; i++) {
                pairs += readers[i] != null && writers[i] != null ? 1 : 0;
            }
            for (int i = 0; i < guests.size(); i++) {
                List<RingReader> itsReaders = new ArrayList<>();
                List<RingWriter> itsWriters = new ArrayList<>();
                for (int pair = i; pair < readers.length; pair += guests.size()) {
                    if (readers[pair] != null) {
                        itsReaders.add(readers[pair]);
                    }
                    if (writers[pair] != null) {
                        itsWriters.add(writers[pair]);
                    }
                }
                GuestQueue guest = guests.get(i);
                guest.seat(itsReaders.toArray(RingReader[]::new), itsWriters.toArray(RingWriter[]::new));
            }
            queuePairs = pairs;
        }

        @Override
        public void stopRings() {
            queuePairs = 0;
            guests.forEach(GuestQueue::vacate);
        }

        @Override
        public void announce(byte[] mac) {
            first.announce(mac);
        }
    }
}
