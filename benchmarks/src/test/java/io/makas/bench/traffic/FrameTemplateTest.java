// SPDX-License-Identifier: Apache-2.0
package io.makas.bench.traffic;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.makas.flow.packet.Checksum;
import io.makas.flow.packet.FrameBuilder;
import java.lang.foreign.MemorySegment;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;

class FrameTemplateTest {

    private static final String FROM = "02:00:00:00:00:0a";
    private static final String TO = "02:00:00:00:00:0b";

    @Test
    void shouldMakeTheSameDatagramAsABuilder() {
        FiveTuple flow = new FiveTuple(0xc0000201, 0xcb007107, 1_234, 53, FiveTuple.UDP);
        byte[] expected = FrameBuilder.ethernet(FROM, TO)
                .ipv4("192.0.2.1", "203.0.113.7")
                .udp(1_234, 53)
                .payload(new byte[18])
                .build();
        expected[40] = 0;
        expected[41] = 0;

        byte[] frame = new FrameTemplate(FROM, TO, 60).frame(flow);

        // Behind the UDP header a TCP header goes on.
        frame[46] = 0;
        frame[47] = 0;
        assertArrayEquals(expected, frame);
    }

    @Test
    void shouldBeATcpSegmentWithAHeaderOf20Bytes() {
        byte[] frame = new FrameTemplate(FROM, TO, 60).frame(new FiveTuple(1, 2, 80, 4_000, FiveTuple.TCP));

        assertEquals(FiveTuple.TCP, frame[23]);
        assertEquals(0x50, frame[46]);
        assertEquals(0x10, frame[47], "ACK");
    }

    @Test
    void shouldHaveARightHeaderChecksumForEveryFlow() {
        long seed = 11;
        SplittableRandom random = new SplittableRandom(seed);
        FrameTemplate template = new FrameTemplate(FROM, TO, 1_514);
        for (int i = 0; i < 1_000; i++) {
            FiveTuple flow = new FiveTuple(random.nextInt(), random.nextInt(), 1, 2, random.nextInt(256));

            MemorySegment frame = MemorySegment.ofArray(template.frame(flow));

            assertEquals(0, Checksum.of(Checksum.sum(frame, 14, 20)), flow + ", seed " + seed);
        }
    }

    @Test
    void shouldRefuseLengthsThatEthernetDoesNotHave() {
        for (int length : new int[] {59, 1_515}) {
            String message = assertThrows(IllegalArgumentException.class, () -> new FrameTemplate(FROM, TO, length))
                    .getMessage();
            assertTrue(message.contains(Integer.toString(length)), message);
        }
    }
}
