// SPDX-License-Identifier: Apache-2.0
package io.makas.cli.demo.measure;

import java.util.Arrays;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Reads the log that {@code sockperf ping-pong --full-rtt --full-log=FILE} writes: a summary for people, then one line for
 * each round trip of the valid duration, {@code number, txTime(sec), rxTime(sec), rtt(usec)}, then a row of dashes.
 */
final class SockperfLog {

    private static final String TOOL = "sockperf";
    private static final String HEADER = "packet, txTime(sec), rxTime(sec), rtt(usec)";
    private static final Pattern VALID =
            Pattern.compile("\\[Valid Duration] RunTime=[0-9.]+ sec; SentMessages=\\d+; ReceivedMessages=(\\d+)");

    private static final Pattern DROPPED = Pattern.compile("# dropped messages = (\\d+);");

    private SockperfLog() {}

    /** Returns how many messages were never answered. */
    static long lost(String log) {
        Matcher dropped = DROPPED.matcher(log);
        if (!dropped.find()) {
            throw new ToolOutputException(TOOL, "the log does not tell how many messages were dropped", log);
        }
        return Long.parseLong(dropped.group(1));
    }

    /** Returns the round trips in µs. */
    static double[] parse(String log) {
        Matcher valid = VALID.matcher(log);
        int header = log.indexOf(HEADER);
        if (!valid.find() || header < 0) {
            throw new ToolOutputException(TOOL, "the log has no valid duration or no list of round trips", log);
        }
        int announced = Integer.parseInt(valid.group(1));
        double[] samplesUs = new double[announced];
        int count = 0;
        for (String line : log.substring(header + HEADER.length()).strip().split("\n")) {
            if (line.startsWith("---")) {
                break;
            }
            String[] columns = line.split(",");
            if (columns.length != 4 || count == announced) {
                throw new ToolOutputException(TOOL, "line '" + line + "' is not one of " + announced, log);
            }
            samplesUs[count++] = microseconds(columns[3].strip(), line, log);
        }
        if (count == 0 || count < announced) {
            throw new ToolOutputException(
                    TOOL, "the log lists " + count + " round trips and announces " + announced, log);
        }
        return Arrays.copyOf(samplesUs, count);
    }

    private static double microseconds(String number, String line, String log) {
        try {
            double value = Double.parseDouble(number);
            if (value > 0) {
                return value;
            }
        } catch (NumberFormatException e) {
            // Said below, with the line.
        }
        throw new ToolOutputException(TOOL, "'" + number + "' in line '" + line + "' is no time", log);
    }
}
