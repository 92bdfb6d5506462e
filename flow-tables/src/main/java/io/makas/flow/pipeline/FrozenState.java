// SPDX-License-Identifier: Apache-2.0
package io.makas.flow.pipeline;

import io.makas.flow.action.Action;
import io.makas.flow.key.Field;
import io.makas.flow.key.KeyLayout;
import io.makas.flow.key.MaskedValue;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;

/**
 * An interrupted walk: what it has still to do, and all it knows that is not in the packet's frame. Equal states are one state,
 * so that the walks of many packets, and walks after edits, are interrupted with the same number. Immutable.
 */
final class FrozenState {

    private final List<Resumption> steps;
    private final List<Action> actionSet;
    private final Origin last;
    private final List<RangeBits> stack;
    private final int queue;
    private final int recirculations;

    /** The key's words from {@link KeyLayout#PACKET_WORDS} on, but for bits that are as received. */
    private final long[] words;

    /** Which bits of the tunnel's words are not as received. */
    private final long[] overwritten;

    private final int inPort;

    /**
     * Freezes a walk.
     *
     * @param steps what is to be done, in order
     * @param actionSet the actions that wait for the end
     * @param last where the last flow came from; null if there was none
     * @param recirculations how often the walk was interrupted before
     */
    FrozenState(List<Resumption> steps, List<Action> actionSet, Origin last, WalkContext walk, int recirculations) {
        this.steps = List.copyOf(steps);
        this.actionSet = List.copyOf(actionSet);
        this.last = last;
        this.stack = List.copyOf(walk.stack);
        this.queue = walk.program.queue();
        this.recirculations = recirculations;
        this.inPort = walk.key.inPort();
        this.words = Arrays.copyOfRange(walk.key.words(), KeyLayout.PACKET_WORDS, KeyLayout.WORDS);
        this.overwritten = new long[KeyLayout.RECEIVED_WORDS - KeyLayout.PACKET_WORDS];
        for (int i = 0; i < overwritten.length; i++) {
            overwritten[i] = walk.key.overwritten(KeyLayout.PACKET_WORDS + i);
            words[i] &= overwritten[i];
        }
    }

    List<Resumption> steps() {
        return steps;
    }

    List<Action> actionSet() {
        return actionSet;
    }

    Origin last() {
        return last;
    }

    List<RangeBits> stack() {
        return stack;
    }

    int queue() {
        return queue;
    }

    int recirculations() {
        return recirculations;
    }

    /** Makes the key of a packet that was looked at again that of the walk. */
    void thaw(WalkedKey key) {
        key.overwrite(Field.IN_PORT, MaskedValue.exact(Field.IN_PORT, inPort & Field.IN_PORT.ones()));
        for (int i = 0; i < words.length; i++) {
            long bits = i < overwritten.length ? overwritten[i] : -1L;
            if (bits != 0) {
                key.put(KeyLayout.PACKET_WORDS + i, bits, words[i]);
            }
        }
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof FrozenState that
                && steps.equals(that.steps)
                && actionSet.equals(that.actionSet)
                && Objects.equals(last, that.last)
                && stack.equals(that.stack)
                && queue == that.queue
                && recirculations == that.recirculations
                && inPort == that.inPort
                && Arrays.equals(words, that.words)
                && Arrays.equals(overwritten, that.overwritten);
    }

    @Override
    public int hashCode() {
        return 31 * (31 * steps.hashCode() + Arrays.hashCode(words)) + inPort;
    }
}
