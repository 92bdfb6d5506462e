// SPDX-License-Identifier: Apache-2.0
package io.makas.cli.demo.echo;

import java.io.IOException;
import java.net.DatagramPacket;
import java.net.DatagramSocket;
import java.net.ServerSocket;
import java.net.Socket;

/** Sends back what it gets, over UDP and TCP on one port, until it is ended. Argument: the port. */
public final class EchoServer {

    /** What it prints when it listens. */
    static final String READY = "ready";

    private static final int MAX_DATAGRAM_BYTES = 65_507;

    private EchoServer() {}

    /** Entry point. */
    public static void main(String[] args) throws IOException {
        int port = Integer.parseInt(args[0]);
        try (ServerSocket listener = new ServerSocket(port);
                DatagramSocket datagrams = new DatagramSocket(port)) {
            Thread.ofPlatform().daemon().start(() -> answerDatagrams(datagrams));
            System.out.println(READY);
            while (true) {
                Socket connection = listener.accept();
                Thread.ofVirtual().start(() -> answer(connection));
            }
        }
    }

    private static void answer(Socket connection) {
        try (connection) {
            connection.getInputStream().transferTo(connection.getOutputStream());
        } catch (IOException e) {
            System.err.println("connection of " + connection.getRemoteSocketAddress() + ": " + e.getMessage());
        }
    }

    private static void answerDatagrams(DatagramSocket socket) {
        DatagramPacket datagram = new DatagramPacket(new byte[MAX_DATAGRAM_BYTES], MAX_DATAGRAM_BYTES);
        try {
            while (true) {
                datagram.setLength(MAX_DATAGRAM_BYTES);
                socket.receive(datagram);
                socket.send(datagram);
            }
        } catch (IOException e) {
            System.err.println("UDP: " + e.getMessage());
            System.exit(1);
        }
    }
}
