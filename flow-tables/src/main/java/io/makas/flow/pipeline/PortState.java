// SPDX-License-Identifier: Apache-2.0
package io.makas.flow.pipeline;

/**
 * What the pipeline knows of a port.
 *
 * @param number its OpenFlow number, unsigned; never 0
 * @param isUp whether packets can be sent by it now
 * @param floods whether it takes part in {@code FLOOD}
 * @param forwards whether packets may be sent by it at all; not, if {@code OFPPC_NO_FWD} is set
 */
public record PortState(int number, boolean isUp, boolean floods, boolean forwards) {

    /** A port that is up and takes part in everything. */
    public PortState(int number) {
        this(number, true, true, true);
    }

    /** Whether a packet can be sent by it. */
    public boolean isUsable() {
        return isUp && forwards;
    }
}
