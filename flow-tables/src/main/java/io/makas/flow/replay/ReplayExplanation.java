// SPDX-License-Identifier: Apache-2.0
package io.makas.flow.replay;

import io.makas.flow.pipeline.Trace;
import java.util.List;

/**
 * What became of a frame, and why.
 *
 * @param traces the walk, and one more for each time that the packet was recirculated; none for a frame that is too short for a
 *     key
 * @param result what became of it
 */
public record ReplayExplanation(List<Trace> traces, ReplayResult result) {

    /** Makes the list immutable. */
    public ReplayExplanation {
        traces = List.copyOf(traces);
    }
}
