// SPDX-License-Identifier: Apache-2.0
package io.makas.flow.cache;

import io.makas.flow.pipeline.Credits;
import io.makas.flow.pipeline.Translation;
import java.util.Arrays;
import java.util.HashMap;
import java.util.Map;

/**
 * The different answers among the megaflows: as many as there are flows of the tables in use, not as there are megaflows, so that
 * what a packet is counted in is in the processor's caches.
 *
 * <p>An answer that no megaflow has any more keeps its place until {@link #release}: a burst may hold its number, and what it
 * counted is to be credited first.
 *
 * <p>Thread: the worker.
 */
final class AnswerTable {

    private static final int INITIAL_CAPACITY = 64;

    /** Equal if what is done and who is credited is the same. */
    private record Content(Translation translation) {

        @Override
        public boolean equals(Object other) {
            return other instanceof Content that
                    && translation.program().equals(that.translation.program())
                    && translation.operands().equals(that.translation.operands())
                    && areSame(translation.credits(), that.translation.credits());
        }

        @Override
        public int hashCode() {
            int hash = translation.program().hashCode();
            for (Object entry : translation.credits().entries()) {
                hash = hash * 31 + System.identityHashCode(entry);
            }
            return hash;
        }

        /** Counters and flows that are equal but not the same are others, to be counted for themselves. */
        private static boolean areSame(Credits one, Credits other) {
            return areSame(one.entries(), other.entries())
                    && areSame(one.counters(), other.counters())
                    && Arrays.equals(one.tables(), other.tables())
                    && one.uses().equals(other.uses());
        }

        private static boolean areSame(Object[] some, Object[] others) {
            boolean same = some.length == others.length;
            for (int i = 0; same && i < some.length; i++) {
                same = some[i] == others[i];
            }
            return same;
        }
    }

    private final Map<Content, CachedAnswer> byContent = new HashMap<>();
    private CachedAnswer[] answers = new CachedAnswer[INITIAL_CAPACITY];

    /** Places that are free, and places whose answer nobody has any more, as stacks. */
    private int[] free = new int[INITIAL_CAPACITY];

    private int freeCount;
    private int[] unused = new int[INITIAL_CAPACITY];
    private int unusedCount;

    /** Places that were ever used. */
    private int end;

    CachedAnswer at(int index) {
        return answers[index];
    }

    /** Of places that were ever used; some may have no answer. */
    int end() {
        return end;
    }

    /** The answer that says what this one does, for one more megaflow. */
    CachedAnswer acquire(Translation translation) {
        CachedAnswer known = byContent.get(new Content(translation));
        if (known == null) {
            known = new CachedAnswer(translation, place());
            answers[known.index] = known;
            byContent.put(new Content(translation), known);
        }
        known.users++;
        return known;
    }

    /** One megaflow less has this answer. */
    void abandon(int index) {
        CachedAnswer answer = answers[index];
        if (--answer.users == 0) {
            if (unusedCount == unused.length) {
                unused = Arrays.copyOf(unused, 2 * unused.length);
            }
            unused[unusedCount++] = index;
        }
    }

    /** One of those that nobody had when they were abandoned, or null if there are no more. To be followed by {@link #release}. */
    CachedAnswer nextUnused() {
        while (unusedCount > 0) {
            CachedAnswer answer = answers[unused[unusedCount - 1]];
            // It may have been abandoned twice, and acquired between.
            if (answer != null && answer.users == 0) {
                return answer;
            }
            unusedCount--;
        }
        return null;
    }

    /** Forgets the answer that {@link #nextUnused} gave. */
    void release() {
        int index = unused[--unusedCount];
        byContent.remove(new Content(answers[index].translation()));
        answers[index] = null;
        if (freeCount == free.length) {
            free = Arrays.copyOf(free, 2 * free.length);
        }
        free[freeCount++] = index;
    }

    private int place() {
        if (freeCount > 0) {
            return free[--freeCount];
        }
        if (end == answers.length) {
            answers = Arrays.copyOf(answers, 2 * end);
        }
        return end++;
    }
}
