// SPDX-License-Identifier: Apache-2.0
package io.makas.bench.ping;

import io.makas.dataplane.memory.FrameBatch;
import io.makas.dataplane.memory.FramePool;
import io.makas.dataplane.port.Port;
import io.makas.dataplane.sys.Memory;
import io.makas.flow.packet.FrameBuilder;
import java.lang.foreign.ValueLayout;
import org.HdrHistogram.Histogram;

/**
 * Two ends of a switch in one thread: sends a frame by one port, waits for it at the other, answers there, and waits for the
 * answer. Frames are UDP datagrams whose payload begins with a number, so that a late one is not taken for the next.
 *
 * <p>Thread: the one that polls, which has attached both ports. Nothing is allocated while it measures. The ports are the
 * caller's to close.
 */
final class PingPong {

    /** Ethernet, IPv4 and UDP headers. */
    static final int HEADER_BYTES = 14 + 20 + 8;

    private static final int UDP_CHECKSUM = HEADER_BYTES - 2;
    /** How long frames may be under way that nobody waits for any more. */
    private static final long DRAIN_NS = 10_000_000;

    private static final long LONGEST_NS = 10_000_000_000L;
    private static final int DIGITS = 3;
    /** Empty polls between two looks at the clock. */
    private static final int POLLS = 64;

    private final Port a;
    private final Port b;
    private final long patienceNs;
    private final byte[] toB;
    private final byte[] toA;
    private final FrameBatch outgoing = new FrameBatch();
    private final FrameBatch incoming = new FrameBatch();
    private long number;
    private long lost;

    /**
     * Two ends.
     *
     * @param payloadBytes payload of each datagram, 8 at least
     * @param patienceNs a round trip that takes longer is lost
     */
    PingPong(Port a, Port b, int payloadBytes, long patienceNs) {
        this.a = a;
        this.b = b;
        this.patienceNs = patienceNs;
        this.toB = frame("02:00:00:00:00:0a", "02:00:00:00:00:0b", "192.0.2.10", "192.0.2.11", payloadBytes);
        this.toA = frame("02:00:00:00:00:0b", "02:00:00:00:00:0a", "192.0.2.11", "192.0.2.10", payloadBytes);
    }

    /**
     * Makes round trips until one comes back, one at least.
     *
     * @return whether one did in time
     */
    boolean awaitAnswer(long durationNs) {
        long endNs = System.nanoTime() + durationNs;
        do {
            if (roundTripNs() >= 0) {
                return true;
            }
        } while (System.nanoTime() < endNs);
        return false;
    }

    /** Makes round trips for so long, one at a time, and returns how long each took, in nanoseconds. */
    Histogram roundTrips(long durationNs) {
        Histogram histogram = new Histogram(LONGEST_NS, DIGITS);
        lost = 0;
        long endNs = System.nanoTime() + durationNs;
        while (System.nanoTime() < endNs) {
            long ns = roundTripNs();
            if (ns >= 0) {
                histogram.recordValue(Math.min(ns, LONGEST_NS));
            } else {
                lost++;
            }
        }
        return histogram;
    }

    /** Round trips of the last {@link #roundTrips} that did not come back. */
    long lost() {
        return lost;
    }

    /** Sends from the first port as fast as it can for so long, and returns how many frames a second the other received. */
    double framesPerSecond(long durationNs) {
        long startNs = System.nanoTime();
        long endNs = startNs + durationNs;
        long received = 0;
        long nowNs = startNs;
        while (nowNs < endNs) {
            FramePool pool = a.pool();
            while (outgoing.hasRoom()) {
                long handle = pool.allocate();
                if (handle == FramePool.NONE) {
                    break;
                }
                append(pool, handle, toB);
            }
            a.transmit(outgoing);
            a.maintain();
            received += b.receive(incoming);
            release(b);
            nowNs = System.nanoTime();
        }
        drain();
        return received * 1e9 / (nowNs - startNs);
    }

    private long roundTripNs() {
        number++;
        long startNs = System.nanoTime();
        send(a, toB);
        if (!await(b, toB.length, startNs)) {
            return -1;
        }
        send(b, toA);
        if (!await(a, toA.length, startNs)) {
            return -1;
        }
        return System.nanoTime() - startNs;
    }

    private void send(Port port, byte[] frame) {
        long handle = port.pool().allocate();
        if (handle != FramePool.NONE) {
            append(port.pool(), handle, frame);
            port.transmit(outgoing);
        }
        port.maintain();
    }

    private void append(FramePool pool, long handle, byte[] frame) {
        long address = pool.bufferAddress(handle) + FramePool.MIN_HEADROOM_BYTES;
        Memory.copyIn(frame, 0, address, frame.length);
        Memory.ALL.set(ValueLayout.JAVA_LONG_UNALIGNED, address + HEADER_BYTES, number);
        outgoing.add(handle, address, frame.length);
    }

    private boolean await(Port port, int lengthBytes, long startNs) {
        while (System.nanoTime() - startNs < patienceNs) {
            for (int poll = 0; poll < POLLS; poll++) {
                if (port.receive(incoming) > 0) {
                    boolean mine = false;
                    for (int i = 0; i < incoming.count; i++) {
                        mine |= isMine(i, lengthBytes);
                    }
                    release(port);
                    if (mine) {
                        return true;
                    }
                }
            }
            port.maintain();
        }
        return false;
    }

    private boolean isMine(int i, int lengthBytes) {
        return incoming.lengthBytes[i] == lengthBytes
                && Memory.ALL.get(ValueLayout.JAVA_LONG_UNALIGNED, incoming.address[i] + HEADER_BYTES) == number;
    }

    /** Takes in what is still under way. */
    private void drain() {
        long endNs = System.nanoTime() + DRAIN_NS;
        while (System.nanoTime() < endNs) {
            b.receive(incoming);
            release(b);
            a.maintain();
        }
    }

    private void release(Port port) {
        if (incoming.count > 0) {
            port.pool().release(incoming.handle, 0, incoming.count);
            incoming.clear();
        }
    }

    private static byte[] frame(String fromMac, String toMac, String from, String to, int payloadBytes) {
        byte[] frame = FrameBuilder.ethernet(fromMac, toMac)
                .ipv4(from, to)
                .udp(7, 7)
                .payload(new byte[payloadBytes])
                .build();
        // The number in the payload changes with each frame; 0 says that there is no checksum (RFC 768).
        frame[UDP_CHECKSUM] = 0;
        frame[UDP_CHECKSUM + 1] = 0;
        return frame;
    }
}
