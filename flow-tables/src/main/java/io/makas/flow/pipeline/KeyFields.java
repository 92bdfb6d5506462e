// SPDX-License-Identifier: Apache-2.0
package io.makas.flow.pipeline;

import io.makas.flow.key.Field;
import io.makas.flow.key.FlowMask;
import io.makas.flow.key.KeyLayout;
import io.makas.flow.key.MaskedValue;
import io.makas.flow.match.Match;
import io.makas.flow.packet.Vlan;
import io.makas.flow.text.FlowText;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * In which fields two keys, or a key and a match, differ, and how to say that to people. Counting allocates nothing. Stateless.
 */
final class KeyFields {

    /** The value of a field that a packet does not have. */
    private static final String NONE = "none";

    private static final long INNER_TAG_BITS = Field.VLAN_TCI.wordMask();
    private static final int INNER_TAG_WORD = Field.ETH_SRC.word();
    private static final long[] ALL_BITS = allBits();

    /** For each word the bits of the fields in it; fields in the same place, such as TCP and UDP ports, once. */
    private static final long[][] PLACES = places();

    /** Whether a word is the second one of an address. */
    private static final boolean[] LOWER_HALVES = lowerHalves();

    private KeyFields() {}

    /** In how many fields a packet is not as a match wants it; counts no further than {@code limit}. */
    static int countDifferences(Match match, long[] key, int limit) {
        FlowMask mask = match.mask();
        long[] wanted = match.packed();
        int count = 0;
        boolean isWideBefore = false;
        for (int i = 0; i < wanted.length && count < limit; i++) {
            int word = mask.word(i);
            long different = (key[word] ^ wanted[i]) & mask.bits(i);
            boolean isWide = false;
            if (different != 0) {
                // The lower half of an address is no field of its own.
                boolean isCounted = isWideBefore && LOWER_HALVES[word];
                for (long place : PLACES[word]) {
                    boolean isOther = (different & place) != 0;
                    count += isOther && !isCounted ? 1 : 0;
                    isWide |= isOther && place == -1L;
                }
            }
            isWideBefore = isWide;
        }
        return count;
    }

    /** What a match wants of a packet and the packet has not. */
    static List<Trace.Difference> differences(Match match, long[] key) {
        long[] wanted = match.valueWords();
        long[] mask = match.mask().toWords();
        List<Trace.Difference> differences = new ArrayList<>();
        for (Field field : fieldsOf(wanted, mask, key)) {
            MaskedValue want = MaskedValue.of(field, wanted, mask);
            MaskedValue have = MaskedValue.of(field, key, mask);
            if (want.low() != have.low() || want.high() != have.high()) {
                differences.add(new Trace.Difference(name(field), text(field, wanted, mask), textIfThere(field, key)));
            }
        }
        return differences;
    }

    /** What happened to a packet between two moments. */
    static List<Trace.Change> changes(long[] before, long[] after) {
        List<Trace.Change> changes = new ArrayList<>();
        if (Arrays.equals(before, after)) {
            return changes;
        }
        for (Field field : fieldsOf(after, ALL_BITS, before)) {
            if (!MaskedValue.of(field, before, ALL_BITS).equals(MaskedValue.of(field, after, ALL_BITS))) {
                changes.add(new Trace.Change(name(field), textIfThere(field, before), textIfThere(field, after)));
            }
        }
        long innerBefore = before[INNER_TAG_WORD] & INNER_TAG_BITS;
        long innerAfter = after[INNER_TAG_WORD] & INNER_TAG_BITS;
        if (innerBefore != innerAfter) {
            changes.add(new Trace.Change("inner vlan", tag(innerBefore, -1), tag(innerAfter, -1)));
        }
        return changes;
    }

    /** The packet without the fields that are 0, but for the input port. */
    static String packetText(long[] key) {
        long[] mask = maskOfSetFields(key, KeyLayout.WORDS);
        mask[Field.IN_PORT.word()] |= Field.IN_PORT.wordMask();
        return FlowText.format(Match.ofKey(key, mask));
    }

    /** The same of a packet that leaves: only what goes with it. */
    static String frameText(long[] key) {
        long[] mask = maskOfSetFields(key, KeyLayout.RECEIVED_WORDS);
        mask[Field.IN_PORT.word()] &= ~Field.IN_PORT.wordMask();
        mask[Field.RECIRC_ID.word()] &= ~Field.RECIRC_ID.wordMask();
        return FlowText.format(Match.ofKey(key, mask));
    }

