// SPDX-License-Identifier: Apache-2.0
package io.makas.cli.demo.echo;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.net.ConnectException;
import java.net.DatagramSocket;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import org.junit.jupiter.api.Assertions;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

class EchoTest {

    private static final int MEBIBYTE = 1 << 20;

    private static InetSocketAddress server;

    @BeforeAll
    static void startServer() throws Exception {
        server = unusedAddress();
        Thread.ofPlatform().daemon().start(() -> {
            try {
                EchoServer.main(new String[] {Integer.toString(server.getPort())});
            } catch (IOException e) {
                throw new IllegalStateException(e);
            }
        });
        while (!listening()) {
            Thread.onSpinWait();
        }
    }

    @Test
    void shouldSeeEveryDatagramComeBack() throws IOException {
        assertEquals(20, EchoClient.udp(server, 20));
    }

    @Test
    void shouldSeeEveryByteComeBack() throws IOException {
        assertEquals(MEBIBYTE, EchoClient.tcp(server, MEBIBYTE));
    }

    @Test
    void shouldTakeSilenceForAResult() throws IOException {
        try (DatagramSocket silent = new DatagramSocket(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0))) {
            assertEquals(0, EchoClient.udp(new InetSocketAddress(silent.getLocalAddress(), silent.getLocalPort()), 3));
        }
    }

    @Test
    void shouldNotCountBytesThatChangedOnTheWay() throws Exception {
        try (ServerSocket liar = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            Thread.ofPlatform().daemon().start(() -> answerWithZeros(liar));

            int answered = EchoClient.tcp(new InetSocketAddress(liar.getInetAddress(), liar.getLocalPort()), 1_000);

            assertTrue(answered < 10, () -> answered + " bytes");
        }
    }

    @Test
    void shouldFailWhereNobodyListens() throws IOException {
        InetSocketAddress nobody = unusedAddress();

        Assertions.assertThrows(ConnectException.class, () -> EchoClient.tcp(nobody, 1));
    }

    private static void answerWithZeros(ServerSocket liar) {
        try (Socket connection = liar.accept()) {
            connection
                    .getOutputStream()
                    .write(new byte[connection.getInputStream().readNBytes(1_000).length]);
        } catch (IOException e) {
            throw new IllegalStateException(e);
        }
    }

    private static InetSocketAddress unusedAddress() throws IOException {
        try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            return new InetSocketAddress(socket.getInetAddress(), socket.getLocalPort());
        }
    }

    private static boolean listening() {
        try (Socket socket = new Socket(server.getAddress(), server.getPort())) {
            return socket.isConnected();
        } catch (IOException e) {
            return false;
        }
    }
}
