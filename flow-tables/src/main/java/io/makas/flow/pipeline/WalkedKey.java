// SPDX-License-Identifier: Apache-2.0
package io.makas.flow.pipeline;

import io.makas.flow.key.Field;
import io.makas.flow.key.KeyLayout;
import io.makas.flow.key.MaskedValue;
import io.makas.flow.key.Prerequisite;
import io.makas.flow.match.Match;
import io.makas.flow.table.FlowEntry;
import io.makas.flow.table.FlowTable;
import io.makas.flow.table.Footprint;
import java.util.Arrays;

/**
 * The key of a packet on its walk: it changes as actions change the packet, and it knows on which bits of the
 * <em>received</em> key the walk has depended.
 *
 * <p>These are the bits that look-ups consult and actions read, but for those that an action had overwritten before, which are
 * the same for every packet that came this far. Words that the pipeline itself starts with zero are the same for every packet,
 * too, and are left out at the end. TTLs that actions have decremented or copied still depend on a received one, see
 * {@link TtlOrigins}.
 *
 * <p>A received key does not hold everything: not what is behind an MPLS label stack, not a third tag. Such bits are
 * <em>unknown</em> once actions have uncovered them, and whoever asks for them gets {@link UnknownBits} before anything has
 * happened, so that the walk can be interrupted and the packet looked at again.
 *
 * <p>For one walk, on one thread.
 */
final class WalkedKey {

    /** The walk needs bits of the packet that its key does not hold. An exception, since every reader of a key may meet it. */
    static final class UnknownBits extends RuntimeException {

        private static final long serialVersionUID = 1;

        private static final UnknownBits INSTANCE = new UnknownBits();

        private UnknownBits() {
            super("bits of the packet that its key does not hold", null, false, false);
        }
    }

    /** A packet as it was at some time, to go back to. */
    static final class Saved {

        private final long[] words;
        private final long[] overwritten;
        private final long[] unknown;
        private final TtlOrigins ttls;
        private final HiddenTags hiddenTags;

        private Saved(WalkedKey key) {
            boolean isOwn = key.overwritten != null;
            words = isOwn ? key.words.clone() : key.words;
            overwritten = isOwn ? key.overwritten.clone() : null;
            unknown = key.unknown == null ? null : key.unknown.clone();
            ttls = key.ttls == null ? null : key.ttls.copy();
            hiddenTags = key.hiddenTags;
        }
    }

    /** Tags that lie behind those that the key holds, because more were pushed. */
    private record HiddenTags(long tci, HiddenTags next) {}

    private static final long[] ALL_BITS = allBits();

    private final long[] received;

    /** The packet as it is now. The caller's own array until an action changes something. */
    private long[] words;

    /** The bits that actions have overwritten; null while {@code words} is the caller's. */
    private long[] overwritten;

    /** The bits that were overwritten at some look-up; null while there are none. */
    private long[] overwrittenAtLookups;

    /** The bits that nobody knows; null while there are none. */
    private long[] unknown;

    /** Which TTLs come from which received ones; null while each is its own. */
    private TtlOrigins ttls;

    private HiddenTags hiddenTags;

    /** What a look-up consulted, when that must be told apart from what is in the mask already. */
    private long[] consulted;

    private final long[] mask = new long[KeyLayout.WORDS];

