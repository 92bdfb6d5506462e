// SPDX-License-Identifier: Apache-2.0
package io.makas.cni;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.net.UnixDomainSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.Channels;
import java.nio.channels.SocketChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class CniServerTest {

    @TempDir
    Path folder;

    private final FakePlugin plugin = new FakePlugin();
    private Path socket;
    private CniServer server;

    @BeforeEach
    void open() throws IOException {
        socket = folder.resolve("run/cni.sock");
        server = CniServer.open(socket, plugin);
    }

    @AfterEach
    void close() {
        server.close();
    }

    @Test
    void shouldServeARequestOnASocketOfItsOwnersOnly() throws IOException {
        CniWire.Answer answer = ask("DEL");

        assertEquals(0, answer.exitCode());
        assertEquals("c0ffee", plugin.requests.getFirst().attachment().containerId());
        assertEquals("rw-------", PosixFilePermissions.toString(Files.getPosixFilePermissions(socket)));
        try (var entries = Files.list(socket.getParent())) {
            assertEquals(List.of(socket), entries.toList());
        }
    }

    @Test
    void shouldServeOnTheLongestPathThatASocketCanHave() throws IOException {
        server.close();
        int longestBytes = 106;
        int missing = longestBytes - folder.toString().length() - "//cni.sock".length();
        socket = folder.resolve("d".repeat(missing)).resolve("cni.sock");
        assertEquals(longestBytes, socket.toString().length());

        server = CniServer.open(socket, plugin);

        assertEquals(0, ask("DEL").exitCode());
    }

    @Test
    void shouldServeDifferentRequestsAtTheSameTime() throws Exception {
        int requests = 40;
        CountDownLatch together = new CountDownLatch(requests);
        server.close();
        server = CniServer.open(socket, new FakePlugin() {
            @Override
            public void del(CniRequest request) {
                together.countDown();
                try {
                    together.await();
                } catch (InterruptedException e) {
                    Thread.currentThread().interrupt();
                }
            }
        });

        try (var threads = Executors.newVirtualThreadPerTaskExecutor()) {
            List<Future<CniWire.Answer>> answers = new ArrayList<>();
            for (int i = 0; i < requests; i++) {
                answers.add(threads.submit(() -> ask("DEL")));
            }
            for (Future<CniWire.Answer> answer : answers) {
                assertEquals(0, answer.get().exitCode());
            }
        }
    }

    @Test
    void shouldCutOffAPeerThatSendsNothingAndServeOthersMeanwhile() throws IOException {
        server.close();
        server = CniServer.open(socket, plugin, Duration.ofSeconds(1));

        try (SocketChannel silent = SocketChannel.open(UnixDomainSocketAddress.of(socket))) {
            assertEquals(0, ask("DEL").exitCode());
            assertEquals(-1, silent.read(ByteBuffer.allocate(1)), "closed by the server");
        }
    }

    @Test
    void shouldCloseTheConnectionOfAStrangerWithoutReservingMemory() throws IOException {
        byte[][] strangers = {
            Requests.bytes("GET / HTTP/1.1\r\n\r\n"),
            {'M', 'K', 'C', '1', 0x7f, -1, -1, -1},
            {'M', 'K', 'C', '1', 0, 0, 0, 1, 0x7f, -1, -1, -1},
            {'M', 'K', 'C', '1', 0, 0, 0, 0, 0x7f, -1, -1, -1},
            {'M', 'K', 'C', '1', 0, 0, 0, 0, -1, -1, -1, -1},
        };

        for (byte[] bytes : strangers) {
            try (SocketChannel stranger = SocketChannel.open(UnixDomainSocketAddress.of(socket))) {
                stranger.write(ByteBuffer.wrap(bytes));
                int read;
                try {
                    read = stranger.read(ByteBuffer.allocate(1));
                } catch (IOException e) {
                    read = -1; // reset, because the server left bytes unread
                }
                assertEquals(-1, read);
            }
        }
        assertEquals(0, ask("DEL").exitCode());
    }

    @Test
    void shouldRefuseASecondServerAndLeaveTheFirstAlone() throws IOException {
        IOException refusal = assertThrows(IOException.class, () -> CniServer.open(socket, plugin));

        assertTrue(refusal.getMessage().contains("another agent listens on " + socket), refusal.getMessage());
        assertEquals(0, ask("DEL").exitCode());
    }

    @Test
    void shouldReplaceASocketThatWasLeftOver() throws IOException {
        Path copy = socket.resolveSibling("left-over");
        Files.move(socket, copy); // so that closing does not remove it
        server.close();
        Files.move(copy, socket);

        server = CniServer.open(socket, plugin);

        assertEquals(0, ask("DEL").exitCode());
    }

    @Test
    void shouldNotReplaceAFileThatIsNoSocket() throws IOException {
        Path file = Files.writeString(folder.resolve("precious"), "data");

        assertThrows(IOException.class, () -> CniServer.open(file, plugin));

        assertEquals("data", Files.readString(file));
    }

    @Test
    void shouldRemoveItsSocketWhenClosed() {
        server.close();

        assertFalse(Files.exists(socket));
    }

    private CniWire.Answer ask(String command) throws IOException {
        try (SocketChannel channel = SocketChannel.open(UnixDomainSocketAddress.of(socket))) {
            CniWire.Request request =
                    new CniWire.Request(Requests.environment(command), Requests.bytes(Requests.CONFIG));
            CniWire.writeRequest(request, Channels.newOutputStream(channel));
            return CniWire.readAnswer(Channels.newInputStream(channel));
        }
    }
}
