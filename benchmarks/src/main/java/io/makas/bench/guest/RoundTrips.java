// SPDX-License-Identifier: Apache-2.0
package io.makas.bench.guest;

import io.makas.bench.traffic.FrameTemplate;
import io.makas.bench.traffic.PacketStream;
import io.makas.dataplane.sys.Memory;
import java.lang.foreign.ValueLayout;
import java.util.concurrent.TimeUnit;
import org.HdrHistogram.Histogram;

/**
 * Sends one packet by one device, waits for it at the other, answers there and waits for the answer: one packet is under way at a
 * time. Each frame has a number in its payload, so that a late one is not taken for the next.
 *
 * <p>Thread: the generating one. Nothing is allocated while it measures.
 */
public final class RoundTrips {

    /** Where the number of a frame is, behind what may be a UDP or a TCP header's first part. */
    private static final int NUMBER = 50;

    /** A packet that takes longer is lost. */
    private static final long LOST_NS = TimeUnit.SECONDS.toNanos(1);

    private static final int DIGITS = 3;

    private final GuestDevice first;
    private final GuestDevice second;
    private final PacketStream there;
    private final PacketStream back;
    private int next;
    private long number;
    private long lost;

    /**
     * Two ends.
     *
     * @param first asks
     * @param second answers
     * @param there flows of the questions
     * @param back flows of the answers, in the same order
     */
    public RoundTrips(GuestDevice first, GuestDevice second, PacketStream there, PacketStream back) {
        this.first = first;
        this.second = second;
        this.there = there;
        this.back = back;
    }

    /** Makes round trips for so long, and returns how many nanoseconds each took. */
    public Histogram run(long durationNs) {
        Histogram histogram = new Histogram(LOST_NS, DIGITS);
        first.discard();
        second.discard();
        lost = 0;
        long endNs = System.nanoTime() + durationNs;
        long nowNs = System.nanoTime();
        while (nowNs < endNs) {
            long startNs = System.nanoTime();
            send(first, there);
            boolean came = await(second, startNs);
            if (came) {
                send(second, back);
                came = await(first, startNs);
            }
            nowNs = System.nanoTime();
            record(histogram, came, nowNs - startNs);
            next = next + 1 == there.length() ? 0 : next + 1;
        }
        return histogram;
    }

    /**
     * Sends packets one way at a steady rate for so long, one at a time, and returns how many nanoseconds each took to the other
     * end.
     *
     * @param intervalNs time from one packet to the next
     */
    public Histogram oneWay(long durationNs, long intervalNs) {
        Histogram histogram = new Histogram(LOST_NS, DIGITS);
        first.discard();
        second.discard();
        lost = 0;
        long dueNs = System.nanoTime();
        long endNs = dueNs + durationNs;
        while (dueNs < endNs) {
            while (System.nanoTime() < dueNs) {
                Thread.onSpinWait();
            }
            long startNs = System.nanoTime();
            send(first, there);
            boolean came = await(second, startNs);
            record(histogram, came, System.nanoTime() - startNs);
            next = next + 1 == there.length() ? 0 : next + 1;
            // One that was late does not make the next ones come at once.
            dueNs = Math.max(dueNs + intervalNs, startNs + intervalNs / 2);
        }
        return histogram;
    }

    /** Packets of the last run that did not come. */
    public long lost() {
        return lost;
    }

    private void record(Histogram histogram, boolean came, long ns) {
        if (came) {
            histogram.recordValue(Math.min(ns, LOST_NS));
        } else {
            lost++;
        }
    }

    private void send(GuestDevice device, PacketStream stream) {
        GuestRing ring = device.transmit;
        while ((ring.availableIndex - ring.usedIndex() & 0xffff) == ring.size) {
            Thread.onSpinWait();
        }
        int flow = Memory.ALL.get(ValueLayout.JAVA_INT, stream.order() + (long) next * Integer.BYTES);
        long from = stream.flows() + (long) flow * PacketStream.FLOW_BYTES;
        long frame = ring.frame(ring.availableIndex);
        Memory.copy(from, frame + FrameTemplate.FLOW_OFFSET, PacketStream.FLOW_BYTES);
        number++;
        Memory.ALL.set(ValueLayout.JAVA_LONG_UNALIGNED, frame + NUMBER, number);
        device.sendOne();
    }

    private boolean await(GuestDevice device, long startNs) {
        GuestRing ring = device.receive;
        for (int turn = 0; ; turn++) {
            if (ring.usedIndex() != device.receivedIndex) {
                int slot = device.receivedIndex;
                boolean isMine = Memory.ALL.get(ValueLayout.JAVA_LONG_UNALIGNED, ring.frame(slot) + NUMBER) == number;
                device.receivedIndex = slot + 1 & 0xffff;
                ring.publish(1);
                if (isMine) {
                    return true;
                }
            } else if ((turn & 63) == 63 && System.nanoTime() - startNs > LOST_NS) {
                return false;
            }
        }
    }
}
