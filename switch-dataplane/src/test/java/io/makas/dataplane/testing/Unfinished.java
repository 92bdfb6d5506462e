// SPDX-License-Identifier: Apache-2.0
package io.makas.dataplane.testing;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.makas.dataplane.memory.Offload;
import io.makas.flow.packet.FrameBuilder;
import io.makas.flow.packet.IpProtocol;
import io.makas.flow.packet.Ipv4;
import io.makas.flow.packet.Layers;
import io.makas.flow.packet.PartialChecksum;
import io.makas.flow.packet.Segmenter;
import io.makas.flow.packet.Tcp;
import io.makas.flow.packet.Udp;
import java.io.ByteArrayOutputStream;
import java.lang.foreign.MemorySegment;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * A frame with a partial checksum, perhaps to be cut, as a guest hands it over, and what makes finished frames of it.
 *
 * @param bytes the frame
 * @param offload what is left to be done with it
 */
public record Unfinished(byte[] bytes, long offload) {

    /** The frame with a partial checksum, and no more to be done. Finished already if it is neither TCP nor UDP. */
    public static Unfinished partial(byte[] finished) {
        return cut(finished, 0);
    }

    /** The frame as it is handed over to be cut into segments with this payload. */
    public static Unfinished cut(byte[] finished, int gsoSizeBytes) {
        byte[] frame = finished.clone();
        MemorySegment memory = MemorySegment.ofArray(frame);
        long layers = layers(memory);
        boolean tcp = Layers.protocol(layers) == IpProtocol.TCP;
        if (Segmenter.headerBytes(memory, 0, layers) == 0) {
            return new Unfinished(frame, Offload.NONE);
        }
        PartialChecksum.prepare(memory, 0, layers);
        boolean ipv6 = Ipv4.version(memory, Layers.network(layers)) == 6;
        int type = !tcp ? Offload.GSO_UDP_L4 : ipv6 ? Offload.GSO_TCPV6 : Offload.GSO_TCPV4;
        return new Unfinished(
                frame,
                Offload.of(
                        Offload.NEEDS_CHECKSUM,
                        gsoSizeBytes == 0 ? Offload.GSO_NONE : type,
                        gsoSizeBytes,
                        Layers.transport(layers),
                        tcp ? Tcp.CHECKSUM : Udp.CHECKSUM));
    }

    /** A TCP segment of so much payload, to be cut for an MTU of 1500. */
    public static Unfinished tcp(int payloadBytes) {
        return cut(tcpFrame(payloadBytes), 1_460);
    }

    /** A finished TCP frame over IPv4, whose payload is not all the same. */
    public static byte[] tcpFrame(int payloadBytes) {
        byte[] payload = new byte[payloadBytes];
        for (int i = 0; i < payloadBytes; i++) {
            payload[i] = (byte) (i * 31 + (i >> 8));
        }
        return FrameBuilder.ethernet("02:00:00:00:00:01", "02:00:00:00:00:02")
                .ipv4("10.0.0.1", "10.0.0.2")
                .tcp(1024, 80)
                .flags(Tcp.ACK | Tcp.PSH)
                .payload(payload)
                .build();
    }

    /** The frames that a peer makes of it which finishes it itself. */
    public List<byte[]> finished() {
        MemorySegment memory = MemorySegment.ofArray(bytes.clone());
        if (offload == Offload.NONE) {
            return List.of(bytes);
        }
        long layers = layers(memory);
        assertEquals(Layers.transport(layers), Offload.checksumStart(offload), "csum_start");
        int field = Offload.checksumStart(offload) + Offload.checksumOffset(offload);
        byte[] prepared = bytes.clone();
        PartialChecksum.prepare(MemorySegment.ofArray(prepared), 0, layers);
        assertEquals(prepared[field], bytes[field], "pseudo header");
        assertEquals(prepared[field + 1], bytes[field + 1], "pseudo header");
        if (Offload.gsoType(offload) == Offload.GSO_NONE) {
            PartialChecksum.finish(memory, 0, layers);
            return List.of((byte[]) memory.heapBase().orElseThrow());
        }
        return segments(layers);
    }

    private List<byte[]> segments(long layers) {
        // Segments are written behind the frame, as the segmenter knows one memory only.
        byte[] room = Arrays.copyOf(bytes, 2 * bytes.length);
        MemorySegment memory = MemorySegment.ofArray(room);
        Segmenter segmenter = new Segmenter();
        segmenter.begin(memory, 0, layers, Offload.gsoSizeBytes(offload));
        List<byte[]> segments = new ArrayList<>();
        while (segmenter.left() > 0) {
            int end = bytes.length + segmenter.nextBytes();
            segmenter.next(bytes.length, true);
            segments.add(Arrays.copyOfRange(room, bytes.length, end));
        }
        return segments;
    }

    /** The TCP payload of frames that follow each other without a gap, each of them right. */
    public static byte[] payload(List<byte[]> frames) {
        ByteArrayOutputStream payload = new ByteArrayOutputStream();
        int next = 0;
        for (byte[] frame : frames) {
            assertChecksums(frame);
            MemorySegment memory = MemorySegment.ofArray(frame);
            long layers = layers(memory);
            int sequence = Tcp.sequence(memory, Layers.transport(layers));
            assertTrue(payload.size() == 0 || sequence == next, "sequence number " + sequence + " after " + next);
            int headerBytes = Segmenter.headerBytes(memory, 0, layers);
            int bytes = Segmenter.payloadBytes(layers, headerBytes);
            payload.write(frame, headerBytes, bytes);
            next = sequence + bytes;
        }
        return payload.toByteArray();
    }

    /** Every checksum is right: sums, with the pseudo header, are all ones. */
    public static void assertChecksums(byte[] frame) {
        MemorySegment memory = MemorySegment.ofArray(frame);
        long layers = layers(memory);
        int network = Layers.network(layers);
        int transport = Layers.transport(layers);
        int bytes = Layers.transportBytes(layers);
        boolean ipv6 = Ipv4.version(memory, network) == 6;
        long sum = Layers.protocol(layers) + bytes + sum(frame, transport, transport + bytes);
        if (ipv6) {
            sum += sum(frame, network + 8, network + 40);
        } else {
            sum += sum(frame, network + 12, network + 20);
            assertEquals(0, sum(frame, network, network + Ipv4.headerBytes(memory, network)) % 0xffff, "IPv4 checksum");
        }
        assertEquals(0, sum % 0xffff, "checksum of protocol " + Layers.protocol(layers));
    }

    private static long sum(byte[] frame, int from, int to) {
        long sum = 0;
        for (int at = from; at < to; at++) {
            sum += (at - from) % 2 == 0 ? (frame[at] & 0xff) << 8 : frame[at] & 0xff;
        }
        return sum;
    }

    private static long layers(MemorySegment memory) {
        return Layers.locate(memory, 0, (int) memory.byteSize());
    }
}
