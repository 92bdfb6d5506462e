// SPDX-License-Identifier: Apache-2.0
package io.makas.flow.pipeline;

import io.makas.flow.table.Footprint;
import java.util.ArrayList;
import java.util.List;

/** What the parts of a walk share: the packet, the program, and what comes of it besides. For one walk, on one thread. */
final class WalkContext {

    final View view;

    /** Is told what happens; may be null. */
    final WalkObserver observer;

    final WalkedKey key;
    final ProgramWriter program = new ProgramWriter();
    final OperandList operands = new OperandList();

    /** What {@code push} has put away, the last one last. */
    List<RangeBits> stack = new ArrayList<>();

    /** What the answer depends on. */
    final Footprint.Builder footprint = new Footprint.Builder();

    /** What packets like this one show or do. */
    final List<Use> uses = new ArrayList<>(0);

    /** Whether the answer holds for this packet and no other. */
    boolean isForThisPacketAlone;

    private DropReason dropReason;

    WalkContext(View view, WalkedKey key, WalkObserver observer) {
        this.view = view;
        this.key = key;
        this.observer = observer;
    }

    /** Lets the outputs that follow use a queue, or {@link io.makas.flow.action.ActionProgram#NO_QUEUE}. */
    String useQueue(int queue) {
        program.queue(queue);
        return "";
    }

    /** Why the packet is dropped, if nothing is sent. */
    DropReason dropReason() {
        return dropReason == null ? DropReason.FLOW_DROP : dropReason;
    }

    /** Remembers the first reason for sending nothing. */
    String suppressed(DropReason reason) {
        if (dropReason == null || reason == DropReason.TTL_EXPIRED) {
            dropReason = reason;
        }
        return remark("not done: ", reason.label());
    }

    /** The packet is dropped for this reason, whatever else there was. */
    void drop(DropReason reason) {
        dropReason = reason;
    }

    /** What came of an action, for whoever watches; nobody pays for it otherwise. */
    String remark(String text, Object what) {
        return observer == null ? "" : text + what;
    }
}
