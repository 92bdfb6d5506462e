// SPDX-License-Identifier: Apache-2.0
package io.makas.flow.table;

import io.makas.flow.key.Field;
import io.makas.flow.key.KeyLayout;
import java.util.Arrays;

/**
 * What an answer of the pipeline depends on, as far as changes can alter it: {@link ChangeLog} compares the two, and says why that
 * is right.
 *
 * <p>Immutable, for any thread; small, since there is one for each cached answer.
 */
public final class Footprint {

    /** Of an answer that any change may alter. */
    public static final Footprint ANYTHING = new Builder().anything().build();

    private static final long[] NO_ADDRESSES = {};
    private static final FlowEntry[] NO_ENTRIES = {};

    /**
     * For each word of a received key two: the values, then the mask, of bits that all packets of the answer have alike and that
     * were as received at each look-up. It ends behind the last word with such a bit.
     */
    final long[] bits;

    /** The tables that were looked up in, by their numbers, 64 in each. */
    final long tables0;

    final long tables1;
    final long tables2;
    final long tables3;

    /** No look-up found a flow of a lower priority. −1 if one found none, or none by priority alone. */
    final int lowestPriority;

    /** Addresses that were looked for, with their VLANs; empty if none was. */
    final long[] addresses;

    /** Flows that the walk learned, or would have if they had not been there; empty if it learns none. */
    final FlowEntry[] learned;

    /** Whether an address was not learned for want of room. */
    final boolean wantsRoom;

    /** Whether any change may alter the answer. */
    final boolean isAnything;

    private Footprint(int table, FlowEntry found, long[] bits) {
        this.bits = bits;
        tables0 = table >> 6 == 0 ? 1L << table : 0;
        tables1 = table >> 6 == 1 ? 1L << table : 0;
        tables2 = table >> 6 == 2 ? 1L << table : 0;
        tables3 = table >> 6 == 3 ? 1L << table : 0;
        lowestPriority = Builder.priority(found);
        addresses = NO_ADDRESSES;
        learned = NO_ENTRIES;
        wantsRoom = false;
        isAnything = false;
    }

    /**
     * That of a walk that is one look-up.
     *
     * @param found the flow, or null
     * @param key a packet's key
     * @param mask the bits of a received key that the walk depended on
     */
    public static Footprint ofLookup(int table, FlowEntry found, long[] key, long[] mask) {
        return new Footprint(table, found, Builder.alikeBits(key, mask, null));
    }

    private Footprint(Builder from) {
        bits = from.bits;
        tables0 = from.tables[0];
        tables1 = from.tables[1];
        tables2 = from.tables[2];
        tables3 = from.tables[3];
        lowestPriority = from.lowestPriority;
        addresses = from.addressCount == 0 ? NO_ADDRESSES : Arrays.copyOf(from.addresses, from.addressCount);
        learned = from.learnedCount == 0 ? NO_ENTRIES : Arrays.copyOf(from.learned, from.learnedCount);
        wantsRoom = from.wantsRoom;
        isAnything = from.isAnything;
    }

    /** Collects a footprint. For one walk, on one thread. */
    public static final class Builder {

        private static final int CONJ_ID_WORD = Field.CONJ_ID.word();
        private static final long[] NO_BITS = {};

        private long[] bits = NO_BITS;
        private final long[] tables = new long[4];
        private int lowestPriority = Integer.MAX_VALUE;
        private long[] addresses = NO_ADDRESSES;
        private int addressCount;
        private FlowEntry[] learned = NO_ENTRIES;
        private int learnedCount;
        private boolean wantsRoom;
        private boolean isAnything;

        /** Starts with nothing. */
        public Builder() {
            // Nothing is depended on.
        }

        /** Any change may alter the answer. */
        public Builder anything() {
            isAnything = true;
            return this;
        }

        /**
         * A table was looked up in.
         *
         * @param found the flow; null if there was none, or if the look-up did not come to its end
         */
        public void lookedUp(int table, FlowEntry found) {
            tables[table >> 6] |= 1L << table;
            lowestPriority = Math.min(lowestPriority, priority(found));
        }

        private static int priority(FlowEntry found) {
            // A flow for a conjunction is found by the parts of this, which have priorities of their own.
            boolean isByPriority =
                    found != null && (found.match().mask().bitsOfWord(CONJ_ID_WORD) & Field.CONJ_ID.wordMask()) == 0;
            return isByPriority ? found.priority() : -1;
        }

        /** An address was looked for. */
        public void lookedFor(int vlan, long address) {
            if (addressCount == addresses.length) {
                addresses = Arrays.copyOf(addresses, Math.max(2, 2 * addressCount));
            }
            addresses[addressCount++] = Change.address(vlan, address);
        }

        /** An address was not learned for want of room. */
        public void wantsRoom() {
            wantsRoom = true;
        }

        /** A flow was learned, or was there as it would have been learned. */
        public void learned(FlowEntry entry) {
            if (learnedCount == learned.length) {
                learned = Arrays.copyOf(learned, learnedCount + 1);
            }
            learned[learnedCount++] = entry;
        }

        /**
         * Says which bits all packets of the answer have alike.
         *
         * @param key a packet's key
         * @param mask the bits of a received key that the walk depended on
         * @param overwritten bits that were not as received at some look-up; null for none
         */
        public Builder alike(long[] key, long[] mask, long[] overwritten) {
            bits = alikeBits(key, mask, overwritten);
            return this;
        }

        private static long[] alikeBits(long[] key, long[] mask, long[] overwritten) {
            int words = KeyLayout.RECEIVED_WORDS;
            while (words > 0 && kept(mask, overwritten, words - 1) == 0) {
                words--;
            }
            long[] bits = new long[2 * words];
            for (int word = 0; word < words; word++) {
                long kept = kept(mask, overwritten, word);
                bits[2 * word] = key[word] & kept;
                bits[2 * word + 1] = kept;
            }
            return bits;
        }

        /** What was collected. */
        public Footprint build() {
            return new Footprint(this);
        }

        private static long kept(long[] mask, long[] overwritten, int word) {
            long kept = overwritten == null ? mask[word] : mask[word] & ~overwritten[word];
            // No flow asks for the number of an interrupted walk.
            return word == Field.RECIRC_ID.word() ? kept & ~Field.RECIRC_ID.wordMask() : kept;
        }
    }
}
