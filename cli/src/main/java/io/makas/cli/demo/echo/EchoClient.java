// SPDX-License-Identifier: Apache-2.0
package io.makas.cli.demo.echo;

import java.io.IOException;
import java.io.OutputStream;
import java.net.DatagramPacket;
import java.net.DatagramSocket;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.SocketTimeoutException;
import java.util.Arrays;
import java.util.BitSet;
import java.util.Random;

/**
 * Sends something to an {@link EchoServer} and compares what comes back. Arguments: {@code udp} or {@code tcp}, address,
 * port, and how many datagrams or bytes. Prints one line, {@code sent=N answered=M}: datagrams that came back unchanged, or
 * bytes that did. No answer is a result, not an error.
 */
public final class EchoClient {

    private static final int DATAGRAM_BYTES = 64;
    private static final int CONNECT_MS = 2_000;
    private static final int READ_MS = 2_000;
    /** How long to wait for the next answer; ARP and a first packet through the flow tables need far less. */
    private static final int ANSWER_MS = 500;

    private static final long SEED = 0x6d616b6173L;

    private EchoClient() {}

    /** Entry point. */
    public static void main(String[] args) throws IOException {
        InetAddress address = InetAddress.getByName(args[1]);
        InetSocketAddress server = new InetSocketAddress(address, Integer.parseInt(args[2]));
        int count = Integer.parseInt(args[3]);
        int answered = switch (args[0]) {
            case "udp" -> udp(server, count);
            case "tcp" -> tcp(server, count);
            default -> throw new IllegalArgumentException("'" + args[0] + "' is neither udp nor tcp");
        };
        System.out.println("sent=" + count + " answered=" + answered);
    }

    /** Sends so many datagrams, at most 256, and returns how many came back unchanged. */
    static int udp(InetSocketAddress server, int count) throws IOException {
        try (DatagramSocket socket = new DatagramSocket()) {
            socket.setSoTimeout(ANSWER_MS);
            for (int i = 0; i < count; i++) {
                socket.send(new DatagramPacket(datagram(i), DATAGRAM_BYTES, server));
            }
            BitSet answered = new BitSet(count);
            DatagramPacket answer = new DatagramPacket(new byte[DATAGRAM_BYTES], DATAGRAM_BYTES);
            while (answered.cardinality() < count) {
                try {
                    socket.receive(answer);
                } catch (SocketTimeoutException e) {
                    break;
                }
                int number = answer.getData()[0] & 0xff;
                if (answer.getLength() == DATAGRAM_BYTES && Arrays.equals(answer.getData(), datagram(number))) {
                    answered.set(number);
                }
            }
            return answered.cardinality();
        }
    }

    private static byte[] datagram(int number) {
        byte[] bytes = new byte[DATAGRAM_BYTES];
        new Random(SEED + number).nextBytes(bytes);
        bytes[0] = (byte) number;
        return bytes;
    }

    /** Sends so many bytes over one connection, and returns how many came back unchanged before the first that did not. */
    static int tcp(InetSocketAddress server, int count) throws IOException {
        byte[] sent = new byte[count];
        new Random(SEED).nextBytes(sent);
        try (Socket socket = new Socket()) {
            socket.connect(server, CONNECT_MS);
            socket.setSoTimeout(READ_MS);
            Thread.ofVirtual().start(() -> send(socket, sent));
            byte[] answer = socket.getInputStream().readNBytes(count);
            int mismatch = Arrays.mismatch(sent, answer);
            return mismatch < 0 ? count : mismatch;
        } catch (SocketTimeoutException e) {
            return 0;
        }
    }

    private static void send(Socket socket, byte[] bytes) {
        try {
            OutputStream out = socket.getOutputStream();
            out.write(bytes);
            out.flush();
        } catch (IOException e) {
            System.err.println("sending: " + e.getMessage());
        }
    }
}
