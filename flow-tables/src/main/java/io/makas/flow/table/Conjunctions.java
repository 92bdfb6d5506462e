// SPDX-License-Identifier: Apache-2.0
package io.makas.flow.table;

import io.makas.flow.action.Action;
import io.makas.flow.key.Field;
import io.makas.flow.key.MaskedValue;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * Decides which conjunction a packet meets: one of whose clauses it matches a flow each, all of the same priority
 * (ovs-fields(7), "Conjunctive match fields").
 *
 * <p>A conjunction counts as a flow of the priority of its parts would: it gives way to an ordinary flow of that priority or a
 * higher one, and goes before all others. A packet that meets it is looked up once more, as one that has the conjunction's number as its
 * {@code conj_id}, among the ordinary flows; what is found then is the answer. Where nothing is, the next conjunction is tried: of
 * one priority the one of the lowest number first, then those of lower priorities.
 */
final class Conjunctions {

    /** A conjunction is its number and how many clauses it has: parts that disagree on that are not of one. */
    private record Conjunction(int id, int clauses) implements Comparable<Conjunction> {

        @Override
        public int compareTo(Conjunction other) {
            int byId = Integer.compareUnsigned(id, other.id);
            return byId != 0 ? byId : Integer.compare(clauses, other.clauses);
        }

        /** The bits of all its clauses. */
        long all() {
            return -1L >>> Long.SIZE - clauses;
        }
    }

    private Conjunctions() {}

    /**
     * Finds the flow of a packet that matches parts of conjunctions.
     *
     * @param parts the parts
     * @param ordinary the flow that it has if it meets no conjunction, of a lower priority than all parts that count; or null
     * @param again looks it up among the ordinary flows with the given {@code conj_id}
     */
    static FlowEntry find(List<FlowEntry> parts, FlowEntry ordinary, long[] key, Again again) {
        int floor = ordinary == null ? -1 : ordinary.priority();
        int[] priorities = parts.stream()
                .mapToInt(FlowEntry::priority)
                .filter(priority -> priority > floor)
                .distinct()
                .sorted()
                .toArray();
        for (int i = priorities.length - 1; i >= 0; i--) {
            for (Conjunction conjunction : met(parts, priorities[i])) {
                long[] same = key.clone();
                MaskedValue.exact(Field.CONJ_ID, Integer.toUnsignedLong(conjunction.id))
                        .putInto(Field.CONJ_ID, same);
                FlowEntry found = again.lookup(same);
                if (found != null) {
                    return found;
                }
            }
        }
        return ordinary;
    }

    /** The conjunctions, by number, that parts of one priority make up. */
    private static List<Conjunction> met(List<FlowEntry> parts, int priority) {
        Map<Conjunction, Long> clauses = new TreeMap<>();
        for (FlowEntry part : parts) {
            if (part.priority() == priority) {
                for (Action action : part.instructions().apply()) {
                    if (action instanceof Action.Conjunction(int id, int clause, int count)) {
                        clauses.merge(new Conjunction(id, count), 1L << clause - 1, (a, b) -> a | b);
                    }
                }
            }
        }
        List<Conjunction> met = new ArrayList<>();
        clauses.forEach((conjunction, bits) -> {
            if (bits == conjunction.all()) {
                met.add(conjunction);
            }
        });
        return met;
    }

    /** A look-up among ordinary flows. */
    @FunctionalInterface
    interface Again {
        FlowEntry lookup(long[] key);
    }
}
