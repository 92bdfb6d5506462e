// SPDX-License-Identifier: Apache-2.0
package io.makas.dataplane.port;

import io.makas.dataplane.memory.FrameBatch;
import io.makas.dataplane.memory.FramePool;
import io.makas.dataplane.memory.Offload;
import io.makas.dataplane.memory.Umem;
import io.makas.dataplane.ring.CompletionRing;
import io.makas.dataplane.ring.FillRing;
import io.makas.dataplane.ring.ReceiveRing;
import io.makas.dataplane.ring.TransmitRing;
import io.makas.dataplane.sys.Errno;
import io.makas.dataplane.sys.XdpSocket;

/**
 * One AF_XDP socket at work: what {@link AfXdpPort} and its further queues do, each with one of these.
 *
 * <p>Buffers circulate: free → fill ring → kernel → receive ring → worker → (transmit ring of this or another queue of the
 * same memory → completion ring, or released) → free. A queue begins with a share of the memory in its fill ring, and takes
 * up to a full ring when it is busy and there is enough.
 *
 * <p>Thread: the worker of the queue. When the interface goes away the rings stay readable and empty, and what is transmitted
 * is dropped.
 */
final class XdpQueue {

    /** Entries of the receive ring and of the fill ring: what may come in while the worker is elsewhere. */
    static final int RECEIVE_ENTRIES = 2048;
    /** Entries of the transmit ring and of the completion ring. */
    static final int TRANSMIT_ENTRIES = 2048;
    /** Buffers that the first queue of a memory begins with; the second has half of that, the third a third… */
    static final int FIRST_FILLED = 1024;
    /** …and each at least so many, which its memory has for it at any time. */
    static final int LEAST_FILLED = 256;

    /** Buffers refilled at once. */
    private static final int REFILL_FRAMES = FrameBatch.CAPACITY;
    /** Buffers taken back at once. */
    private static final int REAP_FRAMES = 2 * FrameBatch.CAPACITY;
    /** Turns between two looks at the kernel's own counters, a power of two: each costs a system call. */
    private static final int TURNS_PER_LOOK = 4096;
    /** {@code ETH_HLEN} of {@code linux/if_ether.h}: the kernel refuses shorter frames and would keep the buffer. */
    private static final int MIN_FRAME_BYTES = 14;
    /** How often the kernel may refuse to send what is in the ring before the worker may sleep all the same. */
    private static final int MAX_REFUSALS = 1 << 14;

    private final Umem umem;
    private final int holder;
    private final XdpSocket socket;
    private final PortCounters counters;
    private final FillRing fillRing;
    private final ReceiveRing receiveRing;
    private final TransmitRing transmitRing;
    private final CompletionRing completionRing;
    private final int frameBytes;
    private final int maxFrameBytes;
    private final boolean peerLeavesChecksums;
    private final UndoneChecksums undoneChecksums = new UndoneChecksums();
    private final FrameGatherer gatherer;
    private final int metadataBytes;
    private final boolean passesChecksumsOn;

    /** Buffers that are in the fill ring or with frames in the receive ring, and how many there should be. */
    private int filled;

    private int wantedFilled;

    private long lossesCounted;
    private int turns;
    private int refusals;

    /**
     * Takes a socket that is bound.
     *
     * @param holder the queue's number within its memory, from 1
     * @param counters of the queue
     * @param maxFrameBytes longest frame to send
     * @param peerLeavesChecksums whether the peer may leave checksums to others
     */
    XdpQueue(
            Umem umem,
            int holder,
            XdpSocket socket,
            PortCounters counters,
            int maxFrameBytes,
            boolean peerLeavesChecksums) {
        this.umem = umem;
        this.holder = holder;
        this.socket = socket;
        this.counters = counters;
        this.fillRing = new FillRing(socket.fillRing());
        this.receiveRing = new ReceiveRing(socket.receiveRing());
        this.transmitRing = new TransmitRing(socket.transmitRing());
        this.completionRing = new CompletionRing(socket.completionRing());
        this.frameBytes = umem.frameBytes();
        this.maxFrameBytes = maxFrameBytes;
        this.peerLeavesChecksums = peerLeavesChecksums;
        this.gatherer = new FrameGatherer(umem);
        this.metadataBytes = umem.metadataBytes();
        // Drivers with zero-copy may ignore what they are told; the kernel does not.
        this.passesChecksumsOn = socket.hasTransmitMetadata() && !socket.zeroCopy();
        this.wantedFilled = Math.max(LEAST_FILLED, FIRST_FILLED / holder);
    }

