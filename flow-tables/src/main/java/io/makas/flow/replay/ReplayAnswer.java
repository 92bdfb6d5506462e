// SPDX-License-Identifier: Apache-2.0
package io.makas.flow.replay;

import io.makas.flow.match.Match;
import io.makas.flow.pipeline.Translation;
import io.makas.flow.text.FlowText;

/**
 * What the pipeline answered for a packet and for every packet like it: one object for all packets of a megaflow. For the thread
 * of the replay.
 */
public final class ReplayAnswer {

    private final Match megaflow;
    private final Translation translation;
    private String text;

    ReplayAnswer(Match megaflow, Translation translation) {
        this.megaflow = megaflow;
        this.translation = translation;
    }

    /** The packets that get this answer. */
    public Match megaflow() {
        return megaflow;
    }

    /** The same in the syntax of {@code ovs-ofctl}. */
    public String megaflowText() {
        if (text == null) {
            text = FlowText.format(megaflow);
        }
        return text;
    }

    /** The tables that were looked up, in order; not to be changed. */
    public int[] tables() {
        return translation.credits().tables();
    }

    /** The answer as workers get it. */
    public Translation translation() {
        return translation;
    }
}
