// SPDX-License-Identifier: Apache-2.0
package io.makas.cli.offline;

import io.makas.flow.pipeline.Trace;
import io.makas.flow.replay.ReplayResult;
import java.util.List;

/** Writes results as JSON, with the members and in the order that {@code docs/trace.md} promises. Stateless. */
final class ResultJson {

    private static final char[] DIGITS = "0123456789abcdef".toCharArray();

    private ResultJson() {}

    /**
     * Writes one result as an object.
     *
     * @param traces the walks that led to it, or null to leave them out
     */
    static void append(StringBuilder out, ReplayResult result, List<Trace> traces) {
        out.append("{\"outputs\":[");
        List<ReplayResult.Output> outputs = result.outputs();
        for (int i = 0; i < outputs.size(); i++) {
            ReplayResult.Output output = outputs.get(i);
            out.append(i == 0 ? "{\"port\":" : ",{\"port\":").append(Integer.toUnsignedLong(output.port()));
            out.append(",\"packet\":");
            hex(out, output.frame());
            out.append('}');
        }
        out.append("],\"packet_ins\":[");
        List<ReplayResult.PacketIn> packetIns = result.packetIns();
        for (int i = 0; i < packetIns.size(); i++) {
            out.append(i == 0 ? "" : ",");
            append(out, packetIns.get(i));
        }
        out.append("],\"drop\":");
        if (result.dropReason() == null) {
            out.append("null");
        } else {
            quote(out, result.dropReason().label());
        }
        out.append(",\"megaflow\":");
        quote(out, result.megaflowText());
        out.append(",\"tables\":[");
        int[] tables = result.tables();
        for (int i = 0; i < tables.length; i++) {
            out.append(i == 0 ? "" : ",").append(tables[i]);
        }
        out.append(']');
        if (traces != null) {
            out.append(",\"traces\":[");
            for (int i = 0; i < traces.size(); i++) {
                out.append(i == 0 ? "" : ",").append(traces.get(i).json());
            }
            out.append(']');
        }
        out.append('}');
    }

    /** Writes a text, in ASCII, so that it does not depend on the terminal's character set. */
    static void quote(StringBuilder out, String text) {
        out.append('"');
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            if (c == '"' || c == '\\') {
                out.append('\\').append(c);
            } else if (c < ' ' || c > '~') {
                out.append("\\u");
                for (int shift = 12; shift >= 0; shift -= 4) {
                    out.append(DIGITS[c >>> shift & 0xf]);
                }
            } else {
                out.append(c);
            }
        }
        out.append('"');
    }

    private static void append(StringBuilder out, ReplayResult.PacketIn packetIn) {
        out.append("{\"reason\":\"").append(packetIn.reason().text());
        out.append("\",\"table\":").append(packetIn.table());
        out.append(",\"cookie\":\"0x").append(Long.toHexString(packetIn.cookie()));
        out.append("\",\"packet\":");
        hex(out, packetIn.data());
        out.append(",\"total_len\":").append(packetIn.totalBytes()).append('}');
    }

    private static void hex(StringBuilder out, byte[] bytes) {
        out.append('"');
        for (byte each : bytes) {
            out.append(DIGITS[each >>> 4 & 0xf]).append(DIGITS[each & 0xf]);
        }
        out.append('"');
    }
}