    FramePool pool() {
        return umem;
    }

    int maxFrameBytes() {
        return maxFrameBytes;
    }

    int offloads() {
        return passesChecksumsOn ? Offload.CHECKSUM : 0;
    }

    /** Whether the other end leaves checksums undone, from any thread. */
    boolean findsManyChecksumsUndone() {
        return peerLeavesChecksums && undoneChecksums.areManyOf(counters.receivedPackets());
    }

    XdpSocket.Statistics statistics() {
        return socket.statistics();
    }

    void attach() {
        int before;
        do {
            before = filled;
            refill();
        } while (filled > before);
    }

    void detach() {
        reap();
        countLosses();
        gatherer.drop();
    }

    int receive(FrameBatch into) {
        // Twice, so that a queue that wants more gets it: a burst takes as many as are given at once.
        refill();
        refill();
        int ready = receiveRing.peek(FrameBatch.CAPACITY);
        if (ready == 0) {
            return 0;
        }
        int tail = receiveRing.tail();
        int dropped = 0;
        for (int i = 0; i < ready; i++) {
            long offset = receiveRing.frameOffset(tail + i);
            int lengthBytes = receiveRing.lengthBytes(tail + i);
            long handle = umem.takeReceived(offset, lengthBytes, holder);
            if (handle == FramePool.NONE) {
                dropped++;
            } else if (gatherer.isBusy() || receiveRing.isContinued(tail + i)) {
                boolean isLast = !receiveRing.isContinued(tail + i);
                dropped += gatherer.add(handle, umem.address(offset), lengthBytes, isLast, into);
            } else {
                into.add(handle, umem.address(offset), lengthBytes);
            }
        }
        receiveRing.release(ready);
        filled -= ready;
        if (ready == FrameBatch.CAPACITY) {
            wantMore();
        }
        count(into);
        if (dropped > 0) {
            counters.dropOnReceive(dropped);
        }
        if (peerLeavesChecksums) {
            undoneChecksums.mark(into);
        }
        return into.count;
    }

    private void count(FrameBatch received) {
        long bytes = 0;
        for (int i = 0; i < received.count; i++) {
            bytes += received.lengthBytes[i];
        }
        counters.received(received.count, bytes);
    }

    int transmit(FrameBatch from) {
        reap();
        int count = from.count;
        int room = transmitRing.reserve(count);
        int head = transmitRing.head();
        int sent = 0;
        int entries = 0;
        long bytes = 0;
        for (int i = 0; i < count; i++) {
            int lengthBytes = from.lengthBytes[i];
            long offset = umem.offset(from.address[i]);
            boolean isValid = lengthBytes >= MIN_FRAME_BYTES && lengthBytes <= maxFrameBytes;
            boolean isOnePiece = (offset & frameBytes - 1) + lengthBytes <= frameBytes;
            if (from.offload[i] != Offload.NONE) {
                if (!isValid || !isOnePiece || entries == room || !writeUndone(head + entries, from, i)) {
                    umem.release(from.handle[i]);
                    continue;
                }
                entries++;
            } else if (isValid && isOnePiece && entries < room) {
                umem.lendToSend(from.handle[i], holder, 1);
                transmitRing.write(head + entries, offset, lengthBytes);
                entries++;
            } else if (isValid && writePieces(head + entries, entries, from.handle[i], offset, lengthBytes)) {
                entries += pieces(offset, lengthBytes);
            } else {
                umem.release(from.handle[i]);
                continue;
            }
            sent++;
            bytes += lengthBytes;
        }
        from.clear();
        if (sent > 0) {
            transmitRing.publish(entries);
            counters.transmitted(sent, bytes);
            wakeIfAsleep();
        }
        if (sent < count) {
            counters.dropOnTransmit(count - sent);
        }
        return sent;
    }

    void maintain() {
        reap();
        wakeIfAsleep();
        if ((++turns & TURNS_PER_LOOK - 1) == 0) {
            countLosses();
        }
    }

    int wakeUpFileDescriptor() {
        return socket.fileDescriptor();
    }

    /** False as well while the kernel holds frames back for a moment: nothing would wake the worker to send them. */
    boolean armWakeUp() {
        countLosses();
        return receiveRing.isEmpty() && !isHeldBack();
    }

