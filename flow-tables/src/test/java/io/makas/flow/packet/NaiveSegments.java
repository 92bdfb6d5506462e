// SPDX-License-Identifier: Apache-2.0
package io.makas.flow.packet;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * Cuts large packets byte by byte as RFCs 791, 768, 8200 and 9293 have it, and checks what came of others' cutting. Knows where
 * headers lie because it is told, and shares no code with {@link Segmenter}.
 *
 * @param network where the IP header begins
 * @param transport where the TCP or UDP header begins
 * @param payload where its payload begins
 * @param ipv6 whether it is IPv6
 * @param tcp whether it is TCP
 */
record NaiveSegments(int network, int transport, int payload, boolean ipv6, boolean tcp) {

    List<byte[]> cut(byte[] frame, int segmentPayload) {
        List<byte[]> segments = new ArrayList<>();
        for (int at = payload; at < frame.length; at += segmentPayload) {
            int end = Math.min(frame.length, at + segmentPayload);
            byte[] segment = Arrays.copyOf(frame, payload + end - at);
            System.arraycopy(frame, at, segment, payload, end - at);
            finish(segment, segments.size(), at - payload, end == frame.length);
            segments.add(segment);
        }
        return segments;
    }

    /** Computes every length and checksum of a packet anew. */
    void finish(byte[] segment) {
        finish(segment, 0, 0, true);
    }

    /** The uncomplemented sum of the pseudo header. */
    int pseudoHeader(byte[] frame) {
        int addresses = ipv6 ? 8 : 12;
        long sum = sum(frame, network + addresses, network + (ipv6 ? 40 : 20));
        return fold(sum + (tcp ? 6 : 17) + frame.length - transport);
    }

    int checksumAt() {
        return transport + (tcp ? 16 : 6);
    }

    private void finish(byte[] segment, int index, int before, boolean last) {
        if (ipv6) {
            put16(segment, network + 4, segment.length - network - 40);
        } else {
            put16(segment, network + 2, segment.length - network);
            put16(segment, network + 4, u16(segment, network + 4) + index);
            put16(segment, network + 10, 0);
            put16(segment, network + 10, ~fold(sum(segment, network, network + (segment[network] & 15) * 4)));
        }
        if (tcp) {
            long sequence = ((long) u16(segment, transport + 4) << 16 | u16(segment, transport + 6)) + before;
            put16(segment, transport + 4, (int) (sequence >> 16));
            put16(segment, transport + 6, (int) sequence);
            segment[transport + 13] &= (byte) ((index > 0 ? 0x7f : 0xff) & (last ? 0xff : 0xf6));
        } else {
            put16(segment, transport + 4, segment.length - transport);
        }
        put16(segment, checksumAt(), 0);
        int checksum = ~fold(sum(segment, transport, segment.length) + pseudoHeader(segment)) & 0xffff;
        put16(segment, checksumAt(), checksum == 0 && !tcp ? 0xffff : checksum);
    }

    static void put16(byte[] frame, int at, int value) {
        frame[at] = (byte) (value >> 8);
        frame[at + 1] = (byte) value;
    }

    private static int u16(byte[] frame, int at) {
        return (frame[at] & 0xff) << 8 | frame[at + 1] & 0xff;
    }

    private static long sum(byte[] frame, int from, int to) {
        long sum = 0;
        for (int at = from; at < to; at++) {
            sum += (at - from) % 2 == 0 ? (frame[at] & 0xff) << 8 : frame[at] & 0xff;
        }
        return sum;
    }

    private static int fold(long sum) {
        long folded = sum;
        while (folded > 0xffff) {
            folded = (folded >> 16) + (folded & 0xffff);
        }
        return (int) folded;
    }
}
