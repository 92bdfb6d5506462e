// SPDX-License-Identifier: Apache-2.0
package io.makas.cli;

import io.makas.v1.Flow;
import io.makas.v1.FlowStatistics;
import java.util.LinkedHashMap;
import java.util.Map;

/** A flow with its counters as JSON: numbers as numbers, match and actions in the syntax of ovs-ofctl. */
final class FlowJson {

    private static final String ACTIONS = " actions=";
    private static final double NS_IN_S = 1e9;

    private FlowJson() {}

    /** The object of a flow that came with its text. */
    static Map<String, Object> of(FlowStatistics statistics) {
        Flow flow = statistics.getFlow();
        Map<String, Object> json = new LinkedHashMap<>();
        json.put("table", flow.getTable());
        json.put("priority", flow.getPriority());
        json.put("cookie", "0x" + Long.toHexString(flow.getCookie()));
        json.put("match", match(statistics.getText()));
        json.put("actions", actions(statistics.getText()));
        json.put("packets", statistics.getPackets());
        json.put("bytes", statistics.getBytes());
        json.put("duration_s", statistics.getDurationNs() / NS_IN_S);
        json.put("idle_s", statistics.getIdleNs() / NS_IN_S);
        json.put("idle_timeout_s", flow.getIdleTimeoutS());
        json.put("hard_timeout_s", flow.getHardTimeoutS());
        return json;
    }

    /** What stands after the counters, which end with ", ", and before the actions, less the priority. */
    private static String match(String line) {
        int end = line.indexOf(ACTIONS);
        String head = end < 0 ? line : line.substring(0, end);
        String match = head.substring(head.lastIndexOf(", ") + 1).strip();
        return match.replaceFirst("^priority=[0-9]+,?", "");
    }

    private static String actions(String line) {
        int at = line.indexOf(ACTIONS);
        return at < 0 ? "" : line.substring(at + ACTIONS.length());
    }
}
