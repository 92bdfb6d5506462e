// SPDX-License-Identifier: Apache-2.0
package io.makas.dataplane.port;

import io.makas.dataplane.memory.FrameBatch;
import io.makas.dataplane.memory.FramePool;
import io.makas.dataplane.memory.MbufPool;
import io.makas.dataplane.memory.Offload;
import io.makas.dataplane.sys.Eal;
import io.makas.dataplane.sys.Mempool;
import io.makas.dataplane.sys.Vhost;
import io.makas.dataplane.sys.VhostGuest;
import io.makas.dataplane.sys.VhostSocket;

/**
 * A port to a guest with a virtio-net driver, a virtual machine or a container with DPDK, over a vhost-user socket: frames
 * are copied from and to the guest's own memory, without a kernel in between.
 *
 * <p>Guests come and go, and come back, without the port being opened anew; its link is up while one is there. They are not
 * trusted: librte_vhost checks each of their descriptors, a frame that is longer than a buffer and not to be cut, or has no whole Ethernet
 * header is dropped and counted, and a guest without room loses frames while nobody waits for it.
 *
 * <p>A guest with several queue pairs is polled on all of them, and a flow keeps to one of its receive rings.
 *
 * <p>Thread: see {@link Port}. Guests arrive and leave on librte_vhost's message thread; {@link GuestSeat} keeps the worker
 * away from one that has left.
 */
public final class VhostUserPort extends Port {

    /** A guest's transmit rings, 1, 3, 5, …, in a set of rings. */
    private static final long TRANSMIT_RINGS = 0xaaaa_aaaa_aaaa_aaaaL;
    /** A guest's receive rings, 0, 2, 4, … */
    private static final long RECEIVE_RINGS = ~TRANSMIT_RINGS;
    /** The transmit ring of a guest with one queue pair, as a set. */
    private static final long SINGLE_TRANSMIT_RING = 1L << 1;
    /** The receive ring of a guest with one queue pair, as a set. */
    private static final long SINGLE_RECEIVE_RING = 1L;

    private final MbufBurst received;
    private final MbufBurst sent = new MbufBurst();
    private final RingSpread spread = new RingSpread(sent.arrayAddress());
    private final MbufPool pool;
    private final long mempool;
    private final boolean client;
    private final GuestSeat seat = new GuestSeat();
    private final GuestKicks kicks = new GuestKicks();
    private final VhostSocket socket;

    /** What the guest finishes itself; written by the message thread before it is seated. */
    private volatile int offloads;

    // Of the worker.
    private long rings;
    private int arrivalsSeen;
    private int lastRing;
    private boolean armed;
    private int foundWhenArmed;

    private VhostUserPort(PortConfig.VhostUser config, MbufPool pool) {
        super(config);
        assert FrameBatch.CAPACITY <= Vhost.MAX_BURST;
        this.pool = pool;
        this.received = new MbufBurst(pool.maxFrameBytes());
        this.mempool = pool.mempool().address();
        this.client = config.role() == PortConfig.VhostRole.CLIENT;
        try {
            this.socket = VhostSocket.open(config.socket(), client, new Guest());
        } catch (RuntimeException e) {
            kicks.close();
            received.close();
            sent.close();
            throw e;
        }
    }

    /**
     * Opens the port. DPDK must have been started. A guest need not be there.
     *
     * @param pool where frames are received into
     * @throws io.makas.dataplane.sys.SysException when the socket is in use or cannot be made, with what to do about it
     */
    public static VhostUserPort open(PortConfig.VhostUser config, MbufPool pool) {
        return new VhostUserPort(config, pool);
    }

    @Override
    public FramePool pool() {
        return pool;
    }

    @Override
    public boolean linkUp() {
        return seat.occupant() != GuestSeat.EMPTY;
    }

    @Override
    public String description() {
        int vid = seat.occupant();
        String guest = vid == GuestSeat.EMPTY
                ? "no guest"
                : "guest with " + Long.bitCount(VhostSocket.enabledRings(vid) & TRANSMIT_RINGS) + " queue pair(s)";
        String side = client ? "client of " : "server at ";
        long malformed = received.malformedFrames();
        return "vhost-user " + side + socket + ", " + guest
                + (malformed == 0 ? "" : ", " + malformed + " frames too long or too short");
    }

    @Override
    public int maxFrameBytes() {
        return pool.maxFrameBytes();
    }

    @Override
    public int offloads() {
        return offloads;
    }

    @Override
    public void attach() {
        Eal.registerThread();
    }

    @Override
    public void detach() {
        Eal.unregisterThread();
    }

    @Override
    public int receive(FrameBatch into) {
        int count = foundWhenArmed;
        if (count > 0) {
            foundWhenArmed = 0;
            return received.unpack(count, into, counters());
        }
        int vid = seat.enter();
        if (vid == GuestSeat.EMPTY) {
            return 0;
        }
        adoptRings(vid);
        count = dequeue(vid);
        seat.leave();
        return count == 0 ? 0 : received.unpack(count, into, counters());
    }

