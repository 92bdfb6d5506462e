// SPDX-License-Identifier: Apache-2.0
package io.makas.agent.cni;

import io.makas.agent.log.Log;
import io.makas.cni.CniError;
import java.util.ArrayDeque;
import java.util.Deque;

/**
 * What takes a half-made attachment apart again: a step for each thing that was made, run in reverse, each in spite of what
 * happens to the others.
 *
 * <p>Thread: that of one request.
 */
final class Undo {

    private static final Log LOG = Log.of("cni");

    private final Deque<Step> steps = new ArrayDeque<>();

    /** Takes one thing away. */
    interface Step {
        /** Does it; what is gone already is no error. */
        void run() throws CniError;
    }

    /** Notes how to take away what was made just now. */
    void add(Step step) {
        steps.push(step);
    }

    /** Takes everything away; what fails is added to the error that made it necessary. */
    void run(Exception because) {
        while (!steps.isEmpty()) {
            try {
                steps.pop().run();
            } catch (CniError | RuntimeException e) {
                because.addSuppressed(e);
                LOG.warn("left over after a failed ADD", "cause", e);
            }
        }
    }
}
