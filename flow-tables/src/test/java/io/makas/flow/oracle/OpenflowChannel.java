// SPDX-License-Identifier: Apache-2.0
package io.makas.flow.oracle;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.SocketChannel;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * A connection of OpenFlow 1.3 to a switch: sends finished messages, keeps errors and packet-ins that come, asks for counters.
 * Knows no more of the protocol than the comparison needs. For one thread.
 */
final class OpenflowChannel implements AutoCloseable {

    // ofp_type, openflow.h
    static final int HELLO = 0;
    static final int ERROR = 1;
    static final int ECHO_REQUEST = 2;
    static final int SET_CONFIG = 9;
    static final int PACKET_IN = 10;
    static final int FLOW_MOD = 14;
    static final int GROUP_MOD = 15;
    static final int MULTIPART_REQUEST = 18;
    static final int MULTIPART_REPLY = 19;
    static final int BARRIER_REQUEST = 20;
    static final int BARRIER_REPLY = 21;
    static final int SET_ASYNC = 28;
    static final int METER_MOD = 29;

    static final int HEADER_BYTES = 8;
    static final int VERSION = 4;

    private static final int MULTIPART_FLOW = 1;
    private static final int MULTIPART_GROUP = 6;
    private static final int ANY = -1;
    private static final int ALL_TABLES = 0xff;

    /** A packet that the switch sent to its controllers. */
    record PacketIn(int reason, int table, long cookie, int totalBytes, byte[] data) {}

    /** An error message: which request it is about, and its type and code. */
    record Refusal(int requestId, int type, int code) {}

    private final SocketChannel socket;
    private ByteBuffer received = ByteBuffer.allocate(1 << 16).flip();
    private int lastId = 1000;

    private final Map<Integer, Refusal> refusals = new HashMap<>();
    private final List<PacketIn> packetIns = new ArrayList<>();

    OpenflowChannel(Path path) throws IOException {
        socket = SocketChannel.open(StandardProtocolFamily.UNIX);
        socket.connect(UnixDomainSocketAddress.of(path));
        send(HELLO, new byte[0]);
        // First fragments have their ports (OFPC_FRAG_NX_MATCH). Without a length for packet-ins there would be none.
        send(SET_CONFIG, new byte[] {0, 3, (byte) 0xff, (byte) 0xff});
        byte[] wanted = new byte[24];
        wanted[3] = 7; // no match, action, invalid TTL, while in the role of a master or equal
        send(SET_ASYNC, wanted);
        barrier();
        if (!refusals().isEmpty()) {
            throw new IOException("the switch refuses to be set up");
        }
    }

    /** Sends a whole message under a new transaction id, and answers the id. */
    int send(byte[] message) throws IOException {
        ByteBuffer bytes = ByteBuffer.wrap(message.clone());
        bytes.putInt(4, ++lastId);
        while (bytes.hasRemaining()) {
            socket.write(bytes);
        }
        return lastId;
    }

    /** Waits until the switch has done all that was asked for. */
    void barrier() throws IOException {
        int id = send(BARRIER_REQUEST, new byte[0]);
        await(BARRIER_REPLY, id);
    }

    /** The errors since the last call, by the request's id. */
    Map<Integer, Refusal> refusals() {
        Map<Integer, Refusal> result = Map.copyOf(refusals);
        refusals.clear();
        return result;
    }

    /** The packet-ins since the last call. */
    List<PacketIn> packetIns() {
        List<PacketIn> result = List.copyOf(packetIns);
        packetIns.clear();
        return result;
    }

    /** Packets and bytes of every flow, by its cookie. */
    Map<Long, long[]> flowCounters() throws IOException {
        ByteBuffer body = ByteBuffer.allocate(48);
        body.putShort((short) MULTIPART_FLOW).position(8);
        body.put((byte) ALL_TABLES).position(12);
        body.putInt(ANY).putInt(ANY).position(40);
        body.putShort((short) 1).putShort((short) 4);
        Map<Long, long[]> counters = new HashMap<>();
        for (ByteBuffer part : multipart(body.array())) {
            while (part.hasRemaining()) {
                int start = part.position();
                int length = part.getShort(start) & 0xffff;
                counters.put(part.getLong(start + 24), new long[] {part.getLong(start + 32), part.getLong(start + 40)});
                part.position(start + length);
            }
        }
        return counters;
    }

