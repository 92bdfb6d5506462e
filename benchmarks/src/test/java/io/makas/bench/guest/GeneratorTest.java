// SPDX-License-Identifier: Apache-2.0
package io.makas.bench.guest;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.makas.bench.traffic.FiveTuple;
import io.makas.bench.traffic.FlowSet;
import io.makas.bench.traffic.FrameTemplate;
import io.makas.bench.traffic.PacketOrder;
import io.makas.bench.traffic.PacketStream;
import io.makas.bench.traffic.RuleFlows;
import io.makas.dataplane.sys.Memory;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** The generator at rings that a thread of the test serves, without a switch and its protocol. */
class GeneratorTest {

    private static final int RING = 128;
    private static final int FLOWS = 100;
    private static final long SHORT_NS = TimeUnit.MILLISECONDS.toNanos(20);

    private final FrameTemplate template = new FrameTemplate("02:00:00:00:00:0a", "02:00:00:00:00:0b", 60);
    private final FlowSet flows = new RuleFlows(List.of(), 1, 2, 1).flows(FLOWS);
    private final PacketStream stream = new PacketStream(flows, template, PacketOrder.SEQ.indices(FLOWS, 1));
    private final GuestDevice first = new GuestDevice(RING, 60);
    private final GuestDevice second = new GuestDevice(RING, 60);
    private final NullSwitch nothing = new NullSwitch(first, second, 60);
    private Thread thread;

    @AfterEach
    void close() throws InterruptedException {
        nothing.stop();
        if (thread != null) {
            thread.join();
        }
        first.close();
        second.close();
        stream.close();
    }

    @Test
    void shouldReceiveWhatItSends() {
        serve();
        Generator generator = new Generator(first, second, template, stream, _ -> null);

        Interval interval = generator.run(SHORT_NS);
        long late = generator.drain();
        // The other thread may have to wait for a processor.
        for (int attempt = 0; attempt < 100 && interval.received() + late < interval.sent(); attempt++) {
            late += generator.drain();
        }

        assertTrue(interval.sent() > 0);
        assertEquals(interval.sent(), interval.received() + late);
        assertTrue(interval.checked() > 0);
        assertTrue(interval.waitingNs() <= interval.elapsedNs());
    }

    @Test
    void shouldSayThatItOnlyWaitedWhenNobodyTakesItsFrames() {
        Generator generator = new Generator(first, second, template, stream, _ -> null);

        Interval interval = generator.run(SHORT_NS);

        assertEquals(RING, interval.sent(), "one ring full");
        assertEquals(0, interval.received());
        assertTrue(interval.waitingShare() > 0.5, interval.toString());
    }

    @Test
    void shouldWriteTheFramesOfItsFlowsInTurn() {
        first.fill(template.frame(new FiveTuple(0, 0, 0, 0, 0)));
        new Generator(first, second, template, stream, _ -> null).run(SHORT_NS);

        for (int slot = 0; slot < RING; slot++) {
            byte[] frame = new byte[60];
            Memory.copyOut(first.transmit.frame(slot), frame, 0, frame.length);
            assertArrayEquals(template.frame(flows.flow(slot % FLOWS)), frame);
        }
    }

    @Test
    void shouldStopAtAFrameThatArrivesWrong() {
        serve();
        Generator generator = new Generator(first, second, template, stream, _ -> "no");

        String message = assertThrows(IllegalStateException.class, () -> generator.run(SHORT_NS))
                .getMessage();
        assertTrue(message.contains("arrived wrong: no"), message);
    }

    @Test
    void shouldRefuseRingsThatAreNoPowerOfTwo() {
        for (int size : new int[] {0, 32, 100, 65_536}) {
            String message = assertThrows(IllegalArgumentException.class, () -> new GuestDevice(size, 60))
                    .getMessage();
            assertTrue(message.contains(Integer.toString(size)), message);
        }
    }

    private void serve() {
        thread = Thread.ofPlatform().start(nothing::run);
    }
}
