// SPDX-License-Identifier: Apache-2.0
package io.makas.flow.table;

import io.makas.flow.action.Instructions;
import io.makas.flow.match.Match;
import java.util.Set;

/**
 * A flow and its counters at a moment.
 *
 * @param importance where the table is full, less important flows go first; 0 to 65535
 * @param packets packets that matched
 * @param bytes their bytes as received
 * @param durationNs time since the flow was added
 * @param idleNs time since the last packet matched, or since the flow was added
 * @param hardAgeNs time since the hard timeout began to run: since the flow was added, or was learned again last
 */
public record FlowStatistics(
        int table,
        int priority,
        Match match,
        Instructions instructions,
        long cookie,
        int idleTimeoutS,
        int hardTimeoutS,
        Set<FlowFlag> flags,
        int importance,
        long packets,
        long bytes,
        long durationNs,
        long idleNs,
        long hardAgeNs) {}
