// SPDX-License-Identifier: Apache-2.0
package io.makas.cli.demo.host;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;

/**
 * What has been made and must go again, newest first. Whoever makes something pushes its removal before (where removing
 * what is not there does no harm) or right after making it.
 *
 * <p>A removal that fails does not keep the others from running, and every removal runs once, however often and from
 * whichever thread {@link #run} is called: the demonstration calls it at its end, the shutdown hook after Ctrl-C. What is
 * pushed after that (by a thread that has not noticed yet) is removed at once.
 */
public final class Cleanup {

    /** Takes one thing away. */
    @FunctionalInterface
    public interface Removal {
        /** Removes the thing; does nothing if it is gone. */
        void remove() throws Exception;
    }

    private record Entry(String what, Removal removal) {}

    private final Deque<Entry> entries = new ArrayDeque<>();
    private boolean over;

    /** Remembers how to remove something. */
    public synchronized void push(String what, Removal removal) {
        entries.push(new Entry(what, removal));
        if (over) {
            run();
        }
    }

    /**
     * Removes everything, newest first; a second caller waits for the first and finds nothing left to do.
     *
     * @return what could not be removed and why, one line each; empty if all went well
     */
    public synchronized List<String> run() {
        over = true;
        List<String> problems = new ArrayList<>();
        while (!entries.isEmpty()) {
            Entry entry = entries.pop();
            try {
                entry.removal().remove();
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                problems.add(entry.what() + ": interrupted");
            } catch (Exception e) {
                problems.add(entry.what() + ": " + e.getMessage());
            }
        }
        return problems;
    }
}