    private static long[] maskOfSetFields(long[] key, int words) {
        long[] mask = new long[KeyLayout.WORDS];
        for (Field field : Field.values()) {
            MaskedValue bits = MaskedValue.of(field, key, ALL_BITS);
            if (field.word() < words
                    && !field.isView()
                    && (bits.high() | bits.low()) != 0
                    && field.prerequisite().isMet(key, ALL_BITS)) {
                bits.addMaskTo(field, mask);
            }
        }
        if ((mask[Field.VLAN_TCI.word()] & Field.VLAN_TCI.wordMask()) != 0) {
            mask[Field.VLAN_TCI.word()] |= Field.VLAN_TCI.wordMask();
        }
        return mask;
    }

    /** The fields that one of two packets has and that are worth a word, each place of the key once. */
    private static List<Field> fieldsOf(long[] first, long[] mask, long[] second) {
        List<Field> fields = new ArrayList<>();
        for (Field field : Field.values()) {
            if (isWhole(field)
                    && !MaskedValue.of(field, first, mask).isEmpty()
                    && (field.prerequisite().isMet(first, mask)
                            || field.prerequisite().isMet(second, ALL_BITS))) {
                fields.add(field);
            }
        }
        return fields;
    }

    /** Whether a field is told by itself: a tag is told as one, registers are told one by one, and some are the switch's own. */
    private static boolean isWhole(Field field) {
        return switch (field) {
            case VLAN_TCI -> true;
            case VLAN_VID, VLAN_PCP, RECIRC_ID, CONJ_ID -> false;
            default -> !field.isView();
        };
    }

    private static String name(Field field) {
        return field == Field.VLAN_TCI ? "vlan" : FlowText.nameOf(field);
    }

    private static String textIfThere(Field field, long[] key) {
        return field.prerequisite().isMet(key, ALL_BITS) ? text(field, key, ALL_BITS) : NONE;
    }

    private static String text(Field field, long[] words, long[] mask) {
        MaskedValue value = MaskedValue.of(field, words, mask);
        return switch (field) {
            case VLAN_TCI -> tag(value.low(), value.maskLow());
            case ETH_TYPE -> FlowText.format(only(words, Field.ETH_TYPE));
            case IP_PROTO -> {
                String protocol = FlowText.format(only(words, Field.ETH_TYPE, Field.IP_PROTO));
                yield protocol.contains("=") ? Long.toString(value.low()) : protocol;
            }
            default -> FlowText.format(field, value);
        };
    }

    private static Match only(long[] words, Field... fields) {
        long[] mask = new long[KeyLayout.WORDS];
        for (Field field : fields) {
            mask[field.word()] |= field.wordMask();
        }
        return Match.ofKey(words, mask);
    }

    private static String tag(long tci, long mask) {
        if ((tci & Match.VLAN_PRESENT) == 0) {
            return NONE;
        }
        boolean hasId = (mask & Vlan.VID_MASK) == Vlan.VID_MASK;
        long priority = tci >>> Vlan.PCP_SHIFT;
        return (hasId ? Long.toString(tci & Vlan.VID_MASK) : (mask & Vlan.VID_MASK) == 0 ? "any" : hex(tci, mask))
                + (priority == 0 ? "" : " priority " + priority);
    }

    private static String hex(long tci, long mask) {
        return "0x" + Long.toHexString(tci & Vlan.VID_MASK) + "/0x" + Long.toHexString(mask & Vlan.VID_MASK);
    }

    private static boolean[] lowerHalves() {
        boolean[] areLower = new boolean[KeyLayout.WORDS];
        for (Field field : Field.values()) {
            if (!field.isView() && field.widthBits() > 64) {
                areLower[field.word() + 1] = true;
            }
        }
        return areLower;
    }

    private static long[][] places() {
        long[][] places = new long[KeyLayout.WORDS][];
        for (int word = 0; word < KeyLayout.WORDS; word++) {
            List<Long> bits = new ArrayList<>();
            for (Field field : Field.values()) {
                boolean isWide = field.widthBits() > 64;
                if (isWhole(field) && (field.word() == word || isWide && field.word() + 1 == word)) {
                    merge(bits, isWide ? -1L : field.wordMask());
                }
            }
            // Bits of no field, such as an inner tag, are something that can differ, too.
            long rest = ~bits.stream().reduce(0L, (left, right) -> left | right);
            if (rest != 0) {
                bits.add(rest);
            }
            places[word] = bits.stream().mapToLong(Long::longValue).toArray();
        }
        return places;
    }

    private static void merge(List<Long> places, long added) {
        long all = added;
        for (int i = places.size() - 1; i >= 0; i--) {
            if ((places.get(i) & all) != 0) {
                all |= places.remove(i);
            }
        }
        places.add(all);
    }

    private static long[] allBits() {
        long[] bits = new long[KeyLayout.WORDS];
        Arrays.fill(bits, -1L);
        return bits;
    }
}
