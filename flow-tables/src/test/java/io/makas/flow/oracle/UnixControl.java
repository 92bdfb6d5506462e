// SPDX-License-Identifier: Apache-2.0
package io.makas.flow.oracle;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.stream.Collectors;

/** Commands to a running {@code ovs-vswitchd}, as {@code ovs-appctl} gives them: JSON-RPC over a Unix socket. For one thread. */
final class UnixControl implements AutoCloseable {

    private final SocketChannel socket;
    private final ByteBuffer buffer = ByteBuffer.allocate(1 << 16);
    private int id;

    UnixControl(Path path) throws IOException {
        socket = SocketChannel.open(StandardProtocolFamily.UNIX);
        socket.connect(UnixDomainSocketAddress.of(path));
    }

    /**
     * Has a command carried out; its arguments need no quoting.
     *
     * @throws IOException if it was not
     */
    void call(String method, String... arguments) throws IOException {
        String parameters =
                Arrays.stream(arguments).map(text -> "\"" + text + "\"").collect(Collectors.joining(","));
        String request = "{\"id\":" + ++id + ",\"method\":\"" + method + "\",\"params\":[" + parameters + "]}";
        ByteBuffer bytes = ByteBuffer.wrap(request.getBytes(StandardCharsets.UTF_8));
        while (bytes.hasRemaining()) {
            socket.write(bytes);
        }
        String reply = reply();
        if (!reply.contains("\"error\":null")) {
            throw new IOException(request + " was answered by " + reply);
        }
    }

    /** Reads one object; the replies of the commands in use have no braces within. */
    private String reply() throws IOException {
        StringBuilder text = new StringBuilder();
        while (text.indexOf("}") < 0) {
            buffer.clear();
            if (socket.read(buffer) < 0) {
                throw new IOException("ovs-vswitchd has closed the connection");
            }
            text.append(StandardCharsets.UTF_8.decode(buffer.flip()));
        }
        return text.toString();
    }

    @Override
    public void close() {
        try {
            socket.close();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
