// SPDX-License-Identifier: Apache-2.0
package io.makas.flow.cache;

import io.makas.flow.action.ActionProgram;
import io.makas.flow.pipeline.Translation;

/**
 * What to do with packets and whom to credit for them, and how many there were. All megaflows that say the same share one.
 *
 * <p>Thread: the worker that owns the cache.
 */
public final class CachedAnswer {

    /** What to do. */
    public final ActionProgram program;

    /** {@link ActionProgram#soleOutput()} of the program, kept here so that a hit reads one object only. */
    public final int soleOutput;

    /** Packets since the worker last credited the flow entries. */
    public long packets;

    /** Bytes since the worker last credited the flow entries. */
    public long bytes;

    /** Megaflows that have this answer. */
    int users;

    /** Its place among the answers. */
    final int index;

    private final Translation translation;

    CachedAnswer(Translation translation, int index) {
        this.translation = translation;
        this.program = translation.program();
        this.soleOutput = program.soleOutput();
        this.index = index;
    }

    /** One of the pipeline's answers that say this. Its mask and generation are that one's alone. */
    public Translation translation() {
        return translation;
    }

    /** Counts packets. */
    public void count(int morePackets, long moreBytes) {
        packets += morePackets;
        bytes += moreBytes;
    }
}
