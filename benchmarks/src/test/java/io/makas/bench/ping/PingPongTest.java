// SPDX-License-Identifier: Apache-2.0
package io.makas.bench.ping;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import io.makas.dataplane.port.MemoryPort;
import io.makas.dataplane.port.PortConfig;
import java.util.concurrent.TimeUnit;
import java.util.function.UnaryOperator;
import org.HdrHistogram.Histogram;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class PingPongTest {

    private static final long SHORT_NS = TimeUnit.MILLISECONDS.toNanos(50);
    private static final long LONG_NS = TimeUnit.SECONDS.toNanos(30);
    private static final int PAYLOAD_BYTES = 64;

    private final MemoryPort a = new MemoryPort(new PortConfig.Memory("a"));
    private final MemoryPort b = new MemoryPort(new PortConfig.Memory("b"));
    private final PingPong pingPong = new PingPong(a, b, PAYLOAD_BYTES, LONG_NS);
    private final PingPong impatient = new PingPong(a, b, PAYLOAD_BYTES, SHORT_NS);
    private volatile boolean over;
    private Thread wire;

    @AfterEach
    void unplug() throws InterruptedException {
        over = true;
        if (wire != null) {
            wire.join();
        }
        a.close();
        b.close();
    }

    @Test
    void shouldRecordEachRoundTripBetweenPortsThatAreJoined() {
        join(frame -> frame);

        assertTrue(pingPong.awaitAnswer(LONG_NS));
        Histogram times = pingPong.roundTrips(SHORT_NS);

        assertTrue(times.getTotalCount() > 0);
        assertTrue(times.getMinValue() > 0);
        assertEquals(0, pingPong.lost());
    }

    @Test
    void shouldCountReceivedFramesAndLeaveNoBufferLent() {
        join(frame -> frame);

        double framesPerSecond = pingPong.framesPerSecond(SHORT_NS);

        assertTrue(framesPerSecond > 0);
        assertTrue(pingPong.awaitAnswer(LONG_NS), "buffers are left to send with");
    }

    @Test
    void shouldSayThatNothingComesBackWhenPortsAreNotJoined() {
        assertFalse(impatient.awaitAnswer(SHORT_NS));
    }

    @Test
    void shouldNotTakeAFrameOfAnotherNumberForItsOwn() {
        join(frame -> {
            byte[] other = frame.clone();
            other[PingPong.HEADER_BYTES + 3]++;
            return other;
        });

        assertFalse(impatient.awaitAnswer(SHORT_NS));
    }

    @Test
    void shouldSendUdpDatagramsWithTheHeadersThatFlowsMatch() {
        impatient.awaitAnswer(1);

        byte[] frame = a.collect();

        assertEquals(PingPong.HEADER_BYTES + PAYLOAD_BYTES, frame.length);
        assertEquals(0x0800, (frame[12] & 0xff) << 8 | frame[13] & 0xff, "EtherType");
        assertEquals(17, frame[23], "IP protocol");
        assertEquals(0, frame[40] | frame[41], "no UDP checksum");
    }

    @Test
    void shouldWriteEveryRoundTripIntoTheResult() {
        Histogram times = new Histogram(1_000_000_000L, 3);
        times.recordValueWithCount(1_500, 99);
        times.recordValue(80_000);

        JsonObject json = new PingResult(times, 2, 4_321_500.4).toJson();

        long count = 0;
        for (JsonElement bucket : json.getAsJsonArray("round_trips")) {
            count += bucket.getAsJsonObject().get("count").getAsLong();
        }
        JsonObject first = json.getAsJsonArray("round_trips").get(0).getAsJsonObject();
        assertEquals(100, count);
        assertEquals(1.5, first.get("us").getAsDouble(), 0.001);
        assertEquals(2, json.get("lost").getAsLong());
        assertEquals(4_321.5, json.get("kpps").getAsDouble());
    }

    /** Carries frames from each port to the other. */
    private void join(UnaryOperator<byte[]> change) {
        wire = Thread.ofPlatform().start(() -> {
            while (!over) {
                carry(a, b, change);
                carry(b, a, change);
                Thread.yield();
            }
        });
    }

    private static void carry(MemoryPort from, MemoryPort to, UnaryOperator<byte[]> change) {
        for (byte[] frame = from.collect(); frame != null; frame = from.collect()) {
            to.inject(change.apply(frame));
        }
    }
}
