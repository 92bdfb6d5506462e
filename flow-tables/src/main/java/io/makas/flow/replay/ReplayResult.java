// SPDX-License-Identifier: Apache-2.0
package io.makas.flow.replay;

import io.makas.flow.action.PacketInReason;
import io.makas.flow.pipeline.DropReason;
import java.util.List;

/**
 * What became of a frame.
 *
 * @param outputs what left by ports, in the order of leaving
 * @param packetIns what controllers got, in order
 * @param dropReason why nothing came of it; null if something left, or a controller got it for another reason than an
 *     expired TTL
 * @param answers what the pipeline was asked: one answer, and one more for each time that the packet was recirculated; none for a
 *     frame that is too short for a key
 * @param tables the tables that were looked up, in order, but for those behind a meter that dropped it; not to be changed
 */
public record ReplayResult(
        List<Output> outputs,
        List<PacketIn> packetIns,
        DropReason dropReason,
        List<ReplayAnswer> answers,
        int[] tables) {

    /**
     * A frame that left.
     *
     * @param port by which port, unsigned
     * @param frame its bytes; not to be changed
     */
    public record Output(int port, byte[] frame) {}

    /**
     * A frame that controllers got.
     *
     * @param reason why
     * @param table the table of the flow that sent it
     * @param cookie the cookie of this flow
     * @param data the first bytes of the frame, as many as the flow said; not to be changed
     * @param totalBytes how many the frame has
     */
    public record PacketIn(PacketInReason reason, int table, long cookie, byte[] data, int totalBytes) {}

    /**
     * The packets that get the same, in the syntax of {@code ovs-ofctl}: of the frame as received, so what is matched after a
     * recirculation is not in it. Empty for a frame that is too short for a key.
     */
    public String megaflowText() {
        return answers.isEmpty() ? "" : answers.getFirst().megaflowText();
    }
}
