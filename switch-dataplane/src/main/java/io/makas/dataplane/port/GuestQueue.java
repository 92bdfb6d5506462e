// SPDX-License-Identifier: Apache-2.0
package io.makas.dataplane.port;

import io.makas.dataplane.memory.FrameBatch;
import io.makas.dataplane.memory.FramePool;
import io.makas.dataplane.memory.Offload;
import io.makas.dataplane.memory.StockedFramePool;
import io.makas.dataplane.sys.Memory;
import io.makas.dataplane.vhost.GuestRing;
import io.makas.dataplane.vhost.RingReader;
import io.makas.dataplane.vhost.RingWriter;
import io.makas.dataplane.vhost.VhostBackend;
import io.makas.dataplane.vhost.VirtioFeatures;

/**
 * What a queue of a {@link VirtioPort} does: it polls its share of the guest's rings and sends by them.
 *
 * <p>The guest may make its memory shorter than it said. Whoever touches what is gone gets an {@link InternalError} from the
 * virtual machine; then this queue loses its burst, and the guest is disconnected.
 *
 * <p>Thread: the worker; {@link #seat} and {@link #vacate} from the control thread of the {@link VhostBackend}.
 */
final class GuestQueue implements AutoCloseable {

    private static final int SEATED = 0;
    private static final RingReader[] NO_READERS = {};
    private static final RingWriter[] NO_WRITERS = {};

    private final GuestSeat seat = new GuestSeat();
    private final GuestKicks kicks = new GuestKicks();
    private final PortCounters counters;
    private final StockedFramePool pool;
    private final RingFlows flows = new RingFlows();

    /** Written by the control thread while no worker holds the seat. */
    private RingReader[] readers = NO_READERS;

    private RingWriter[] writers = NO_WRITERS;
    private VhostBackend backend;

    /** What the guest finishes itself. Written by the control thread, before the rings are seated. */
    private volatile int offloads;

    // Of the worker.
    private StockedFramePool.Stock stock;
    private int arrivalsSeen;
    private int arrivalsWatched;
    private boolean canBeWoken;
    private boolean armed;
    private int nextReader;
    private volatile long malformed;

    /** MAC address to announce, or null. */
    private volatile byte[] announced;

    GuestQueue(PortCounters counters, StockedFramePool pool) {
        this.counters = counters;
        this.pool = pool;
    }

    /** Says who is to be told when the guest breaks a ring; before the first guest. */
    void serve(VhostBackend servedBy) {
        backend = servedBy;
    }

    /** Control thread: rings to use from now on. */
    void seat(RingReader[] newReaders, RingWriter[] newWriters) {
        readers = newReaders;
        writers = newWriters;
        boolean completes = newWriters.length > 0;
        for (RingWriter writer : newWriters) {
            completes &= (writer.features() & VirtioFeatures.GUEST_CSUM) != 0;
        }
        offloads = completes ? Offload.CHECKSUM : 0;
        seat.seat(SEATED);
        kicks.guestCame();
    }

    /** Control thread: when this returns, the rings are not used any more. */
    void vacate() {
        if (seat.vacate(SEATED)) {
            kicks.forget();
            readers = NO_READERS;
            writers = NO_WRITERS;
            offloads = 0;
        }
    }

    /** What the guest finishes itself, as bits of {@link Offload}. From any thread. */
    int offloads() {
        return offloads;
    }

    /** Control thread: has the next burst contain a RARP frame of this address, as if the guest had sent it. */
    void announce(byte[] mac) {
        announced = mac;
        kicks.guestCame();
    }

    /** Frames that made no sense, or did not fit into a buffer. */
    long malformed() {
        return malformed;
    }

    StockedFramePool pool() {
        return pool;
    }

    void attach() {
        stock = pool.stock();
    }

    int receive(FrameBatch into) {
        if (seat.enter() == GuestSeat.EMPTY) {
            return 0;
        }
        int count = 0;
        try {
            if (armed || arrivalsSeen != seat.arrivals()) {
                adoptRings();
            }
            count = readers.length == 1 ? receive(readers[0], into) : receiveFromNext(into);
        } catch (InternalError e) {
            stock.release(into.handle, 0, into.count);
            into.clear();
            lostMemory(e);
        }
        seat.leave();
        if (announced != null && into.hasRoom()) {
            count += announce(into);
        }
        return count;
    }

