// SPDX-License-Identifier: Apache-2.0
package io.makas.flow.table;

import io.makas.flow.key.FlowMask;
import io.makas.flow.match.Match;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.TreeMap;
import java.util.function.Consumer;

/**
 * The entries of a table that have one mask: a hash table from the masked words of a key to the entries with these values,
 * the highest priority first.
 *
 * <p>Threads: one control thread edits, any number look up meanwhile. {@link EntrySlots} and {@link Classifier} say why that
 * is right.
 */
final class Subtable {

    /** 2^64 divided by the golden ratio: spreads neighbouring values over all bits. */
    private static final long SPREAD = 0x9e3779b97f4a7c15L;

    private final FlowMask mask;

    // How to read a key: step i takes the bits stepBits[i] of word stepWords[i]; stage s ends before step stageEnds[s].
    private final int[] stepWords;
    private final long[] stepBits;
    private final int[] stepPacked;
    private final int[] stageEnds;
    private final StageFilter[] filters;

    private final EntrySlots slots = new EntrySlots();

    /** How many linked entries have each priority. For the control thread. */
    private final TreeMap<Integer, Integer> priorities = new TreeMap<>();

    private final int id;
    private final Dimension[] dimensions;
    private final IndexedFields indexed;
    private final byte[] prefixLengths = new byte[Dimension.values().length];

    /**
     * Makes an empty subtable.
     *
     * @param id that no other subtable of the table has at the time
     * @param limits of what tries know of the flows here
     */
    Subtable(FlowMask mask, int id, IndexedFields.Limits limits) {
        this.mask = mask;
        this.id = id;
        List<Dimension> used = new ArrayList<>();
        for (Dimension dimension : Dimension.values()) {
            int length = dimension.prefixLength(mask);
            prefixLengths[dimension.ordinal()] = (byte) length;
            if (length > 0) {
                used.add(dimension);
            }
        }
        dimensions = used.toArray(new Dimension[0]);
        indexed = new IndexedFields(dimensions.length, limits);
        int steps = 0;
        int stages = 0;
        int[] words = new int[mask.count() * Stages.COUNT];
        int[] packed = new int[mask.count() * Stages.COUNT];
        long[] bits = new long[mask.count() * Stages.COUNT];
        int[] ends = new int[Stages.COUNT];
        for (int stage = 0; stage < Stages.COUNT; stage++) {
            int before = steps;
            for (int i = 0; i < mask.count(); i++) {
                long asked = mask.bits(i) & Stages.bitsOf(stage, mask.word(i));
                if (asked != 0) {
                    words[steps] = mask.word(i);
                    packed[steps] = i;
                    bits[steps++] = asked;
                }
            }
            if (steps > before) {
                ends[stages++] = steps;
            }
        }
        stepWords = Arrays.copyOf(words, steps);
        stepBits = Arrays.copyOf(bits, steps);
        stepPacked = Arrays.copyOf(packed, steps);
        stageEnds = stages == 0 ? new int[1] : Arrays.copyOf(ends, stages);
        filters = new StageFilter[stageEnds.length - 1];
        for (int i = 0; i < filters.length; i++) {
            filters[i] = new StageFilter();
        }
    }

    FlowMask mask() {
        return mask;
    }

    /** A small number, by which sets of subtables know this one. */
    int id() {
        return id;
    }

    /** The dimensions that the mask asks for. */
    Dimension[] dimensions() {
        return dimensions;
    }

    /** Which of {@link #dimensions()} tries know of the flows here. For the control thread. */
    IndexedFields indexed() {
        return indexed;
    }

    /** How many first bits of a dimension the mask asks for; 0 if it is none of {@link #dimensions()}. */
    int prefixLength(Dimension dimension) {
        return prefixLengths[dimension.ordinal()] & 0xff;
    }

    /**
     * Finds the entry of the highest priority that a packet matches at a version.
     *
     * @param failedSteps receives at {@code at}, if there is none, how many steps of the key that depends on
     * @return the entry, or null
     */
    FlowEntry find(long[] key, long version, int[] failedSteps, int at) {
        long hash = SPREAD;
        int step = 0;
        for (int stage = 0; stage < filters.length; stage++) {
            for (; step < stageEnds[stage]; step++) {
                hash = mix(hash, key[stepWords[step]] & stepBits[step]);
            }
            if (!filters[stage].mayContain(fold(hash))) {
                failedSteps[at] = step;
                return null;
            }
        }
        for (; step < stepWords.length; step++) {
            hash = mix(hash, key[stepWords[step]] & stepBits[step]);
        }
        FlowEntry entry = slots.find(fold(hash), mask, key, version);
        if (entry == null) {
            failedSteps[at] = step;
        }
        return entry;
    }

    /** Adds the bits of the first steps to those that an answer depends on. */
    void consult(long[] consulted, int steps) {
        for (int i = 0; i < steps; i++) {
            consulted[stepWords[i]] |= stepBits[i];
        }
    }

    /** Adds all bits. */
    void consultAll(long[] consulted) {
        consult(consulted, stepWords.length);
    }

    /** Whether the bits of the first steps are among those that an answer depends on already. */
    boolean isConsulted(long[] consulted, int steps) {
        for (int i = 0; i < steps; i++) {
            if ((stepBits[i] & ~consulted[stepWords[i]]) != 0) {
                return false;
            }
        }
        return true;
    }

    /** The first of the linked entries with a match, some of which may have ended; null if there is none. */
    FlowEntry entriesOf(Match match) {
        return slots.first(hashOf(match, stepWords.length), match);
    }

    /** Adds an entry, whose match has this subtable's mask. */
    void link(FlowEntry entry) {
        for (int stage = 0; stage < filters.length; stage++) {
            filters[stage].add(hashOf(entry.match(), stageEnds[stage]));
        }
        slots.link(hashOf(entry.match(), stepWords.length), entry);
        priorities.merge(entry.priority(), 1, Integer::sum);
    }

    /** Takes an entry out. */
    void unlink(FlowEntry entry) {
        slots.unlink(hashOf(entry.match(), stepWords.length), entry);
        for (int stage = 0; stage < filters.length; stage++) {
            filters[stage].remove(hashOf(entry.match(), stageEnds[stage]));
        }
        priorities.merge(entry.priority(), -1, (count, one) -> count == 1 ? null : count - 1);
    }

    /** Calls with each linked entry, also those that have ended. */
    void forEach(Consumer<FlowEntry> visitor) {
        slots.forEach(visitor);
    }

    /** The highest priority of a linked entry; -1 without one. */
    int maxPriority() {
        return priorities.isEmpty() ? -1 : priorities.lastKey();
    }

    private int hashOf(Match match, int steps) {
        long[] packed = match.packed();
        long hash = SPREAD;
        for (int i = 0; i < steps; i++) {
            hash = mix(hash, packed[stepPacked[i]] & stepBits[i]);
        }
        return fold(hash);
    }

    private static long mix(long hash, long word) {
        long product = (hash ^ word) * SPREAD;
        return product ^ product >>> 32;
    }

    /** 32 bits of a hash, never 0, which marks unused places. */
    private static int fold(long hash) {
        int folded = (int) hash;
        return folded == 0 ? 1 : folded;
    }
}