    private boolean isHeldBack() {
        int left = transmitRing.pending();
        if (left == 0) {
            refusals = 0;
            return false;
        }
        int answer = socket.askWhyNotSent();
        int leftNow = transmitRing.pending();
        refusals = leftNow < left ? 0 : refusals + 1;
        boolean passes = answer >= 0 || answer == -Errno.EAGAIN || answer == -Errno.EBUSY || answer == -Errno.ENOBUFS;
        return leftNow > 0 && passes && refusals < MAX_REFUSALS;
    }

    /** Writes a frame that lies in several chunks, if there is room: an entry for each. */
    private boolean writePieces(int at, int entries, long handle, long offset, int lengthBytes) {
        int pieces = pieces(offset, lengthBytes);
        if (transmitRing.reserve(entries + pieces) < entries + pieces) {
            return false;
        }
        long from = offset;
        int left = lengthBytes;
        for (int i = 0; i < pieces; i++) {
            int piece = Math.min(left, frameBytes - (int) (from & frameBytes - 1));
            if (i < pieces - 1) {
                transmitRing.writeContinued(at + i, from, piece);
            } else {
                transmitRing.write(at + i, from, piece);
            }
            from += piece;
            left -= piece;
        }
        umem.lendToSend(handle, holder, pieces);
        return true;
    }

    /** How many chunks a frame touches. */
    private int pieces(long offset, int lengthBytes) {
        return (int) ((offset & frameBytes - 1) + lengthBytes + frameBytes - 1) / frameBytes;
    }

    /** Writes a frame whose checksum is undone. False if the kernel cannot be told, or the place makes no sense. */
    private boolean writeUndone(int at, FrameBatch from, int i) {
        long offload = from.offload[i];
        int start = Offload.checksumStart(offload);
        int offset = Offload.checksumOffset(offload);
        if (!passesChecksumsOn
                || Offload.gsoType(offload) != Offload.GSO_NONE
                || start == 0
                || start + offset + Short.BYTES > from.lengthBytes[i]) {
            return false;
        }
        long address = from.address[i];
        umem.lendToSend(from.handle[i], holder, 1);
        transmitRing.writeUnsummed(
                at, umem.offset(address), from.lengthBytes[i], address, metadataBytes, start, offset);
        return true;
    }

    /** A full burst came, so more may have: up to a full ring, as long as others find a quarter of the memory free. */
    private void wantMore() {
        if (wantedFilled < RECEIVE_ENTRIES && umem.available() > umem.frames() / 4) {
            wantedFilled = Math.min(RECEIVE_ENTRIES, wantedFilled + FrameBatch.CAPACITY);
        }
    }

    /** Gives empty buffers to the kernel, a batch at a time. */
    private void refill() {
        if (filled + REFILL_FRAMES > wantedFilled || fillRing.reserve(REFILL_FRAMES) < REFILL_FRAMES) {
            return;
        }
        int head = fillRing.head();
        int given = 0;
        while (given < REFILL_FRAMES) {
            long handle = umem.allocateChunk();
            if (handle == FramePool.NONE) {
                break;
            }
            umem.lendToReceive(handle, holder);
            fillRing.write(head + given, umem.offset(handle));
            given++;
        }
        fillRing.publish(given);
        filled += given;
        if (given > 0 && fillRing.needsWakeUp()) {
            socket.wakeReceive();
        }
    }

    /** Takes sent buffers back. */
    private void reap() {
        int ready = completionRing.peek(REAP_FRAMES);
        if (ready == 0) {
            return;
        }
        int tail = completionRing.tail();
        for (int i = 0; i < ready; i++) {
            umem.takeSent(completionRing.frameOffset(tail + i), holder);
        }
        completionRing.release(ready);
    }

    /** Calls the kernel as long as it sends something; what then is left, {@link #maintain} tries again. */
    private void wakeIfAsleep() {
        int left = transmitRing.pending();
        int before = left + 1;
        while (left > 0 && left < before && transmitRing.needsWakeUp()) {
            before = left;
            left = socket.wakeTransmit() ? 0 : transmitRing.pending();
        }
    }

    /** Adds what the kernel lost since the last look. */
    private void countLosses() {
        long losses = socket.receiveLosses();
        if (losses > lossesCounted) {
            counters.dropOnReceive((int) (losses - lossesCounted));
            lossesCounted = losses;
        }
    }
}
