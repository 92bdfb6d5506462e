// SPDX-License-Identifier: Apache-2.0
package io.makas.flow.table;

import io.makas.flow.key.KeyLayout;
import io.makas.flow.match.Match;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * Something that has changed, or several such things as one: which answers it may alter. {@link ChangeLog} says why that is right.
 *
 * <p>Immutable but for the log's own numbering before it is published; for any thread.
 */
final class Change {

    /** What has changed. */
    enum Kind {
        /** One flow was added, modified or removed. */
        FLOW,
        /** Several were. */
        FLOWS,
        /** An address was learned, has moved, or was forgotten. */
        ADDRESS,
        /** Several addresses were forgotten. */
        ADDRESSES,
        /** Addresses that could not be learned may be learned now. */
        ROOM,
        /** Something that any answer may depend on. */
        ANYTHING
    }

    private static final int ADDRESS_BITS = 48;
    private static final int[] NO_WORDS = {};

    private final Kind kind;

    /** The tables of the flows, by their numbers, 64 in each. */
    private final long tables0;

    private final long tables1;
    private final long tables2;
    private final long tables3;

    /** The highest one of the flows. */
    private final int priority;

    /** What all the flows ask of a received key: words, the bits of them, and the values of these. */
    private final int[] words;

    private final long[] bits;
    private final long[] values;

    /** What one flow matches; null of several. */
    private final Match match;

    private final long address;

    /** Its place in the log, and the generation that it made. Written before it is published. */
    private long number;

    private long generation;

    private Change(Kind kind, long[] tables, int priority, long[] mask, long[] values, Match match, long address) {
        this.kind = kind;
        this.tables0 = tables[0];
        this.tables1 = tables[1];
        this.tables2 = tables[2];
        this.tables3 = tables[3];
        this.priority = priority;
        this.match = match;
        this.address = address;
        int count = 0;
        for (long word : mask) {
            count += word != 0 ? 1 : 0;
        }
        this.words = count == 0 ? NO_WORDS : new int[count];
        this.bits = new long[count];
        this.values = new long[count];
        int at = 0;
        for (int word = 0; word < mask.length; word++) {
            if (mask[word] != 0) {
                this.words[at] = word;
                this.bits[at] = mask[word];
                this.values[at++] = values[word] & mask[word];
            }
        }
    }

    private Change(Kind kind, long address) {
        this(kind, new long[4], -1, new long[0], new long[0], null, address);
    }

    /** A flow was added, modified or removed. */
    static Change of(FlowEntry entry) {
        long[] tables = new long[4];
        tables[entry.table() >> 6] |= 1L << entry.table();
        Match match = entry.match();
        // What is not known when a packet comes in was written by the walk: it may be anything.
        long[] mask = Arrays.copyOf(match.mask().toWords(), KeyLayout.RECEIVED_WORDS);
        return new Change(Kind.FLOW, tables, entry.priority(), mask, match.valueWords(), match, 0);
    }

    /** Flows have ended, and others begun. */
    static List<Change> of(List<FlowEntry> ended, List<FlowEntry> begun) {
        List<Change> changes = new ArrayList<>(ended.size() + begun.size());
        for (FlowEntry entry : ended) {
            changes.add(of(entry));
        }
        for (int i = 0; i < begun.size(); i++) {
            // Often one takes the place of the other, and one change is enough for both.
            if (i >= ended.size() || !isSame(begun.get(i), ended.get(i))) {
                changes.add(of(begun.get(i)));
            }
        }
        return changes;
    }

    private static boolean isSame(FlowEntry one, FlowEntry other) {
        return one.table() == other.table()
                && one.priority() == other.priority()
                && one.match().equals(other.match());
    }

    /** An address was learned, has moved, or was forgotten. */
    static Change ofAddress(int vlan, long address) {
        return new Change(Kind.ADDRESS, address(vlan, address));
    }

    /** Several addresses were forgotten. */
    static Change ofAddresses() {
        return new Change(Kind.ADDRESSES, 0);
    }

