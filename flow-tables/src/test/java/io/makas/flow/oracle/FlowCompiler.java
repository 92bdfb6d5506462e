// SPDX-License-Identifier: Apache-2.0
package io.makas.flow.oracle;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.Channels;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;

/**
 * Turns text into OpenFlow messages by {@code ovs-ofctl} itself: it is told to send them to a socket of ours, which passes on
 * what it asks the switch, and keeps what it would have the switch change. One start of the program serves for the texts of
 * many cases. For one thread.
 */
final class FlowCompiler implements AutoCloseable {

    private static final Set<Integer> KEPT =
            Set.of(OpenflowChannel.FLOW_MOD, OpenflowChannel.GROUP_MOD, OpenflowChannel.METER_MOD);

    /** A text as the program understood it: a message, or null with what the program said. */
    record Compiled(String text, byte[] message, String refusal) {}

    private final Path folder;
    private final Path upstream;
    private final ServerSocketChannel server;
    private final List<byte[]> kept = new CopyOnWriteArrayList<>();

    FlowCompiler(OpenvSwitch openvSwitch) throws IOException {
        folder = openvSwitch.folder();
        upstream = openvSwitch.socket();
        server = ServerSocketChannel.open(StandardProtocolFamily.UNIX);
        server.bind(UnixDomainSocketAddress.of(folder.resolve("compiler.sock")));
        Thread.ofVirtual().start(this::acceptAll);
    }

    /**
     * Compiles texts.
     *
     * @param command of {@code ovs-ofctl}: {@code add-flows} or {@code add-groups}
     * @param texts one a line of the file that it reads
     */
    List<Compiled> compile(String command, List<String> texts) throws IOException, InterruptedException {
        List<Compiled> results = new ArrayList<>();
        compile(command, texts, results);
        return results;
    }

    @Override
    public void close() {
        try {
            server.close();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private void compile(String command, List<String> texts, List<Compiled> results)
            throws IOException, InterruptedException {
        if (texts.isEmpty()) {
            return;
        }
        String complaint = run(command, texts);
        if (complaint == null) {
            if (kept.size() != texts.size()) {
                throw new IOException(kept.size() + " messages came of " + texts.size() + " lines");
            }
            for (int i = 0; i < texts.size(); i++) {
                results.add(new Compiled(texts.get(i), kept.get(i), null));
            }
        } else if (texts.size() == 1) {
            results.add(new Compiled(texts.getFirst(), null, complaint));
        } else {
            // The program refuses a file as a whole, and does not always say for which line.
            int middle = texts.size() / 2;
            compile(command, texts.subList(0, middle), results);
            compile(command, texts.subList(middle, texts.size()), results);
        }
    }

    /** Runs the program on a file; answers what it says if it fails, else null. */
    private String run(String command, List<String> texts) throws IOException, InterruptedException {
        kept.clear();
        Path input = folder.resolve("compiler.txt");
        Path output = folder.resolve("compiler.out");
        Files.write(input, texts);
        Process process = new ProcessBuilder(
                        "ovs-ofctl", "-O", "OpenFlow13", command, "unix:" + server.getLocalAddress(), input.toString())
                .redirectErrorStream(true)
                .redirectOutput(output.toFile())
                .start();
        if (!process.waitFor(30, TimeUnit.SECONDS)) {
            process.destroyForcibly();
            throw new IOException("ovs-ofctl hangs");
        }
        return process.exitValue() == 0 ? null : Files.readString(output).strip();
    }

    private void acceptAll() {
        try {
            while (true) {
                SocketChannel client = server.accept();
                Thread.ofVirtual().start(() -> serve(client));
            }
        } catch (IOException e) {
            // Closed: nobody asks any more.
        }
    }

    /** Serves one connection; the program opens several. */
    private void serve(SocketChannel client) {
        try (client;
                SocketChannel real = SocketChannel.open(UnixDomainSocketAddress.of(upstream))) {
            Thread.ofVirtual().start(() -> pump(real, client));
            ByteBuffer header = ByteBuffer.allocate(OpenflowChannel.HEADER_BYTES);
            while (readFully(client, header.clear())) {
                ByteBuffer message = ByteBuffer.allocate(header.getShort(2) & 0xffff);
                message.put(header.flip());
                if (!readFully(client, message)) {
                    break;
                }
                if (KEPT.contains((int) message.get(1))) {
                    kept.add(message.array());
                } else {
                    message.flip();
                    while (message.hasRemaining()) {
                        real.write(message);
                    }
                }
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static void pump(SocketChannel from, SocketChannel to) {
        try {
            Channels.newInputStream(from).transferTo(Channels.newOutputStream(to));
        } catch (IOException e) {
            // One of the two has gone: all was said.
        }
    }

    private static boolean readFully(SocketChannel from, ByteBuffer into) throws IOException {
        while (into.hasRemaining()) {
            if (from.read(into) < 0) {
                return false;
            }
        }
        return true;
    }
}
