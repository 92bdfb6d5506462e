// SPDX-License-Identifier: Apache-2.0
package io.makas.cli.offline;

import io.makas.flow.replay.Replay;
import java.util.List;
import java.util.Set;

/**
 * A packet of the input.
 *
 * @param inPort the port that it comes in by, unsigned
 * @param frame its bytes
 * @param timeMs when, on a clock that begins at 0
 */
record TimedPacket(int inPort, byte[] frame, long timeMs) {

    /** What replays can tell in nanoseconds, and somewhat less: 285 years. */
    static final long MAX_TIME_MS = 9_000_000_000_000L;

    private static final List<String> MEMBERS = List.of("in_port", "packet", "time_ms");
    private static final long MAX_PORT = 0xffff_ffffL;

    /** Reads the packets of one clock, each {@code {"in_port":1,"packet":"<hex>","time_ms":0}}. For one thread. */
    static final class Reader {

        private final Ports ports;
        private long timeMs;

        private long port;
        private byte[] frame;

        /** Reads packets that come in by some ports. */
        Reader(Ports ports) {
            this.ports = ports;
        }

        /** Reads the packet that comes next. */
        TimedPacket read(JsonLine line) throws InputException {
            int column = line.column();
            Set<String> there = line.object(MEMBERS, name -> member(name, line));
            for (String name : List.of("in_port", "packet")) {
                if (!there.contains(name)) {
                    throw line.error(column, "a packet without \"" + name + "\", which was expected");
                }
            }
            return new TimedPacket((int) port, frame, timeMs);
        }

        private void member(String name, JsonLine line) throws InputException {
            int column = line.column();
            switch (name) {
                case "in_port" -> {
                    port = line.number("a port", 1, MAX_PORT);
                    if (!ports.has((int) port)) {
                        throw line.error(
                                column, "in_port " + port + " where one of the ports " + ports + " was expected");
                    }
                }
                case "packet" -> frame = frame(line, column, line.string("the packet's bytes in hex"));
                case "time_ms" -> timeMs = time(line, column);
                default -> throw new IllegalStateException(name);
            }
        }

        private long time(JsonLine line, int column) throws InputException {
            long time = line.number("a time in milliseconds", 0, MAX_TIME_MS);
            if (time < timeMs) {
                throw line.error(
                        column,
                        "time_ms " + time + " where " + timeMs + " or more was expected, as time does not go back");
            }
            return time;
        }

        private static byte[] frame(JsonLine line, int column, String hex) throws InputException {
            byte[] bytes = new byte[hex.length() / 2];
            for (int i = 0; i < hex.length(); i++) {
                int digit = hex.charAt(i) < 128 ? Character.digit(hex.charAt(i), 16) : -1;
                if (digit < 0) {
                    // The quote stands before the first digit.
                    throw line.error(column + 1 + i, "'" + hex.charAt(i) + "' where a hex digit was expected");
                }
                if (i / 2 < bytes.length) {
                    bytes[i / 2] = (byte) (bytes[i / 2] << 4 | digit);
                }
            }
            if (hex.length() % 2 != 0) {
                throw line.error(
                        column + 1 + hex.length(),
                        "an odd number of hex digits, " + hex.length() + ", where two for each byte were expected");
            }
            if (bytes.length == 0 || bytes.length > Replay.MAX_FRAME_BYTES) {
                throw line.error(
                        column,
                        "a packet of " + bytes.length + " bytes where 1 to " + Replay.MAX_FRAME_BYTES
                                + " were expected");
            }
            return bytes;
        }
    }
}