    /** Addresses that could not be learned may be learned now. */
    static Change ofRoom() {
        return new Change(Kind.ROOM, 0);
    }

    /** Something that any answer may depend on. */
    static Change ofAnything() {
        return new Change(Kind.ANYTHING, 0);
    }

    /** How addresses are numbered. */
    static long address(int vlan, long address) {
        return (long) vlan << ADDRESS_BITS | address;
    }

    /**
     * Several changes as one, which concerns each answer that one of them concerns; null if one of them is none of flows.
     *
     * @param some where they are
     * @param from the first of them
     * @param to the one behind the last
     */
    static Change join(Change[] some, int from, int to) {
        long[] tables = new long[4];
        long[] mask = new long[KeyLayout.RECEIVED_WORDS];
        long[] values = new long[KeyLayout.RECEIVED_WORDS];
        long[] otherMask = new long[KeyLayout.RECEIVED_WORDS];
        long[] otherValues = new long[KeyLayout.RECEIVED_WORDS];
        int priority = -1;
        for (int i = from; i < to; i++) {
            Change each = some[i];
            if (each.kind != Kind.FLOW && each.kind != Kind.FLOWS) {
                return null;
            }
            tables[0] |= each.tables0;
            tables[1] |= each.tables1;
            tables[2] |= each.tables2;
            tables[3] |= each.tables3;
            priority = Math.max(priority, each.priority);
            Arrays.fill(otherMask, 0);
            for (int at = 0; at < each.words.length; at++) {
                otherMask[each.words[at]] = each.bits[at];
                otherValues[each.words[at]] = each.values[at];
            }
            for (int word = 0; word < mask.length; word++) {
                // Left are the bits that all ask for alike.
                mask[word] = i == from
                        ? otherMask[word]
                        : mask[word] & otherMask[word] & ~(values[word] ^ otherValues[word]);
                values[word] = i == from ? otherValues[word] : values[word];
            }
        }
        return new Change(Kind.FLOWS, tables, priority, mask, values, null, 0);
    }

    Kind kind() {
        return kind;
    }

    long number() {
        return number;
    }

    long generation() {
        return generation;
    }

    /** Gives it its place, before it is published. */
    void place(long newNumber, long newGeneration) {
        number = newNumber;
        generation = newGeneration;
    }

    /** Whether it may alter an answer. */
    boolean mayAlter(Footprint answer) {
        return switch (kind) {
            case FLOW, FLOWS -> mayMatch(answer) || answer.learned.length != 0 && mayBeLearned(answer);
            case ADDRESS -> isAmong(answer.addresses);
            case ADDRESSES -> answer.addresses.length != 0;
            case ROOM -> answer.wantsRoom;
            case ANYTHING -> true;
        };
    }

    /** Whether some packet of the answer may match one of the flows in a look-up, and that could make a difference to it. */
    private boolean mayMatch(Footprint answer) {
        long tables = answer.tables0 & tables0
                | answer.tables1 & tables1
                | answer.tables2 & tables2
                | answer.tables3 & tables3;
        if (tables == 0 || priority < answer.lowestPriority) {
            return false;
        }
        long[] alike = answer.bits;
        int[] asked = words;
        for (int i = 0; i < asked.length; i++) {
            int at = 2 * asked[i];
            if (at < alike.length && ((alike[at] ^ values[i]) & bits[i] & alike[at + 1]) != 0) {
                return false;
            }
        }
        return true;
    }

    /** Whether one of the flows may be one that the walk learned. */
    private boolean mayBeLearned(Footprint answer) {
        for (FlowEntry learned : answer.learned) {
            if (isOf(learned.table()) && (match == null || match.equals(learned.match()))) {
                return true;
            }
        }
        return false;
    }

    private boolean isOf(int table) {
        long tables = switch (table >> 6) {
            case 0 -> tables0;
            case 1 -> tables1;
            case 2 -> tables2;
            default -> tables3;
        };
        return (tables >>> table & 1) != 0;
    }

    private boolean isAmong(long[] addresses) {
        for (long each : addresses) {
            if (each == address) {
                return true;
            }
        }
        return false;
    }
}