    /** Packets and bytes of every group and then of each of its buckets, by the group's number. */
    Map<Integer, long[]> groupCounters() throws IOException {
        ByteBuffer body = ByteBuffer.allocate(16);
        body.putShort((short) MULTIPART_GROUP).position(8);
        body.putInt(0xfffffffc);
        Map<Integer, long[]> counters = new HashMap<>();
        for (ByteBuffer part : multipart(body.array())) {
            while (part.hasRemaining()) {
                int start = part.position();
                int length = part.getShort(start) & 0xffff;
                int buckets = (length - 40) / 16;
                long[] values = new long[2 + 2 * buckets];
                values[0] = part.getLong(start + 16);
                values[1] = part.getLong(start + 24);
                for (int i = 0; i < 2 * buckets; i++) {
                    values[2 + i] = part.getLong(start + 40 + 8 * i);
                }
                counters.put(part.getInt(start + 4), values);
                part.position(start + length);
            }
        }
        return counters;
    }

    @Override
    public void close() {
        try {
            socket.close();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** A message of one of the types. */
    static byte[] message(int type, byte[] body) {
        ByteBuffer bytes = ByteBuffer.allocate(HEADER_BYTES + body.length);
        bytes.put((byte) VERSION).put((byte) type).putShort((short) bytes.capacity());
        return bytes.putInt(0).put(body).array();
    }

    private int send(int type, byte[] body) throws IOException {
        return send(message(type, body));
    }

    private List<ByteBuffer> multipart(byte[] body) throws IOException {
        int id = send(MULTIPART_REQUEST, body);
        List<ByteBuffer> parts = new ArrayList<>();
        boolean isLast = false;
        while (!isLast) {
            ByteBuffer reply = await(MULTIPART_REPLY, id);
            isLast = (reply.getShort(HEADER_BYTES + 2) & 1) == 0;
            parts.add(reply.position(HEADER_BYTES + 8).slice());
        }
        return parts;
    }

    private ByteBuffer await(int type, int id) throws IOException {
        while (true) {
            ByteBuffer message = next();
            int itsType = message.get(1);
            if (itsType == type && message.getInt(4) == id) {
                return message;
            }
            switch (itsType) {
                case ERROR -> {
                    int request = message.getInt(4);
                    refusals.put(request, new Refusal(request, message.getShort(8), message.getShort(10)));
                }
                case PACKET_IN -> packetIns.add(packetIn(message));
                case ECHO_REQUEST -> {
                    message.put(1, (byte) (ECHO_REQUEST + 1));
                    while (message.hasRemaining()) {
                        socket.write(message);
                    }
                }
                default -> {
                    // Hello, changes of ports.
                }
            }
        }
    }

    private static PacketIn packetIn(ByteBuffer message) {
        int matchBytes = message.getShort(26) & 0xffff;
        int start = 24 + (matchBytes + 7) / 8 * 8 + 2;
        byte[] data = new byte[message.limit() - start];
        message.get(start, data);
        return new PacketIn(
                message.get(14) & 0xff,
                message.get(15) & 0xff,
                message.getLong(16),
                message.getShort(12) & 0xffff,
                data);
    }

    private ByteBuffer next() throws IOException {
        require(HEADER_BYTES);
        int length = received.getShort(received.position() + 2) & 0xffff;
        require(length);
        byte[] message = new byte[length];
        received.get(message);
        return ByteBuffer.wrap(message);
    }

    private void require(int bytes) throws IOException {
        while (received.remaining() < bytes) {
            received.compact();
            if (socket.read(received) < 0) {
                throw new IOException("the switch has closed the connection");
            }
            received.flip();
        }
    }
}
