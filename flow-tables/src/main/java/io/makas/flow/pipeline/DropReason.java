// SPDX-License-Identifier: Apache-2.0
package io.makas.flow.pipeline;

/** Why a packet was dropped; each has a counter in every worker. */
public enum DropReason {
    /** No flow matched in a table, and the table has no table-miss flow. */
    TABLE_MISS("table-miss"),
    /** The flow that matched has no output: {@code actions=drop}. */
    FLOW_DROP("flow-drop"),
    /** The only output was the port that the packet came in by. */
    OUTPUT_TO_INPUT("output-to-input-port"),
    /** The output port does not exist, or is down. */
    NO_SUCH_PORT("no-such-port"),
    /** The TTL or hop limit was 0 or 1 where it was to be decremented. */
    TTL_EXPIRED("ttl-expired"),
    /** The frame is shorter than an Ethernet header. */
    FRAME_TOO_SHORT("frame-too-short"),
    /** The frame is longer than the output port takes. */
    FRAME_TOO_LONG("frame-too-long"),
    /** The sender asks for a checksum or for segments that the frame's headers cannot have. */
    BAD_OFFLOAD("bad-offload"),
    /** No room in front of the frame for one more tag. */
    NO_HEADROOM("no-headroom"),
    /** No buffer free at the output port to copy the frame into. */
    NO_BUFFER("no-buffer"),
    /** No room on the way to the worker that sends by the output port. */
    HAND_OFF_FULL("hand-off-full"),
    /** To be sent to the controllers, and none listens. */
    NO_CONTROLLER("no-controller"),
    /** A group has no bucket that is live, or none at all, or is not there any more. */
    NO_BUCKET("no-live-bucket"),
    /** The walk was longer than the pipeline allows (resubmits, groups, outputs). */
    WALK_TOO_LONG("walk-too-long"),
    /** A meter measured more than one of its drop bands allows. */
    METER("meter"),
    /** The packet's walk was to go on more often than a worker lets it. */
    RECIRCULATION_LIMIT("recirculation-limit"),
    /** The packet was to go on with an interrupted walk that nobody remembers, because the flows were changed meanwhile. */
    RECIRCULATION_UNKNOWN("recirculation-unknown");

    private final String label;

    DropReason(String label) {
        this.label = label;
    }

    /** The reason as people and metrics know it. */
    public String label() {
        return label;
    }
}
