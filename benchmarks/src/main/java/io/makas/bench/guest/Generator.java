// SPDX-License-Identifier: Apache-2.0
package io.makas.bench.guest;

import io.makas.bench.traffic.FrameTemplate;
import io.makas.bench.traffic.PacketStream;
import io.makas.dataplane.sys.Memory;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.concurrent.TimeUnit;

/**
 * Sends by one device and receives by another, as fast as the switch between them takes frames: in each turn a burst if the ring
 * has room, then whatever has come.
 *
 * <p>A frame to send lies in its buffer from the start; only the 16 bytes of its flow are written. A frame received is counted
 * and its buffer made available again; one in {@link #CHECK_EVERY} is looked at. So a turn costs little beside what the switch
 * has to do, and {@link Interval#offeredMpps} says how little.
 *
 * <p>Thread: the generating one, which has {@link #run}.
 */
public final class Generator {

    /** Frames that are sent at once. */
    static final int BURST = 32;

    /** Of so many frames received one is looked at. */
    static final int CHECK_EVERY = 8_192;

    /** Buffers that are given back to the switch at once, if so many have come. */
    private static final int RECYCLE = 32;

    /** Turns between two looks at the clock. */
    private static final int TURNS = 32;

    /** Time without a frame after which none is under way any more. */
    private static final long QUIET_NS = TimeUnit.MILLISECONDS.toNanos(20);

    /** Time without any progress after which a switch that sleeps is woken. */
    private static final long KICK_NS = TimeUnit.MICROSECONDS.toNanos(20);

    /** Time in which a switch that was just started or woken forwards one frame. */
    private static final long ANNOUNCE_NS = TimeUnit.SECONDS.toNanos(5);

    private final GuestDevice from;
    private final GuestDevice to;
    private final PacketStream stream;
    private final FrameCheck check;
    private final int frameBytes;

    private int next;
    private long sent;
    private long received;
    private long checked;
    private long nextCheck;
    private long waitingNs;

    /**
     * Prepares the devices.
     *
     * @param from sends
     * @param to receives
     * @param template the frames
     * @param stream the flows of their order
     * @param check what to see in frames that arrive
     */
    public Generator(GuestDevice from, GuestDevice to, FrameTemplate template, PacketStream stream, FrameCheck check) {
        this.from = from;
        this.to = to;
        this.stream = stream;
        this.check = check;
        this.frameBytes = template.lengthBytes();
    }

    /** Sends and receives for so long. */
    public Interval run(long durationNs) {
        long startNs = System.nanoTime();
        long endNs = startNs + durationNs;
        long sentBefore = sent;
        long receivedBefore = received;
        long checkedBefore = checked;
        long waitingBefore = waitingNs;
        long nowNs = startNs;
        while (nowNs < endNs) {
            turns(endNs);
            nowNs = System.nanoTime();
        }
        return new Interval(
                nowNs - startNs,
                waitingNs - waitingBefore,
                sent - sentBefore,
                received - receivedBefore,
                checked - checkedBefore);
    }

    /**
     * Has the switch learn where the receiving device is: that device sends a frame, which the sending one takes in.
     *
     * @param answer the frame, from the receiving device's address to the sending one's
     */
    public void announce(byte[] answer) {
        to.fill(answer);
        from.discard();
        to.sendOne();
        long endNs = System.nanoTime() + ANNOUNCE_NS;
        while (from.discard() == 0) {
            if (System.nanoTime() > endNs) {
                throw new IllegalStateException(
                        "a frame from port 2 did not come out of port 1 of the switch, which should"
                                + " learn from it where its sender is: do the rules flood what they do not know?");
            }
            Thread.onSpinWait();
        }
    }

    /** Receives until nothing is under way any more; returns how many frames came. */
    public long drain() {
        long before = received;
        long quietSinceNs = System.nanoTime();
        while (System.nanoTime() - quietSinceNs < QUIET_NS) {
            if (receive(1)) {
                quietSinceNs = System.nanoTime();
            }
        }
        return received - before;
    }

    /** Frames sent so far. */
    public long sent() {
        return sent;
    }

    /** Frames received so far. */
    public long received() {
        return received;
    }

    private void turns(long endNs) {
        for (int turn = 0; turn < TURNS; turn++) {
            boolean hasSent = send();
            // A switch that takes all that is sent gets its buffers back in bursts, too.
            boolean hasReceived = receive(hasSent ? RECYCLE : 1);
            if (!hasSent && !hasReceived) {
                await(endNs);
            }
        }
    }

    /** Waits until something can be done, and notes for how long. */
    private void await(long endNs) {
        long sinceNs = System.nanoTime();
        long kickNs = sinceNs + KICK_NS;
        long nowNs = sinceNs;
        while (nowNs < endNs) {
            if (from.transmit.size - inFlight() >= BURST || to.receive.usedIndex() != to.receivedIndex) {
                break;
            }
            Thread.onSpinWait();
            nowNs = System.nanoTime();
            if (nowNs > kickNs) {
                from.kickIfWanted();
                kickNs = nowNs + KICK_NS;
            }
        }
        waitingNs += nowNs - sinceNs;
    }

    private int inFlight() {
        return from.transmit.availableIndex - from.transmit.usedIndex() & 0xffff;
    }

    private boolean send() {
        GuestRing ring = from.transmit;
        if (ring.size - inFlight() < BURST) {
            return false;
        }
        MemorySegment all = Memory.ALL;
        long flows = stream.flows();
        long order = stream.order();
        int length = stream.length();
        int packet = next;
        int slot = ring.availableIndex;
        for (int i = 0; i < BURST; i++) {
            int flow = all.get(ValueLayout.JAVA_INT, order + (long) packet * Integer.BYTES);
            long from16 = flows + (long) flow * PacketStream.FLOW_BYTES;
            long to16 = ring.frame(slot + i) + FrameTemplate.FLOW_OFFSET;
            all.set(ValueLayout.JAVA_LONG_UNALIGNED, to16, all.get(ValueLayout.JAVA_LONG, from16));
            all.set(
                    ValueLayout.JAVA_LONG_UNALIGNED,
                    to16 + Long.BYTES,
                    all.get(ValueLayout.JAVA_LONG, from16 + Long.BYTES));
            packet = packet + 1 == length ? 0 : packet + 1;
        }
        next = packet;
        ring.publish(BURST);
        sent += BURST;
        return true;
    }

    private boolean receive(int atLeast) {
        GuestRing ring = to.receive;
        int count = ring.usedIndex() - to.receivedIndex & 0xffff;
        if (count < atLeast) {
            return false;
        }
        if (count > ring.size) {
            throw new IllegalStateException("the switch used " + count + " buffers of a ring of " + ring.size);
        }
        if (received >= nextCheck) {
            nextCheck = received + CHECK_EVERY;
            check(ring, to.receivedIndex);
        }
        received += count;
        to.receivedIndex = to.receivedIndex + count & 0xffff;
        ring.publish(count);
        return true;
    }

    private void check(GuestRing ring, int slot) {
        checked++;
        ring.checkOrder(slot);
        int lengthBytes = ring.usedFrameBytes(slot);
        if (lengthBytes != frameBytes) {
            throw new IllegalStateException(
                    "a frame of " + lengthBytes + " bytes arrived; " + frameBytes + " bytes were sent");
        }
        byte[] frame = new byte[lengthBytes];
        Memory.copyOut(ring.frame(slot), frame, 0, lengthBytes);
        String problem = check.problem(frame);
        if (problem != null) {
            throw new IllegalStateException("a frame arrived wrong: " + problem);
        }
    }
}
