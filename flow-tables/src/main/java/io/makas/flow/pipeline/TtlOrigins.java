// SPDX-License-Identifier: Apache-2.0
package io.makas.flow.pipeline;

import io.makas.flow.key.Field;
import java.util.Arrays;

/**
 * Where the TTLs of a packet on its walk come from: each is the received one in its place, or another received one less the
 * times that it was decremented, or a constant.
 *
 * <p>A walk that decrements a TTL depends on whether it was over 1, and not on its value: {@code dec_ttl} would otherwise make a
 * megaflow for each TTL that packets have. Only a look-up or an action that wants the value depends on all of it, even when
 * actions have changed it by then.
 *
 * <p>For one walk, on one thread.
 */
final class TtlOrigins {

    private static final Field[] FIELDS = {Field.IP_TTL, Field.MPLS_TTL};

    /** The words of the TTLs of IP and of the first, second and third label stack entry, and how far from bit 0 they lie. */
    private static final int[] WORDS = {4, 14, 14, 15};

    private static final int[] SHIFTS = {0, 32, 0, 32};
    private static final int ALL_ONES = 0xff;
    private static final int CONSTANT = -1;

    /** Whose received TTL a TTL is, or {@link #CONSTANT}. */
    private final int[] sources;

    /** How much less it is. */
    private final int[] decrements;

    /** Whether a TTL is where it was received, and as it was. */
    private final boolean[] own;

    TtlOrigins() {
        this(new int[] {0, 1, 2, 3}, new int[4], new boolean[] {true, true, true, true});
    }

    private TtlOrigins(int[] sources, int[] decrements, boolean[] own) {
        this.sources = sources;
        this.decrements = decrements;
        this.own = own;
    }

    TtlOrigins copy() {
        return new TtlOrigins(sources.clone(), decrements.clone(), own.clone());
    }

    /** The number of the TTL that a field is: of IP 0, of the outer label stack entry 1. */
    static int slot(Field ttl) {
        return Arrays.asList(FIELDS).indexOf(ttl);
    }

    /** Takes note of TTLs that were overwritten, some of whose received bits may be left. */
    void note(WalkedKey key, long[] mask) {
        for (int slot = 0; slot < WORDS.length; slot++) {
            long overwritten = key.overwritten(WORDS[slot]) & bits(slot);
            if (own[slot] && overwritten != 0) {
                mask[WORDS[slot]] |= bits(slot) & ~overwritten;
                setConstant(slot);
            }
        }
    }

    /** Bits of a word are wanted: the received TTLs that TTLs among them come from count. */
    void consult(int word, long bits, long[] mask) {
        for (int slot = 0; slot < WORDS.length; slot++) {
            if (WORDS[slot] == word && (bits & bits(slot)) != 0) {
                consultSource(slot, mask);
            }
        }
    }

    /** Bits of a word are overwritten: a TTL that loses a part of its bits becomes a constant for packets of the same TTL. */
    void overwrite(int word, long bits, long[] mask) {
        for (int slot = 0; slot < WORDS.length; slot++) {
            if (WORDS[slot] == word && (bits & bits(slot)) != 0 && !own[slot]) {
                if ((bits & bits(slot)) != bits(slot)) {
                    consultSource(slot, mask);
                }
                setConstant(slot);
            }
        }
    }

    void setConstant(int slot) {
        own[slot] = false;
        sources[slot] = CONSTANT;
    }

    /** The one TTL now is what the other one is. */
    void move(int from, int to) {
        own[to] = false;
        sources[to] = sources[from];
        decrements[to] = decrements[from];
    }

    void decrement(int slot) {
        own[slot] = false;
        decrements[slot]++;
    }

    /** Whether a TTL, which has the given value now, is over 1; takes note of the bits that show it, from the highest on. */
    boolean isOverOne(int slot, int value, long[] mask) {
        if (sources[slot] == CONSTANT) {
            return value > 1;
        }
        int received = value + decrements[slot];
        int least = 2 + decrements[slot];
        int shown = 0;
        for (int bit = 0x80; bit != 0; bit >>= 1) {
            int atLeast = received & shown;
            int atMost = atLeast | ALL_ONES & ~shown;
            if (atLeast >= least || atMost < least) {
                break;
            }
            shown |= bit;
        }
        int source = sources[slot];
        mask[WORDS[source]] |= (long) shown << SHIFTS[source];
        return received >= least;
    }

    private void consultSource(int slot, long[] mask) {
        if (!own[slot] && sources[slot] != CONSTANT) {
            mask[WORDS[sources[slot]]] |= bits(sources[slot]);
        }
    }

    private static long bits(int slot) {
        return (long) ALL_ONES << SHIFTS[slot];
    }
}
