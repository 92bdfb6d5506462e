// SPDX-License-Identifier: Apache-2.0
package io.makas.cli.demo.measure;

import com.google.gson.JsonObject;
import com.google.gson.JsonParseException;
import com.google.gson.JsonParser;

/**
 * Reads what {@code iperf3 --client … --json} prints. What the receiver got counts, never what the sender sent.
 */
final class Iperf3Result {

    private static final String TOOL = "iperf3";

    private Iperf3Result() {}

    /** Received TCP payload in Gbit/s. */
    static double tcpGbps(String json) {
        double bitsPerSecond = number(received(json), "bits_per_second", json).doubleValue();
        return positive(bitsPerSecond, json) / 1e9;
    }

    /** Received datagrams in thousands a second. */
    static double udpKpps(String json) {
        JsonObject received = received(json);
        double packets = number(received, "packets", json).doubleValue();
        double lost = number(received, "lost_packets", json).doubleValue();
        double seconds = number(received, "seconds", json).doubleValue();
        return positive((packets - lost) / positive(seconds, json), json) / 1e3;
    }

    /** Whether the server had no time because it was still busy with the test before. */
    static boolean serverBusy(String json) {
        return json.contains("the server is busy running a test");
    }

    private static JsonObject received(String json) {
        try {
            JsonObject result = JsonParser.parseString(json).getAsJsonObject();
            if (result.has("error")) {
                throw new ToolOutputException(TOOL, result.get("error").getAsString(), json);
            }
            return result.getAsJsonObject("end").getAsJsonObject("sum_received");
        } catch (JsonParseException | IllegalStateException | NullPointerException e) {
            throw new ToolOutputException(TOOL, "no JSON with end.sum_received", json);
        }
    }

    private static Number number(JsonObject received, String key, String json) {
        if (received == null || !received.has(key)) {
            throw new ToolOutputException(TOOL, "end.sum_received." + key + " is missing", json);
        }
        return received.get(key).getAsNumber();
    }

    private static double positive(double value, String json) {
        if (!(value > 0)) {
            throw new ToolOutputException(TOOL, "nothing was received", json);
        }
        return value;
    }
}