    WalkedKey(long[] received) {
        this.received = received;
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

    /** Remembers the packet as it is now. */
    Saved save() {
        return new Saved(this);
    }

    /** Makes the packet what it was; what the walk has depended on since, it still has. Only once for each {@code saved}. */
    void restore(Saved saved) {
        words = saved.words;
        overwritten = saved.overwritten;
        unknown = saved.unknown;
        ttls = saved.ttls;
        hiddenTags = saved.hiddenTags;
    }

    /**
     * A field of up to 64 bits, whose bits the walk now depends on.
     *
     * @throws UnknownBits if the key does not hold it
     */
    long read(Field field) {
        consult(field.word(), field.wordMask());
        return field.in(words);
    }

    /** Some bits of a field, aligned as in the field; the walk now depends on them. */
    MaskedValue read(Field field, MaskedValue which) {
        if (field.widthBits() > 64) {
            consult(field.word(), which.maskHigh());
            consult(field.word() + 1, which.maskLow());
            long high = words[field.word()] & which.maskHigh();
            return new MaskedValue(high, words[field.word() + 1] & which.maskLow(), which.maskHigh(), which.maskLow());
        }
        consult(field.word(), which.maskLow() << field.shift());
        return MaskedValue.masked(field.in(words) & which.maskLow(), which.maskLow());
    }

    /** The port that the packet came in by, or that an action says so of. Every walk depends on it from the beginning. */
    int inPort() {
        return (int) Field.IN_PORT.in(words);
    }

    /** Lets the packet have come in by a port. */
    void setInPort(int port) {
        if (port != inPort()) {
            overwrite(Field.IN_PORT, MaskedValue.exact(Field.IN_PORT, port & Field.IN_PORT.ones()));
        }
    }

    /** Bits of a word that actions have overwritten. */
    long overwritten(int word) {
        return overwritten == null ? 0 : overwritten[word];
    }

    /**
     * Looks the packet up in a table.
     *
     * @param isObserved whether {@link #consulted()} will be asked for
     * @throws UnknownBits if the answer depends on bits that the key does not hold
     */
    FlowEntry lookup(FlowTable table, long version, boolean isObserved) {
        if (overwritten == null && !isObserved) {
            return table.lookup(words, version, mask);
        }
        noteOverwritten();
        if (consulted == null) {
            consulted = new long[KeyLayout.WORDS];
        }
        Arrays.fill(consulted, 0);
        FlowEntry entry = table.lookup(words, version, consulted);
        for (int word = 0; word < KeyLayout.WORDS; word++) {
            consult(word, consulted[word]);
        }
        return entry;
    }

    private void noteOverwritten() {
        if (overwritten == null) {
            return;
        }
        if (overwrittenAtLookups == null) {
            overwrittenAtLookups = new long[KeyLayout.RECEIVED_WORDS];
        }
        for (int word = 0; word < KeyLayout.RECEIVED_WORDS; word++) {
            overwrittenAtLookups[word] |= overwritten[word];
        }
    }

    /** What an answer depends on, at the end of its walk. */
    Footprint complete(Footprint.Builder footprint) {
        return footprint.alike(received, mask, overwrittenAtLookups).build();
    }

    /** The bits of the packet as it was at the last look-up, if that was observed, that decided it. */
    long[] consulted() {
        return consulted;
    }

    /**
     * Whether the packet as it is now has what fields and actions may need.
     *
     * @throws UnknownBits if the key does not hold it
     */
    boolean has(Prerequisite prerequisite) {
        for (Field field : prerequisite.decidedBy()) {
            consult(field.word(), field == Field.VLAN_TCI ? Match.VLAN_PRESENT : field.wordMask());
        }
        return prerequisite.isMet(words, ALL_BITS);
    }

    /** Changes bits of a field. */
    void overwrite(Field field, MaskedValue value) {
        makeOwn();
        if (ttls != null) {
            ttls.overwrite(field.word(), field.widthBits() > 64 ? 0 : value.maskLow() << field.shift(), mask);
        }
        value.putInto(field, words);
        value.addMaskTo(field, overwritten);
        if (unknown != null) {
            long[] bits = new long[KeyLayout.WORDS];
            value.addMaskTo(field, bits);
            for (int word = 0; word < KeyLayout.WORDS; word++) {
                unknown[word] &= ~bits[word];
            }
        }
    }

    /** Makes a field unknown, as something outside the walk changes it. */
    void forget(Field field) {
        hide(field.word(), field.wordMask());
    }

    /** Overwrites bits of a word. */
    void put(int word, long bits, long value) {
        makeOwn();
        words[word] = words[word] & ~bits | value;
        overwritten[word] |= bits;
        reveal(word, bits);
    }

    /** Makes bits of a word unknown. */
    void hide(int word, long bits) {
        makeOwn();
        if (unknown == null) {
            unknown = new long[KeyLayout.WORDS];
        }
        unknown[word] |= bits;
        overwritten[word] |= bits;
        words[word] &= ~bits;
    }

    private void reveal(int word, long bits) {
        if (unknown != null) {
            unknown[word] &= ~bits;
        }
    }

    /** Makes the walk depend on bits of a word. */
    void consult(int word, long bits) {
        requireKnown(word, bits);
        mask[word] |= overwritten == null ? bits : bits & ~overwritten[word];
        if (ttls != null) {
            ttls.consult(word, bits, mask);
        }
    }

    /** Refuses to go on if bits of a word are unknown. */
    void requireKnown(int word, long bits) {
        if (unknown != null && (unknown[word] & bits) != 0) {
            throw UnknownBits.INSTANCE;
        }
    }

    private void makeOwn() {
        if (overwritten == null) {
            overwritten = new long[KeyLayout.WORDS];
            words = Arrays.copyOf(words, KeyLayout.WORDS);
        }
    }

    /** Where the TTLs come from, of which account is kept from now on. */
    TtlOrigins ttls() {
        makeOwn();
        if (ttls == null) {
            ttls = new TtlOrigins();
        }
        ttls.note(this, mask);
        return ttls;
    }

    /** The bits of the received key that the walk has depended on so far; more may be added. */
    long[] mask() {
        return mask;
    }

    /** A tag now lies behind those that the key holds. */
    void hideTag(long tci) {
        hiddenTags = new HiddenTags(tci, hiddenTags);
    }

    boolean hasHiddenTag() {
        return hiddenTags != null;
    }

    /** The first tag behind those that the key holds, which will hold it from now on. */
    long uncoverTag() {
        long tci = hiddenTags.tci;
        hiddenTags = hiddenTags.next;
        return tci;
    }

    private static long[] allBits() {
        long[] bits = new long[KeyLayout.WORDS];
        Arrays.fill(bits, -1L);
        return bits;
    }
}
