// SPDX-License-Identifier: Apache-2.0
package io.makas.flow.match;

import io.makas.flow.key.Field;
import io.makas.flow.key.FlowMask;
import io.makas.flow.key.KeyLayout;
import io.makas.flow.key.MaskedValue;
import io.makas.flow.match.MatchException.Kind;
import java.util.Arrays;
import java.util.EnumSet;

/**
 * Which packets a flow is for: bits of the key that count ({@link #mask()}) and what they must be.
 *
 * <p>Canonical: matches that were written differently but mean the same are equal. A field under an all-ones mask is an exact
 * one, a field under a zero mask is absent, the bits outside the mask are 0, and "no VLAN tag" has one form. Immutable, for
 * any thread; small, for a table of a million: only the words that count are kept.
 */
public final class Match {

    /** The bit of a VLAN id that says that there is a tag (OFPVID_PRESENT, openflow.h). */
    public static final int VLAN_PRESENT = 0x1000;

    /** Every packet. */
    public static final Match ANY = new Match(FlowMask.NONE, new long[0]);

    private final FlowMask mask;
    private final long[] packed;

    private Match(FlowMask mask, long[] packed) {
        this.mask = mask;
        this.packed = packed;
    }

    /** Starts an empty match. */
    public static Builder builder() {
        return new Builder();
    }

    /**
     * The match of all keys that equal the given one in the bits of {@code mask}: for megaflows, whose bits need no
     * prerequisites.
     *
     * @param key a key, {@link KeyLayout#WORDS} long or as long as the mask
     * @param mask which bits count; up to {@link KeyLayout#WORDS} words
     */
    public static Match ofKey(long[] key, long[] mask) {
        FlowMask packedMask = FlowMask.of(mask);
        return new Match(packedMask, packedMask.pack(key));
    }

    /** The bits that count. */
    public FlowMask mask() {
        return mask;
    }

    /** What they must be, packed as {@link FlowMask#pack} does. Not to be changed. */
    public long[] packed() {
        return packed;
    }

    /** The same match, sharing the memory of an equal mask. */
    public Match sharing(FlowMask equalMask) {
        assert equalMask.equals(mask);
        return equalMask == mask ? this : new Match(equalMask, packed);
    }

    /** Whether a packet with this key is one of them. */
    public boolean matches(long[] key) {
        return mask.matches(key, packed);
    }

    /** Whether every packet counts. */
    public boolean isAny() {
        return mask.count() == 0;
    }

    /** Whether every packet of this match is also one of {@code other}: equal or more specific. */
    public boolean isWithin(Match other) {
        for (int i = 0; i < other.mask.count(); i++) {
            int word = other.mask.word(i);
            long bits = other.mask.bits(i);
            if ((bits & ~mask.bitsOfWord(word)) != 0 || (valueOfWord(word) & bits) != other.packed[i]) {
                return false;
            }
        }
        return true;
    }

    /** Whether some packet is one of both. */
    public boolean overlaps(Match other) {
        for (int i = 0; i < mask.count(); i++) {
            long both = mask.bits(i) & other.mask.bitsOfWord(mask.word(i));
            if (((packed[i] ^ other.valueOfWord(mask.word(i))) & both) != 0) {
                return false;
            }
        }
        return true;
    }

    /** What the match says of a field; empty when it says nothing. */
    public MaskedValue field(Field field) {
        return MaskedValue.of(field, mask.unpack(packed), mask.toWords());
    }

    /** The values as a row of {@link KeyLayout#WORDS} words. */
    public long[] valueWords() {
        return mask.unpack(packed);
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof Match that && mask.equals(that.mask) && Arrays.equals(packed, that.packed);
    }

    @Override
    public int hashCode() {
        return 31 * mask.hashCode() + Arrays.hashCode(packed);
    }

    @Override
    public String toString() {
        return "match" + Arrays.toString(packed) + "/" + mask;
    }

    /** What the bits that count of a word of the key must be; 0 where none count. */
    public long valueOfWord(int word) {
        for (int i = 0; i < packed.length; i++) {
            if (mask.word(i) == word) {
                return packed[i];
            }
        }
        return 0;
    }

