// SPDX-License-Identifier: Apache-2.0
package io.makas.cni;

import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * What launcher ({@code makas-cni.c}) and agent say to each other over the Unix socket, one request a connection. Numbers
 * are 32 bits, most significant byte first; texts are their length in bytes and the bytes.
 *
 * <pre>
 *   request   "MKC1"  number of variables  { text NAME=VALUE }  text standard-input
 *   answer    exit-code  length-out  length-err  bytes-out  bytes-err
 * </pre>
 *
 * <p>The magic's last character is the version of these messages. Lengths beyond the limits are refused by both sides, so
 * that neither can be made to reserve memory by a stranger on the socket.
 */
public final class CniWire {

    /** {@code "MKC1"}. */
    static final int MAGIC = 0x4d4b4331;
    /** Longest standard input. */
    public static final int MAX_STDIN_BYTES = 1 << 20;
    /** Longest sum of all variables, each with its length. */
    static final int MAX_ENVIRONMENT_BYTES = 1 << 20;
    /** Longest output of either kind. */
    static final int MAX_OUTPUT_BYTES = 4 << 20;

    private CniWire() {}

    /**
     * What the launcher was given.
     *
     * @param environment all variables by name; of two with one name the first counts, as for {@code getenv}
     * @param stdin standard input to its end
     */
    public record Request(Map<String, String> environment, byte[] stdin) {}

    /**
     * What the launcher shall print.
     *
     * @param exitCode 0 to 255
     * @param stdout standard output
     * @param stderr standard error
     */
    public record Answer(int exitCode, byte[] stdout, byte[] stderr) {}

    /** Reads a request; an {@link IOException} says what is wrong with it. */
    static Request readRequest(InputStream from) throws IOException {
        DataInputStream in = new DataInputStream(from);
        int magic = in.readInt();
        if (magic != MAGIC) {
            throw new IOException("not a request of makas-cni: it starts with 0x" + Integer.toHexString(magic)
                    + "; is the launcher of the same version as the agent?");
        }
        int count = in.readInt();
        Map<String, String> environment = new LinkedHashMap<>();
        int room = MAX_ENVIRONMENT_BYTES;
        if (count < 0 || count > room / Integer.BYTES) {
            throw new IOException("a request with " + count + " variables is refused");
        }
        for (int i = 0; i < count; i++) {
            byte[] bytes = readBytes(in, room, "environment");
            room -= Integer.BYTES + bytes.length;
            String text = new String(bytes, StandardCharsets.UTF_8);
            int equals = text.indexOf('=');
            if (equals > 0) {
                environment.putIfAbsent(text.substring(0, equals), text.substring(equals + 1));
            }
        }
        return new Request(environment, readBytes(in, MAX_STDIN_BYTES, "standard input"));
    }

    static void writeRequest(Request request, OutputStream to) throws IOException {
        DataOutputStream out = new DataOutputStream(to);
        out.writeInt(MAGIC);
        out.writeInt(request.environment().size());
        for (Map.Entry<String, String> each : request.environment().entrySet()) {
            byte[] bytes = (each.getKey() + "=" + each.getValue()).getBytes(StandardCharsets.UTF_8);
            out.writeInt(bytes.length);
            out.write(bytes);
        }
        out.writeInt(request.stdin().length);
        out.write(request.stdin());
        out.flush();
    }

    static Answer readAnswer(InputStream from) throws IOException {
        DataInputStream in = new DataInputStream(from);
        int exitCode = in.readInt();
        int out = checkLength(in.readInt(), MAX_OUTPUT_BYTES, "standard output");
        int err = checkLength(in.readInt(), MAX_OUTPUT_BYTES, "standard error");
        return new Answer(exitCode, in.readNBytes(out), in.readNBytes(err));
    }

    static void writeAnswer(Answer answer, OutputStream to) throws IOException {
        DataOutputStream out = new DataOutputStream(to);
        out.writeInt(answer.exitCode());
        out.writeInt(answer.stdout().length);
        out.writeInt(answer.stderr().length);
        out.write(answer.stdout());
        out.write(answer.stderr());
        out.flush();
    }

    private static byte[] readBytes(DataInputStream in, int room, String what) throws IOException {
        byte[] bytes = new byte[checkLength(in.readInt(), room, what)];
        in.readFully(bytes);
        return bytes;
    }

    private static int checkLength(int length, int most, String what) throws IOException {
        if (length < 0 || length > most) {
            throw new IOException(what + " of " + length + " bytes is refused: the limit is " + most);
        }
        return length;
    }
}
