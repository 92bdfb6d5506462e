// SPDX-License-Identifier: Apache-2.0
package io.makas.flow.oracle;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.List;

/** Reads what is appended to a capture file. */
final class PcapTail implements AutoCloseable {

    private static final int FILE_HEADER_BYTES = 24;
    private static final int PACKET_HEADER_BYTES = 16;
    private static final int LENGTH_OFFSET = 8;

    private final FileChannel file;
    private long position = FILE_HEADER_BYTES;

    PcapTail(Path path) throws IOException {
        file = FileChannel.open(path, StandardOpenOption.READ);
    }

    /** The packets since the last call. */
    List<byte[]> next() throws IOException {
        long end = file.size();
        if (end <= position) {
            return List.of();
        }
        ByteBuffer bytes = ByteBuffer.allocate((int) (end - position)).order(ByteOrder.nativeOrder());
        while (bytes.hasRemaining() && file.read(bytes, position + bytes.position()) > 0) {
            // Until all is read.
        }
        bytes.flip();
        List<byte[]> packets = new ArrayList<>();
        while (bytes.remaining() >= PACKET_HEADER_BYTES) {
            int length = bytes.getInt(bytes.position() + LENGTH_OFFSET);
            if (bytes.remaining() < PACKET_HEADER_BYTES + length) {
                throw new IOException("half a packet in the capture file");
            }
            byte[] packet = new byte[length];
            bytes.position(bytes.position() + PACKET_HEADER_BYTES).get(packet);
            packets.add(packet);
        }
        position += bytes.position();
        return packets;
    }

    @Override
    public void close() {
        try {
            file.close();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