    @Override
    public int transmit(FrameBatch from) {
        int count = from.count;
        long bytes = sent.pack(from);
        int taken = 0;
        int vid = seat.enter();
        if (vid != GuestSeat.EMPTY) {
            long receiveRings = VhostSocket.enabledRings(vid) & RECEIVE_RINGS;
            if (!Offload.areTaken(from, offloads)) {
                // Frames for a guest that was there before.
                bytes = 0;
            } else if (receiveRings == SINGLE_RECEIVE_RING) {
                taken = Vhost.enqueue(vid, 0, sent.arrayAddress(), count);
                bytes -= MbufBurst.bytesFrom(from, taken);
            } else {
                taken = spread.enqueue(vid, receiveRings, from);
                bytes = spread.sentBytes();
            }
            seat.leave();
        }
        if (taken > 0) {
            counters().transmitted(taken, bytes);
        }
        if (taken < count) {
            counters().dropOnTransmit(count - taken);
        }
        pool.release(from.handle, 0, count);
        from.clear();
        return taken;
    }

    @Override
    public int wakeUpFileDescriptor() {
        return kicks.fileDescriptor();
    }

    /**
     * Old kicks are forgotten first, then new ones asked for, then the rings looked at, so that no frame falls in between. The
     * look is a receive: librte_vhost can count what waits in a split ring but not in a packed one.
     */
    @Override
    public boolean armWakeUp() {
        if (foundWhenArmed > 0) {
            return false;
        }
        int vid = seat.enter();
        if (vid == GuestSeat.EMPTY) {
            kicks.consume();
            return !linkUp();
        }
        adoptRings(vid);
        long transmitRings = rings & TRANSMIT_RINGS;
        boolean canBeWoken = kicks.watch(vid, transmitRings);
        kicks.consume();
        armed = true;
        for (long left = transmitRings; left != 0; left &= left - 1) {
            Vhost.enableNotification(vid, Long.numberOfTrailingZeros(left), true);
        }
        foundWhenArmed = dequeue(vid);
        seat.leave();
        return canBeWoken && foundWhenArmed == 0;
    }

    @Override
    public void close() {
        socket.close();
        if (foundWhenArmed > 0) {
            Mempool.free(received.arrayAddress(), foundWhenArmed);
        }
        kicks.close();
        received.close();
        sent.close();
    }

    private int dequeue(int vid) {
        long transmitRings = rings & TRANSMIT_RINGS;
        return transmitRings == SINGLE_TRANSMIT_RING
                ? Vhost.dequeue(vid, 1, mempool, received.arrayAddress(), FrameBatch.CAPACITY)
                : dequeueFromNext(vid, transmitRings);
    }

    /** Several queue pairs: the next ring that has frames, each in its turn. */
    private int dequeueFromNext(int vid, long transmitRings) {
        for (int tries = Long.bitCount(transmitRings); tries > 0; tries--) {
            long after = lastRing == Long.SIZE - 1 ? 0 : transmitRings & -1L << lastRing + 1;
            lastRing = Long.numberOfTrailingZeros(after != 0 ? after : transmitRings);
            int count = Vhost.dequeue(vid, lastRing, mempool, received.arrayAddress(), FrameBatch.CAPACITY);
            if (count > 0) {
                return count;
            }
        }
        return 0;
    }

    /** Tells the guest not to signal what it sends: for rings that are new, and after the worker slept. */
    private void adoptRings(int vid) {
        long usable = VhostSocket.enabledRings(vid);
        if (usable == rings && arrivalsSeen == seat.arrivals() && !armed) {
            return;
        }
        for (long left = usable; left != 0; left &= left - 1) {
            Vhost.enableNotification(vid, Long.numberOfTrailingZeros(left), false);
        }
        rings = usable;
        arrivalsSeen = seat.arrivals();
        if (armed) {
            armed = false;
            kicks.consume();
        }
    }

    private static int offloads(long features) {
        if ((features & VhostSocket.GUEST_CHECKSUM) == 0) {
            return 0;
        }
        return Offload.CHECKSUM
                | ((features & VhostSocket.GUEST_TSO4) == 0 ? 0 : Offload.TCPV4)
                | ((features & VhostSocket.GUEST_TSO6) == 0 ? 0 : Offload.TCPV6);
    }

    /** What librte_vhost says, on its own thread. */
    private final class Guest implements VhostGuest {

        @Override
        public void arrived(int vid) {
            offloads = offloads(VhostSocket.negotiatedFeatures(vid));
            seat.seat(vid);
            kicks.guestCame();
        }

        @Override
        public void left(int vid) {
            if (seat.vacate(vid)) {
                kicks.forget();
            }
        }
    }
}
