// SPDX-License-Identifier: Apache-2.0
package io.makas.flow.timing;

/** What a worker does with a burst, in order. */
public enum Stage {
    /** Taking frames from a queue. */
    RECEIVE("receive"),
    /** Turning frames into keys. */
    PARSE("parse"),
    /** Looking keys up in the exact-match cache. */
    EXACT_MATCH("exact-match"),
    /** Looking up the others in the megaflow cache. */
    MEGAFLOW("megaflow"),
    /** Walking the flow tables for what no cache knows. */
    PIPELINE("pipeline"),
    /** Running programs, counting, and sorting frames by output. */
    ACTIONS("actions"),
    /** Handing frames to queues. */
    SEND("send");

    private final String label;

    Stage(String label) {
        this.label = label;
    }

    /** The stage's name for people and metrics. */
    public String label() {
        return label;
    }
}