    /** Collects the fields of a match, in any order, and refuses what OpenFlow does not allow. For one thread. */
    public static final class Builder {

        private final long[] value = new long[KeyLayout.WORDS];
        private final long[] mask = new long[KeyLayout.WORDS];
        private final EnumSet<Field> fields = EnumSet.noneOf(Field.class);

        private Builder() {}

        /** Asks for a field to have a value. */
        public Builder set(Field field, long exactValue) {
            return set(field, MaskedValue.exact(field, exactValue));
        }

        /** Asks for some bits of a field, of up to 64 bits, to have a value. */
        public Builder set(Field field, long maskedValue, long maskBits) {
            return set(field, MaskedValue.masked(maskedValue, maskBits));
        }

        /**
         * Asks for a field to have a value; a zero mask asks for nothing.
         *
         * @throws MatchException if value and mask are none for this field, or it was asked for already
         */
        public Builder set(Field field, MaskedValue wanted) {
            if (!wanted.fits(field)) {
                throw new MatchException(
                        Kind.BAD_VALUE, field, "value does not fit into " + field.widthBits() + " bits");
            }
            if (wanted.hasStrayBits()) {
                throw new MatchException(Kind.BAD_WILDCARDS, field, "the value has bits outside its mask");
            }
            if (!wanted.isEmpty() && !wanted.isExact(field) && !field.maskable()) {
                throw new MatchException(Kind.BAD_MASK, field, "must be matched exactly, without a mask");
            }
            if (!fields.add(field) || overlapsWhatIsThere(field, wanted)) {
                throw new MatchException(Kind.DUPLICATE_FIELD, field, "is in the match twice");
            }
            wanted.addMaskTo(field, mask);
            wanted.putInto(field, value);
            return this;
        }

        /** Whether a field was asked for. */
        public boolean has(Field field) {
            return fields.contains(field);
        }

        /** What was asked of a field. */
        public MaskedValue field(Field field) {
            return MaskedValue.of(field, value, mask);
        }

        /** Whether the fields asked for so far imply a field's prerequisite. */
        public boolean allows(Field field) {
            return field.prerequisite().isMet(value, mask);
        }

        /**
         * The match.
         *
         * @throws MatchException if a field lacks its prerequisite, or no packet can have these fields
         */
        public Match build() {
            for (Field field : fields) {
                if (!allows(field) && !MaskedValue.of(field, mask, mask).isEmpty()) {
                    throw new MatchException(
                            Kind.BAD_PREREQUISITE,
                            field,
                            "needs " + field.prerequisite().text() + " in the same match");
                }
            }
            long[] canonicalMask = mask.clone();
            if ((Field.VLAN_TCI.in(mask) & VLAN_PRESENT) != 0 && (Field.VLAN_TCI.in(value) & VLAN_PRESENT) == 0) {
                refuseTagBitsWithoutTag();
                // A packet without a tag has no tag bits, so asking for more than the absence says nothing.
                int word = Field.VLAN_TCI.word();
                canonicalMask[word] = canonicalMask[word] & ~Field.VLAN_TCI.wordMask() | VLAN_PRESENT;
            }
            FlowMask packedMask = FlowMask.of(canonicalMask);
            return packedMask.count() == 0 ? ANY : new Match(packedMask, packedMask.pack(value));
        }

        private void refuseTagBitsWithoutTag() {
            if (Field.VLAN_TCI.in(value) != 0) {
                Field field = fields.contains(Field.VLAN_VID) ? Field.VLAN_VID : Field.VLAN_TCI;
                throw new MatchException(
                        Kind.BAD_VALUE,
                        field,
                        "0x" + Long.toHexString(field.in(value))
                                + " lacks the PRESENT bit 0x1000, so no packet has it");
            }
        }

        private boolean overlapsWhatIsThere(Field field, MaskedValue wanted) {
            MaskedValue there = MaskedValue.of(field, mask, mask);
            return (there.maskHigh() & wanted.maskHigh() | there.maskLow() & wanted.maskLow()) != 0;
        }
    }
}
