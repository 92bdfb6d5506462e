// SPDX-License-Identifier: Apache-2.0
package io.makas.flow.pipeline;

import io.makas.flow.key.Field;
import io.makas.flow.key.KeyLayout;
import io.makas.flow.key.MaskedValue;
import io.makas.flow.key.Prerequisite;
import io.makas.flow.match.Match;
import io.makas.flow.table.FlowEntry;
import io.makas.flow.table.FlowTable;
import java.util.Arrays;

/**
 * The key of a packet on its walk: it changes as actions change the packet, and it knows on which bits of the
 * <em>received</em> key the walk has depended.
 *
 * <p>These are the bits that look-ups consult and actions read, but for those that an action had overwritten before, which are
 * the same for every packet that came this far. Words that the pipeline itself starts with zero are the same for every packet,
 * too, and are left out at the end.
 *
 * <p>For one walk, on one thread.
 */
final class WalkedKey {

    /** The word whose low bits hold the inner tag. */
    private static final int INNER_TAG_WORD = Field.ETH_SRC.word();

    private static final long TAG_BITS = Field.VLAN_TCI.wordMask();
    private static final long[] ALL_BITS = allBits();

    /** The packet as it is now. The caller's own array until an action changes something. */
    private long[] words;

    /** The bits that actions have overwritten; null while {@code words} is the caller's. */
    private long[] overwritten;

    /** What a look-up consulted, when that must be told apart from what is in the mask already. */
    private long[] consulted;

    private final long[] mask = new long[KeyLayout.WORDS];

    WalkedKey(long[] received) {
        words = received;
    }

    /** The packet as it is now; not to be changed. */
    long[] words() {
        return words;
    }

    /** The bits of the received key that the walk has depended on so far. */
    long[] receivedMask() {
        return Arrays.copyOf(mask, KeyLayout.RECEIVED_WORDS);
    }

    /** A field of up to 64 bits, whose bits the walk now depends on. */
    long read(Field field) {
        consult(field.word(), field.wordMask());
        return field.in(words);
    }

    /**
     * Looks the packet up in a table.
     *
     * @param isObserved whether {@link #consulted()} will be asked for
     */
    FlowEntry lookup(FlowTable table, long version, boolean isObserved) {
        if (overwritten == null && !isObserved) {
            return table.lookup(words, version, mask);
        }
        if (consulted == null) {
            consulted = new long[KeyLayout.WORDS];
        }
        Arrays.fill(consulted, 0);
        FlowEntry entry = table.lookup(words, version, consulted);
        for (int word = 0; word < KeyLayout.RECEIVED_WORDS; word++) {
            consult(word, consulted[word]);
        }
        return entry;
    }

    /** The bits of the packet as it was at the last look-up, if that was observed, that decided it. */
    long[] consulted() {
        return consulted;
    }

    /** Whether the packet as it is now has what fields and actions may need. */
    boolean has(Prerequisite prerequisite) {
        for (Field field : prerequisite.decidedBy()) {
            consult(field.word(), field == Field.VLAN_TCI ? Match.VLAN_PRESENT : field.wordMask());
        }
        return prerequisite.isMet(words, ALL_BITS);
    }

    /** Changes bits of a field. */
    void overwrite(Field field, MaskedValue value) {
        makeOwn();
        value.putInto(field, words);
        value.addMaskTo(field, overwritten);
    }

    /** Makes room for a tag, which begins as a copy of the outer one; gives the tag control information of both. */
    int pushTag() {
        long outer = read(Field.VLAN_TCI);
        makeOwn();
        setTags(outer | Match.VLAN_PRESENT, outer);
        return (int) outer;
    }

    /** Takes off the outer tag. */
    void popTag() {
        // From now on the inner tag is matched as the outer one, so all of it counts.
        consult(INNER_TAG_WORD, TAG_BITS);
        makeOwn();
        setTags(words[INNER_TAG_WORD] & TAG_BITS, 0);
    }

    private void setTags(long outer, long inner) {
        overwrite(Field.VLAN_TCI, MaskedValue.exact(Field.VLAN_TCI, outer));
        words[INNER_TAG_WORD] = words[INNER_TAG_WORD] & ~TAG_BITS | inner;
        overwritten[INNER_TAG_WORD] |= TAG_BITS;
    }

    private void consult(int word, long bits) {
        mask[word] |= overwritten == null ? bits : bits & ~overwritten[word];
    }

    private void makeOwn() {
        if (overwritten == null) {
            overwritten = new long[KeyLayout.WORDS];
            words = Arrays.copyOf(words, KeyLayout.WORDS);
        }
    }

    private static long[] allBits() {
        long[] bits = new long[KeyLayout.WORDS];
        Arrays.fill(bits, -1L);
        return bits;
    }
}
