// SPDX-License-Identifier: Apache-2.0
package io.makas.flow.action;

import io.makas.flow.pipeline.DropReason;

/**
 * Runs an {@link ActionProgram} on a frame.
 *
 * <p>Thread: one for each worker, which owns it. Allocates nothing.
 */
public final class ProgramRunner {

    /** Where the packet goes. Implemented by the worker, by {@code trace} and by tests. */
    public interface Sink {

        /**
         * Sends the frame as it is now. Unless {@code last}, the sink must copy it: later operations change it (an output is
         * a snapshot).
         */
        void output(int port, Frame frame, boolean last);

        /** Hands up to {@code maxBytes} (0 = all) of the frame to the controllers. */
        void controller(Frame frame, int maxBytes, int reason, int table, long cookie);

        /** The packet ended without {@code last}: its buffer is the sink's again. {@code reason} is null if it was output. */
        void done(DropReason reason);
    }

    /** Runs the program on the frame; calls {@code sink} for each thing that leaves, then, unless output last, done. */
    public void run(ActionProgram program, Frame frame, Sink sink) {
        throw new UnsupportedOperationException("colleague writes this");
    }
}
