// SPDX-License-Identifier: Apache-2.0
package io.makas.agent;

import io.makas.agent.log.Log;
import java.util.ArrayDeque;
import java.util.Deque;

/**
 * Things to be closed, the last one first, each in spite of what happens to the others. What makes several things puts each in
 * here as soon as it is there; if making the next one fails, closing this leaves nothing behind.
 *
 * <p>Thread: that of its owner.
 */
final class Closing implements AutoCloseable {

    private static final Log LOG = Log.of("agent");

    private final Deque<AutoCloseable> open = new ArrayDeque<>();

    /** Keeps a thing to close, and returns it. */
    <T extends AutoCloseable> T add(T thing) {
        open.push(thing);
        return thing;
    }

    @Override
    public void close() {
        while (!open.isEmpty()) {
            AutoCloseable thing = open.pop();
            try {
                thing.close();
            } catch (Exception e) {
                LOG.error("not closed cleanly", "what", thing.getClass().getSimpleName(), "cause", e);
            }
        }
    }
}