    int transmit(FrameBatch from) {
        int count = from.count;
        int sent = 0;
        if (seat.enter() != GuestSeat.EMPTY) {
            try {
                // Frames for a guest that was there before are lost with it.
                sent = !Offload.areTaken(from, offloads)
                        ? 0
                        : writers.length == 1
                                ? transmit(writers[0], from.address, from.lengthBytes, from.offload, count)
                                : spread(from);
            } catch (InternalError e) {
                lostMemory(e);
            }
            seat.leave();
        }
        if (sent < count) {
            counters.dropOnTransmit(count - sent);
        }
        stock.release(from.handle, 0, count);
        from.clear();
        return sent;
    }

    int wakeUpFileDescriptor() {
        return kicks.fileDescriptor();
    }

    /** Old kicks are forgotten first, then new ones asked for, then the rings looked at, so that no frame falls in between. */
    boolean arm() {
        if (seat.enter() == GuestSeat.EMPTY) {
            kicks.consume();
            return seat.occupant() == GuestSeat.EMPTY;
        }
        boolean waiting = false;
        try {
            if (arrivalsWatched != seat.arrivals()) {
                canBeWoken = watch();
                arrivalsWatched = seat.arrivals();
            }
            kicks.consume();
            armed = true;
            for (RingReader reader : readers) {
                waiting |= reader.arm();
            }
        } catch (InternalError e) {
            lostMemory(e);
        }
        seat.leave();
        return canBeWoken && !waiting;
    }

    @Override
    public void close() {
        kicks.close();
    }

    private int receive(RingReader reader, FrameBatch into) {
        int count = reader.receive(into, stock);
        int dropped = reader.dropped();
        if (count > 0) {
            counters.received(count, reader.receivedBytes());
        }
        if (dropped > 0) {
            counters.dropOnReceive(dropped);
            malformed += dropped;
        }
        if (reader.broken() != null) {
            report(reader);
        }
        return count;
    }

    /** Several rings: the next that has frames, each in its turn. */
    private int receiveFromNext(FrameBatch into) {
        for (int tries = readers.length; tries > 0; tries--) {
            nextReader = nextReader + 1 < readers.length ? nextReader + 1 : 0;
            int count = receive(readers[nextReader], into);
            if (count > 0) {
                return count;
            }
        }
        return 0;
    }

    private int transmit(RingWriter writer, long[] address, int[] lengthBytes, long[] offload, int count) {
        int sent = writer.transmit(address, lengthBytes, offload, count);
        if (sent > 0) {
            counters.transmitted(sent, writer.sentBytes());
        }
        if (writer.broken() != null) {
            report(writer);
        }
        return sent;
    }

    /** Several rings: each flow keeps to one. */
    private int spread(FrameBatch from) {
        if (writers.length == 0) {
            return 0;
        }
        flows.assign(from, writers.length);
        int sent = 0;
        for (int i = 0; i < writers.length; i++) {
            int count = flows.select(from, i);
            if (count > 0) {
                sent += transmit(writers[i], flows.address, flows.lengthBytes, flows.offload, count);
            }
        }
        return sent;
    }

    /** Tells the guest not to signal what it sends: for rings that are new, and after the worker slept. */
    private void adoptRings() {
        for (RingReader reader : readers) {
            reader.disarm();
        }
        arrivalsSeen = seat.arrivals();
        if (armed) {
            armed = false;
            kicks.consume();
        }
    }

    /** RFC 903: who has this hardware address? Switches on the way learn where it is. */
    private int announce(FrameBatch into) {
        byte[] mac = announced;
        announced = null;
        long handle = pool.allocate();
        if (handle == FramePool.NONE) {
            return 0;
        }
        byte[] frame = RarpFrame.of(mac);
        long address = handle + FramePool.MIN_HEADROOM_BYTES;
        Memory.copyIn(frame, 0, address, frame.length);
        into.add(handle, address, frame.length);
        counters.received(1, frame.length);
        return 1;
    }

    private boolean watch() {
        kicks.forget();
        boolean all = true;
        for (RingReader reader : readers) {
            all &= kicks.watch(reader.kickFileDescriptor());
        }
        return all;
    }

    private void report(GuestRing ring) {
        disconnect("the guest broke " + ring.broken());
    }

    private void lostMemory(InternalError e) {
        disconnect("the guest's memory is shorter than it said: " + e.getMessage());
    }

    /** Once is enough; what is left of the guest goes when the control thread takes the rings. */
    private void disconnect(String reason) {
        readers = NO_READERS;
        writers = NO_WRITERS;
        backend.disconnect(reason);
    }
}
