// SPDX-License-Identifier: Apache-2.0
package io.makas.flow.cache;

import io.makas.flow.action.ActionProgram;
import io.makas.flow.pipeline.Translation;

/**
 * A cached answer: what to do with every packet of one kind, and how many there were.
 *
 * <p>Thread: the worker that owns the cache.
 */
public final class Megaflow {

    /** What to do. */
    public final ActionProgram program;

    /** {@link ActionProgram#soleOutput()} of the program, kept here so that a hit reads one object only. */
    public final int soleOutput;

    /** Packets since the worker last credited the flow entries. */
    public long packets;

    /** Bytes since the worker last credited the flow entries. */
    public long bytes;

    private final Translation translation;

    Megaflow(Translation translation) {
        this.translation = translation;
        this.program = translation.program();
        this.soleOutput = program.soleOutput();
    }

    /** The answer that this is a memory of. */
    public Translation translation() {
        return translation;
    }

    /** Counts packets. */
    public void count(int morePackets, long moreBytes) {
        packets += morePackets;
        bytes += moreBytes;
    }
}
