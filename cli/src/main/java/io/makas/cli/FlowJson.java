// SPDX-License-Identifier: Apache-2.0
package io.makas.cli;

import io.makas.v1.Flow;
import io.makas.v1.FlowStatistics;
import java.util.LinkedHashMap;
import java.util.Map;

/** A flow with its counters as JSON: numbers as numbers, match and actions in the syntax of ovs-ofctl. */
final class FlowJson {

    private static final double NS_IN_S = 1e9;

    private FlowJson() {}

    /** The object of a flow that came with the parts of its text. */
    static Map<String, Object> of(FlowStatistics statistics) {
        Flow flow = statistics.getFlow();
        Map<String, Object> json = new LinkedHashMap<>();
        json.put("table", flow.getTable());
        json.put("priority", flow.getPriority());
        json.put("cookie", "0x" + Long.toHexString(flow.getCookie()));
        json.put("match", statistics.getMatchText());
        json.put("actions", statistics.getActionsText());
        json.put("packets", statistics.getPackets());
        json.put("bytes", statistics.getBytes());
        json.put("duration_s", statistics.getDurationNs() / NS_IN_S);
        json.put("idle_s", statistics.getIdleNs() / NS_IN_S);
        json.put("idle_timeout_s", flow.getIdleTimeoutS());
        json.put("hard_timeout_s", flow.getHardTimeoutS());
        return json;
    }
}
