// SPDX-License-Identifier: Apache-2.0
package io.makas.flow.pipeline;

import io.makas.flow.table.FlowEntry;

/** What each packet of a translation shows or does, besides being counted for the flows that it matched. */
public sealed interface Use permits LearnedAddress, Use.Learned, Use.TcpEnd {

    /** The packet would have had this flow learned if it were not there. */
    record Learned(FlowEntry entry) implements Use {}

    /** The packet ends a TCP connection, and this flow has a {@code fin_timeout}. */
    record TcpEnd(FlowEntry entry, int idleTimeoutS, int hardTimeoutS) implements Use {}
}
